"""Measures how loud samples are, and how loud the guide was at a given moment."""

import math

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

SILENCE_DBFS = -math.inf
"""The level of samples that are all zero, and of no samples at all."""

INT16_FULL_SCALE = 32768.0
"""Integer samples are divided by this before anything is computed from them."""


def dbfs(samples: NDArray[np.float32] | NDArray[np.int16]) -> float:
    """The level of samples: their RMS over full scale in dB, so that a full sine has −3.01 dBFS.

    Args:
        samples: float within ±1, or int16, in any shape.

    Returns:
        −inf for silence, and where there are no samples.
    """
    if samples.size == 0:
        return SILENCE_DBFS
    values = samples.astype(np.float64).ravel()
    if samples.dtype == np.int16:
        values /= INT16_FULL_SCALE
    return _db_of_power(float(values @ values) / values.size)


class LevelHistory:
    """The recent loudness of a stream of samples, by absolute sample position.

    It remembers the power of each bin of ``bin_samples``, for the last ``bins`` bins. Everything
    before counts as silence.
    """

    def __init__(self, bin_samples: int, bins: int) -> None:
        if bin_samples < 1 or bins < 1:
            raise ValueError("bin_samples and bins must be at least 1")
        self._bin_samples = bin_samples
        self._energy = np.zeros(bins, dtype=np.float64)
        self._bin_of_slot = np.full(bins, -1, dtype=np.int64)
        self._newest = -1

    def add(self, at_sample: int, samples: Samples) -> None:
        """Take in the samples that begin at position ``at_sample``."""
        if len(samples) == 0:
            return
        size, bins = self._bin_samples, len(self._energy)
        newest = (at_sample + len(samples) - 1) // size
        # What is older than the memory is long would only be overwritten.
        numbers = np.arange(max(at_sample // size, newest - bins + 1), newest + 1)
        begins = np.maximum(numbers * size - at_sample, 0)
        squares = np.square(samples[begins[0] :], dtype=np.float64)
        slots = numbers % bins
        self._energy[slots[self._bin_of_slot[slots] != numbers]] = 0.0
        self._bin_of_slot[slots] = numbers
        self._energy[slots] += np.add.reduceat(squares, begins - begins[0])
        self._newest = max(self._newest, int(newest))

    def dbfs(self, start_sample: int, end_sample: int) -> float:
        """The level between two positions, widened to whole bins; −inf where nothing sounded."""
        first = start_sample // self._bin_samples
        last = max(first, (end_sample - 1) // self._bin_samples)
        if first > self._newest:
            return SILENCE_DBFS
        wanted = (self._bin_of_slot >= first) & (self._bin_of_slot <= last)
        energy = float(self._energy[wanted].sum())
        return _db_of_power(energy / ((last - first + 1) * self._bin_samples))


def _db_of_power(power: float) -> float:
    return 10.0 * math.log10(power) if power > 0.0 else SILENCE_DBFS
