"""Keeps the recogniser from working while nobody speaks."""

from collections import deque
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.heard import Reading
from voiceguide.core.rates import HOP_SECONDS

OPEN_HOPS = 9
"""Somebody speaks where so many of the last `AMONG_HOPS` hops are active; fewer are a click."""
AMONG_HOPS = 15
LEAD_SECONDS = 0.5
"""How much sound before that is let through: the soft beginning of a word, and what the meter
needs."""
HANG_SECONDS = 1.0
"""How long after the last active hop it shuts: longer than the silence that ends an utterance."""

Block = NDArray[np.int16]


class VoiceGate:
    """Lets blocks of sound through, from shortly before somebody speaks. Deterministic.

    Args:
        sample_rate_hz: the rate of the blocks.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._lead_samples = round(LEAD_SECONDS * sample_rate_hz)
        self._lead: Block = np.zeros(0, np.int16)
        self._hops: deque[bool] = deque(maxlen=AMONG_HOPS)
        self._silent_hops = 0
        self.is_open = False

    def take(self, block: Block, readings: Sequence[Reading]) -> Block | None:
        """What the recogniser is to hear now, with what was held back before; None for nothing.

        Args:
            block: the newest sound, shape (n,).
            readings: the readings of the hops that end in it.
        """
        for reading in readings:
            self._hops.append(reading.active)
            self._silent_hops = 0 if reading.active else self._silent_hops + 1
        if self.is_open and self._silent_hops * HOP_SECONDS < HANG_SECONDS:
            return block
        if self.is_open:
            self.shut()
        self._lead = np.concatenate((self._lead, block))
        if sum(self._hops) < OPEN_HOPS:
            self._lead = self._lead[-self._lead_samples :]
            return None
        let_through, self._lead = self._lead, np.zeros(0, np.int16)
        self.is_open = True
        return let_through

    def shut(self) -> None:
        """Shut the gate: nobody speaks."""
        self.is_open = False
        self._hops.clear()
        self._silent_hops = 0
