"""Finds where an utterance begins and ends, from readings of the sound alone."""

import math
from collections import deque
from dataclasses import dataclass

from voiceguide.core.decision.heard import Reading
from voiceguide.core.rates import HOP_SECONDS

ONSET_HOPS = 3
"""An utterance begins where so many of the last five hops are active; fewer are a drop of water."""
LOUD_DB = 30.0
"""A hop belongs to the word where it is at most this much softer than the loudest one. What is
softer before and after is breath and room."""
LONGEST_SECONDS = 4.0
"""How far back an utterance is followed."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A stretch of loud sound, which may still go on."""

    onset_seconds: float
    """Beginning of its first loud hop."""
    end_seconds: float
    """End of its last loud hop so far."""
    snr_db: float
    """Mean level of its loud hops over the noise."""

    @property
    def seconds(self) -> float:
        """How long it lasted so far."""
        return self.end_seconds - self.onset_seconds


class UtteranceTracker:
    """Follows readings, and keeps the newest utterance until it is cleared."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, Reading]] = deque(maxlen=5)
        self._hops: deque[tuple[float, Reading]] = deque(
            maxlen=round(LONGEST_SECONDS / HOP_SECONDS)
        )
        self._utterance: Utterance | None = None

    @property
    def utterance(self) -> Utterance | None:
        """The newest utterance; None where there was none since it was last cleared."""
        return self._utterance

    def clear(self) -> None:
        """Forget the utterance."""
        self._recent.clear()
        self._hops.clear()
        self._utterance = None

    def begin_after(self, seconds: float) -> None:
        """Forget what was said until this time."""
        kept = [(end, reading) for end, reading in self._hops if end - HOP_SECONDS >= seconds]
        self._recent.clear()
        self._hops.clear()
        if any(reading.active for _, reading in kept):
            self._hops.extend(kept)
        self._utterance = self._measure() if self._hops else None

    def update(self, now_seconds: float, readings: tuple[Reading, ...]) -> None:
        """Take in the readings of a block, the last of which ends now."""
        for index, reading in enumerate(readings):
            end = now_seconds - (len(readings) - 1 - index) * HOP_SECONDS
            self._recent.append((end, reading))
            if self._hops:
                self._hops.append((end, reading))
            elif reading.active and sum(one.active for _, one in self._recent) >= ONSET_HOPS:
                self._hops.extend(self._recent)
        if self._hops:
            self._utterance = self._measure()

    def _measure(self) -> Utterance:
        if not any(reading.active for _, reading in self._hops):
            # It began so long ago that its hops are gone.
            end = self._hops[0][0]
            return Utterance(end, end, 0.0)
        peak = max(reading.level_dbfs for _, reading in self._hops if reading.active)
        loud = [
            (end, reading)
            for end, reading in self._hops
            if reading.active and reading.level_dbfs >= peak - LOUD_DB
        ]
        power = sum(10 ** (reading.level_dbfs / 10) for _, reading in loud)
        noise = sum(10 ** (reading.floor_dbfs / 10) for _, reading in loud)
        snr = 10 * math.log10(max(power - noise, 1e-3 * noise) / noise)
        return Utterance(loud[0][0] - HOP_SECONDS, loud[-1][0], snr)
