"""Sounds of throats that are no words: coughs, breaths, hums, animals; speech made senseless.

A source (pulses of the vocal folds, or noise) goes through the resonances of a vocal tract, as in
G. Fant, "Acoustic Theory of Speech Production" (1960).
"""

from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter
from train.corpus import SAMPLE_RATE_HZ
from train.sounds_dsp import (
    Rng,
    Wave,
    band_noise,
    envelope,
    filtered,
    formants,
    harmonics,
    log_uniform,
    modes,
    oscillator,
    samples_of,
    slow,
    unit,
)


def _tract(rng: Rng, wave: Wave, scale: float, neutral: float = 0.25) -> Wave:
    """Five formants about those of a neutral tube, of a tract `scale` times shorter."""
    centres = np.array([500.0, 1500, 2500, 3500, 4500]) * scale
    centres[:3] *= np.exp(rng.normal(0, neutral, 3))
    widths = rng.uniform(60, 220, 5) * np.array([0.8, 1, 1.3, 1.6, 2])
    # The lips radiate high frequencies better, and some of the source passes them unshaped.
    mouth = np.asarray(lfilter([1, -rng.uniform(0.8, 0.98)], [1], formants(wave, centres, widths)))
    return unit(mouth) * np.sqrt(np.mean(wave**2)) + rng.uniform(0.01, 0.12) * wave


def _folds(rng: Rng, pitch_hz: Wave, rough: float) -> Wave:
    """Pulses of the vocal folds; `rough` adds jitter, shimmer and a subharmonic."""
    size = len(pitch_hz)
    pitch = pitch_hz * (1 + 0.04 * rough * slow(rng, size, 60))
    phase = oscillator(pitch, size, rng.uniform(0, 6))
    partials = np.arange(1, 61) ** -rng.uniform(0.9, 1.7)
    wave = harmonics(phase, partials, float(pitch_hz.max()))
    wave *= 1 + rough * 0.5 * np.sin(phase / 2) + 0.2 * rough * slow(rng, size, 40)
    return unit(wave)


def _breath(rng: Rng, size: int) -> Wave:
    return np.asarray(lfilter([1, -0.7], [1], rng.standard_normal(size)))


def _gap(rng: Rng, low: float, high: float) -> Wave:
    return np.zeros(samples_of(rng.uniform(low, high)))


def cough(rng: Rng) -> Wave:
    """A burst, rushing air, often a voiced end; once to three times."""
    scale, pitch = rng.uniform(0.85, 1.3), log_uniform(rng, 90, 380)
    parts: list[Wave] = []
    for _ in range(int(rng.choice([1, 1, 2, 3]))):
        size = samples_of(rng.uniform(0.15, 0.4))
        air = _breath(rng, size) * envelope(
            size, (0, 0), (0.02, 1), (0.15, 0.6), (0.5, rng.uniform(0.1, 0.4)), (1, 0)
        )
        start = rng.uniform(0.2, 0.6)
        contour = pitch * envelope(size, (0, 1.2), (1, rng.uniform(0.5, 0.9)))
        voiced = _folds(rng, contour, rng.uniform(0.5, 1)) * envelope(
            size, (0, 0), (start, 0), (min(0.95, start + 0.2), 1), (1, 0)
        )
        parts += [_tract(rng, air + voiced * rng.uniform(0, 0.7), scale), _gap(rng, 0.05, 0.25)]
    return np.concatenate(parts[:-1])


def throat_clear(rng: Rng) -> Wave:
    """A rough, low, nearly closed sound, in one or two strokes."""
    scale, pitch = rng.uniform(0.85, 1.25), log_uniform(rng, 60, 180)
    parts = []
    for _ in range(int(rng.integers(1, 3))):
        size = samples_of(rng.uniform(0.2, 0.6))
        rattle = 1 + 0.8 * np.sin(oscillator(rng.uniform(18, 45), size))
        contour = pitch * np.exp(0.1 * slow(rng, size, 4))
        source = _folds(rng, contour, 1.5) + _breath(rng, size) * rng.uniform(0.3, 1)
        shape = envelope(size, (0, 0), (0.1, 1), (0.7, 0.7), (1, 0))
        parts += [_tract(rng, source * rattle, scale) * shape, _gap(rng, 0.02, 0.15)]
    return np.concatenate(parts[:-1])


def breath(rng: Rng) -> Wave:
    """Breathing in or out, or a sigh."""
    size = samples_of(rng.uniform(0.3, 1.8))
    wave = _tract(rng, _breath(rng, size), rng.uniform(0.8, 1.5), 0.4)
    top = rng.uniform(0.2, 0.8)
    return wave * envelope(size, (0, 0), (top, 1), (1, 0)) ** rng.uniform(0.7, 2)


def sniff(rng: Rng) -> Wave:
    """Short breaths through the nose."""
    parts = []
    for _ in range(int(rng.integers(1, 4))):
        size = samples_of(rng.uniform(0.08, 0.4))
        wave = band_noise(rng, size, rng.uniform(400, 1800), rng.uniform(3000, 7500), 9)
        parts += [_tract(rng, wave, 1.1) * envelope(size, (0, 0), (0.7, 1), (1, 0))]
        parts += [_gap(rng, 0.05, 0.2)]
    return np.concatenate(parts[:-1])


def smack(rng: Rng) -> Wave:
    """Lips, tongue clicks, a kiss, a swallow: short resonant clicks."""
    parts = []
    for _ in range(int(rng.integers(1, 5))):
        size = samples_of(rng.uniform(0.02, 0.09))
        tones = np.array([log_uniform(rng, 400, 4500) for _ in range(3)])
        click = modes(rng, size, tones, rng.uniform(0.01, 0.06, 3), rng.random(3))
        parts += [click + 0.1 * _breath(rng, size) * envelope(size, (0, 1), (1, 0))]
        parts += [_gap(rng, 0.03, 0.3)]
    return np.concatenate(parts[:-1])


def humming(rng: Rng) -> Wave:
    """Humming with closed lips, one note or a few."""
    pitch = log_uniform(rng, 85, 400)
    parts = []
    for _ in range(int(rng.integers(1, 5))):
        size = samples_of(rng.uniform(0.2, 0.8))
        note = pitch * 2 ** (rng.integers(-5, 8) / 12)
        vibrato = 1 + 0.012 * np.sin(oscillator(rng.uniform(4, 6.5), size))
        source = _folds(rng, note * vibrato, 0.1)
        nose = formants(
            source,
            np.array([rng.uniform(200, 320), 1000, 2200, 3300]),
            np.array([60.0, 300, 400, 500]),
        )
        parts.append(unit(nose) * envelope(size, (0, 0.2), (0.15, 1), (0.85, 1), (1, 0.2)))
    return np.concatenate(parts)


def tone(rng: Rng) -> Wave:
    """One sustained vowel-like sound, sung or groaned, with no word in it."""
    size = samples_of(rng.uniform(0.6, 2.2))
    start, end = log_uniform(rng, 80, 450), rng.choice([0.0, 0.0, rng.uniform(-0.5, 0.4)])
    contour = start * 2 ** np.linspace(0, end, size)
    contour *= 1 + 0.015 * np.sin(oscillator(rng.uniform(4, 7), size))
    source = _folds(rng, contour, rng.uniform(0, 0.5)) + 0.05 * _breath(rng, size)
    wave = _tract(rng, source, rng.uniform(0.85, 1.3), 0.35)
    return wave * envelope(size, (0, 0), (0.12, 1), (0.8, 0.8), (1, 0))


def bark(rng: Rng) -> Wave:
    """A dog: short loud calls whose pitch jumps up and falls."""
    pitch, scale = log_uniform(rng, 180, 900), rng.uniform(0.7, 1.8)
    parts = []
    for _ in range(int(rng.integers(1, 5))):
        size = samples_of(rng.uniform(0.08, 0.28))
        contour = pitch * envelope(size, (0, 0.6), (0.25, 1), (1, 0.55))
        rough = _folds(rng, contour, rng.uniform(0.3, 1.2))
        source = rough + _breath(rng, size) * rng.uniform(0.2, 1)
        shape = envelope(size, (0, 0), (0.1, 1), (0.6, 0.6), (1, 0))
        parts += [_tract(rng, source, scale, 0.2) * shape, _gap(rng, 0.08, 0.4)]
    return np.concatenate(parts[:-1])


def cat(rng: Rng) -> Wave:
    """A cat: one long call whose mouth opens and closes."""
    size = samples_of(rng.uniform(0.4, 1.3))
    pitch = log_uniform(rng, 350, 800)
    contour = pitch * envelope(size, (0, 0.8), (0.3, 1.2), (1, 0.7))
    source = _folds(rng, contour, 0.2)
    shut = formants(source, np.array([500.0, 2400, 4000]), np.array([120.0, 250, 400]))
    wide = formants(source, np.array([1200.0, 2000, 4200]), np.array([150.0, 250, 400]))
    mouth = envelope(size, (0, 0), (0.35, 1), (1, 0.1))
    wave = unit(shut) * (1 - mouth) + unit(wide) * mouth
    return wave * envelope(size, (0, 0), (0.1, 0.6), (0.4, 1), (1, 0))


def sneeze(rng: Rng) -> Wave:
    """A breath in, then a sharp burst of high noise with a falling voiced start."""
    scale = rng.uniform(0.85, 1.25)
    size = samples_of(rng.uniform(0.2, 0.5))
    inhale = _tract(rng, _breath(rng, size), scale) * np.linspace(0, 1, size) ** 2
    size = samples_of(rng.uniform(0.2, 0.45))
    burst = band_noise(rng, size, rng.uniform(1200, 2800), 7000, 9)
    voiced = _folds(rng, log_uniform(rng, 150, 450) * np.linspace(1.3, 0.7, size), 0.5)
    shape = envelope(size, (0, 0), (0.05, 1), (0.3, 0.7), (1, 0))
    loud = _tract(rng, burst + voiced * envelope(size, (0, 1), (0.4, 0), (1, 0)), scale)
    return np.concatenate([0.3 * unit(inhale), unit(loud) * shape])


def laugh(rng: Rng) -> Wave:
    """Laughter: a row of breathy voiced bursts that fall in pitch and level."""
    pitch, scale = log_uniform(rng, 130, 480), rng.uniform(0.9, 1.3)
    parts = []
    for turn in range(int(rng.integers(3, 8))):
        size = samples_of(rng.uniform(0.09, 0.18))
        source = _folds(rng, np.full(size, pitch * 0.94**turn), 0.3) + 0.4 * _breath(rng, size)
        shape = envelope(size, (0, 0), (0.3, 1), (1, 0)) * 0.88**turn
        parts += [unit(_tract(rng, source, scale, 0.1)) * shape, _gap(rng, 0.04, 0.1)]
    return np.concatenate(parts[:-1])


def reversed_speech(rng: Rng, speech: Wave) -> Wave:
    """A stretch of speech backwards."""
    return _stretch(rng, speech)[::-1].copy()


def scrambled_speech(rng: Rng, speech: Wave) -> Wave:
    """The rhythm of speech in noise or buzz whose bands are exchanged: nothing to recognise."""
    wave = _stretch(rng, speech)
    size = len(wave)
    buzz = _folds(rng, np.full(size, log_uniform(rng, 90, 300)), 0.3)
    carrier = rng.standard_normal(size) if rng.random() < 0.5 else buzz
    edges = np.geomspace(120, 7500, 13)
    order = rng.permutation(12)
    out = np.zeros(size)
    smooth = np.exp(-2 * np.pi * 25 / SAMPLE_RATE_HZ)
    for band in range(12):
        level = lfilter([1 - smooth], [1, -smooth], np.abs(_band(wave, edges, band)))
        out += unit(_band(carrier, edges, int(order[band]))) * level
    return out


def _band(wave: Wave, edges: Wave, number: int) -> Wave:
    low, high = edges[number], edges[number + 1]
    points = np.array([low * 0.8, low, high, high * 1.2])
    return filtered(wave, points, np.array([-60.0, 0.0, 0.0, -60.0]))


def _stretch(rng: Rng, speech: Wave) -> Wave:
    size = min(len(speech), samples_of(rng.uniform(0.4, 2.0)))
    start = int(rng.integers(0, len(speech) - size + 1))
    return speech[start : start + size]


VOICES: dict[str, tuple[Callable[[Rng], Wave], int]] = {
    "cough": (cough, 10),
    "throat-clear": (throat_clear, 7),
    "breath": (breath, 7),
    "sniff": (sniff, 5),
    "smack": (smack, 5),
    "hum": (humming, 5),
    "vowel-tone": (tone, 4),
    "bark": (bark, 6),
}
HELD_OUT_VOICES: dict[str, Callable[[Rng], Wave]] = {"cat": cat, "sneeze": sneeze, "laugh": laugh}
"""Kinds that training never meets."""
