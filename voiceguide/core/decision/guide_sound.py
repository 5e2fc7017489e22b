"""What the ears must know of the sound that the guide plays while a block is recorded."""

from dataclasses import dataclass
from difflib import SequenceMatcher

SILENCE = float("-inf")
ALIKE = 0.75
"""Words whose letters agree by this share count as the same: top and stop, black and back."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word that the guide says, with its times."""

    text: str
    """The word as a recogniser would write it."""
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Sounding:
    """What of the guide can be heard in a block."""

    level_dbfs: float = SILENCE
    """The level at which the guide is played; minus infinity for silence."""
    softened_db: float = 0.0
    """The gain by which it is softened because somebody speaks; 0 or less."""
    words: tuple[SpokenWord, ...] = ()
    """Its words of the last seconds, at the times at which they can be heard."""
    cleared_db: float = 0.0
    """By how much taking the echo out lowered the block; 0 or more."""
    trusted: bool = True
    """Whether its echo is known well enough to be told from a person."""


SILENT = Sounding()
"""The guide plays nothing."""


def is_own(
    phrase: str, start_seconds: float, end_seconds: float, words: tuple[SpokenWord, ...]
) -> bool:
    """Whether the guide says a word of this phrase, or one much like it, at this time."""
    said = phrase.split()
    return any(
        word.start_seconds < end_seconds and word.end_seconds > start_seconds and _alike(one, word)
        for one in said
        for word in words
    )


def _alike(said: str, word: SpokenWord) -> bool:
    if said == word.text:
        return True
    return SequenceMatcher(None, said, word.text).ratio() >= ALIKE
