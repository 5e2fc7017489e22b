"""The gain of everything that sounds: it changes by a ramp, and no sum exceeds full scale."""

import math

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

LIMIT_KNEE = 0.8
"""Samples below this magnitude pass unchanged; above it they bend towards full scale.

0.8 is −1.9 dBFS: a single clip is never changed, for cues and speech peak below −3 dBFS.
"""
GAIN_RAMP_SECONDS = 0.03
"""How long a change of the gain takes: quick to the ear, and too slow to click."""


class Gain:
    """A gain on a timeline; all positions are samples of it.

    Args:
        sample_rate_hz: the rate of the timeline.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        ramp_samples = max(1, round(GAIN_RAMP_SECONDS * sample_rate_hz))
        self._rise = np.float32(1.0) - falling(ramp_samples)
        self._gain = np.float32(1.0)
        self._ramp: Samples | None = None
        self._ramp_from = self._gain
        self._ramp_start = 0

    def turn_to(self, db: float, position: int) -> None:
        """Begin to change the gain at the next sample to be rendered, which is at ``position``.

        Raises:
            ValueError: it is neither a number of dB nor −inf.
        """
        if math.isnan(db) or db == math.inf:
            raise ValueError(f"the gain must be a number of dB or -inf, not {db}")
        target = np.float32(10.0 ** (db / 20.0))
        now = self._gain
        if self._ramp is not None and position < self._ramp_start + len(self._ramp):
            # The new ramp goes on from the factor of the sample before.
            done = position - self._ramp_start
            now = self._ramp[done - 1] if done else self._ramp_from
        self._ramp = now + (target - now) * self._rise
        self._ramp_start, self._ramp_from = position, now
        self._gain = target

    def apply(self, out: Samples, start: int) -> None:
        """Multiply samples that begin at position ``start`` by the gain, in place."""
        if self._ramp is None:
            if self._gain != 1.0:
                out *= self._gain
            return
        ramp = self._ramp[max(0, start - self._ramp_start) :][: len(out)]
        out[: len(ramp)] *= ramp
        out[len(ramp) :] *= self._gain


def falling(sample_count: int) -> Samples:
    """A raised cosine from just below 1 to just above 0 in ``sample_count`` samples.

    Raises:
        ValueError: the count is below 0.
    """
    if sample_count < 0:
        raise ValueError(f"a fade cannot take {sample_count} samples")
    phase = np.arange(1, sample_count + 1, dtype=np.float64) / (sample_count + 1)
    return (0.5 * (1.0 + np.cos(np.pi * phase))).astype(np.float32)


def limit(out: Samples, scratch: NDArray[np.float32]) -> None:
    """Bend magnitudes over the knee smoothly below full scale, in place; the slope at the knee is
    1.

    Args:
        scratch: as long as ``out``; it is overwritten.
    """
    np.abs(out, out=scratch)
    if float(scratch.max(initial=0.0)) <= LIMIT_KNEE:
        return
    over = scratch > LIMIT_KNEE
    room = np.float32(1.0 - LIMIT_KNEE)
    excess = (scratch[over] - np.float32(LIMIT_KNEE)) / room
    bent = np.float32(1.0) - room / (np.float32(1.0) + excess)
    out[over] = np.copysign(bent, out[over])
