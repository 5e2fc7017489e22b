"""``voiceguide history``: shows what was done on which day, and how many days in a row."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.cli.options import add_person_option, add_settings_option, whole_number
from voiceguide.show.lines import fitted, print_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from voiceguide.core.history import Visit

EPILOG = """\
examples:
  voiceguide history
  voiceguide history --weeks 52
  voiceguide history --person anna
  voiceguide history --csv sessions.csv
  voiceguide history --plot sessions.png
  voiceguide history --delete
"""
LEVELS = (
    (0.0, "·", "bright_black"),
    (1e-9, "░", "blue"),
    (300.0, "▒", "cyan"),
    (600.0, "▓", "green"),
    (1200.0, "█", "bright_green"),
)
"""(From how many seconds on, sign, style) for a day; the sign tells it without its colour, too."""
LONGEST_WEEKS = 104


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "history",
        help="which days, how long, how many in a row",
        description="Show the days on which something was done. A day counts for the streak when "
        "at least one zone was done to its end. Nothing of it ever leaves this machine.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--weeks",
        metavar="N",
        type=whole_number(1, LONGEST_WEEKS, "a number of weeks"),
        default=26,
        help="how many weeks are shown (26)",
    )
    add_person_option(parser, "a person of the settings (without it, the person without a name)")
    add_settings_option(parser)
    act = parser.add_mutually_exclusive_group()
    act.add_argument(
        "--csv",
        metavar="FILE",
        nargs="?",
        const="-",
        help="write each session as a line of CSV into a file, or print it if there is no FILE",
    )
    act.add_argument(
        "--plot",
        metavar="FILE",
        type=Path,
        help="minutes and zones a day, and the tempo (.png, .svg or .pdf; needs matplotlib)",
    )
    act.add_argument("--delete", action="store_true", help="delete the whole history, for good")
    parser.add_argument("--yes", action="store_true", help="with --delete: do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show, write or delete the history."""
    import os
    from datetime import datetime

    from voiceguide.core.errors import JournalError
    from voiceguide.core.history import day_of
    from voiceguide.edge.journal.journal import Journal
    from voiceguide.edge.journal.visits import delete_visits, read_visits
    from voiceguide.settings.load import load_settings

    settings = load_settings(args.settings, os.environ)
    person = settings.person_called(args.person) if args.person else ""
    path = settings.journal_of(person)
    if path is None and settings.journal.keep:
        print(fitted("Nothing is remembered of a guest."))
        return 0
    day_ends = settings.journal.day_ends
    if path is None:
        print(fitted("Nothing is remembered: journal.keep is off in the settings."))
        return 0
    visits: tuple[Visit, ...] = ()
    try:
        if path.exists():
            with Journal(path) as journal:
                visits = read_visits(journal, day_ends)
                if args.delete and not (args.yes or _is_sure(len(visits))):
                    print(fitted("Nothing was deleted."))
                    return 0
                if args.delete:
                    delete_visits(journal)
    except OSError as error:
        raise JournalError(f"the journal {path} cannot be used: {error}.") from error
    if args.delete:
        print(fitted(f"Deleted: {_several(len(visits), 'session')}."))
        for aside in sorted(path.parent.glob(f"{path.stem}.broken-*")):
            print(fitted(f"A damaged journal that was put aside is still there: {aside}"))
    elif args.csv:
        _write_csv(args.csv, visits)
    elif not visits:
        print(fitted("No session is in the history yet."))
    elif args.plot:
        from voiceguide.edge.journal.history_plot import write_plot

        write_plot(args.plot, visits)
        print(fitted(f"The plot is in {args.plot}."))
    else:
        _show(visits, day_of(datetime.now(), day_ends), args.weeks)
    return 0


def _is_sure(count: int) -> bool:
    from voiceguide.cli.asking import is_sure

    question = f"Delete {_several(count, 'session')} for good?"
    return is_sure(question, "delete the history for good")


def _show(visits: "Sequence[Visit]", today: "date", weeks: int) -> None:
    from collections import Counter

    from rich.console import Console

    from voiceguide.core.history import days_done, longest_streak, seconds_by_day, streak

    console = Console(highlight=False)
    lengths, days = seconds_by_day(visits), days_done(visits)
    for line in calendar(lengths, today, weeks):
        print_line(console, line)
    console.print()
    row = streak(days, today)
    missing = "" if today in days else ", and today is still to come"
    print_line(
        console,
        f"In a row: {_several(row, 'day')}{missing if row else ''}; "
        f"the most there ever were: {longest_streak(days)}.",
    )
    minutes = sum(lengths.values()) / 60
    print_line(
        console,
        f"{_several(len(visits), 'session')} on {_several(len(lengths), 'day')}, "
        f"{_several(round(minutes), 'minute')} in all.",
    )
    often = Counter(visit.routine_id for visit in visits).most_common(3)
    shown = ", ".join(f"{routine_id} ({count})" for routine_id, count in often)
    print_line(console, f"Most often: {shown}.")


def calendar(seconds: "dict[date, float]", today: "date", weeks: int) -> list[Any]:
    """The calendar as lines of rich text: a column a week, a row a weekday, the months above, and
    the key to the signs below."""

    from rich.text import Text

    from voiceguide.core.history import weeks as last_weeks

    columns = last_weeks(today, weeks)
    named = [index for index, week in enumerate(columns) if week[0].day <= 7]
    if not named or named[0] > 1:
        named.insert(0, 0)
    head = [" "] * (2 * weeks + 2)
    for index in named:
        head[2 * index : 2 * index + 3] = f"{columns[index][0]:%b}"
    lines = [Text(" " * 5 + "".join(head).rstrip(), "dim")]
    for weekday in range(7):
        line = Text(f"{columns[0][weekday]:%a}  ", "dim")
        for week in columns:
            day = week[weekday]
            sign, style = (" ", "") if day > today else level(seconds.get(day, 0.0))
            line.append(f"{sign} ", style)
        line.rstrip()
        lines.append(line)
    key = Text(" " * 5, "dim")
    for (_, sign, style), words in zip(
        LEVELS, ("none", "under 5", "5", "10", "20 minutes and more"), strict=True
    ):
        key.append(sign, style).append(f" {words}  ", "dim")
    key.rstrip()
    return [*lines, Text(), key]


def level(seconds: float) -> tuple[str, str]:
    """The sign and style of a day."""
    return next((sign, style) for least, sign, style in reversed(LEVELS) if seconds >= least)


def csv_rows(visits: "Sequence[Visit]") -> list[tuple[str, ...]]:
    """A heading, then a row for each visit; ``zones`` has ids separated by spaces."""
    rows: list[tuple[str, ...]] = [
        ("began_at", "routine", "minutes", "zones_done", "zones", "tempo", "finished")
    ]
    rows += [
        (
            visit.began_at.isoformat(timespec="seconds"),
            visit.routine_id,
            f"{visit.seconds / 60:.2f}",
            str(len(visit.zones)),
            " ".join(visit.zones),
            f"{visit.tempo:.3g}",
            "yes" if visit.finished else "no",
        )
        for visit in visits
    ]
    return rows


def _write_csv(target: str, visits: "Sequence[Visit]") -> None:
    import csv
    import sys

    if target == "-":
        csv.writer(sys.stdout, lineterminator="\n").writerows(csv_rows(visits))
        return
    from voiceguide.edge.system.whole_file import whole_file

    with whole_file(Path(target)) as part, part.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(csv_rows(visits))
    print(fitted(f"{_several(len(visits), 'session')} in {target}."))


def _several(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
