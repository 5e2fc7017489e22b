"""``voiceguide routines``: lists every routine that can be chosen, with its length."""

import argparse

from voiceguide.show.lines import print_table


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "routines",
        help="list the routines",
        description="List the bundled routines and your own: id, the name to say, length, and "
        "what it is. Your own are files in the folder `routines` beside the settings file, or in "
        "the folder of the setting routines.own_folder (docs/routines.md).",
        epilog="example: voiceguide routines --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List them; a length is a range where it depends on the time of day."""
    import json

    from rich.table import Table

    from voiceguide.cli.shelf import tell_left_out, usual_shelf
    from voiceguide.core.timeline.lengths import lengths
    from voiceguide.edge.files.durations import format_minutes

    shelf = usual_shelf()
    tell_left_out(shelf)
    routines = shelf.routines
    spans = {key: lengths(routine) for key, routine in routines.items()}
    if args.json:
        listed = [
            {
                "id": routine.id,
                "name": routine.name,
                "called": list(routine.called),
                "seconds": [
                    round(spans[key].least_seconds, 1),
                    round(spans[key].most_seconds, 1),
                ],
                "summary": routine.summary,
                "file": str(shelf.files[routine.id]),
                "own": routine.id in shelf.own,
            }
            for key, routine in routines.items()
        ]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return 0
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("id", no_wrap=True)
    table.add_column("name", no_wrap=True)
    table.add_column("length", no_wrap=True)
    table.add_column("what it is")
    for key, routine in routines.items():
        own = "your own: " if key in shelf.own else ""
        table.add_row(key, routine.name, format_minutes(spans[key]), own + routine.summary)
    print_table(table)
    return 0
