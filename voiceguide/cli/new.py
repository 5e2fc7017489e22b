"""``voiceguide new``: writes a person's own routine, from a few answers or from another routine."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.show.lines import fitted

if TYPE_CHECKING:
    from voiceguide.edge.files.routine_check import Checker
    from voiceguide.edge.files.shelf import Shelf

EPILOG = """\
examples:
  voiceguide new my-hands.yaml                     asks for name, zones and strokes
  voiceguide new my-evening.yaml --from evening    copies a routine; asks for its new name
  voiceguide new my-hands.yaml < answers.txt       one answer a line

A stroke is one line: its name, then how often, how long and which side, unless they are the usual
ones (5 times, 4 s, both): "thumbs, 3 times, 3 s, left then right", "fists, hold 8 s".
docs/first-routine.md explains it step by step.
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "new",
        help="begin a routine of your own",
        description="Write a routine file of your own: from your answers, in a terminal or from a "
        "pipe, or as a copy of another routine. The file passes `voiceguide check`, and editors "
        "can complete it. A file that exists is never overwritten.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the file to write (.yaml)")
    parser.add_argument(
        "--from", dest="source", metavar="ROUTINE", help="copy this routine: its id, name or file"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, write the file as a whole, and print what `voiceguide check` says of it."""
    from voiceguide.cli.check import routine_is_fine
    from voiceguide.cli.routine import checker_for
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.edge.files.routine_file import refusal
    from voiceguide.edge.system.whole_file import check_new, whole_file

    path: Path = args.file
    checker, shelf = checker_for(), usual_shelf()
    routine_id = _id_for(path, shelf)
    asker = _Asker()
    try:
        text = (
            _copied(args.source, routine_id, checker, shelf, asker)
            if args.source
            else _asked(routine_id, checker, shelf, asker)
        )
        check_new(path)
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
            report = checker.routine(part)
            if report.routine is None:
                raise refusal(path, report.problems)
    except KeyboardInterrupt:
        print("\nStopped; nothing was written.")
        return 130
    routine_is_fine(path, checker, shelf)
    print(fitted(f"Hear its first step: voiceguide preview {path} --step 1"))
    return 0


def _id_for(path: Path, shelf: "Shelf") -> str:
    """The id for a routine in this file.

    Raises:
        SettingsError: the file exists, or no routine can be written there.
    """
    from voiceguide.core.errors import SettingsError
    from voiceguide.edge.files.routine_file import SUFFIXES
    from voiceguide.edge.files.routine_values import slug
    from voiceguide.edge.system.whole_file import check_new

    check_new(path)
    if path.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"a routine is a file that ends in .yaml, not {path.name}")
    routine_id = slug(path.stem)
    if not routine_id:
        raise SettingsError(f"{path.name} has no letters to make an id of; give another name")
    if routine_id in shelf.routines:
        raise SettingsError(f"there is a routine {routine_id} already; give the file another name")
    return routine_id


class _Asker:
    """Asks for one answer after the other; on a terminal again and again, until it can be used."""

    def __init__(self) -> None:
        self._line = 0
        self._again = sys.stdin is not None and sys.stdin.isatty()

    def __call__(
        self,
        question: str,
        wrong: Callable[[str], str | None],
        usual: str | None = None,
        *,
        may_end: bool = False,
    ) -> str:
        """An answer that can be used; an empty one stands for the usual one.

        Args:
            may_end: whether the end of the input counts as an empty answer.

        Raises:
            RoutineError: the input ends before it, or an answer from a pipe cannot be used.
        """
        from voiceguide.core.errors import RoutineError

        shown = question if usual is None else f"{question} [{usual}]"
        while True:
            self._line += 1
            try:
                answer = " ".join(input(self._prompt(shown)).split())
            except EOFError:
                if may_end and wrong("") is None:
                    return ""
                raise RoutineError(
                    f"standard input:{self._line}: the answers end before “{question}”; "
                    "nothing was written."
                ) from None
            answer = answer or usual or ""
            if (why := wrong(answer)) is None:
                return answer
            if not self._again:
                raise RoutineError(f"standard input:{self._line}: {why}.")
            print(fitted(f"{why[:1].upper()}{why[1:]}."))

    def _prompt(self, question: str) -> str:
        if not self._again:
            return ""
        return f"{question} " if question.endswith("?") else f"{question}: "


def _copied(source: str, routine_id: str, checker: "Checker", shelf: "Shelf", asker: _Asker) -> str:
    """The text of a copy of another routine, under a new name.

    Raises:
        RoutineError: that routine cannot be used, or the name is taken.
    """
    from voiceguide.core.errors import RoutineError
    from voiceguide.edge.files.routine_file import refusal
    from voiceguide.edge.files.routine_text import renamed
    from voiceguide.edge.files.yaml_tree import parse_document
    from voiceguide.edge.system.text_file import read_text

    path = shelf.find(source)
    report = checker.routine(path)
    if report.routine is None:
        raise refusal(path, report.problems)
    text = read_text(path, RoutineError)
    name = _name(routine_id, checker, shelf, asker)
    return renamed(text, parse_document(text, path), routine_id, name)


def _asked(routine_id: str, checker: "Checker", shelf: "Shelf", asker: _Asker) -> str:
    """The text of a routine that a person describes."""
    from voiceguide.edge.files.routine_draft import SAFETY, drafted
    from voiceguide.edge.files.routine_text import routine_text

    name = _name(routine_id, checker, shelf, asker)
    zones: dict[str, list[dict[str, Any]]] = {}
    title = f"{name[:1].upper()}{name[1:]}, a routine of your own."
    summary = asker("What is it, in one sentence?", _spoken_by(checker), title)
    safety = asker("What should one take care of?", _spoken_by(checker), SAFETY)
    listed = asker("Its zones, in their order, with commas", _zones_by(checker))
    for zone in _parts(listed):
        is_last = len(zones) + 1 == len(_parts(listed))
        zones[zone] = _steps(zone, checker, asker, is_last=is_last)
    return routine_text(drafted(routine_id, name, summary, safety, zones))


def _name(routine_id: str, checker: "Checker", shelf: "Shelf", asker: _Asker) -> str:
    from voiceguide.core.lint import listed, unknown_words
    from voiceguide.core.routine.routine import Routine
    from voiceguide.edge.files.shelf import clash_of

    spoken = _spoken_by(checker)

    def wrong(name: str) -> str | None:
        routine = Routine(routine_id, name, "", ())
        why = spoken(name) or clash_of(routine, shelf.routines, checker.book.phrases)
        if why or checker.vocabulary is None:
            return why
        unknown = unknown_words(name, checker.vocabulary)
        learnt = checker.learner(unknown) if checker.learner else {}
        lost = [word for word in unknown if word not in learnt]
        return f"the recogniser cannot learn {listed(lost)}; choose another name" if lost else None

    return asker("What is it called, as you will say it?", wrong)


def _steps(zone: str, checker: "Checker", asker: _Asker, *, is_last: bool) -> list[dict[str, Any]]:
    """The strokes of a zone, until an empty line."""
    from voiceguide.edge.files.routine_draft import read_stroke, usual_sentence
    from voiceguide.edge.files.routine_values import slug

    steps: list[dict[str, Any]] = []
    spoken = _spoken_by(checker)

    def wrong(line: str) -> str | None:
        if not line:
            return None if steps else f"the zone {zone} needs a stroke"
        try:
            name = read_stroke(line)["name"]
        except ValueError as error:
            return str(error)
        if slug(name) in [slug(step["name"]) for step in steps]:
            return f"there is a stroke “{name}” in this zone already; give this one another name"
        return _named(name) or spoken(name)

    asked = f"{zone[:1].upper()}{zone[1:]}: a stroke, such as “thumbs, 3 times, 3 s”"
    more = f"{asked}; or nothing to go on"
    while line := asker(more if steps else asked, wrong, may_end=is_last):
        step = read_stroke(line)
        usual = usual_sentence(step)
        said = asker("What does the guide say there?", spoken, usual)
        rest = {key: value for key, value in step.items() if key != "name"}
        steps.append({"name": step["name"], "say": said, **rest})
    return steps


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _named(name: str) -> str | None:
    from voiceguide.edge.files.routine_values import slug

    return None if slug(name) else f"“{name}” has no letters to make an id of; call it otherwise"


def _zones_by(checker: "Checker") -> Callable[[str], str | None]:
    from voiceguide.edge.files.routine_values import slug

    spoken = _spoken_by(checker)

    def wrong(text: str) -> str | None:
        zones = _parts(text)
        if not all(zones):
            return "a zone has no name; write them like: palms, fingers, rest"
        if len({slug(zone) for zone in zones}) < len(zones):
            return "two zones have one name; give each its own"
        return next(filter(None, (_named(zone) or spoken(zone) for zone in zones)), None)

    return wrong


def _spoken_by(checker: "Checker") -> Callable[[str], str | None]:
    """A function that tells what is wrong with a text for the guide to say; None if nothing is."""
    from voiceguide.core.lint import MAX_WORDS, breath_words, commands_within, listed, sentences
    from voiceguide.edge.files.yaml_tree import OBEYED

    def wrong(text: str) -> str | None:
        if not sentences(text) or OBEYED.search(text):
            return "there is nothing here that can be said; write some words"
        if len(text) > 200:
            return "this is too long; use at most 200 characters"
        for sentence in sentences(text):
            if breath_words(sentence) > MAX_WORDS:
                return f"a sentence is said in {MAX_WORDS} words or fewer; make two of it"
            if heard := commands_within(sentence, checker.book):
                what = "command" if len(heard) == 1 else "commands"
                return (
                    f"“{text}” holds the {what} {listed(heard)}, which the guide would hear itself "
                    "say; use another word"
                )
        return None

    return wrong
