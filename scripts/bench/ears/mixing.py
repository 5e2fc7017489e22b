"""Turns a recording into what the guide's microphone records: from a distance, beside noise."""

import math
import zlib
from dataclasses import dataclass, field

import numpy as np
import soxr
from bench.ears.clips import Clip
from numpy.typing import NDArray

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.rehearsal.acoustics import BATHROOM, Point, active_level_db, convolve, response
from voiceguide.sound.clip import Samples

CLOSE = "close"
METRES = {"0.5 m": 0.5, "1 m": 1.0, "2 m": 2.0}
"""Places in the simulated bathroom by their distance from the microphone."""
PLACES = (CLOSE, *METRES)
NOISE_SOURCE: Point = (1.1, 0.3, 0.95)
"""Where the noise comes from in the room: a basin, 0.8 m from the microphone."""
MARGIN_SECONDS = 0.5
"""How long the noise is heard alone before and after a recording."""
NARROW_HZ = 8_000
FULL_SCALE = 1.0
"""The loudest sample; if voice, echoes and noise together are louder, all of it is turned down."""
WORD_END_DB = 22.0
"""The true end of a word: the last 10 ms of the clean recording that are within so many dB of the
loudest, either in the whole sound or in the treble. A final *s* is soft, but has the loudest treble
of its word."""
CLEAN_DB = 28.0
"""If a recording's own noise (its softest tenth) is closer to its loudest part, no end is known."""
_SPEED_OF_SOUND = 343.0


@dataclass(frozen=True, slots=True)
class Condition:
    """How a recording is heard: noise, place, bandwidth."""

    noise: str | None = None
    snr_db: float | None = None
    """Level of active speech (without its pauses) over the mean power of the noise while it is
    heard, both at the microphone with their reverberation, 0 to 8 kHz. So at the same level a voice
    from farther away has more reverberation, but is no softer against the noise. None: no noise."""
    place: str = CLOSE
    # Not part of the text that seeds the noise, so that both bandwidths hear the same sound.
    narrow: bool = field(default=False, repr=False)
    """Whether the microphone ends at 4 kHz (a hands-free headset)."""


QUIET = Condition()


def heard_at(place: str, samples: Samples) -> Samples:
    """The recording as heard at a place in the bathroom, with its level at 1 m."""
    if place == CLOSE:
        return samples
    return convolve(samples, _from(place))


def noise_at(place: str, samples: Samples) -> Samples:
    """A noise without a room, or in the bathroom, where it comes from `NOISE_SOURCE`."""
    if place == CLOSE:
        return samples
    return convolve(samples, _response(NOISE_SOURCE, 11))[: len(samples)]


def mixed(clip: Clip, dry: Samples, condition: Condition, noise: Samples | None) -> Samples:
    """The recording in a condition; ``noise`` must be that of the place."""
    sound = _beside(clip, dry, condition, noise)
    return narrowed(sound) if condition.narrow else sound


def narrowed(sound: Samples) -> Samples:
    """The sound as from a microphone at 8 kHz, resampled to 16 kHz as the guide does."""
    there = soxr.resample(sound, EAR_RATE_HZ, NARROW_HZ)
    back = soxr.resample(there, NARROW_HZ, EAR_RATE_HZ)[: len(sound)]
    return _unclipped(np.pad(back, (0, len(sound) - len(back))).astype(np.float32))


def _beside(clip: Clip, dry: Samples, condition: Condition, noise: Samples | None) -> Samples:
    speech = heard_at(condition.place, dry)
    if condition.snr_db is None or noise is None:
        return _unclipped(speech)
    sound = np.pad(speech, round(MARGIN_SECONDS * EAR_RATE_HZ))
    seed = zlib.crc32(f"{clip.path.name} {condition}".encode())
    start = int(np.random.default_rng(seed).integers(max(1, len(noise) - len(sound))))
    under = np.resize(noise[start:], len(sound))
    wanted_db = active_level_db(speech) - condition.snr_db
    gain = math.sqrt(10 ** (wanted_db / 10) / (float(np.mean(under**2)) + 1e-20))
    return _unclipped((sound + gain * under).astype(np.float32))


def _unclipped(sound: Samples) -> Samples:
    """The sound, turned down if it is louder than the loudest sample may be."""
    peak = float(np.max(np.abs(sound), initial=0.0))
    return sound if peak <= FULL_SCALE else (sound * np.float32(FULL_SCALE / peak))


def word_end(dry: Samples, condition: Condition) -> float | None:
    """The true end of the word at the microphone, without its reverberation, in seconds.

    None if the recording's own noise hides it.
    """
    levels = _levels_db(dry)
    if np.percentile(levels, 10) > np.max(levels) - CLEAN_DB:
        return None
    treble = _levels_db(np.diff(dry, prepend=dry[:1]))
    end = max(
        float((np.nonzero(one > np.max(one) - WORD_END_DB)[0][-1] + 1) * 0.01)
        for one in (levels, treble)
    )
    margin = 0.0 if condition.snr_db is None else MARGIN_SECONDS
    return end + margin + METRES.get(condition.place, 0.0) / _SPEED_OF_SOUND


def _levels_db(samples: Samples) -> NDArray[np.float64]:
    frames = samples[: len(samples) // 160 * 160].reshape(-1, 160).astype(np.float64)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)


_responses: dict[Point, Samples] = {}


def _from(place: str) -> Samples:
    microphone, mouth = np.array(BATHROOM.microphone), np.array(BATHROOM.mouth)
    way = (mouth - microphone) / np.linalg.norm(mouth - microphone)
    x, y, z = microphone + METRES[place] * way
    return _response((float(x), float(y), float(z)), 3)


def _response(source: Point, seed: int) -> Samples:
    if source not in _responses:
        _responses[source] = response(BATHROOM, source, seed)
    return _responses[source]
