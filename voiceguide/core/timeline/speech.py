"""How long speech takes: estimated before it is rendered, and what a voice should aim at."""

import re
from collections.abc import Callable
from functools import lru_cache

from voiceguide.core.timeline.ranges import RATE_RANGE

WORD_GAP_SECONDS = 0.034
"""Length of one unit of `word_gap`, measured at 110 to 135 words a minute."""

LETTERS_PER_WORD = 4.31
"""The mean over everything that the guide says."""

GENTLE = 0.9
"""The speech rate while strokes ride on slow breaths, as a share of the usual one."""

_WORD = re.compile(r"[^\W_]+")

Speech = Callable[[str], float]
"""How long a sentence takes, in seconds."""


def spoken_rate(words_per_minute: int, on_breath: bool) -> int:
    """The speech rate at which sentences are said, by the rate that was chosen."""
    gentle = round(words_per_minute * GENTLE)
    return max(RATE_RANGE[0], gentle) if on_breath else words_per_minute


def word_gap(words_per_minute: int) -> int:
    """The gap to add between the words of slow speech, in espeak's unit of 10 ms.

    Gaps make slow speech easier to understand than stretched vowels do.
    """
    return max(0, round((150 - words_per_minute) / 14))


@lru_cache(maxsize=4096)  # the same sentences are asked for again at every look ahead
def estimate_speech_seconds(text: str, words_per_minute: int) -> float:
    """How long espeak-ng speaks a sentence, estimated from its letters; rendering tells exactly.

    Fitted to the 294 sentences of the bundled routines as the guide's voice renders them at 150
    words a minute: 14.3 letters a second, 0.37 s for each comma or colon, 0.23 s besides, off by
    0.24 s (root mean square) a sentence and by nothing in total. At 110, 180 and 220 words a
    minute the whole scales with the rate to within 0.5 %, before the gaps between slow words.
    """
    letters = sum(character.isalpha() for character in text)
    rests = sum(text.count(mark) for mark in ",;:—")
    gaps = WORD_GAP_SECONDS * word_gap(words_per_minute) * max(0, len(text.split()) - 1)
    return (letters / 14.3 + 0.37 * rests + 0.23) * 150 / words_per_minute + gaps


def spoken_seconds(text: str, words_per_minute: int) -> float:
    """How long the words of a sentence should sound for an even pace, without its pauses.

    As `estimate_speech_seconds`, but half by letters and half by words: by letters alone a sentence
    of short words ("say go when you are ready") would be rattled off, by words alone one of long
    words. A natural voice makes shorter pauses than espeak, so on the whole sentences last as long.
    """
    letters = sum(character.isalpha() for character in text)
    by_words = LETTERS_PER_WORD * len(_WORD.findall(text))
    return ((letters + by_words) / 2 / 13.0 + 0.25) * 150 / words_per_minute
