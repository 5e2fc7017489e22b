"""Which known word a person probably meant by one that is not known."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

LONGEST_WORD = 100
"""Letters; a longer one was not meant to be any that is known."""
ALIKE = 0.55
"""The least share of letters in common, in their order; below it a suggestion is a riddle."""
SHORTEST_PART = 3
"""Letters that a part of a name must have to stand for the whole."""


def likely(word: str, known: Iterable[str], most: int = 3, alike: float = ALIKE) -> tuple[str, ...]:
    """The known words that were probably meant, likeliest first; none where none is near.

    Capitals, hyphens, underscores and spaces make no difference; a part of a name is near it.
    """
    if len(word) > LONGEST_WORD:  # comparing takes time with its square
        return ()
    wanted = _folded(word)
    scored = ((_likeness(wanted, _folded(each)), each) for each in dict.fromkeys(known))
    near = sorted((-score, each) for score, each in scored if score >= alike)
    return tuple(each for _, each in near[:most])


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, if any is close."""
    return next(iter(likely(word, known, 1)), None)


def did_you_mean(words: Iterable[str]) -> str:
    """The question for these words: ``did you mean one, two or three?``; empty for none."""
    *others, last = tuple(words) or ("",)
    if not last:
        return ""
    return f"did you mean {', '.join(others)} or {last}?" if others else f"did you mean {last}?"


def _folded(text: str) -> str:
    return " ".join(re.split(r"[\s_-]+", text.casefold().strip()))


def _likeness(wanted: str, known: str) -> float:
    """From 0 to 1."""
    if wanted == known:
        return 1.0
    short, long = sorted((wanted, known), key=len)
    ratio = SequenceMatcher(None, wanted, known).ratio()
    return max(ratio, 0.9) if len(short) >= SHORTEST_PART and short in long else ratio
