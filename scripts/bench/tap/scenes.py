"""Scenes in a bathroom: a tap that is turned on and off, and sounds that are no tap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import log10
from pathlib import Path

import numpy as np

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.rehearsal.acoustics import BATHROOM, Point, convolve, mouth_response, response
from voiceguide.sound.clip import Samples
from voiceguide.sound.level import dbfs

TAP, OTHERS = "running-tap.flac", ("dishes.flac", "kitchen.flac")
TALK = "orders"
SECONDS = 50.0
MICROPHONE_DBFS = -70.0
TAP_DBFS = (-50.0, -45.0, -40.0, -35.0, -30.0, -26.0)
"""Levels of the water at the microphone in dBFS; a voice has −26 there."""
"""These are levels at 1 m; from farther away water is softer, as the room makes it."""
SOURCES: Mapping[int, Point] = {1: (0.92, 1.27, 1.10), 2: (1.50, 2.08, 1.05), 3: (2.07, 2.90, 0.99)}
"""Where the water falls in the room, by its distance from the microphone in metres."""
CLOSINGS: Mapping[str, tuple[float, float]] = {"at once": (0.1, 0.5), "slowly": (0.5, 2.0)}
"""How long it takes to close the tap, in seconds."""
FLOWS = ("steady", "with pauses")
"""With pauses, hands catch the water for 0.5 to 2.5 s again and again, and it is hardly heard."""
PAUSE_DB = -25.0
BESIDE = ("quiet", "kitchen", "talk", "guide")
"""The other sounds. While the guide talks the ears do not listen for water."""
MADE_SECONDS = 15.0
"""Length of synthetic water before it repeats."""
BESIDE_DBFS = -50.0
TALK_DBFS = -30.0
OTHERS_DBFS = (-45.0, -35.0, -26.0)

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Scene:
    """The sound at the microphone, and when water runs in it."""

    kind: str
    sound: Samples
    on_seconds: float | None = None
    off_seconds: float | None = None
    level_dbfs: float = 0.0
    beside: str = ""
    metres: int = 1
    closing: str = ""
    flow: str = ""
    guide: tuple[tuple[float, float], ...] = ()
    """When the guide talks, in seconds."""


@dataclass(frozen=True, slots=True)
class Material:
    """Recordings, as samples at the rate of the ears."""

    water: Mapping[str, Sequence[Samples]]
    """Water by kind: ``recorded``, in two halves, and synthetic taps and showers."""
    dripping: Sequence[Samples]
    others: Mapping[str, Samples]
    talk: Sequence[Samples]


def gather(audio: Path, made: int) -> Material:
    """The recordings in a folder, and `made` sounds of each kind of synthetic water.

    Raises:
        OSError, VoiceguideError: a recording that is needed is missing.
        ImportError: the libraries for synthetic water are missing.
    """
    tap = _read(audio / "noise" / TAP)
    half = len(tap) // 2
    others = {name.partition(".")[0]: _read(audio / "noise" / name) for name in OTHERS}
    talk = [_read(path) for path in sorted((audio / TALK).glob("*.opus"))]
    water: dict[str, Sequence[Samples]] = {"recorded": (tap[:half], tap[half:])}
    dripping: list[Samples] = []
    if made:
        from train import sounds_water

        size = round(MADE_SECONDS * EAR_RATE_HZ)
        kinds = {"made tap": sounds_water.tap, "made shower": sounds_water.shower}
        for kind, make in kinds.items():
            water[kind] = [_made(make(np.random.default_rng(n), size)) for n in range(made)]
        drip = sounds_water.dripping
        dripping = [_made(drip(np.random.default_rng(n), size)) for n in range(made)]
    return Material(water, dripping, others, talk)


def rinses(material: Material, count: int, seed: int) -> Iterator[Scene]:
    """Rinses with water, level, distance, flow, closing and other sounds drawn at random."""
    rng = np.random.default_rng(seed)
    kinds = list(material.water)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        pieces = material.water[kind]
        yield _rinse(material, kind, pieces[int(rng.integers(len(pieces)))], rng)


def no_taps(material: Material, minutes: float, seed: int) -> Iterator[Scene]:
    """Scenes of talk, of a kitchen and of dishes at each level, and of water that ran before."""
    rng = np.random.default_rng(seed)
    for _ in range(max(1, round(minutes * 60 / SECONDS))):
        for level in OTHERS_DBFS:
            for name, sound in (*material.others.items(), ("talk", None)):
                wet = _talk(material.talk, rng) if sound is None else _cut(sound, SECONDS, rng)
                yield Scene(name, _floor(rng) + _at(wet, level), level_dbfs=level)
            running = _loop(material.water["recorded"][1], SECONDS, rng)
            end = round(rng.uniform(20, 40) * EAR_RATE_HZ)
            running[end:] = 0.0
            yield Scene("ran before", _floor(rng) + _at(running, level), level_dbfs=level)
            if material.dripping:
                piece = material.dripping[int(rng.integers(len(material.dripping)))]
                drops = _room(_at(_loop(piece, SECONDS, rng), level))
                yield Scene("drips", _floor(rng) + drops, level_dbfs=level)


def _rinse(material: Material, kind: str, water: Samples, rng: Rng) -> Scene:
    level, beside = float(rng.choice(TAP_DBFS)), str(rng.choice(BESIDE))
    metres, closing = int(rng.choice(list(SOURCES))), str(rng.choice(list(CLOSINGS)))
    flow = str(rng.choice(FLOWS))
    on = rng.uniform(6, 10)
    off = on + rng.uniform(6, 22)
    closes = rng.uniform(*CLOSINGS[closing])
    running = _at(_loop(water, SECONDS, rng), level)
    running *= _hands(rng) * _turned(on, off, closes, rng)
    if flow == "with pauses":
        running *= _pauses(on, off, rng)
    sound = _floor(rng) + _room(running, metres) + _drips(water, off + closes, level - 12, rng)
    if beside == "kitchen":
        sound += _at(_cut(material.others["kitchen"], SECONDS, rng), BESIDE_DBFS)
    elif beside == "talk":
        sound += _at(_talk(material.talk, rng), TALK_DBFS)
    guide = tuple(_sentences(rng)) if beside == "guide" else ()
    # A tap that is closed slowly counts as closed at the end.
    closed = off + closes
    return Scene(kind, sound, on, closed, level, beside, metres, closing, flow, guide)


def _turned(on: float, off: float, closes: float, rng: Rng) -> Samples:
    """The gain of the water: 1 while the tap is open; it opens quickly."""
    times = np.arange(round(SECONDS * EAR_RATE_HZ)) / EAR_RATE_HZ
    opens = rng.uniform(0.1, 0.6)
    gain = np.clip((times - on) / opens, 0, 1) * np.clip((off + closes - times) / closes, 0, 1)
    return gain.astype(np.float32)


def _pauses(on: float, off: float, rng: Rng) -> Samples:
    """The gain of water with stretches in which it can hardly be heard."""
    gain = np.ones(round(SECONDS * EAR_RATE_HZ), np.float32)
    at = on + rng.uniform(2, 5)
    while (end := at + rng.uniform(0.5, 2.5)) < off - 1:
        gain[round(at * EAR_RATE_HZ) : round(end * EAR_RATE_HZ)] = 10 ** (PAUSE_DB / 20)
        at = end + rng.uniform(2, 5)
    return gain


def _sentences(rng: Rng) -> Iterator[tuple[float, float]]:
    """Stretches in which the guide talks, each with the room's reverberation after it."""
    at = rng.uniform(1, 6)
    while at < SECONDS:
        end = at + rng.uniform(1.5, 5)
        yield at, end
        at = end + rng.uniform(1, 8)


def _hands(rng: Rng) -> Samples:
    """The gain of water with hands in it: it varies by several dB a few times a second."""
    knots = rng.uniform(-8, 3, round(SECONDS * 3) + 2)
    at = np.linspace(0, len(knots) - 1, round(SECONDS * EAR_RATE_HZ))
    return (10 ** (np.interp(at, np.arange(len(knots)), knots) / 20)).astype(np.float32)


def _drips(tap: Samples, since: float, level: float, rng: Rng) -> Samples:
    """Drops that fall into the basin after the tap is closed."""
    out = np.zeros(round(SECONDS * EAR_RATE_HZ), np.float32)
    length = round(0.04 * EAR_RATE_HZ)
    fall = np.exp(-np.arange(length) / (0.01 * EAR_RATE_HZ)).astype(np.float32)
    at = since + 0.5
    while at < min(since + 8, SECONDS - 1):
        start = round(at * EAR_RATE_HZ)
        drop = _at(tap[:length].copy(), level) * fall
        out[start : start + length] += drop
        at += rng.exponential(0.5)
    return out


def _room(dry: Samples, metres: int = 1) -> Samples:
    """A sound in the simulated bathroom, at 1 m as loud as without the room."""
    wet = convolve(dry, _heard_from(metres))[: len(dry)]
    lost_db = 10 * log10(float(np.sum(_heard_from(1) ** 2) / np.sum(_heard_from(metres) ** 2)))
    return wet * np.float32(10 ** ((dbfs(dry) - dbfs(wet) - lost_db) / 20))


@cache
def _heard_from(metres: int) -> Samples:
    return response(BATHROOM, SOURCES[metres], seed=metres)


def _talk(talk: Sequence[Samples], rng: Rng) -> Samples:
    out = np.zeros(round(SECONDS * EAR_RATE_HZ), np.float32)
    at = 0
    while at < len(out):
        clip = talk[int(rng.integers(len(talk)))]
        part = clip[: len(out) - at]
        out[at : at + len(part)] = part
        at += len(part) + round(rng.uniform(0.2, 2.0) * EAR_RATE_HZ)
    wet = convolve(out, mouth_response(BATHROOM))[: len(out)]
    return wet * np.float32(10 ** ((dbfs(out) - dbfs(wet)) / 20))


def _cut(sound: Samples, seconds: float, rng: Rng) -> Samples:
    count = round(seconds * EAR_RATE_HZ)
    start = int(rng.integers(max(1, len(sound) - count)))
    return np.take(sound, np.arange(start, start + count), mode="wrap")


def _loop(sound: Samples, seconds: float, rng: Rng) -> Samples:
    """A sound repeated to this length, with each end faded into the next beginning."""
    fade = EAR_RATE_HZ // 2
    body = sound[: len(sound) - fade].copy()
    slope = np.linspace(0, 1, fade, dtype=np.float32)
    body[:fade] = body[:fade] * np.sqrt(slope) + sound[len(sound) - fade :] * np.sqrt(1 - slope)
    count = round(seconds * EAR_RATE_HZ)
    start = int(rng.integers(len(body)))
    return np.take(body, np.arange(start, start + count), mode="wrap")


def _at(sound: Samples, level_dbfs: float) -> Samples:
    return sound * np.float32(10 ** ((level_dbfs - dbfs(sound)) / 20))


def _floor(rng: Rng) -> Samples:
    noise = rng.standard_normal(round(SECONDS * EAR_RATE_HZ), dtype=np.float32)
    return noise * np.float32(10 ** (MICROPHONE_DBFS / 20))


def _made(sound: np.ndarray) -> Samples:
    return sound.astype(np.float32)


def _read(path: Path) -> Samples:
    return read_sound(path, EAR_RATE_HZ).samples
