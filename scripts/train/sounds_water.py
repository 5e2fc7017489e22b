"""Running water: taps, showers and drops, each with a spectrum of its own.

Turbulence is noise whose bands swell independently; a bubble is a decaying sine of slightly
rising pitch (M. Minnaert, "On musical air-bubbles", Phil. Mag. 16, 1933); a drop on a hard
surface is a click that excites the modes of the basin.
"""

import numpy as np
from train.corpus import SAMPLE_RATE_HZ
from train.sounds_dsp import (
    Rng,
    Wave,
    filtered,
    log_uniform,
    modes,
    random_spectrum,
    resonate,
    samples_of,
    scatter,
    shaped_noise,
    slow,
    unit,
)


def _bubble(rng: Rng, low_hz: float, high_hz: float) -> Wave:
    frequency = log_uniform(rng, low_hz, high_hz)
    decay = rng.uniform(5, 30) / frequency
    size = samples_of(min(5 * decay, 0.06))
    time = np.arange(size) / SAMPLE_RATE_HZ
    rising = frequency * (1 + rng.uniform(0, 0.15) * time / decay)
    attack = np.minimum(1, time * frequency)
    wave: Wave = attack * np.exp(-time / decay) * np.sin(2 * np.pi * np.cumsum(rising) / 16000)
    return wave


def _splash(rng: Rng) -> Wave:
    size = samples_of(rng.uniform(0.003, 0.03))
    wave = shaped_noise(rng, size, *random_spectrum(rng, rng.uniform(0, 6), 4000, 1))
    return wave * np.exp(-np.linspace(0, rng.uniform(4, 7), size))


def _grains(rng: Rng, size: int, grains: list[Wave], rate_hz: float, spread_db: float) -> Wave:
    """Grains at random times, their density swelling, their levels spread (log-normal)."""
    count = rng.poisson(rate_hz * size / SAMPLE_RATE_HZ)
    density = np.cumsum(np.exp(0.6 * slow(rng, size, rng.uniform(1, 12))))
    at = np.searchsorted(density / density[-1], rng.random(count))
    gains = 10 ** (rng.normal(0, spread_db, count) / 20) * rng.choice([-1.0, 1.0], count)
    return scatter(size, at, grains, rng.integers(0, len(grains), count), gains)


def turbulence(rng: Rng, size: int, spectrum: tuple[Wave, Wave], depth: float) -> Wave:
    """Noise of a spectrum whose bands swell each for itself."""
    wave = shaped_noise(rng, size, *spectrum)
    edges = np.geomspace(150, 6000, int(rng.integers(2, 5)))
    out = np.zeros(size)
    for low, high in zip([20.0, *edges], [*edges, 8000.0], strict=True):
        points = np.array([low * 0.99, low, high, high * 1.01])
        band = filtered(wave, points, np.array([-80.0, 0.0, 0.0, -80.0]))
        out += band * np.exp(depth * slow(rng, size, log_uniform(rng, 4, 80)))
    return unit(out)


def _basin(rng: Rng, wave: Wave, amount: float) -> Wave:
    """Ringing of a sink or tub: a few resonances, sharp for metal, dull for ceramics."""
    quality = log_uniform(rng, 3, 40)
    ring = np.zeros(len(wave))
    for _ in range(int(rng.integers(2, 8))):
        frequency = log_uniform(rng, 120, 3500)
        ring += rng.uniform(0.3, 1) * unit(resonate(wave, frequency, frequency / quality))
    return unit(wave) + amount * unit(ring)


def tap(rng: Rng, size: int) -> Wave:
    """A tap into a basin, from a trickle to full flow; sometimes hands move through it."""
    flow = rng.random()
    jet = turbulence(
        rng,
        size,
        random_spectrum(rng, rng.uniform(1, 9), log_uniform(rng, 300, 5000), 4),
        rng.uniform(0.1, 0.5),
    )
    lowest = log_uniform(rng, 300, 900)
    bubbles = [_bubble(rng, lowest, lowest * rng.uniform(3, 10)) for _ in range(150)]
    splashes = [_splash(rng) for _ in range(60)]
    wave = jet * rng.uniform(0.2, 1)
    wave += unit(_grains(rng, size, bubbles, 30 + 900 * flow, 8)) * rng.uniform(0.1, 1.2)
    wave += unit(_grains(rng, size, splashes, 20 + 500 * flow, 7)) * rng.uniform(0.1, 0.8)
    if rng.random() < 0.35:  # a valve that hisses or whistles
        valve = shaped_noise(rng, size, *random_spectrum(rng, 0, 8000, 1))
        centre = log_uniform(rng, 900, 6500)
        whistle = unit(resonate(valve, centre, centre * rng.uniform(0.01, 0.2)))
        wave += whistle * rng.uniform(0.05, 0.4)
    wave = _basin(rng, wave, rng.uniform(0, 0.8))
    if rng.random() < 0.4:
        other = turbulence(rng, size, random_spectrum(rng, rng.uniform(0, 8), 2000, 3), 0.4)
        hands = 1 / (1 + np.exp(-6 * slow(rng, size, rng.uniform(0.3, 2))))
        wave = unit(wave) * (1 - 0.7 * hands) + other * hands * rng.uniform(0.3, 1)
    return wave * np.exp(rng.uniform(0, 0.2) * slow(rng, size, 0.4))


def shower(rng: Rng, size: int) -> Wave:
    """A shower: dense spray, drops on tiles or a tub, a body that moves in between."""
    spray = turbulence(
        rng,
        size,
        random_spectrum(rng, rng.uniform(-2, 5), log_uniform(rng, 800, 6000), 3, 2),
        rng.uniform(0.05, 0.25),
    )
    tub = log_uniform(rng, 80, 400)
    drops = []
    for _ in range(80):
        length = samples_of(rng.uniform(0.004, 0.05))
        tones = tub * rng.uniform(0.8, 6, 3)
        drop = modes(rng, length, tones, rng.uniform(0.01, 0.08, 3), rng.random(3))
        click = _splash(rng)[:length]
        drop[: len(click)] += click * rng.uniform(0.2, 1)
        drops.append(drop)
    wave = spray + unit(_grains(rng, size, drops, log_uniform(rng, 200, 3000), 6)) * rng.uniform(
        0.2, 1.2
    )
    if rng.random() < 0.5:  # gurgling drain
        bubbles = [_bubble(rng, 150, 900) for _ in range(40)]
        wave += unit(_grains(rng, size, bubbles, log_uniform(rng, 5, 60), 6)) * 0.3
    wave *= np.exp(rng.uniform(0.05, 0.35) * slow(rng, size, rng.uniform(0.3, 3)))
    return _basin(rng, wave, rng.uniform(0, 0.4))


def dripping(rng: Rng, size: int) -> Wave:
    """Single drops into a basin or into standing water; for continuous noise and for events."""
    rate = log_uniform(rng, 0.7, 9)
    grains = []
    for _ in range(12):
        plop = _bubble(rng, 350, 2500)
        ring = modes(
            rng,
            samples_of(0.2),
            np.array([log_uniform(rng, 200, 4000) for _ in range(4)]),
            rng.uniform(0.03, 0.25, 4),
            rng.random(4) * rng.uniform(0, 0.6),
        )
        ring[: len(plop)] += plop
        grains.append(ring)
    at = np.sort(rng.integers(0, size, max(1, round(rate * size / SAMPLE_RATE_HZ))))
    which = rng.integers(0, len(grains), len(at))
    return scatter(size, at, grains, which, rng.uniform(0.4, 1, len(at)))
