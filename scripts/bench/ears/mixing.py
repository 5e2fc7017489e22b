"""Makes of a recording what the guide's microphone would record: from a distance, beside noise."""

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
"""Noise alone before and after a recording with noise under it."""
NARROW_HZ = 8_000
FULL_SCALE = 1.0
"""The loudest sample; where voice, echoes and noise together would be louder, all is turned
down."""
WORD_END_DB = 22.0
"""A word truly ends with the last 10 ms of the clean recording that are within this of its loudest,
in the sound or in its treble: a final *s* is soft, but the loudest treble of its word."""
CLEAN_DB = 28.0
"""A recording whose own noise, its softest tenth, is closer to its loudest shows no true end."""
_SPEED_OF_SOUND = 343.0


@dataclass(frozen=True, slots=True)
class Condition:
    """The condition under which a recording is heard."""

    noise: str | None = None
    snr_db: float | None = None
    """Active speech (its pauses not counted) over the mean power of the noise while it is heard,
    both 0 to 8 kHz and as they are at the microphone, echoes and all: from farther off at the
    same level the voice has more echo and is no softer against the noise. None: as recorded."""
    place: str = CLOSE
    # Not in the text that seeds the noise: what is heard narrow is the very sound heard wide.
    narrow: bool = field(default=False, repr=False)
    """Through a microphone that ends at 4 kHz (a hands-free headset)."""


QUIET = Condition()


def heard_at(place: str, samples: Samples) -> Samples:
    """The recording as heard at a place of the bathroom; its level counts as the one at 1 m."""
    if place == CLOSE:
        return samples
    return convolve(samples, _from(place))


def noise_at(place: str, samples: Samples) -> Samples:
    """A noise as it is in the open, or in the bathroom, where it comes from `NOISE_SOURCE`."""
    if place == CLOSE:
        return samples
    return convolve(samples, _response(NOISE_SOURCE, 11))[: len(samples)]


def mixed(clip: Clip, dry: Samples, condition: Condition, noise: Samples | None) -> Samples:
    """The recording under a condition; ``noise`` is already that of the place."""
    sound = _beside(clip, dry, condition, noise)
    return narrowed(sound) if condition.narrow else sound


def narrowed(sound: Samples) -> Samples:
    """The same from a microphone of 8 kHz, resampled to 16 kHz as by the guide."""
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
    """The same, softer where somebody would have turned down the microphone's gain."""
    peak = float(np.max(np.abs(sound), initial=0.0))
    return sound if peak <= FULL_SCALE else (sound * np.float32(FULL_SCALE / peak))


def word_end(dry: Samples, condition: Condition) -> float | None:
    """Where the word truly ends at the microphone (its echoes not counted), in seconds.

    None when the recording's own noise hides it.
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
