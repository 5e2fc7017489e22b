"""Whether the canceller knows the echo: only then can a person be told from the guide.

Two things are watched, block by block. How much of the expected echo is in the microphone at all
(1 when the delay and the room are as learnt, whoever speaks over it; about 0 after a jump); and by
how much the canceller lowers what is recorded, in the better half of the blocks, so that a person
who speaks over the guide does not count as a bad canceller.
"""

import math
from collections import deque

from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.sound.echo.port import Measure

LATEST_BLOCKS = 5
"""0.25 s: how soon a jump is noticed."""
LEAST_SHARE = 0.5
"""Of the expected echo that must be there."""
MEMORY_BLOCKS = 40
"""2 s of the guide's sound."""
FIRST_BLOCKS = 20
"""Before 1 s of it nothing is trusted."""
NO_ECHO_BLOCKS = 60
"""An echo that shows in 3 s of the guide's sound nowhere is none, or softer than the noise."""
GOOD_DB = 6.0
"""By how much the echo must be lower, or as low as the microphone's own noise."""
FAINT = BLOCK_SAMPLES * 10 ** (-55 / 10)
"""Energy of a block at −55 dBFS: an echo this soft troubles nobody."""


class Trust:
    """Follows the measures of the blocks in which the guide sounds; pure."""

    def __init__(self) -> None:
        self._latest: deque[Measure] = deque(maxlen=LATEST_BLOCKS)
        self._lower_db: deque[float | None] = deque(maxlen=MEMORY_BLOCKS)
        """Of each block; None of those that are too soft to tell."""
        self._blocks = 0

    def take(self, measure: Measure | None) -> None:
        """Take in a block; None, one in which the guide is silent, says nothing."""
        if measure is None:
            return
        self._blocks += 1
        self._latest.append(measure)
        loud = measure.recorded > FAINT
        lower_db = 10 * math.log10(measure.recorded / (measure.left + 1e-12)) if loud else None
        self._lower_db.append(lower_db)

    @property
    def lower_db(self) -> float:
        """By how much the echo is lowered (an estimate of the ERLE): the upper quartile."""
        told = sorted(one for one in self._lower_db if one is not None)
        return told[len(told) * 3 // 4] if told else 0.0

    @property
    def share(self) -> float:
        """Of the expected echo, what is really there; 1 where none is expected."""
        echo = sum(measure.echo for measure in self._latest)
        return sum(one.explained for one in self._latest) / echo if echo > FAINT else 1.0

    def good(self, found: bool) -> bool:
        """Whether the echo is known; ``found``: whether there seems to be one at all."""
        if self._blocks < FIRST_BLOCKS:
            return False
        if not found and self._blocks >= NO_ECHO_BLOCKS:
            return True
        # Less than half of the blocks loud: that is a person's word, and no echo.
        loud = sum(one is not None for one in self._lower_db) > len(self._lower_db) / 2
        return self.share >= LEAST_SHARE and (not loud or self.lower_db >= GOOD_DB)
