"""A piece of sound in memory."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.guide_sound import SpokenWord

Samples = NDArray[np.float32]
"""Mono samples, shape (n,), nominally within ±1."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """Mono sound at one sample rate."""

    samples: Samples
    sample_rate_hz: int
    words: tuple[SpokenWord, ...] = ()
    """The words in it, with times in seconds from its first sample; empty where they are not
    known."""

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self.samples) / self.sample_rate_hz
