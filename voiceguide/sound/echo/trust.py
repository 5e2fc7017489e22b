"""Tells whether the canceller knows the echo: only then can a person be told from the guide.

Two things are watched, block by block. The first is the share of the expected echo that is in the
microphone: 1 while delay and room are as learnt, whoever speaks, and about 0 after a jump. The
second is by how much the canceller lowers what is recorded, in the better half of the blocks, so
that a person who speaks over the guide does not count against the canceller.
"""

import math
from collections import deque

from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.sound.echo.port import Measure

LATEST_BLOCKS = 5
"""How soon a jump is noticed: 0.25 s."""
LEAST_SHARE = 0.5
"""The share of the expected echo that must be there."""
MEMORY_BLOCKS = 40
"""How much of the guide's sound is remembered: 2 s."""
FIRST_BLOCKS = 20
"""Nothing is trusted before 1 s of the guide's sound."""
NO_ECHO_BLOCKS = 60
"""Where 3 s of the guide's sound show no echo, there is none, or it is softer than the noise."""
GOOD_DB = 6.0
"""By how much the echo must be lowered, unless it is as low as the microphone's own noise."""
FAINT = BLOCK_SAMPLES * 10 ** (-55 / 10)
"""The energy of a block at −55 dBFS: an echo this soft does no harm."""


class Trust:
    """Follows the measures of the blocks in which the guide sounds. Pure."""

    def __init__(self) -> None:
        self._latest: deque[Measure] = deque(maxlen=LATEST_BLOCKS)
        self._lower_db: deque[float | None] = deque(maxlen=MEMORY_BLOCKS)
        """By how much each block was lowered; None for a block that is too soft to tell."""
        self._blocks = 0
        self._told: dict[bool, bool] = {}
        """What `good` said since the last measure."""

    def take(self, measure: Measure | None) -> None:
        """Take in the measure of a block; None for one in which the guide is silent, which is
        ignored.
        """
        if measure is None:
            return
        self._blocks += 1
        self._told.clear()
        self._latest.append(measure)
        loud = measure.recorded > FAINT
        lower_db = 10 * math.log10(measure.recorded / (measure.left + 1e-12)) if loud else None
        self._lower_db.append(lower_db)

    @property
    def lower_db(self) -> float:
        """By how many dB the echo is lowered: the upper quartile, an estimate of the ERLE."""
        told = sorted(one for one in self._lower_db if one is not None)
        return told[len(told) * 3 // 4] if told else 0.0

    @property
    def share(self) -> float:
        """The share of the expected echo that is really there; 1 where none is expected."""
        echo = sum(measure.echo for measure in self._latest)
        return sum(one.explained for one in self._latest) / echo if echo > FAINT else 1.0

    def good(self, found: bool) -> bool:
        """Whether the echo is known.

        Args:
            found: whether there seems to be an echo at all.
        """
        if found not in self._told:
            self._told[found] = self._is_good(found)
        return self._told[found]

    def _is_good(self, found: bool) -> bool:
        if self._blocks < FIRST_BLOCKS:
            return False
        if not found and self._blocks >= NO_ECHO_BLOCKS:
            return True
        # Where less than half of the blocks are loud, it was a person's word and no echo.
        loud = sum(one is not None for one in self._lower_db) > len(self._lower_db) / 2
        return self.share >= LEAST_SHARE and (not loud or self.lower_db >= GOOD_DB)
