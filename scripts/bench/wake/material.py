"""Hours of talk and noise from an hour of recordings; the same every time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from bench.ears.clips import AN4, BOOKS, ORDERS, SENTENCES, WORDS, Clip, recordings
from bench.ears.mixing import METRES, heard_at, noise_at
from bench.ears.noises import RECORDED
from numpy.typing import NDArray

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Samples

SCENE_SECONDS = 120.0
SPEEDS = (0.88, 1.14)
LEVELS_DB = (-46.0, -20.0)
"""The level of the talk, without its pauses."""
NOISE_LEVELS_DB = (-55.0, -25.0)
GAPS_SECONDS = (0.1, 2.0)
SECOND_TALKER, BESIDE_NOISE = 0.3, 0.5
"""How often somebody else talks too, and how often there is another sound."""
OVER_NOISE_DB = (0.0, 20.0)
MICROPHONE_DB = -72.0

TALK = {"orders": ORDERS, "books": BOOKS, "sentences": SENTENCES, "spelled": AN4, "words": WORDS}
TURNS = (
    "orders",
    "sentences",
    "books",
    "noise",
    "orders",
    "words",
    "spelled",
    "orders",
    "sentences",
)
"""The kinds of scenes, in turn."""

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Scene:
    """Two minutes of sound."""

    number: int
    kind: str
    """A key of `TALK`, or ``noise``."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Material:
    """The recordings to make scenes of."""

    talk: dict[str, tuple[Clip, ...]]
    """Recordings by kind; kinds without any are missing."""
    noises: dict[str, Path]

    def scenes(self, hours: float) -> Iterator[Scene]:
        """Scenes for this many hours.

        Raises:
            ValueError: there is no recording at all.
        """
        turns = [kind for kind in TURNS if kind in self.talk or (kind == "noise" and self.noises)]
        if not turns:
            raise ValueError("there are no recordings to make talk or noise of")
        for number in range(max(1, round(hours * 3600 / SCENE_SECONDS))):
            yield Scene(number, turns[number % len(turns)], SCENE_SECONDS)


def gather(audio: Path) -> Material:
    """The recordings in a folder."""
    clips = [clip for clip in recordings(audio) if clip.wanted is None]
    found = {kind: tuple(c for c in clips if c.group == group) for kind, group in TALK.items()}
    noises = {name: audio / "noise" / file for name, file in RECORDED.items()}
    return Material(
        {kind: some for kind, some in found.items() if some},
        {name: path for name, path in noises.items() if path.is_file()},
    )


def sound(scene: Scene, material: Material, seed: int = 0) -> Samples:
    """What the microphone records of a scene, 16 kHz, within ±1."""
    random = np.random.default_rng([seed, scene.number])
    count = round(scene.seconds * EAR_RATE_HZ)
    places = ("close", *METRES)
    recorded = random.normal(0.0, 10 ** (MICROPHONE_DB / 20), count)
    place = str(random.choice(places))
    if scene.kind == "noise":
        return _finished(recorded + _noise(material, place, count, random, _noise_db(random)))
    talk = _track(material.talk[scene.kind], count, random)
    if random.random() < SECOND_TALKER:
        other = material.talk[str(random.choice(sorted(material.talk)))]
        talk = talk + _track(other, count, random) * 10 ** (-random.uniform(0, 12) / 20)
    heard = heard_at(place, talk.astype(np.float32))[:count].astype(np.float64)
    level = random.uniform(*LEVELS_DB)
    heard *= 10 ** ((level - active_level_db(heard.astype(np.float32))) / 20)
    if material.noises and random.random() < BESIDE_NOISE:
        under = level - random.uniform(*OVER_NOISE_DB)
        heard += _noise(material, place, count, random, under)
    return _finished(recorded + heard)


def _track(clips: Sequence[Clip], count: int, random: Rng) -> NDArray[np.float64]:
    """Recordings one after another, each at its own speed, all with the same loudness."""
    track = np.zeros(count)
    at = int(random.uniform(0, 1) * EAR_RATE_HZ)
    while at < count:
        clip = clips[int(random.integers(len(clips)))]
        speed = random.uniform(*SPEEDS)
        dry = np.asarray(soxr.resample(_read(clip.path), EAR_RATE_HZ * speed, EAR_RATE_HZ))
        end = min(count, at + len(dry))
        track[at:end] = dry[: end - at]
        at = end + int(random.uniform(*GAPS_SECONDS) * EAR_RATE_HZ)
    return track


@cache
def _read(path: Path) -> Samples:
    samples = read_sound(path, EAR_RATE_HZ).samples
    level = active_level_db(samples)
    gain = 10 ** ((-26.0 - level) / 20) if np.isfinite(level) else 0.0
    return (samples * np.float32(gain)).astype(np.float32)


def _noise_db(random: Rng) -> float:
    return float(random.uniform(*NOISE_LEVELS_DB))


def _noise(
    material: Material, place: str, count: int, random: Rng, level_db: float
) -> NDArray[np.float64]:
    name = str(random.choice(sorted(material.noises)))
    loop = _placed(material.noises[name], place)
    start = int(random.integers(len(loop)))
    under = np.resize(np.roll(loop, -start), count).astype(np.float64)
    return under * 10 ** ((level_db - 10 * np.log10(np.mean(under**2) + 1e-20)) / 20)


@cache
def _placed(path: Path, place: str) -> Samples:
    return noise_at(place, read_sound(path, EAR_RATE_HZ).samples)


def _finished(sound: NDArray[np.float64]) -> Samples:
    return np.clip(sound, -1.0, 1.0).astype(np.float32)
