"""Continuous noises of a home: machines, hums, coloured noise, the street."""

from collections.abc import Callable

import numpy as np
from train.corpus import SAMPLE_RATE_HZ
from train.sounds_dsp import (
    Rng,
    Wave,
    band_noise,
    harmonics,
    log_uniform,
    oscillator,
    random_spectrum,
    resonate,
    shaped_noise,
    slow,
    unit,
)
from train.sounds_water import dripping, shower, tap, turbulence


def _partials(rng: Rng, count: int, slope: float) -> Wave:
    """Random amplitudes of harmonics, falling as number ** −slope."""
    wave: Wave = rng.uniform(0.1, 1, count) * np.arange(1.0, count + 1) ** -slope
    return wave


def _motor(rng: Rng, size: int, hertz: float, slope: float, wander: float) -> Wave:
    """A rotating machine: harmonics of a speed that wanders by a small part."""
    speed = hertz * (1 + wander * slow(rng, size, rng.uniform(0.2, 3)))
    tone = harmonics(oscillator(speed, size), _partials(rng, 60, slope), hertz * 1.1)
    return unit(tone * np.exp(0.15 * slow(rng, size, 2)))


def _air(rng: Rng, size: int, slope_db: float, knee_hz: float, depth: float = 0.1) -> Wave:
    return turbulence(rng, size, random_spectrum(rng, slope_db, knee_hz, 3), depth)


def fan(rng: Rng, size: int) -> Wave:
    """An extractor or standing fan: air, blade frequency, the beat of the rotation."""
    blade = log_uniform(rng, 25, 220)
    air = _air(rng, size, rng.uniform(3, 10), log_uniform(rng, 150, 1500))
    beat = 1 + rng.uniform(0, 0.5) * np.sin(oscillator(blade / rng.integers(3, 8), size))
    wave = air * beat + _motor(rng, size, blade, rng.uniform(0.5, 2), 0.004) * rng.uniform(0, 0.9)
    return wave + _motor(rng, size, 100.0, 1, 0.0005) * rng.uniform(0, 0.3)


def dryer(rng: Rng, size: int) -> Wave:
    """A hair dryer: rushing air and the whine of its motor, moved about the head."""
    air = _air(rng, size, rng.uniform(0, 6), log_uniform(rng, 600, 4000))
    whine = _motor(rng, size, log_uniform(rng, 90, 600), rng.uniform(0.2, 1.3), 0.006)
    wave = air + whine * rng.uniform(0.1, 0.8)
    return wave * np.exp(rng.uniform(0.1, 0.5) * slow(rng, size, rng.uniform(0.3, 1.5)))


def toothbrush(rng: Rng, size: int) -> Wave:
    """An electric toothbrush; the cavity of the mouth colours it as it moves."""
    speed = log_uniform(rng, 45, 320)
    load = 1 - 0.06 * np.clip(slow(rng, size, 2), 0, 2)
    tone = harmonics(oscillator(speed * load, size), _partials(rng, 80, 0.6), speed)
    brush = band_noise(rng, size, rng.uniform(800, 2500), 7000, 12)
    strokes = np.clip(slow(rng, size, rng.uniform(2, 6)), 0, None)
    wave = unit(tone) + brush * strokes * rng.uniform(0.1, 0.8)
    mouths = [resonate(wave, log_uniform(rng, 500, 3000), rng.uniform(80, 300)) for _ in range(3)]
    for mouth in mouths:
        wave = wave + unit(mouth) * np.clip(slow(rng, size, rng.uniform(0.5, 2)), 0, 1.5)
    return wave


def shaver(rng: Rng, size: int) -> Wave:
    """An electric shaver: a bright buzz, bursts where hair is cut."""
    speed = log_uniform(rng, 50, 130)
    buzz = _motor(rng, size, speed, rng.uniform(0.1, 0.8), 0.01)
    hiss = band_noise(rng, size, 1500, 7500, 9) * (1 + 0.6 * np.sin(oscillator(2 * speed, size)))
    cutting = np.exp(np.clip(slow(rng, size, 5), -0.5, 2))
    return buzz + unit(hiss * cutting) * rng.uniform(0.3, 1.2)


def washing_machine(rng: Rng, size: int) -> Wave:
    """A washing machine: turning and sloshing, or spinning."""
    rumble = shaped_noise(rng, size, *random_spectrum(rng, rng.uniform(6, 12), 120, 3))
    if rng.random() < 0.5:
        turn = oscillator(rng.uniform(0.6, 1.1), size)
        slosh = band_noise(rng, size, 200, 3000, 6) * np.clip(np.sin(turn), 0, 1) ** 2
        thump = band_noise(rng, size, 40, 160) * np.clip(np.sin(turn + 1), 0, 1) ** 12
        whine = _motor(rng, size, log_uniform(rng, 150, 500), 0.8, 0.004)
        return rumble + slosh + 2 * thump + whine * rng.uniform(0.05, 0.4)
    ramp = np.linspace(rng.uniform(0.5, 1), 1, size) * rng.uniform(9, 22)
    spin = harmonics(oscillator(ramp, size), _partials(rng, 60, 0.7), 22)
    whine = harmonics(oscillator(ramp * rng.integers(12, 30), size), _partials(rng, 12, 0.8), 660)
    air = _air(rng, size, 4, 600)
    return rumble + unit(spin) + unit(whine) * rng.uniform(0.1, 0.7) + air * rng.uniform(0.1, 0.6)


def vacuum(rng: Rng, size: int) -> Wave:
    """A vacuum cleaner: suction noise and a strong whine, load changing with the floor."""
    load = 1 + 0.05 * slow(rng, size, 0.7)
    base = log_uniform(rng, 180, 900)
    whine = unit(harmonics(oscillator(base * load, size), _partials(rng, 30, 0.9), base * 1.2))
    air = _air(rng, size, rng.uniform(1, 6), log_uniform(rng, 400, 3000), 0.15)
    return air + whine * rng.uniform(0.1, 0.7)


def coloured(rng: Rng, size: int) -> Wave:
    """White, pink, brown and everything between."""
    slope = float(rng.choice([0.0, 3.0, 6.0, rng.uniform(-3, 9)]))
    frequencies = np.geomspace(30, 8000, 16)
    return shaped_noise(rng, size, frequencies, -slope * np.log2(frequencies / 30))


def hum(rng: Rng, size: int) -> Wave:
    """Mains hum of 50 or 60 Hz with its harmonics, a refrigerator or a transformer."""
    mains = float(rng.choice([50.0, 60.0]))
    partials = _partials(rng, 50, rng.uniform(0.3, 1.8))
    partials[::2] *= rng.uniform(0.05, 1)
    tone = unit(harmonics(oscillator(mains, size), partials, mains))
    return tone + _air(rng, size, 6, 300) * rng.uniform(0.05, 0.8)


def traffic(rng: Rng, size: int) -> Wave:
    """A street outside: rumble, and cars that pass."""
    wave = shaped_noise(rng, size, *random_spectrum(rng, rng.uniform(5, 9), 150, 2))
    time = np.arange(size) / SAMPLE_RATE_HZ
    for _ in range(rng.poisson(size / SAMPLE_RATE_HZ / 6) + 1):
        at, width = rng.uniform(0, time[-1]), rng.uniform(0.7, 3)
        swell = 1 / (1 + ((time - at) / width) ** 2)
        tyres = band_noise(rng, size, rng.uniform(300, 800), rng.uniform(1200, 3500), 9)
        engine = _motor(rng, size, log_uniform(rng, 30, 120), 1, 0.01)
        wave += (tyres + engine * rng.uniform(0.2, 1)) * swell**2 * rng.uniform(0.5, 2.5)
    return wave


NOISES: dict[str, tuple[Callable[[Rng, int], Wave], int]] = {
    "tap": (tap, 42),
    "shower": (shower, 26),
    "drips": (dripping, 4),
    "fan": (fan, 12),
    "dryer": (dryer, 12),
    "toothbrush": (toothbrush, 9),
    "shaver": (shaver, 6),
    "washing-machine": (washing_machine, 8),
    "vacuum": (vacuum, 8),
    "coloured": (coloured, 10),
    "hum": (hum, 6),
    "traffic": (traffic, 8),
}
"""How to make each kind (random generator, samples → wave), and its weight in the corpus."""
