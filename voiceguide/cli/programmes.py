"""``voiceguide programmes``: lists, chooses and leaves programmes, and tells the next day."""

import argparse
from typing import TYPE_CHECKING

from voiceguide.cli.options import add_person_option, add_settings_option
from voiceguide.show.lines import fitted, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from voiceguide.core.routine.programme import Programme, Standing
    from voiceguide.settings.tables import Settings

EPILOG = """\
examples:
  voiceguide programmes
  voiceguide programmes choose seven-evenings
  voiceguide programmes choose four-weeks --person anna
  voiceguide programmes leave

When you follow a programme, the guide offers you the routine of the day when you call it. A missed
day does not count: you go on where you are. Programmes of your own are files in the folder of your
routines (docs/programmes.md).
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "programmes",
        help="list, choose or leave a programme of days",
        description="List the programmes, and where you stand in the one that you follow; choose "
        "another, or leave it.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "act", nargs="?", choices=("list", "choose", "leave"), default="list", help="list (usual)"
    )
    parser.add_argument("programme", nargs="?", metavar="PROGRAMME", help="its id or name")
    parser.add_argument(
        "--day", metavar="N", type=int, default=1, help="with choose: begin with this day (1)"
    )
    add_person_option(
        parser, "a person of the settings (without it, the person without a name, or a guest)"
    )
    add_settings_option(parser)
    parser.add_argument("--json", action="store_true", help="list them as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Do what is asked."""
    import os
    import sys

    from voiceguide.cli.shelf import tell_left_out
    from voiceguide.core.errors import SettingsError
    from voiceguide.core.routine.programme import followed
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.settings.load import load_settings
    from voiceguide.settings.persons import table_of
    from voiceguide.settings.programmes import programme_problems

    settings = load_settings(args.settings, os.environ)
    person = settings.first_person(args.person)
    shelf = open_shelf(settings, args.settings, os.environ)
    path = settings.journal_of(person)
    if args.act == "list":
        tell_left_out(shelf)
        for why in programme_problems(settings, shelf.programmes):
            print(fitted(f"voiceguide: {why}", sys.stderr), file=sys.stderr)
        standing = followed(_standing(path), settings.programme_of(person))
        _list(shelf.programmes, standing, as_json=args.json)
        return 0
    if path is None:
        raise SettingsError(f"a programme needs a journal, and {_why_none(settings, args)}.")
    named = settings.programme_of(person)
    chosen = _find(args.programme, shelf.programmes) if args.programme else None
    if named and (args.act == "leave" or (chosen and chosen.id != named)):
        raise SettingsError(
            f"the settings name the programme {named} (`{table_of(person)}.programme`); "
            "change it there."
        )
    if args.act == "leave":
        return _leave(path, shelf.programmes)
    if chosen is None:
        raise SettingsError(f"which programme? There are: {', '.join(shelf.programmes)}.")
    return _choose(path, chosen, args.day)


def _why_none(settings: "Settings", args: argparse.Namespace) -> str:
    """Why there is no journal."""
    if not settings.journal.keep:
        return "nothing is remembered (journal.keep is off in the settings)"
    if args.person:
        return "nothing is remembered of a guest"
    return "nothing is remembered of a guest (`person.guest` is true in the settings)"


def _find(text: str, programmes: "Mapping[str, Programme]") -> "Programme":
    """The programme with this id or name.

    Raises:
        SettingsError: there is none; names the nearest.
    """
    from voiceguide.core.errors import SettingsError
    from voiceguide.core.suggest import nearest

    names = {name.lower(): key for key, one in programmes.items() for name in (key, one.name)}
    found = names.get(text.lower())
    if found:
        return programmes[found]
    guess = names.get(nearest(text, names) or "")
    hint = f"did you mean {guess}?" if guess else f"there are: {', '.join(programmes)}."
    raise SettingsError(f"there is no programme {text!r}; {hint}")


def _choose(path: "Path", programme: "Programme", day: int) -> int:
    from voiceguide.core.effects import KeepProgramme
    from voiceguide.core.errors import SettingsError
    from voiceguide.core.routine.programme import Standing
    from voiceguide.edge.journal.journal import Journal

    count = len(programme.days)
    if not 1 <= day <= count:
        raise SettingsError(f"--day must be from 1 to {count}, not {day}.")
    with Journal(path) as journal:
        journal.keep(KeepProgramme(Standing(programme.id, day - 1)))
    first = programme.days[day - 1]
    print(fitted(f"Chosen: {programme.name}, {count} days. Day {day} is {first}."))
    return 0


def _leave(path: "Path", programmes: "Mapping[str, Programme]") -> int:
    from voiceguide.core.effects import KeepProgramme
    from voiceguide.core.routine.programme import Standing
    from voiceguide.edge.journal.journal import Journal

    standing = _standing(path)
    if standing is None:
        print(fitted("No programme was followed."))
        return 0
    with Journal(path) as journal:
        journal.keep(KeepProgramme(Standing("")))
    left = programmes.get(standing.programme_id)
    print(fitted(f"Left: {left.name if left else standing.programme_id}."))
    return 0


def _standing(path: "Path | None") -> "Standing | None":
    """Where the person stands.

    Raises:
        JournalError: the journal cannot be read.
    """
    from voiceguide.core.errors import JournalError
    from voiceguide.edge.journal.journal import Journal

    if path is None or not path.exists():
        return None
    with Journal(path) as journal:
        memory, _ = journal.load()
        if journal.warning:
            raise JournalError(journal.warning)
    return memory.standing


def _list(
    programmes: "Mapping[str, Programme]", standing: "Standing | None", *, as_json: bool
) -> None:
    import json

    from rich.table import Table

    followed = standing.programme_id if standing else None
    if as_json:
        listed = [
            {
                "id": key,
                "name": one.name,
                "summary": one.summary,
                "days": list(one.days),
                "done": standing.done if standing and followed == key else None,
                "done_on": (standing.done_on or None) if standing and followed == key else None,
            }
            for key, one in programmes.items()
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("id", "name", "days", "what it is"):
        table.add_column(title, no_wrap=title != "what it is")
    for key, one in programmes.items():
        table.add_row(key, one.name, str(len(one.days)), one.summary)
    print_table(table)
    if standing:
        print(fitted(_told(standing, programmes)))


def _told(standing: "Standing", programmes: "Mapping[str, Programme]") -> str:
    """Where the person stands, in words."""
    one = programmes.get(standing.programme_id)
    if one is None:
        return f"You follow {standing.programme_id}, of which there is no file any more."
    count = len(one.days)
    if standing.done >= count:
        return f"You have done all {count} days of {one.name}."
    since = f", the last on {standing.done_on}" if standing.done_on else ""
    next_day = f"day {standing.done + 1} is {one.days[standing.done]}"
    return f"You follow {one.name}: {standing.done} of {count} days done{since}; {next_day}."
