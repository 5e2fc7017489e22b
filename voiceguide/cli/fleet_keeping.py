"""What the keeper of a fleet does: sends files, sets settings, starts and stops rooms."""

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.fleet_broker import reach
from voiceguide.core.errors import DeviceError, RoutineError, SettingsError
from voiceguide.show.lines import fitted

if TYPE_CHECKING:
    from voiceguide.home.fleet_keeper import FleetKeeper


def send_files(args: argparse.Namespace) -> int:
    """Send files to rooms, or take them away again; 1 where a room did not take them."""
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

    with _keeper(args) as keeper:
        rooms = rooms_meant(keeper, args.to, args.all)
        patience = max(60.0, args.seconds)
        return _told(keeper, keeper.give(rooms, changed, files.values(), patience))


def set_settings(args: argparse.Namespace) -> int:
    """Set settings of rooms; 1 where a room did not take them."""
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

    with _keeper(args) as keeper:
        rooms = rooms_meant(keeper, named, args.all)
        for key, below in now.items():
            if key in given:
                keeper.order(rooms, below, given[key])
        if not settings:
            return _asked(rooms)
        return _told(keeper, keeper.give(rooms, changed, (), max(60.0, args.seconds)))


def start_rooms(args: argparse.Namespace) -> int:
    """Wake rooms, or have them begin a routine."""
    from voiceguide.home.orders import DO, ROUTINE

    return _order(args, ROUTINE if args.routine else DO, args.routine or "wake")


def stop_rooms(args: argparse.Namespace) -> int:
    """Have rooms stop."""
    from voiceguide.home.orders import DO

    return _order(args, DO, "stop")


def _order(args: argparse.Namespace, below: str, text: str) -> int:
    with _keeper(args) as keeper:
        rooms = rooms_meant(keeper, args.rooms, args.all)
        away = [room for room in rooms if not keeper.rooms[room].alive]
        if away:
            raise DeviceError(f"not there now, so nobody was asked: {', '.join(away)}")
        keeper.order(rooms, below, text)
    return _asked(rooms)


def _keeper(args: argparse.Namespace) -> "FleetKeeper":
    """The keeper of the rooms on the broker of the settings, or of ``--broker``.

    Raises:
        DeviceError: the broker does not answer, or lets nobody in.
        SettingsError: the settings name no broker, or make no sense.
    """
    from voiceguide.home.fleet_keeper import FleetKeeper

    _, access, topics = reach(args)
    return FleetKeeper(access, topics.prefix, args.seconds)


def rooms_meant(keeper: "FleetKeeper", named: Iterable[str], every: bool) -> list[str]:
    """The ids of rooms that were named by their ids or names.

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
    return wanted or sorted(keeper.rooms)


def _asked(rooms: list[str]) -> int:
    print(fitted(f"Asked: {', '.join(rooms)}."))
    return 0


def _told(keeper: "FleetKeeper", answers: dict[str, str]) -> int:
    """Print what each room answered; 1 where one refused, or is there and did not answer."""
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
