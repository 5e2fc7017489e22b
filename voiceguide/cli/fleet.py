"""``voiceguide fleet``: lists, watches, sets up, starts and stops the speakers of a broker."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voiceguide.cli.fleet_broker import reach
from voiceguide.cli.fleet_keeping import send_files, set_settings, start_rooms, stop_rooms
from voiceguide.cli.options import add_settings_option, number, whole_number
from voiceguide.show.lines import fitted, print_table

EPILOG = """\
examples: voiceguide fleet --broker broker.lan
          voiceguide fleet watch
          voiceguide fleet send evening.yaml --to bath attic
          voiceguide fleet set --all sound.night_gain_db=-12 person.guest=true
          voiceguide fleet start bath --routine quick

The broker, and how to get in, are those of the settings ([mqtt]; docs/fleet.md). A speaker that
is not alive is shown as it last was. Exit code 1: there is no speaker, or one did not do it.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "fleet",
        help="every speaker of a broker",
        description="List the speakers that share an MQTT broker (alive, version, state, routine, "
        "place, progress, faults), set them up, start and stop them.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_common(parser)
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.set_defaults(run=_list)
    actions = parser.add_subparsers(title="what to do", metavar="ACTION")

    def action(
        name: str, run: Callable[[argparse.Namespace], int], about: str, example: str = ""
    ) -> Any:
        made = actions.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            epilog=f"example: {f'voiceguide fleet {name} {example}'.strip()}",
        )
        _add_common(made, again=True)
        made.set_defaults(run=run)
        return made

    listed = action("list", _list, "list them, as without an action")
    listed.add_argument(
        "--json", action="store_true", help="print it as JSON", default=argparse.SUPPRESS
    )
    watched = action("watch", _watch, "show them as they change, until Ctrl-C")
    watched.add_argument(
        "--for", dest="for_seconds", metavar="SECONDS", type=number(0.1, 1e7, "a time"),
        help="end after this time",
    )  # fmt: skip
    watched.add_argument(
        "--metrics-port", metavar="PORT", type=whole_number(1, 65535, "a port"),
        help="instead of a table, serve metrics for Prometheus at http://127.0.0.1:PORT/metrics",
    )  # fmt: skip
    sent = action(
        "send",
        send_files,
        "give rooms routines, a phrase file or a voice pack",
        "evening.yaml --all",
    )
    sent.add_argument("files", metavar="FILE", nargs="*", type=Path, help="*.yaml or *.pack")
    sent.add_argument("--to", metavar="ROOM", nargs="+", default=[], help="these rooms")
    sent.add_argument("--all", action="store_true", help="every room there is")
    sent.add_argument(
        "--remove", metavar="NAME", action="append", default=[],
        help="take one away again: routines/evening.yaml, phrases.yaml, voice.pack",
    )  # fmt: skip
    done = action(
        "set",
        set_settings,
        "set volume, tempo, night hours and other settings of rooms",
        "bath volume=-6",
    )
    done.add_argument("words", metavar="ROOM|KEY=VALUE", nargs="+", help="an empty value unsets it")
    done.add_argument("--all", action="store_true", help="every room there is")
    begun = action(
        "start", start_rooms, "wake rooms; with --routine, begin that", "bath --routine quick"
    )
    begun.add_argument("--routine", metavar="ROUTINE", help="its name or id")
    ended = action("stop", stop_rooms, "have rooms stop; their places are kept", "--all")
    for each in (begun, ended):
        each.add_argument("rooms", metavar="ROOM", nargs="*")
        each.add_argument("--all", action="store_true", help="every room there is")
    gone = action("forget", _forget, "have the broker keep nothing of rooms that are gone", "bath")
    gone.add_argument("rooms", metavar="ROOM", nargs="+")


def _add_common(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Add the options that may stand before the action or after it."""
    default: dict[str, Any] = {"default": argparse.SUPPRESS} if again else {}
    parser.add_argument("--broker", metavar="HOST[:PORT]", help="another broker", **default)
    parser.add_argument(
        "--seconds", metavar="N", type=number(0.1, 600, "a number of seconds"),
        help="wait no longer than this (5)",
        **(default or {"default": 5.0}),
    )  # fmt: skip
    add_settings_option(parser, **default)


def _list(args: argparse.Namespace) -> int:
    from voiceguide.home.fleet import as_json, as_table, ask_fleet

    _, access, topics = reach(args)
    speakers = ask_fleet(access, topics.prefix, args.seconds)
    if args.json:
        print(as_json(speakers))
    elif speakers:
        print_table(as_table(speakers))
    else:
        print("No speaker has told of itself there.")
    return 0 if speakers else 1


def _watch(args: argparse.Namespace) -> int:
    import time
    from contextlib import ExitStack

    from rich.live import Live

    from voiceguide.edge.service.metrics_server import MetricsServer
    from voiceguide.home.fleet import as_table, watch_fleet
    from voiceguide.home.fleet_metrics import as_metrics

    _, access, topics = reach(args)
    until = time.monotonic() + args.for_seconds if args.for_seconds else None
    with ExitStack() as stack:
        told = [""]
        live = None
        if args.metrics_port:
            server = MetricsServer(args.metrics_port, lambda: told[0])
            stack.callback(server.close)
        else:
            live = stack.enter_context(Live(refresh_per_second=4, vertical_overflow="ellipsis"))
        for speakers in watch_fleet(access, topics.prefix, args.seconds):
            if live:
                live.update(as_table(speakers))
            else:
                told[0] = as_metrics(speakers)
            if until and time.monotonic() >= until:
                break
    return 0


def _forget(args: argparse.Namespace) -> int:
    from dataclasses import replace

    from voiceguide.home.fleet import forget
    from voiceguide.home.topics import slug

    mqtt, access, topics = reach(args)
    for room in args.rooms:
        gone = replace(topics, speaker=slug(room))
        forget(access, gone, mqtt.discovery_topic, args.seconds)
        print(fitted(f"The broker keeps nothing of {gone.speaker} any more."))
    return 0
