"""What the guide itself plays while a block of sound is recorded, as far as the ears must know."""

from dataclasses import dataclass
from difflib import SequenceMatcher

SILENCE = float("-inf")
ALIKE = 0.75
"""Words whose letters agree by this share (top and stop, black and back) count as the same."""


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of the guide's."""

    text: str
    """As a recogniser would write it."""
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Sounding:
    """What of the guide can be heard in a block."""

    level_dbfs: float = SILENCE
    """Level at which it is played; minus infinity when silent."""
    softened_db: float = 0.0
    """By how much it is played more softly than usual, because somebody speaks; 0 or less."""
    words: tuple[SpokenWord, ...] = ()
    """Its words of the last seconds, at the times at which they can be heard."""
    cleared_db: float = 0.0
    """By how much the block was lowered when it was taken out, 0 or more."""
    trusted: bool = True
    """Its echo is known well enough to be told from a person."""


SILENT = Sounding()
"""The guide plays nothing."""


def is_own(
    phrase: str, start_seconds: float, end_seconds: float, words: tuple[SpokenWord, ...]
) -> bool:
    """Whether a word of this phrase, or one much like it, is the guide's own at this time."""
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
