"""The noises that commands are mixed with: recorded, the user's own, or synthesised here.

The synthesised ones are simple on purpose, share no code with training, and are the same in every
run. Of recorded noises only the second half is used, because thresholds and models may have been
chosen with the first half.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from bench.ears.clips import SOUNDS, Clip
from numpy.typing import NDArray

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.sound.clip import Samples

RECORDED = {"tap": "running-tap.flac", "dishes": "dishes.flac", "kitchen": "kitchen.flac"}
SECONDS = 30
BABBLE_TALKERS = 8

Rng = np.random.Generator
Wave = NDArray[np.float64]


def noises(audio: Path, own: Path | None, talkers: Sequence[Clip]) -> dict[str, Samples]:
    """Every noise by name: shape (n,), 16 kHz, RMS 0.05 (−26 dBFS)."""
    made: dict[str, Wave] = {}
    for name, file in RECORDED.items():
        if (audio / "noise" / file).is_file():
            made[name] = second_half(audio / "noise" / file)
    for seed, (name, make) in enumerate(_MADE.items(), 1):
        made[name] = make(np.random.default_rng(seed), SECONDS * EAR_RATE_HZ)
    if talkers:
        made["babble"] = babble(np.random.default_rng(99), talkers)
    if own is not None:
        for path in sorted(own.iterdir()):
            if path.suffix in SOUNDS:
                made[path.stem] = read_sound(path, EAR_RATE_HZ).samples.astype(np.float64)
    return {
        name: (0.05 * wave / np.sqrt(np.mean(wave**2))).astype(np.float32)
        for name, wave in made.items()
    }


def second_half(path: Path) -> Wave:
    """The second half of a recording."""
    samples = read_sound(path, EAR_RATE_HZ).samples
    return samples[len(samples) // 2 :].astype(np.float64)


def babble(rng: Rng, talkers: Sequence[Clip]) -> Wave:
    """Many people who read at the same time without a pause."""
    total = np.zeros(SECONDS * EAR_RATE_HZ)
    order = rng.permutation(len(talkers))
    for start in range(min(BABBLE_TALKERS, len(talkers))):
        said: list[Samples] = []
        for number in order[start::BABBLE_TALKERS]:
            said.append(read_sound(talkers[number].path, EAR_RATE_HZ).samples)
            if sum(map(len, said)) >= len(total):
                break
        voice = np.resize(np.concatenate(said), len(total)).astype(np.float64)
        level = np.sqrt(np.mean(voice**2)) + 1e-9
        total += voice / level * 10 ** (rng.uniform(-6, 0) / 20)
    return total


def _shaped(rng: Rng, n: int, points: dict[float, float]) -> Wave:
    """Noise with a spectrum given as {Hz: dB}, interpolated over the logarithm of frequency."""
    frequencies = np.maximum(np.fft.rfftfreq(n, 1 / EAR_RATE_HZ), 20.0)
    levels = np.interp(np.log(frequencies), np.log(list(points)), list(points.values()))
    wave: Wave = np.fft.irfft(np.fft.rfft(rng.standard_normal(n)) * 10 ** (levels / 20), n)
    return wave / np.std(wave)


def _slow(rng: Rng, n: int, depth_db: float, hz: float) -> Wave:
    """A gain that changes slowly and at random."""
    steps = rng.normal(0, depth_db, max(4, int(n / EAR_RATE_HZ * hz)))
    return 10 ** (np.interp(np.linspace(0, len(steps) - 1, n), np.arange(len(steps)), steps) / 20)


def _shower(rng: Rng, n: int) -> Wave:
    """A broad hiss that rises towards 3 kHz, and drops on the tiles."""
    hiss = _shaped(rng, n, {60: -30, 300: -10, 1000: -4, 3000: 0, 8000: -6}) * _slow(rng, n, 1, 6)
    drops = np.zeros(n)
    for at in rng.integers(0, n - 400, 60 * n // EAR_RATE_HZ):
        ring = np.exp(-np.arange(400) / rng.uniform(20, 90))
        ring *= np.sin(np.arange(400) * rng.uniform(0.3, 2.0))
        drops[at : at + 400] += rng.lognormal(0, 0.8) * ring
    return hiss + 0.5 * drops / np.std(drops)


def _fan(rng: Rng, n: int) -> Wave:
    """Air, mostly low, and the blades' hum."""
    time = np.arange(n) / EAR_RATE_HZ
    air = _shaped(rng, n, {40: 0, 200: -3, 1000: -14, 4000: -28, 8000: -36})
    hum = sum(np.sin(2 * np.pi * 87 * k * time + k) / k for k in range(1, 6))
    return air * (1 + 0.15 * np.sin(2 * np.pi * 14.5 * time)) + 0.5 * hum


def _dryer(rng: Rng, n: int) -> Wave:
    """A hair dryer: a motor's harmonics that waver, and loud air."""
    time = np.arange(n) / EAR_RATE_HZ
    phase = np.cumsum(2 * np.pi * 410 * _slow(rng, n, 0.05, 2) / EAR_RATE_HZ)
    motor = sum(np.sin(k * phase + k) / k**0.7 for k in range(1, 9))
    air = _shaped(rng, n, {60: -20, 400: -6, 1500: 0, 4000: -2, 8000: -10})
    return air + 0.45 * motor * (1 + 0.1 * np.sin(2 * np.pi * 100 * time))


def _music(rng: Rng, n: int) -> Wave:
    """Chords, a bass, a tune and a drum at 112 beats a minute."""
    beat = EAR_RATE_HZ * 60 // 112
    total = np.zeros(n + 4 * beat)
    chords = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
    scale = (0, 2, 4, 7, 9, 12)
    for number, at in enumerate(range(0, n, beat)):
        chord = chords[number // 4 % 4]
        notes = [(48 + note, 0.25, 3.0) for note in chord] if number % 4 == 0 else []
        notes += [(36 + chord[0], 0.5, 0.8), (72 + int(rng.choice(scale)), 0.35, 0.9)]
        for note, gain, beats in notes:
            time = np.arange(int(beats * beat)) / EAR_RATE_HZ
            hz = 440 * 2 ** ((note - 69) / 12)
            tone = sum(np.sin(2 * np.pi * hz * k * time) / k**1.5 for k in range(1, 7))
            fall = np.exp(-1.5 * time) * np.minimum(1, time / 0.01)
            total[at : at + len(time)] += gain * tone * fall
        hit = rng.standard_normal(beat // 2) * np.exp(-np.arange(beat // 2) / 500)
        total[at : at + len(hit)] += (0.5 if number % 2 else 0.2) * hit
    return total[:n]


_MADE: dict[str, Callable[[Rng, int], Wave]] = {
    "shower": _shower,
    "fan": _fan,
    "dryer": _dryer,
    "music": _music,
}
