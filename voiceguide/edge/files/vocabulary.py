"""Whether a recogniser can hear the words that people write in files: known, learnt, guessed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from voiceguide.core.errors import ModelError
from voiceguide.core.lint import listed, unknown_words
from voiceguide.edge.files.phrase_file import PhraseFile
from voiceguide.edge.files.phrase_reading import read_phrase_file
from voiceguide.edge.files.routine_nodes import names_of
from voiceguide.edge.files.yaml_tree import Node, Problem, read_document
from voiceguide.edge.lexicon.joined import JOINER
from voiceguide.edge.lexicon.pronouncing import Pronunciation
from voiceguide.edge.system.text_file import Spot

Learner = Callable[[Iterable[str]], Mapping[str, Pronunciation]]
"""Given words that a recogniser lacks, how it would pronounce each that it can learn."""


def read_vocabulary(model: Path) -> frozenset[str] | None:
    """The words a recogniser model can write, without those joined of several; None where the
    model does not list them.

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
    words = (line.split(" ", 1)[0] for line in lines)
    return frozenset(word for word in words if JOINER not in word)


def check_phrases(
    path: Path, vocabulary: frozenset[str] | None = None, learner: Learner | None = None
) -> tuple[PhraseFile, tuple[Problem, ...], tuple[Problem, ...]]:
    """A phrase file, the words in it that the recogniser cannot hear, and those it would guess.

    Returns:
        the file; its problems, by line; its notes, by line.

    Raises:
        RoutineError: the file cannot be used; one plain sentence with the line.
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


def unknown_names(
    path: Path, vocabulary: frozenset[str], learner: Learner | None
) -> Iterator[Problem]:
    """The names in a file that nobody could choose its routine by: the recogniser can neither write
    nor learn one of their words.

    Raises:
        RoutineError: the file cannot be read at all.
    """
    yield from _unknown_names(read_document(path).root, vocabulary, learner)


def name_problems(
    root: Node, vocabulary: frozenset[str] | None, learner: Learner | None
) -> Iterator[Problem]:
    """Names by which nobody could choose the routine, and names that are given twice.

    Args:
        root: the routine file.
        vocabulary: the words the recogniser can write; None if that is not known.
        learner: tells how it would learn other words; None if it cannot.
    """
    seen: dict[str, int] = {}
    for node, name in names_of(root):
        if name in seen:
            yield Problem(node.spot, f"“{name}” is a name on line {seen[name]} already; remove it")
        seen.setdefault(name, node.spot.line)
    if vocabulary is not None:
        yield from _unknown_names(root, vocabulary, learner)


def _unknown_names(
    root: Node, vocabulary: frozenset[str], learner: Learner | None
) -> Iterator[Problem]:
    for node, name in names_of(root):
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


def guess_notes(root: Node, vocabulary: frozenset[str], learner: Learner) -> Iterator[Problem]:
    """The words in a routine's names whose pronunciation the recogniser would have to guess."""
    for node, name in names_of(root):
        for word, pronunciation in learner(unknown_words(name, vocabulary)).items():
            if pronunciation.guessed:
                yield Problem(node.spot, guessed(word, pronunciation))


def guessed(word: str, pronunciation: Pronunciation) -> str:
    """What the writer of a file is told about a word whose pronunciation was guessed."""
    return (
        f"the word “{word}” is not in the dictionary; its pronunciation was guessed as "
        f"{pronunciation.spoken[0]}; if it is heard badly, give it under `pronunciations` in your "
        "phrase file"
    )
