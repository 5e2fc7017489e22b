"""A recording as the guide's microphone would get it: from some way off, beside some noise."""

import math
import zlib
from dataclasses import dataclass

import numpy as np
from benching.clips import Clip

from voiceguide.edge.recogniser import SAMPLE_RATE_HZ
from voiceguide.room.acoustics import BATHROOM, Point, active_level_db, convolve, response
from voiceguide.sound.clip import Samples

CLOSE = "close"
METRES = {"0.5 m": 0.5, "1 m": 1.0, "2 m": 2.0}
"""Places in the simulated bathroom by their distance from the microphone."""
PLACES = (CLOSE, *METRES)
NOISE_SOURCE: Point = (1.1, 0.3, 0.95)
"""Where the noise comes from in the room: a basin, 0.8 m from the microphone."""
MARGIN_SECONDS = 0.5
"""Noise alone before and after a recording with noise under it."""
WORD_END_DB = 22.0
"""A word's true end: the last 10 ms of the clean recording within this of its loudest."""
_SPEED_OF_SOUND = 343.0


@dataclass(frozen=True, slots=True)
class Condition:
    """How a recording is heard."""

    noise: str | None = None
    snr_db: float | None = None
    """Active speech over noise, both as they are at the microphone; None: as recorded."""
    place: str = CLOSE


QUIET = Condition()


def heard_at(place: str, samples: Samples) -> Samples:
    """The recording from a place of the bathroom; its level is taken for the one at 1 m."""
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
    speech = heard_at(condition.place, dry)
    if condition.snr_db is None or noise is None:
        return speech
    sound = np.pad(speech, round(MARGIN_SECONDS * SAMPLE_RATE_HZ))
    seed = zlib.crc32(f"{clip.path.name} {condition}".encode())
    start = int(np.random.default_rng(seed).integers(max(1, len(noise) - len(sound))))
    under = np.resize(noise[start:], len(sound))
    wanted_db = active_level_db(speech) - condition.snr_db
    gain = math.sqrt(10 ** (wanted_db / 10) / (float(np.mean(under**2)) + 1e-20))
    return (sound + gain * under).astype(np.float32)


def word_end(dry: Samples, condition: Condition) -> float:
    """Where the word truly ends at the microphone (its echoes not counted), in seconds."""
    frames = np.mean(dry[: len(dry) // 160 * 160].reshape(-1, 160) ** 2, axis=1)
    levels = 10 * np.log10(frames + 1e-12)
    end = float((np.nonzero(levels > np.max(levels) - WORD_END_DB)[0][-1] + 1) * 0.01)
    margin = 0.0 if condition.snr_db is None else MARGIN_SECONDS
    return end + margin + METRES.get(condition.place, 0.0) / _SPEED_OF_SOUND


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
