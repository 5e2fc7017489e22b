"""Words that a model's vocabulary holds as one: ``where_am_i``.

A recogniser's grammar is made of words, and lets every word of every phrase be said alone: with
"timer two minutes" in it, "continue" may be written as "two". Where the vocabulary holds the phrase
as one word, as in training, only the whole of it can be written.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product

from voiceguide.core.commands import Command, Phrase

JOINER = "_"
MOST_WAYS = 12
"""At most this many pronunciations of a phrase are kept; each of its words may have several."""


def said_in_one_go(phrase: Phrase) -> str | None:
    """The part of a phrase that is to be one word; None if no part is.

    A person may pause between "timer" and its minutes, and before a time of day, which follows
    a phrase of its own. Calls have weights of their own, word by word.
    """
    if phrase.command is Command.WAKE or phrase.when is not None:
        return None
    return phrase.text.split(" ", 1)[1] if phrase.minutes else phrase.text


def runs_of(phrase: str) -> Iterator[str]:
    """Every word of a phrase, and every run of its words as the vocabulary may hold it."""
    words = phrase.split()
    for first in range(len(words)):
        for end in range(first + 1, len(words) + 1):
            yield JOINER.join(words[first:end])


def as_known(phrase: str, knows: Callable[[str], bool]) -> str:
    """The phrase for a grammar, with the longest runs of its words joined that the vocabulary holds
    as one.
    """
    words, made = phrase.split(" "), list[str]()
    while words:
        runs = (length for length in range(len(words), 1, -1) if knows(JOINER.join(words[:length])))
        length = next(runs, 1)
        made.append(JOINER.join(words[:length]))
        del words[:length]
    return " ".join(made)


def as_words(text: str) -> str:
    """What a recogniser wrote, in words."""
    return text.replace(JOINER, " ")


def joined_lexicon(
    phrases: Iterable[str], ways: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each phrase of several words as one word, with its pronunciations.

    Args:
        ways: the pronunciations of every word, the usual one first.
    """
    for phrase in phrases:
        words = phrase.split()
        if len(words) > 1:
            every = product(*(ways[word] for word in words))
            yield JOINER.join(words), tuple(islice(map(" ".join, every), MOST_WAYS))
