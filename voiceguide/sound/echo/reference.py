"""Gives the echo canceller what the guide played, aligned with the microphone's blocks."""

import math
from typing import cast

import numpy as np
import soxr

from voiceguide.sound.clip import Samples
from voiceguide.sound.mixer import Mixer

PAD_SECONDS = 0.01
"""Sound read on both sides of a stretch, so that the resampling filter meets no edge in it; a whole
number of samples at 44.1 and at 48 kHz."""
NEXT_TO = 1e-3
"""A position this close to a sample counts as on it."""


TAPS = 32
"""Length of the filter that reads between two samples."""


def played(mixer: Mixer, end_seconds: float, count: int, sample_rate_hz: int) -> Samples:
    """The ``count`` samples played until ``end_seconds`` of the output timeline.

    Each stretch is resampled by itself with a linear-phase filter, and read at its exact place,
    also between samples, so that consecutive stretches are aligned. Silence takes no work.
    """
    seconds = count / sample_rate_hz
    start = (end_seconds - seconds - PAD_SECONDS) * mixer.sample_rate_hz
    whole = math.floor(start + NEXT_TO)
    if whole >= mixer.silent_from:
        return np.zeros(count, np.float32)
    sound = mixer.played(whole, whole + round((seconds + 2 * PAD_SECONDS) * mixer.sample_rate_hz))
    if not sound.any():
        return np.zeros(count, np.float32)
    pad = round(PAD_SECONDS * sample_rate_hz)
    at_rate = cast(Samples, soxr.resample(sound, mixer.sample_rate_hz, sample_rate_hz, "HQ"))
    later = (start - whole) / mixer.sample_rate_hz * sample_rate_hz
    if abs(later) > NEXT_TO:
        at_rate = _later(at_rate, later)
    return at_rate[pad : pad + count]


def _later(sound: Samples, samples: float) -> Samples:
    """The sound, read a fraction of a sample later; wrong in the first and last 16 samples."""
    distance = np.arange(-TAPS // 2 + 1, TAPS // 2 + 1) + samples
    taps = np.sinc(distance) * np.cos(np.pi * distance / (TAPS + 2)) ** 2
    shifted = np.convolve(sound, taps, "full")[TAPS // 2 - 1 :]
    return shifted[: len(sound)].astype(np.float32)
