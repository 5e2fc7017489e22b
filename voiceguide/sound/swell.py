"""The sounds of a breath: a swell that rises, one that falls, each as long as its phase.

A swell is air, noise in two bands that blend into each other, and a soft tone that glides a fifth:
up and louder on the way in, down and softer on the way out, so that one tells them apart with
closed eyes. Most of it lies between 1 and 4 kHz, where a running tap is weaker. The same length and
rate give the same samples.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.effects import Cue
from voiceguide.sound.clip import Samples

LEVEL_DBFS = -40.0
"""RMS of the whole swell, whatever its length; in and out are equally loud."""
FADE_SECONDS = 0.03
"""The shortest rise and fall; a longer swell has slower ones."""
CUT_SECONDS = 0.4
"""How long a swell from a file fades out where it is longer than its phase."""
TONE_HZ = (1046.5, 1568.0)
"""C6 and G6: where the tone begins and ends on the way in."""
TONE_SHARE = 0.35
"""RMS of the tone divided by that of the air."""
BANDS_HZ = ((950.0, 1800.0), (1700.0, 3600.0))
"""The dark and the bright air."""
AIR_SECONDS = 5.0
"""The noise repeats after this time; with noise nobody hears that."""
PEAK_AT = {Cue.BREATHE_IN: 0.82, Cue.BREATHE_OUT: 0.16}
"""Where the swell is loudest, as a share of its length."""


def make_swell(cue: Cue, seconds: float, sample_rate_hz: int) -> Samples:
    """The swell of a phase of this length, mono float32.

    Raises:
        ValueError: no such swell, or no length.
    """
    if cue not in PEAK_AT or seconds <= 0:
        raise ValueError(f"there is no swell of {seconds} s for {cue}")
    count = max(2, round(seconds * sample_rate_hz))
    made = np.empty(count, np.float32)
    piece = round(AIR_SECONDS * sample_rate_hz)
    # Piece by piece, so that a minute takes no more memory than its sound.
    for start in range(0, count, piece):
        stop = min(start + piece, count)
        along = np.arange(start, stop) / (count - 1)
        made[start:stop] = _piece(cue, seconds, along, sample_rate_hz)
    rms = float(np.sqrt(np.mean(made**2, dtype=np.float64)))
    made *= np.float32(10 ** (LEVEL_DBFS / 20) / rms)
    return made


def _piece(cue: Cue, seconds: float, along: NDArray[np.float64], sample_rate_hz: int) -> Samples:
    """Part of a swell that begins where the air does; ``along`` is 0–1 over the whole of it."""
    goes_in = cue is Cue.BREATHE_IN
    way = along if goes_in else 1.0 - along
    low, high = TONE_HZ
    # The tone's phase in turns: the integral of a pitch that glides evenly to the ear.
    glide = math.log(high / low)
    begun = 1.0 if goes_in else high / low
    turns = (low * seconds / glide) * np.abs(np.exp(glide * way) - begun)
    phase = np.asarray(2 * np.pi * (turns - np.floor(turns)), np.float32)
    bright_share = np.asarray(0.5 * np.pi * way, np.float32)
    dark, bright = _air(sample_rate_hz)
    mixed = np.cos(bright_share) * dark[: len(along)]
    mixed += np.sin(bright_share) * bright[: len(along)]
    mixed += np.float32(TONE_SHARE * math.sqrt(2.0)) * np.sin(phase)
    mixed *= _envelope(along, PEAK_AT[cue], FADE_SECONDS / seconds)
    return np.asarray(mixed, np.float32)


def fit_swell(samples: Samples, seconds: float, sample_rate_hz: int) -> Samples:
    """A swell from a file, faded out where it is longer than its phase."""
    count = round(seconds * sample_rate_hz)
    if len(samples) <= count:
        return samples
    fade = min(count, round(CUT_SECONDS * sample_rate_hz))
    fall = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, fade + 1) / fade)
    cut = np.array(samples[:count], dtype=np.float32)
    cut[count - fade :] *= fall.astype(np.float32)
    return cut


def _envelope(along: NDArray[np.float64], peak_at: float, least_fade: float) -> Samples:
    """Raised cosines up to the peak and down again; 0 at both ends."""
    peak = float(np.clip(peak_at, least_fade, 1.0 - least_fade)) if least_fade < 0.5 else 0.5
    rise = np.clip(along / peak, 0.0, 1.0)
    fall = np.clip((1.0 - along) / (1.0 - peak), 0.0, 1.0)
    turn = np.asarray(np.pi * np.minimum(rise, fall), np.float32)
    return np.float32(0.5) - np.float32(0.5) * np.cos(turn)


@lru_cache(maxsize=4)
def _air(sample_rate_hz: int) -> tuple[Samples, Samples]:
    """The two kinds of air, with an RMS of 1 each; their ends fit their beginnings."""
    count = round(AIR_SECONDS * sample_rate_hz)
    hz = np.fft.rfftfreq(count, 1 / sample_rate_hz)
    random = np.random.default_rng(6)
    kinds = []
    for low, high in BANDS_HZ:
        centre, width = np.sqrt(low * high), np.log(high / low)
        shape = np.exp(-0.5 * (np.log(np.maximum(hz, 1.0) / centre) / (0.4 * width)) ** 2)
        noise = np.fft.irfft(shape * np.exp(2j * np.pi * random.random(len(hz))), count)
        kinds.append(np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float32))
    return kinds[0], kinds[1]
