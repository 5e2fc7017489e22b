"""``voiceguide fleet``: every speaker of a broker."""

import argparse
from pathlib import Path
from typing import Any

EPILOG = """\
example: voiceguide fleet --broker broker.lan

The broker, and how to get in, are those of the settings ([mqtt]; docs/home.md). A speaker that
is not alive is shown as it last was. Exit code 1: there is none.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "fleet",
        help="every speaker of a broker",
        description="List the speakers that share an MQTT broker: alive, version, state, routine, "
        "place, progress, faults.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--broker", metavar="HOST[:PORT]", help="another broker")
    parser.add_argument("--settings", metavar="FILE", type=Path, help="another settings file")
    parser.add_argument(
        "--seconds", metavar="N", type=float, default=5.0, help="wait no longer than this (5)"
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask and print."""
    import logging
    import os
    import sys
    from dataclasses import replace

    from rich.console import Console

    from voiceguide.core.errors import SettingsError
    from voiceguide.home.fleet import as_json, as_table, ask_fleet
    from voiceguide.home.reaching import access_of, topics_of
    from voiceguide.settings.tables import load_settings

    # What goes wrong comes back as an error.
    logging.getLogger("voiceguide.home").addHandler(logging.NullHandler())
    mqtt = load_settings(args.settings, os.environ).mqtt
    if args.broker:
        host, colon, port = args.broker.rpartition(":")
        if not colon:
            host, port = args.broker, ""
        if not host or (port and not port.isdecimal()) or not 0 <= int(port or 0) < 65536:
            raise SettingsError(f"--broker must be HOST or HOST:PORT, not {args.broker}.")
        mqtt = replace(mqtt, broker=host, port=int(port) if port else mqtt.port)
    speakers = ask_fleet(access_of(mqtt), topics_of(mqtt).prefix, max(0.1, args.seconds))
    if args.json:
        print(as_json(speakers))
    elif speakers:
        # Whoever reads it from a pipe wants a line a speaker.
        width = None if sys.stdout.isatty() else 200
        Console(highlight=False, width=width).print(as_table(speakers))
    else:
        print("No speaker has told of itself there.")
    return 0 if speakers else 1
