"""``voiceguide check``: tells every problem of routine, programme and phrase files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.options import add_model_option
from voiceguide.show.lines import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voiceguide.edge.files.routine_check import Checker
    from voiceguide.edge.files.shelf import Shelf
    from voiceguide.edge.files.yaml_tree import Problem


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check",
        help="find every problem of a routine, programme or phrase file",
        description="Find every problem of routine, programme and phrase files: "
        "FILE:LINE:COLUMN, what is wrong, and how to correct it. Exit code 2 if any command would "
        "refuse a file, 0 if not; warnings do not change it.",
        epilog="example: voiceguide check my-routine.yaml",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a routine, programme or phrase file, or the id of a routine or programme",
    )
    add_model_option(parser, "the recogniser model whose words the names must be made of")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the files in order, all of them, also after a wrong one."""
    from voiceguide.cli.routine import checker_for
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.core.errors import RoutineError
    from voiceguide.edge.files.bundled_programmes import bundled_programmes
    from voiceguide.edge.files.phrase_reading import is_phrase_file
    from voiceguide.edge.files.programme_file import is_programme_file

    checker, shelf = checker_for(args.model), usual_shelf(args.model)
    code = 0
    for name in args.files:
        try:
            path = bundled_programmes().get(name, Path(name))
            if is_phrase_file(path):
                fine = _phrases(path, checker)
            elif is_programme_file(path):
                fine = _programme(path, shelf)
            else:
                fine = routine_is_fine(_find(name, shelf), checker, shelf)
        except RoutineError as error:
            print(fitted(str(error)))
            fine = False
        code = code if fine else RoutineError.exit_code
    return code


def _find(name: str, shelf: "Shelf") -> Path:
    """The file of a routine, also of one of the person's own that cannot be used.

    Raises:
        RoutineError: there is none; names the nearest id.
    """
    left_out = (path for path in shelf.left_out if path.stem == name)
    return next(left_out, None) or shelf.find(name)


def routine_is_fine(path: Path, checker: "Checker", shelf: "Shelf") -> bool:
    """Print everything there is to say of this routine file; return whether it can be used.

    Raises:
        RoutineError: it cannot be read at all.
    """
    from voiceguide.core.timeline.lengths import lengths
    from voiceguide.edge.files.durations import format_lengths

    report = checker.routine(path)
    for kind, found in (
        ("", report.problems),
        ("warning", report.warnings),
        ("note", report.notes),
    ):
        _print(path, found, kind)
    if report.routine is None:
        return False
    if path in shelf.left_out:
        print(fitted(shelf.left_out[path]))
        return False
    clash = shelf.clash(report.routine, path)
    if clash:
        print(fitted(f"{path}: warning: {clash}"))
    length = format_lengths(lengths(report.routine))
    sections = len(report.routine.sections)
    zones = "1 section" if sections == 1 else f"{sections} sections"
    warned = len(report.warnings) + (clash is not None)
    verdict = f"can be led, {warned} warning{'s' if warned > 1 else ''}" if warned else "fine"
    print(fitted(f"{path}: {verdict}, “{report.routine.name}”, {zones}, {length}"))
    return True


def _phrases(path: Path, checker: "Checker") -> bool:
    """Print the problems of this phrase file; return whether there are none.

    Raises:
        RoutineError: it cannot be used.
    """
    file, problems, notes = checker.phrases(path)
    _print(path, problems)
    _print(path, notes, "note")
    if not problems:
        print(fitted(f"{path}: fine, {len(file.book.phrases)} phrases"))
    return not problems


def _programme(path: Path, shelf: "Shelf") -> bool:
    """Print the problems of this programme file; return whether there are none.

    Raises:
        RoutineError: it cannot be read at all.
    """
    from voiceguide.edge.files.programme_file import check_programme

    report = check_programme(path, shelf.routines)
    _print(path, report.problems)
    if report.programme is None:
        return False
    if path in shelf.left_out:
        print(fitted(shelf.left_out[path]))
        return False
    clash = shelf.programme_clash(report.programme)
    if clash:
        print(fitted(f"{path}: warning: {clash}"))
    count = len(report.programme.days)
    days = "1 day" if count == 1 else f"{count} days"
    verdict = "can be followed, 1 warning" if clash else "fine"
    print(fitted(f"{path}: {verdict}, “{report.programme.name}”, {days}"))
    return True


def _print(path: Path, found: "Iterable[Problem]", kind: str = "") -> None:
    for problem in found:
        print(fitted(problem.located(path, kind)))
