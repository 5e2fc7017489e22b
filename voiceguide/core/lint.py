"""What makes a sentence good to hear while one's own words are commands. Pure text functions."""

import re
from collections.abc import Sequence

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.spoken import WORD, as_spoken, has_words, words

MAX_WORDS = 20
"""The most words of a sentence that is said in one breath."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’)]*\s+")


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text as they are said, white space tidied; none where there are no words.

    What ends in a full stop is not always a sentence: abbreviations are spelt out first.
    """
    return tuple(part for part in _SENTENCE_END.split(as_spoken(text)) if has_words(part))


def breath_words(text: str) -> int:
    """How many words are spoken; a hyphenated word counts once."""
    return sum(1 for word in text.split() if WORD.search(word))


def commands_within(text: str, book: Phrasebook) -> tuple[str, ...]:
    """The phrases of commands that a recogniser could hear in a text, longest first.

    A phrase inside a longer one that is there too is not named. The names of routines are
    no commands here: they are obeyed only while the guide asks which one.
    """
    spoken = f" {' '.join(words(text))} "
    found: list[str] = []
    for phrase in sorted(book.phrases, key=lambda phrase: -len(phrase.text)):
        if phrase.command is Command.CHOOSE or f" {phrase.text} " not in spoken:
            continue
        if not any(f" {phrase.text} " in f" {longer} " for longer in found):
            found.append(phrase.text)
    return tuple(found)


def unknown_words(text: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The words of a text that a recogniser can never write."""
    return tuple(word for word in words(text) if word not in vocabulary)


def listed(items: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, each in typographic quotes."""
    quoted = [f"“{item}”" for item in items]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
