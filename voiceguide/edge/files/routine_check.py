"""Tells the writer of a routine everything at once: what breaks it, and what will be misheard."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from voiceguide.core.commands import Phrasebook
from voiceguide.core.lint import (
    MAX_WORDS,
    breath_words,
    commands_within,
    listed,
    sentences,
)
from voiceguide.core.routine.routine import Routine
from voiceguide.core.routine.variants import troubles
from voiceguide.core.spoken import as_spoken
from voiceguide.core.timeline.lengths import lengths
from voiceguide.core.timeline.pace import COUNTING_SECONDS
from voiceguide.edge.files.durations import format_lengths
from voiceguide.edge.files.phrase_file import PhraseFile
from voiceguide.edge.files.routine_build import to_routine
from voiceguide.edge.files.routine_nodes import counts_of, skeleton, spoken_texts
from voiceguide.edge.files.routine_parts import children
from voiceguide.edge.files.routine_problems import validate
from voiceguide.edge.files.vocabulary import Learner, check_phrases, guess_notes, name_problems
from voiceguide.edge.files.yaml_tree import Document, Node, Problem, read_document
from voiceguide.edge.system.text_file import Spot


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found in one file."""

    path: Path
    routine: Routine | None
    """The routine; None where a problem keeps it from being used."""
    problems: tuple[Problem, ...]
    """What keeps every command from using the routine, in the order of the file."""
    warnings: tuple[Problem, ...] = ()
    """What will go wrong for somebody, though the routine can be used."""
    notes: tuple[Problem, ...] = ()
    """What works, and might work better."""


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks files by a person's own phrases and recogniser; see `check_routine`."""

    book: Phrasebook
    vocabulary: frozenset[str] | None = None
    learner: Learner | None = None

    def routine(self, path: Path) -> Report:
        """See `check_routine`."""
        return check_routine(path, self.book, self.vocabulary, self.learner)

    def phrases(self, path: Path) -> tuple[PhraseFile, tuple[Problem, ...], tuple[Problem, ...]]:
        """See `check_phrases`."""
        return check_phrases(path, self.vocabulary, self.learner)


def check_routine(
    path: Path,
    book: Phrasebook,
    vocabulary: frozenset[str] | None = None,
    learner: Learner | None = None,
) -> Report:
    """The verdict on a routine file, the same for every command that uses one.

    Args:
        path: the file.
        book: the commands that its sentences must not hold.
        vocabulary: the words the recogniser can write; None if that is not known.
        learner: tells how the recogniser would learn other words; None if it cannot.

    Raises:
        RoutineError: the file cannot be read at all, or is no routine; one plain sentence.
    """
    document = read_document(path)
    file, problems = validate(document)
    warnings = [*_spoken_problems(document.root, book)]
    warnings += name_problems(document.root, vocabulary, learner)
    warnings += _variant_problems(document)
    notes = [*_spoken_notes(document.root)]
    routine = to_routine(file) if file else None
    if routine and routine.breath:
        notes += _breath_notes(routine, document.root.entries["breathing"][0])
    if routine:
        notes += _count_notes(routine, document.root)
    if vocabulary and learner:
        notes += guess_notes(document.root, vocabulary, learner)
    return Report(
        path,
        routine,
        tuple(sorted(set(problems))),
        tuple(sorted(set(warnings))),
        tuple(sorted(set(notes))),
    )


def _spoken_problems(root: Node, book: Phrasebook) -> Iterator[Problem]:
    for node in spoken_texts(root):
        for sentence in sentences(str(node.scalar)):
            count = breath_words(sentence)
            if count > MAX_WORDS:
                yield Problem(
                    node.spot,
                    f"“{_beginning(sentence)}” has {count} words; "
                    f"say it in {MAX_WORDS} or fewer, or in two sentences",
                )
            heard = commands_within(sentence, book)
            if heard:
                what = "command" if len(heard) == 1 else "commands"
                yield Problem(
                    node.spot,
                    f"“{_beginning(sentence)}” holds the {what} {listed(heard)}, which the guide "
                    "would hear itself say; use another word",
                )


def _spoken_notes(root: Node) -> Iterator[Problem]:
    """Texts that are not said as they are written, or not said at all."""
    for node in spoken_texts(root):
        written = " ".join(str(node.scalar).split())
        spoken = as_spoken(written)
        if not spoken:
            yield Problem(node.spot, f"“{_beginning(written)}” holds no word, so it is not said")
        elif spoken != written:
            yield Problem(node.spot, f"“{_beginning(written)}” is said as: {spoken}")


def _breath_notes(routine: Routine, spot: Spot) -> Iterator[Problem]:
    """How much longer or shorter the routine becomes by riding on the breath."""
    both = (lengths(routine), lengths(replace(routine, breath=None)))
    riding, ticking = (format_lengths(each) for each in both)
    if riding != ticking:
        yield Problem(
            spot,
            f"on the breath it takes {riding}; by the seconds of its strokes it would take "
            f"{ticking}; `breathing: none` leaves a section or step out",
        )


def _count_notes(routine: Routine, root: Node) -> Iterator[Problem]:
    """Steps whose strokes are counted aloud, and are too short for every number."""
    short = [
        step.name
        for _, step in routine.steps()
        if step.stroke and step.stroke.count_aloud and step.stroke.seconds < COUNTING_SECONDS
    ]
    spot = next((node.spot for node in counts_of(root) if node.scalar == "aloud"), None)
    if short and spot:
        yield Problem(
            spot,
            f"strokes shorter than {COUNTING_SECONDS:g} s are counted in fives: {listed(short)}",
        )


def _variant_problems(document: Document) -> Iterator[Problem]:
    nodes = children(document.root, "section")
    for index, message in troubles([skeleton(node) for node in nodes]) if nodes else ():
        yield Problem(document.root.spot if index is None else nodes[index].spot, message)


def _beginning(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= 7 else " ".join(words[:7]) + " …"
