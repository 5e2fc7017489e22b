"""Makes speech clear in a noisy, echoing room: more treble, louder soft sounds, the same power.

A person beside a tap speaks like that. Vowels carry most of the power and little of the sense, and
their bass makes most of the echo that covers the next sound. The method is spectral shaping and
dynamic range compression (Zorila, Kandia and Stylianou, Interspeech 2012), without the parts that
depend on the sound that is spoken. Figures: docs/measurements.md.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Clip
from voiceguide.sound.lufs import pressed
from voiceguide.sound.transform import fast_length

SHAPE_HZ_DB = ((100, -15.0), (500, -10.0), (1000, 0.0), (2000, 11.0), (4000, 18.0))
"""Gain by frequency: linear between these points on a logarithmic axis, constant outside them."""
RATIO = 3.0
"""So many dB between two levels become one."""
LOWEST_DB, SILENT_DB = -25.0, -35.0
"""What is softer than the first, relative to the whole, is raised no further; what is softer than
the second is not raised at all, so that a pause stays a pause."""
ENVELOPE_SECONDS = 0.01
"""Length of each of the two averages that follow the level."""
PEAK_LIMIT_DBFS = -1.5
"""No sample is higher; between two samples the sound may be a little higher."""

CLEAR_BELOW_DB, PLAIN_ABOVE_DB = 15.0, 18.0
"""Clear speech begins where a voice stands out of the noise by less than the first, and ends where
it does so by more than the second."""


class Clarity:
    """Whether the next sentence is to be spoken clearly."""

    def __init__(self) -> None:
        self.wanted = False

    def follow(self, snr_db: float) -> None:
        """Take in how far a person's voice would now stand out of the noise."""
        self.wanted = snr_db < (PLAIN_ABOVE_DB if self.wanted else CLEAR_BELOW_DB)


def clear_speech(clip: Clip) -> Clip:
    """The same sentence, of the same length and power, easier to understand in noise."""
    samples = clip.samples.astype(np.float64)
    power = float(np.mean(np.square(samples))) if len(samples) else 0.0
    if power == 0.0:
        return clip
    made = _compressed(_shaped(samples, clip.sample_rate_hz), clip.sample_rate_hz)
    made *= np.sqrt(power / np.mean(np.square(made)))
    made = pressed(made, clip.sample_rate_hz, PEAK_LIMIT_DBFS)
    return replace(clip, samples=made.astype(np.float32))


def _shaped(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    # Twice as long, so that the end does not run into the beginning.
    size = fast_length(2 * len(samples))
    spectrum = np.fft.rfft(samples, size)
    frequencies, gains_db = zip(*SHAPE_HZ_DB, strict=True)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(size, 1 / rate), 1.0))
    gains = 10 ** (np.interp(octaves, np.log2(frequencies), gains_db) / 20)
    return np.fft.irfft(spectrum * gains, size)[: len(samples)]


def _compressed(samples: NDArray[np.float64], rate: int) -> NDArray[np.float64]:
    power = np.square(samples)
    width = max(1, round(ENVELOPE_SECONDS * rate))
    level = 10 * np.log10(np.maximum(_mean(_mean(power, width), width) / power.mean(), 1e-9))
    raised = np.maximum(level, LOWEST_DB)
    # A pause is left as it is, with a soft transition.
    share = np.clip((level - SILENT_DB) / (LOWEST_DB - SILENT_DB), 0.0, 1.0)
    gains: NDArray[np.float64] = 10 ** (share * raised * (1 / RATIO - 1) / 20)
    return samples * gains


def _mean(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """The moving average around each value; as many as there are values."""
    before = (width - 1) // 2
    sums = np.cumsum(np.pad(values, (before + 1, width - 1 - before), mode="constant"))
    return np.maximum(sums[width:] - sums[:-width], 0.0) / width
