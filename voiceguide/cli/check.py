"""``voiceguide check``: every problem of a routine file, where it is and what would be right."""

import argparse


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check",
        help="find every problem of a routine file",
        description="Find every problem of routine files: FILE:LINE:COLUMN, what is wrong, and "
        "what would be right. Exit code 0 when all is well, 2 when something is wrong.",
        epilog="example: voiceguide check my-routine.yaml",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a routine file, or the id of a bundled routine"
    )
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="the recogniser model whose words the names must be made of",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the files in their order; one wrong file does not keep the others from it."""
    from voiceguide.core.errors import RoutineError
    from voiceguide.core.plan import make_plan
    from voiceguide.edge.durations import format_seconds
    from voiceguide.edge.model_store import resolve_model
    from voiceguide.edge.phrase_file import load_phrasebook
    from voiceguide.edge.routine_check import check_routine, read_vocabulary
    from voiceguide.edge.routine_file import find_routine

    vocabulary = read_vocabulary(resolve_model(args.model))
    code = 0
    for name in args.files:
        try:
            path = find_routine(name)
            report = check_routine(path, load_phrasebook(), vocabulary)
        except RoutineError as error:
            print(error)
            code = error.exit_code
            continue
        for problem in report.problems:
            print(problem.located(path))
        if report.problems:
            code = RoutineError.exit_code
        elif report.routine:
            length = format_seconds(make_plan(report.routine).total_seconds)
            sections = len(report.routine.sections)
            zones = "1 section" if sections == 1 else f"{sections} sections"
            print(f"{path}: fine, “{report.routine.name}”, {zones}, {length}")
    return code
