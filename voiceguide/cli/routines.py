"""``voiceguide routines``: every routine that can be chosen, how long it takes and what it is."""

import argparse

from voiceguide.show.lines import print_table


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "routines",
        help="list the routines",
        description="List the bundled routines and your own: id, name as one says it, length, and "
        "what it is. Your own are files in the folder `routines` beside the settings file, or in "
        "the one that the setting routines.folder names (docs/routines.md).",
        epilog="example: voiceguide routines --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List them; the length spans the times of day a routine tells apart."""
    import json

    from rich.table import Table

    from voiceguide.cli.shelf import tell_left_out, usual_shelf
    from voiceguide.core.routine.routine import Profile, Routine, When, select
    from voiceguide.core.timeline.plan import make_plan
    from voiceguide.edge.files.durations import format_seconds

    def lengths(routine: Routine) -> tuple[float, float]:
        planned = [
            make_plan(select(routine, Profile(when=when))).total_seconds
            for when in (When.MORNING, When.EVENING)
        ]
        return min(planned), max(planned)

    shelf = usual_shelf()
    tell_left_out(shelf)
    routines = shelf.routines
    if args.json:
        listed = [
            {
                "id": routine.id,
                "name": routine.name,
                "called": list(routine.called),
                "seconds": [round(seconds, 1) for seconds in lengths(routine)],
                "summary": routine.summary,
                "file": str(shelf.files[routine.id]),
                "own": routine.id in shelf.own,
            }
            for routine in routines.values()
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("name", no_wrap=True)
    table.add_column("length", no_wrap=True)
    table.add_column("what it is")
    for routine in routines.values():
        low, high = (round(seconds / 60) * 60 for seconds in lengths(routine))
        length = format_seconds(low) if low == high else f"{low // 60}–{format_seconds(high)}"
        own = "your own: " if routine.id in shelf.own else ""
        table.add_row(routine.id, routine.name, length, own + routine.summary)
    print_table(table)
    return 0
