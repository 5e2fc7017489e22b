"""Everything a routine's writer should know at once: what breaks it, and what will be misheard."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from voiceguide.core.commands import Phrasebook
from voiceguide.core.errors import ModelError
from voiceguide.core.lint import (
    MAX_WORDS,
    breath_words,
    commands_within,
    listed,
    sentences,
    unknown_words,
)
from voiceguide.core.routine.routine import Conditions, Mode, Routine, Section, Side, Step, Stroke
from voiceguide.core.routine.variants import troubles
from voiceguide.core.spoken import as_spoken, words
from voiceguide.core.timeline.lengths import lengths
from voiceguide.core.timeline.pace import COUNTING_SECONDS
from voiceguide.edge.files.durations import format_lengths
from voiceguide.edge.files.phrase_file import PhraseFile, read_phrase_file
from voiceguide.edge.files.routine_build import to_conditions, to_routine
from voiceguide.edge.files.routine_models import IfFile
from voiceguide.edge.files.routine_problems import children, validate
from voiceguide.edge.files.yaml_tree import Document, Node, Problem, read_document
from voiceguide.edge.lexicon.pronouncing import Pronunciation
from voiceguide.edge.system.text_file import Spot

_SPOKEN = {
    "routine": ("name", "summary", "beforehand", "safety", "closing", "why"),
    "section": ("name", "announce", "why"),
    "step": ("name", "say", "short", "amount", "tip", "why"),
    "wait": ("reminder",),
}
"""Keys whose text the guide says aloud."""

Learner = Callable[[Iterable[str]], Mapping[str, Pronunciation]]
"""How a recogniser would pronounce words that it lacks; a word that it cannot learn is left out."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found in one file."""

    path: Path
    routine: Routine | None
    """The routine, if nothing keeps it from being used."""
    problems: tuple[Problem, ...]
    """What keeps every command from using it, in the order of the file."""
    warnings: tuple[Problem, ...] = ()
    """What will go wrong for somebody, though it can be led."""
    notes: tuple[Problem, ...] = ()
    """What works, but might work better."""


@dataclass(frozen=True, slots=True)
class Checker:
    """What files are judged by; see `check_routine`."""

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
    """What is to be said of a routine file: the verdict of every command that uses one.

    Args:
        path: the file.
        book: the commands that its sentences must not hold.
        vocabulary: the words the recogniser can write; None if that is not known.
        learner: tells how the recogniser would learn other words; None if it cannot.

    Raises:
        RoutineError: one plain sentence; it cannot be read at all, or is no routine.
    """
    document = read_document(path)
    file, problems = validate(document)
    warnings = [*_spoken_problems(document.root, book)]
    warnings += _name_problems(document.root, vocabulary, learner)
    warnings += _variant_problems(document)
    notes = [*_spoken_notes(document.root)]
    routine = to_routine(file) if file else None
    if routine and routine.breath:
        notes += _breath_notes(routine, document.root.entries["breathing"][0])
    if routine:
        notes += _count_notes(routine, document.root)
    if vocabulary and learner:
        notes += _guess_notes(document.root, vocabulary, learner)
    return Report(
        path,
        routine,
        tuple(sorted(set(problems))),
        tuple(sorted(set(warnings))),
        tuple(sorted(set(notes))),
    )


def check_phrases(
    path: Path, vocabulary: frozenset[str] | None = None, learner: Learner | None = None
) -> tuple[PhraseFile, tuple[Problem, ...], tuple[Problem, ...]]:
    """What a phrase file says, the words in it that nobody could say, and notes on guessed ones.

    Raises:
        RoutineError: one plain sentence with the line; it cannot be used.
    """
    file = read_phrase_file(path)
    unknown = [word for word in file.lines if vocabulary is not None and word not in vocabulary]
    learnt = learner(word for word in unknown if word not in file.pronunciations) if learner else {}
    problems, notes = [], []
    for word in unknown:
        spot = Spot(file.lines[word], 1)
        if learner and (word in file.pronunciations or word in learnt):
            if word in learnt and learnt[word].guessed:
                notes.append(Problem(spot, guessed(word, learnt[word])))
        else:
            problems.append(
                Problem(spot, f"the recogniser does not know “{word}”; use another word for it")
            )
    return file, tuple(sorted(problems)), tuple(sorted(notes))


def guessed(word: str, pronunciation: Pronunciation) -> str:
    """What a person is told about a word whose pronunciation follows from its spelling only."""
    return (
        f"the word “{word}” is not in the dictionary; its pronunciation was guessed as "
        f"{pronunciation.spoken[0]}; if it is heard badly, give it under `pronunciations` in your "
        "phrase file"
    )


def read_vocabulary(model: Path) -> frozenset[str] | None:
    """The words a recogniser model can write; None where the model does not list them.

    Raises:
        ModelError: the list is there and cannot be read.
    """
    path = model / "graph" / "words.txt"
    if not path.is_file():
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: the model's list of words cannot be read: {error}") from None
    return frozenset(line.split(" ", 1)[0] for line in lines)


def _spoken_problems(root: Node, book: Phrasebook) -> Iterator[Problem]:
    for node in _texts(root):
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
    """What is said otherwise than it is written, or not at all."""
    for node in _texts(root):
        written = " ".join(str(node.scalar).split())
        spoken = as_spoken(written)
        if not spoken:
            yield Problem(node.spot, f"“{_beginning(written)}” holds no word, so it is not said")
        elif spoken != written:
            yield Problem(node.spot, f"“{_beginning(written)}” is said as: {spoken}")


def _breath_notes(routine: Routine, spot: Spot) -> Iterator[Problem]:
    """What riding on the breath does to the length."""
    both = (lengths(routine), lengths(replace(routine, breath=None)))
    riding, ticking = (format_lengths(each) for each in both)
    if riding != ticking:
        yield Problem(
            spot,
            f"on the breath it takes {riding}; by the seconds of its strokes it would take "
            f"{ticking}; `breathing: none` leaves a section or step out",
        )


def _count_notes(routine: Routine, root: Node) -> Iterator[Problem]:
    """Which strokes are too short for all of their numbers, where the counts are spoken."""
    short = [
        step.name
        for _, step in routine.steps()
        if step.stroke and step.stroke.count_aloud and step.stroke.seconds < COUNTING_SECONDS
    ]
    spot = next((node.spot for node in _counts(root) if node.scalar == "aloud"), None)
    if short and spot:
        yield Problem(
            spot,
            f"strokes shorter than {COUNTING_SECONDS:g} s are counted in fives: {listed(short)}",
        )


def _counts(root: Node) -> Iterator[Node]:
    """Whatever says how strokes are counted, in the routine, its sections and its steps."""
    yield from _scalars(root, "count")
    for section in children(root, "section"):
        yield from _scalars(section, "count")
        for step in children(section, "step"):
            yield from _scalars(step, "count")


def _name_problems(
    root: Node, vocabulary: frozenset[str] | None, learner: Learner | None
) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for node, name in _names(root):
        if name in seen:
            yield Problem(node.spot, f"“{name}” is a name on line {seen[name]} already; remove it")
        seen.setdefault(name, node.spot.line)
    if vocabulary is not None:
        yield from _unknown_names(root, vocabulary, learner)


def unknown_names(
    path: Path, vocabulary: frozenset[str], learner: Learner | None
) -> Iterator[Problem]:
    """The names by which nobody could choose the routine in a file, because the recogniser can
    neither write nor learn a word of theirs.

    Raises:
        RoutineError: the file cannot be read at all.
    """
    yield from _unknown_names(read_document(path).root, vocabulary, learner)


def _unknown_names(
    root: Node, vocabulary: frozenset[str], learner: Learner | None
) -> Iterator[Problem]:
    for node, name in _names(root):
        unknown = unknown_words(name, vocabulary)
        if learner and unknown:
            learnt = learner(unknown)
            unknown = tuple(word for word in unknown if word not in learnt)
        if unknown:
            yield Problem(
                node.spot,
                f"the recogniser does not know {listed(unknown)}, so nobody could choose “{name}”; "
                "use words it knows",
            )


def _guess_notes(root: Node, vocabulary: frozenset[str], learner: Learner) -> Iterator[Problem]:
    for node, name in _names(root):
        for word, pronunciation in learner(unknown_words(name, vocabulary)).items():
            if pronunciation.guessed:
                yield Problem(node.spot, guessed(word, pronunciation))


def _names(root: Node) -> Iterator[tuple[Node, str]]:
    """Everything a person can say to choose the routine, as a recogniser would write it."""
    for node in [*_scalars(root, "name"), *_scalars(root, "called")]:
        yield node, " ".join(words(str(node.scalar)))


def _variant_problems(document: Document) -> Iterator[Problem]:
    nodes = children(document.root, "section")
    for index, message in troubles([_skeleton(node) for node in nodes]) if nodes else ():
        yield Problem(document.root.spot if index is None else nodes[index].spot, message)


def _skeleton(node: Node) -> Section:
    """What conditions and sides need of a section, read from a file that may be half wrong."""
    steps = tuple(
        Step(
            id="",
            name="",
            mode=Mode.STROKE,
            say=(),
            stroke=Stroke(1, 1.0, _side(step)),
            conditions=_conditions(step),
        )
        for step in children(node, "step")
    )
    return Section(id="", name="", steps=steps, conditions=_conditions(node))


def _conditions(node: Node) -> Conditions:
    if "if" not in node.entries:
        return Conditions()
    try:
        return to_conditions(IfFile.model_validate(node.entries["if"][1].plain()))
    except ValidationError:
        return Conditions()


def _side(step: Node) -> Side:
    for key in ("stroke", "hold"):
        if key in step.entries and "side" in step.entries[key][1].entries:
            value: Any = step.entries[key][1].entries["side"][1].scalar
            if value in tuple(Side):
                return Side(value)
    return Side.BOTH


def _texts(root: Node) -> Iterator[Node]:
    """Every text that is spoken, wherever the file has it right."""
    yield from (node for key in _SPOKEN["routine"] for node in _scalars(root, key))
    for section in children(root, "section"):
        yield from (node for key in _SPOKEN["section"] for node in _scalars(section, key))
        for step in children(section, "step"):
            yield from (node for key in _SPOKEN["step"] for node in _scalars(step, key))
            if "say_for" in step.entries:
                variants = step.entries["say_for"][1]
                yield from (node for key in variants.entries for node in _scalars(variants, key))
            if "wait" in step.entries:
                wait = step.entries["wait"][1]
                yield from (node for key in _SPOKEN["wait"] for node in _scalars(wait, key))


def _scalars(node: Node, key: str) -> Iterator[Node]:
    if key not in node.entries:
        return
    value = node.entries[key][1]
    for item in value.items if value.kind == "list" else [value]:
        if item.kind == "scalar" and isinstance(item.scalar, str):
            yield item


def _beginning(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= 7 else " ".join(words[:7]) + " …"
