"""``voiceguide fleet``: the speakers of a broker, listed, watched, set up, started and stopped."""

import argparse
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.cli.options import add_settings_option, number, whole_number
from voiceguide.core.errors import DeviceError, RoutineError, SettingsError
from voiceguide.show.lines import fitted, print_table

if TYPE_CHECKING:
    from voiceguide.home.broker import Access
    from voiceguide.home.fleet_keeper import FleetKeeper
    from voiceguide.home.topics import Topics
    from voiceguide.settings.home import MqttSettings

EPILOG = """\
examples: voiceguide fleet --broker broker.lan
          voiceguide fleet watch
          voiceguide fleet send evening.yaml --to bath attic
          voiceguide fleet set --all sound.night_gain_db=-12 person.guest=true
          voiceguide fleet start bath --routine quick

The broker, and how to get in, are those of the settings ([mqtt]; docs/fleet.md). A speaker that
is not alive is shown as it last was. Exit code 1: there is none, or one did not do it.
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
        help="and then end",
    )  # fmt: skip
    watched.add_argument(
        "--metrics-port", metavar="PORT", type=whole_number(1, 65535, "a port"),
        help="no table: serve all rooms for Prometheus at http://127.0.0.1:PORT/metrics",
    )  # fmt: skip
    sent = action(
        "send", _send, "give rooms routines, a phrase file or a voice pack", "evening.yaml --all"
    )
    sent.add_argument("files", metavar="FILE", nargs="*", type=Path, help="*.yaml or *.pack")
    sent.add_argument("--to", metavar="ROOM", nargs="+", default=[], help="these rooms")
    sent.add_argument("--all", action="store_true", help="every room there is")
    sent.add_argument(
        "--remove", metavar="NAME", action="append", default=[],
        help="take one away again: routines/evening.yaml, phrases.yaml, voice.pack",
    )  # fmt: skip
    done = action(
        "set", _set, "set volume, tempo, night hours and other settings of rooms", "bath volume=-6"
    )
    done.add_argument("words", metavar="ROOM|KEY=VALUE", nargs="+", help="an empty value unsets it")
    done.add_argument("--all", action="store_true", help="every room there is")
    begun = action(
        "start", _start, "wake rooms; with --routine, begin that", "bath --routine quick"
    )
    begun.add_argument("--routine", metavar="ROUTINE", help="its name or id")
    ended = action("stop", _stop, "have rooms stop; their places are kept", "--all")
    for each in (begun, ended):
        each.add_argument("rooms", metavar="ROOM", nargs="*")
        each.add_argument("--all", action="store_true", help="every room there is")
    gone = action("forget", _forget, "have the broker keep nothing of rooms that are gone", "bath")
    gone.add_argument("rooms", metavar="ROOM", nargs="+")


def _add_common(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Options that may stand before the action or after it."""
    default: dict[str, Any] = {"default": argparse.SUPPRESS} if again else {}
    parser.add_argument("--broker", metavar="HOST[:PORT]", help="another broker", **default)
    parser.add_argument(
        "--seconds", metavar="N", type=number(0.1, 600, "a number of seconds"),
        help="wait no longer than this (5)",
        **(default or {"default": 5.0}),
    )  # fmt: skip
    add_settings_option(parser, **default)


def _reach(args: argparse.Namespace) -> "tuple[MqttSettings, Access, Topics]":
    import logging
    import os
    from dataclasses import replace

    from voiceguide.home.reaching import access_of, parse_broker, topics_of
    from voiceguide.settings.load import load_settings

    # What goes wrong comes back as an error.
    logging.getLogger("voiceguide.home").addHandler(logging.NullHandler())
    mqtt = load_settings(args.settings, os.environ).mqtt
    if args.broker:
        parse_broker(args.broker, "--broker")
        mqtt = replace(mqtt, broker=args.broker)
    return mqtt, access_of(mqtt), topics_of(mqtt)


def _list(args: argparse.Namespace) -> int:
    from voiceguide.home.fleet import as_json, as_table, ask_fleet

    _, access, topics = _reach(args)
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

    _, access, topics = _reach(args)
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

    mqtt, access, topics = _reach(args)
    for room in args.rooms:
        gone = replace(topics, speaker=slug(room))
        forget(access, gone, mqtt.discovery_topic, args.seconds)
        print(fitted(f"The broker keeps nothing of {gone.speaker} any more."))
    return 0


def _send(args: argparse.Namespace) -> int:
    from voiceguide.home.fleet_keeper import FleetKeeper
    from voiceguide.home.wanted import Wanted, WantedError, check_name, content_of

    if not args.files and not args.remove:
        raise SettingsError("nothing to send; name files, or --remove NAME")
    files = {_checked(path, args): path.read_bytes() for path in args.files}
    contents = {name: content_of(data) for name, data in files.items()}
    for name in args.remove:
        try:
            check_name(name)
        except WantedError as error:
            raise SettingsError(f"--remove: {error}") from error

    def changed(before: Wanted) -> Wanted:
        kept = {name: each for name, each in before.files.items() if name not in args.remove}
        return Wanted({**kept, **contents}, before.settings)

    _, access, topics = _reach(args)
    with FleetKeeper(access, topics.prefix, args.seconds) as keeper:
        rooms = _rooms(keeper, args.to, args.all)
        patience = max(60.0, args.seconds)
        return _told(keeper, keeper.give(rooms, changed, files.values(), patience))


def _set(args: argparse.Namespace) -> int:
    from voiceguide.home.fleet_keeper import FleetKeeper
    from voiceguide.home.orders import PROGRAMME, TEMPO, VOLUME
    from voiceguide.home.wanted import Wanted, WantedError, check_key

    given = dict(word.split("=", 1) for word in args.words if "=" in word)
    named = [word for word in args.words if "=" not in word]
    now = {"volume": VOLUME, "tempo": TEMPO, "programme": PROGRAMME}
    settings = {key: text for key, text in given.items() if key not in now}
    if not given:
        raise SettingsError("what is to be set? write KEY=VALUE, such as volume=-6")
    try:
        for key in settings:
            check_key(key)
        Wanted({}, {key: text for key, text in settings.items() if text}).check_settings()
    except WantedError as error:
        raise SettingsError(str(error)) from error

    def changed(before: Wanted) -> Wanted:
        both = {**before.settings, **settings}
        return Wanted(before.files, {key: text for key, text in both.items() if text})

    _, access, topics = _reach(args)
    with FleetKeeper(access, topics.prefix, args.seconds) as keeper:
        rooms = _rooms(keeper, named, args.all)
        for key, below in now.items():
            if key in given:
                keeper.order(rooms, below, given[key])
        if not settings:
            return _asked(rooms)
        return _told(keeper, keeper.give(rooms, changed, (), max(60.0, args.seconds)))


def _start(args: argparse.Namespace) -> int:
    from voiceguide.home.orders import DO, ROUTINE

    return _order(args, ROUTINE if args.routine else DO, args.routine or "wake")


def _stop(args: argparse.Namespace) -> int:
    from voiceguide.home.orders import DO

    return _order(args, DO, "stop")


def _order(args: argparse.Namespace, below: str, text: str) -> int:
    from voiceguide.home.fleet_keeper import FleetKeeper

    _, access, topics = _reach(args)
    with FleetKeeper(access, topics.prefix, args.seconds) as keeper:
        rooms = _rooms(keeper, args.rooms, args.all)
        away = [room for room in rooms if not keeper.rooms[room].alive]
        if away:
            raise DeviceError(f"not there now, so nobody was asked: {', '.join(away)}")
        keeper.order(rooms, below, text)
    return _asked(rooms)


def _rooms(keeper: "FleetKeeper", named: Iterable[str], every: bool) -> list[str]:
    """The ids of the rooms that are meant by their ids or names.

    Raises:
        DeviceError: there is none at all.
        SettingsError: there is no such room, or none is named.
    """
    from voiceguide.core.suggest import did_you_mean, likely
    from voiceguide.home.topics import slug

    wanted = [room if room in keeper.rooms else slug(room) for room in named]
    if every == bool(wanted):
        raise SettingsError("name rooms, or --all; voiceguide fleet lists them")
    unknown = [room for room in wanted if room not in keeper.rooms]
    if unknown:
        known = ", ".join(sorted(keeper.rooms)) or "none has told of itself"
        hint = did_you_mean(likely(unknown[0], keeper.rooms, 1)) or f"there are: {known}"
        raise SettingsError(f"there is no room {', '.join(unknown)}; {hint}")
    if every and not keeper.rooms:
        raise DeviceError("no speaker has told of itself there")
    return wanted or sorted(room for room, each in keeper.rooms.items())


def _asked(rooms: list[str]) -> int:
    print(fitted(f"Asked: {', '.join(rooms)}."))
    return 0


def _told(keeper: "FleetKeeper", answers: dict[str, str]) -> int:
    """Print who has it; 1 where one refused it, or is there and did not answer."""
    failed = False
    for room, answer in sorted(answers.items()):
        is_there = keeper.rooms[room].alive
        failed = failed or (is_there and answer != "applied")
        nothing = "no answer" if is_there else "away; it gets it when it comes"
        print(fitted(f"{room}: {answer or nothing}"))
    return 1 if failed else 0


def _checked(path: Path, args: argparse.Namespace) -> str:
    """The name under which rooms have a file that `voiceguide check` accepts.

    Raises:
        RoutineError, SpeechError, SettingsError: the guide could not use it.
    """
    import os

    from voiceguide.edge.files.routine_file import load_bundled, refusal
    from voiceguide.edge.files.shelf import clash_of, open_checker
    from voiceguide.home.fleet_store import judge
    from voiceguide.settings.load import load_settings

    if path.suffix not in (".yaml", ".yml", ".pack"):
        raise SettingsError(f"{path}: a room takes *.yaml and *.pack")
    if path.suffix == ".pack":
        judge(path)
        return "voice.pack"
    checker = open_checker(load_settings(args.settings, os.environ))
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error})") from error
    if re.search(r"^format:\s*[\"']?voiceguide-phrases/", text, re.MULTILINE):
        _, problems, _ = checker.phrases(path)
        if problems:
            raise RoutineError(problems[0].located(path))
        return "phrases.yaml"
    report = checker.routine(path)
    if report.routine is None:
        raise refusal(path, report.problems)
    clash = clash_of(report.routine, load_bundled(), checker.book.phrases)
    if clash:
        raise RoutineError(f"{path}: {clash}.")
    return f"routines/{report.routine.id}.yaml"
