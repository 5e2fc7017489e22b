"""Minutes in a bathroom: a tap that is turned on and off, and much that is no tap."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.rehearsal.acoustics import BATHROOM, convolve, mouth_response
from voiceguide.sound.clip import Samples
from voiceguide.sound.level import dbfs

TAP, OTHERS = "running-tap.flac", ("dishes.flac", "kitchen.flac")
TALK = "orders"
SECONDS = 50.0
MICROPHONE_DBFS = -70.0
TAP_DBFS = (-50.0, -45.0, -40.0, -35.0, -30.0, -26.0)
"""Of the water at the microphone; a voice has -26 there."""
BESIDE = ("quiet", "kitchen", "talk")
BESIDE_DBFS = -50.0
TALK_DBFS = -30.0
OTHERS_DBFS = (-45.0, -35.0, -26.0)

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Scene:
    """What reaches the microphone, and when water runs in it."""

    kind: str
    sound: Samples
    on_seconds: float | None = None
    off_seconds: float | None = None
    level_dbfs: float = 0.0
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """Recordings, as samples of the ears' rate."""

    tap: Mapping[str, Samples]
    """The ``first`` and the ``second`` half of the recording."""
    others: Mapping[str, Samples]
    talk: Sequence[Samples]


def gather(audio: Path) -> Material:
    """What lies in a folder of recordings.

    Raises:
        OSError, VoiceguideError: one that is needed is not there.
    """
    tap = _read(audio / "noise" / TAP)
    half = len(tap) // 2
    others = {name.partition(".")[0]: _read(audio / "noise" / name) for name in OTHERS}
    talk = [_read(path) for path in sorted((audio / TALK).glob("*.opus"))]
    return Material({"first": tap[:half], "second": tap[half:]}, others, talk)


def rinses(material: Material, times: int, seed: int) -> Iterator[Scene]:
    """Water of every level beside everything, so many times each, by both halves of the tap."""
    rng = np.random.default_rng(seed)
    for half, tap in material.tap.items():
        for level in TAP_DBFS:
            for beside in BESIDE:
                for _ in range(times):
                    yield _rinse(material, half, tap, level, beside, rng)


def no_taps(material: Material, minutes: float, seed: int) -> Iterator[Scene]:
    """As much of talk, of a kitchen and of dishes at each level, and water that never began."""
    rng = np.random.default_rng(seed)
    for _ in range(max(1, round(minutes * 60 / SECONDS))):
        for level in OTHERS_DBFS:
            for name, sound in (*material.others.items(), ("talk", None)):
                wet = _talk(material.talk, rng) if sound is None else _cut(sound, SECONDS, rng)
                yield Scene(name, _floor(rng) + _at(wet, level), level_dbfs=level)
            running = _loop(material.tap["second"], SECONDS, rng)
            end = round(rng.uniform(20, 40) * EAR_RATE_HZ)
            running[end:] = 0.0
            yield Scene("ran before", _floor(rng) + _at(running, level), level_dbfs=level)


def _rinse(
    material: Material, half: str, tap: Samples, level: float, beside: str, rng: Rng
) -> Scene:
    on = rng.uniform(6, 10)
    off = on + rng.uniform(6, 22)
    water = _at(_loop(tap, SECONDS, rng), level)
    water *= _hands(rng) * _turned(on, off, rng)
    sound = _floor(rng) + _room(water) + _drips(tap, off, level - 12, rng)
    if beside == "kitchen":
        sound += _at(_cut(material.others["kitchen"], SECONDS, rng), BESIDE_DBFS)
    elif beside == "talk":
        sound += _at(_talk(material.talk, rng), TALK_DBFS)
    return Scene(half, sound, on, off, level, beside)


def _turned(on: float, off: float, rng: Rng) -> Samples:
    """1 while the tap is open; it opens and closes within a moment."""
    times = np.arange(round(SECONDS * EAR_RATE_HZ)) / EAR_RATE_HZ
    opens, closes = rng.uniform(0.1, 0.6, 2)
    gain = np.clip((times - on) / opens, 0, 1) * np.clip((off + closes - times) / closes, 0, 1)
    return gain.astype(np.float32)


def _hands(rng: Rng) -> Samples:
    """Hands in the water: its sound goes up and down by several dB, a few times a second."""
    knots = rng.uniform(-8, 3, round(SECONDS * 3) + 2)
    at = np.linspace(0, len(knots) - 1, round(SECONDS * EAR_RATE_HZ))
    return (10 ** (np.interp(at, np.arange(len(knots)), knots) / 20)).astype(np.float32)


def _drips(tap: Samples, since: float, level: float, rng: Rng) -> Samples:
    """What still drips into the basin."""
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


def _room(dry: Samples) -> Samples:
    """In the simulated bathroom, at the level it has without."""
    wet = convolve(dry, mouth_response(BATHROOM))[: len(dry)]
    return wet * np.float32(10 ** ((dbfs(dry) - dbfs(wet)) / 20))


def _talk(talk: Sequence[Samples], rng: Rng) -> Samples:
    out = np.zeros(round(SECONDS * EAR_RATE_HZ), np.float32)
    at = 0
    while at < len(out):
        clip = talk[int(rng.integers(len(talk)))]
        part = clip[: len(out) - at]
        out[at : at + len(part)] = part
        at += len(part) + round(rng.uniform(0.2, 2.0) * EAR_RATE_HZ)
    return _room(out)


def _cut(sound: Samples, seconds: float, rng: Rng) -> Samples:
    count = round(seconds * EAR_RATE_HZ)
    start = int(rng.integers(max(1, len(sound) - count)))
    return np.take(sound, np.arange(start, start + count), mode="wrap")


def _loop(sound: Samples, seconds: float, rng: Rng) -> Samples:
    """As long as wanted, the end melting into the beginning."""
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


def _read(path: Path) -> Samples:
    return read_sound(path, EAR_RATE_HZ).samples
