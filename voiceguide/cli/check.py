"""``voiceguide check``: every problem of routine and phrase files, and what would be right."""

import argparse
import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.options import add_model_option
from voiceguide.show.lines import fitted

if TYPE_CHECKING:
    from voiceguide.core.commands import Phrase, Phrasebook
    from voiceguide.edge.files.routine_check import Learner
    from voiceguide.edge.files.shelf import Shelf


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "check",
        help="find every problem of a routine or phrase file",
        description="Find every problem of routine and phrase files: FILE:LINE:COLUMN, what is "
        "wrong, and what would be right. Exit code 0 when all is well, 2 when something is wrong.",
        epilog="example: voiceguide check my-routine.yaml",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a routine or phrase file, or the id of a routine",
    )
    add_model_option(parser, "the recogniser model whose words the names must be made of")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Check the files in their order; one wrong file does not keep the others from it."""
    from voiceguide.core.errors import RoutineError
    from voiceguide.edge.files.phrase_file import is_phrase_file, load_phrase_file
    from voiceguide.edge.files.routine_check import read_vocabulary
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.lexicon.graph_build import can_grow
    from voiceguide.edge.lexicon.pronouncing import pronounce
    from voiceguide.edge.models.model_store import resolve_model
    from voiceguide.settings.tables import load_settings

    model = resolve_model(args.model)
    vocabulary = read_vocabulary(model)
    settings = load_settings(None, os.environ)
    spoken = load_phrase_file(settings.ears.language, settings.ears.phrases)
    shelf = open_shelf(settings, None, os.environ, args.model)
    learner = partial(pronounce, own=spoken.pronunciations)
    learns = can_grow(model / "graph")
    book = spoken.book.with_wake(settings.wake.calls)
    checks = Checks(spoken.book, book.phrases, shelf, vocabulary, learner if learns else None)
    code = 0
    for name in args.files:
        try:
            phrases = is_phrase_file(Path(name))
            fine = checks.phrases(Path(name)) if phrases else checks.routine(checks.find(name))
        except RoutineError as error:
            print(fitted(str(error)))
            fine = False
        code = code if fine else RoutineError.exit_code
    return code


@dataclass(frozen=True, slots=True)
class Checks:
    """Checks files against one recogniser model and prints what is to be said of each."""

    book: "Phrasebook"
    taken: "tuple[Phrase, ...]"
    """What no routine may be called."""
    shelf: "Shelf"
    vocabulary: frozenset[str] | None
    learner: "Learner | None"

    def find(self, name: str) -> Path:
        """The file of a routine; of one of the person's own too that is broken.

        Raises:
            RoutineError: there is none; names the nearest id.
        """
        broken = (path for path in self.shelf.left_out if path.stem == name)
        return next(broken, None) or self.shelf.find(name)

    def routine(self, path: Path) -> bool:
        """Whether nothing is wrong with this routine.

        Raises:
            RoutineError: it cannot be read at all.
        """
        from voiceguide.core.timeline.plan import make_plan
        from voiceguide.edge.files.durations import format_seconds
        from voiceguide.edge.files.routine_check import check_routine
        from voiceguide.edge.files.shelf import clash_of

        report = check_routine(path, self.book, self.vocabulary, self.learner)
        for problem in (*report.problems, *report.notes):
            print(fitted(problem.located(path)))
        if report.problems or not report.routine:
            return not report.problems
        others = {
            key: other
            for key, other in self.shelf.routines.items()
            if self.shelf.files[key].resolve() != path.resolve()
        }
        clash = clash_of(report.routine, others, self.taken)
        if clash:
            print(fitted(f"{path}: {clash}"))
            return False
        length = format_seconds(make_plan(report.routine).total_seconds)
        sections = len(report.routine.sections)
        zones = "1 section" if sections == 1 else f"{sections} sections"
        print(fitted(f"{path}: fine, “{report.routine.name}”, {zones}, {length}"))
        return True

    def phrases(self, path: Path) -> bool:
        """Whether nothing is wrong with this phrase file.

        Raises:
            RoutineError: it cannot be used.
        """
        from voiceguide.edge.files.routine_check import check_phrases

        file, problems, notes = check_phrases(path, self.vocabulary, self.learner)
        for problem in (*problems, *notes):
            print(fitted(problem.located(path)))
        if not problems:
            print(fitted(f"{path}: fine, {len(file.book.phrases)} phrases"))
        return not problems
