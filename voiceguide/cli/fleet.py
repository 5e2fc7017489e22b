"""``voiceguide fleet``: every speaker of a broker."""

import argparse
from typing import Any

from voiceguide.cli.options import add_settings_option
from voiceguide.show.lines import fitted, print_table

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
    add_settings_option(parser)
    parser.add_argument(
        "--seconds", metavar="N", type=float, default=5.0, help="wait no longer than this (5)"
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.add_argument(
        "--forget", metavar="ID", help="have the broker keep nothing of a speaker that is gone"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask and print."""
    import logging
    import os
    from dataclasses import replace

    from voiceguide.home.fleet import as_json, as_table, ask_fleet, forget
    from voiceguide.home.reaching import access_of, parse_broker, topics_of
    from voiceguide.home.topics import slug
    from voiceguide.settings.tables import load_settings

    # What goes wrong comes back as an error.
    logging.getLogger("voiceguide.home").addHandler(logging.NullHandler())
    mqtt = load_settings(args.settings, os.environ).mqtt
    if args.broker:
        parse_broker(args.broker, "--broker")
        mqtt = replace(mqtt, broker=args.broker)
    if args.forget:
        topics = replace(topics_of(mqtt), speaker=slug(args.forget))
        forget(access_of(mqtt), topics, mqtt.discovery_topic, max(0.1, args.seconds))
        print(fitted(f"The broker keeps nothing of {topics.speaker} any more."))
        return 0
    speakers = ask_fleet(access_of(mqtt), topics_of(mqtt).prefix, max(0.1, args.seconds))
    if args.json:
        print(as_json(speakers))
    elif speakers:
        print_table(as_table(speakers))
    else:
        print("No speaker has told of itself there.")
    return 0 if speakers else 1
