"""Building blocks of synthesised sounds: shaped noise, modes, harmonics, envelopes, levels.

Every function works on float64 arrays of 16 kHz mono samples.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter
from train.corpus import SAMPLE_RATE_HZ

Wave = NDArray[np.float64]
Rng = np.random.Generator


def samples_of(seconds: float) -> int:
    """Seconds in samples."""
    return max(1, round(seconds * SAMPLE_RATE_HZ))


def log_uniform(rng: Rng, low: float, high: float) -> float:
    """A value whose logarithm is uniform; for frequencies, rates and durations."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def filtered(wave: Wave, frequencies_hz: Wave, gains_db: Wave) -> Wave:
    """The wave with a gain curve (zero phase), linear in dB over the logarithm of frequency."""
    size = len(wave)
    bins = np.maximum(np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ), 1.0)
    gains = np.interp(np.log(bins), np.log(frequencies_hz), gains_db)
    return np.fft.irfft(np.fft.rfft(wave) * 10 ** (gains / 20), size)


def shaped_noise(rng: Rng, size: int, frequencies_hz: Wave, gains_db: Wave) -> Wave:
    """Gaussian noise of unit power with the given spectrum."""
    return unit(filtered(rng.standard_normal(size), frequencies_hz, gains_db))


def band_noise(rng: Rng, size: int, low_hz: float, high_hz: float, slope_db: float = 24.0) -> Wave:
    """Noise of unit power between two frequencies; `slope_db` per octave outside."""
    points = np.array([low_hz / 16, low_hz, high_hz, high_hz * 16])
    return shaped_noise(rng, size, points, np.array([-4 * slope_db, 0.0, 0.0, -4 * slope_db]))


def random_spectrum(
    rng: Rng, slope_db: float, knee_hz: float, humps: int = 3, roughness_db: float = 3.0
) -> tuple[Wave, Wave]:
    """A gain curve: flat up to a knee, then a slope (dB per octave), humps and random ripple."""
    frequencies = np.geomspace(40, 8000, 64)
    gains = -slope_db * np.maximum(0, np.log2(frequencies / knee_hz))
    gains -= rng.uniform(0, 9) * np.maximum(0, np.log2(rng.uniform(80, 400) / frequencies))
    for _ in range(humps):
        centre, width = log_uniform(rng, 120, 6500), rng.uniform(0.12, 0.8)
        gains += rng.uniform(2, 13) * np.exp(-0.5 * (np.log2(frequencies / centre) / width) ** 2)
    ripple = np.interp(np.arange(64), np.arange(0, 65, 4), rng.normal(0, roughness_db, 17))
    return frequencies, gains + ripple


def slow(rng: Rng, size: int, rate_hz: float) -> Wave:
    """A random curve of about unit power that changes about `rate_hz` times a second."""
    points = int(size / SAMPLE_RATE_HZ * rate_hz * 2) + 4
    values = rng.standard_normal(points)
    at = np.linspace(0.5, points - 1.5, size)
    left = at.astype(np.intp)
    mix = 0.5 - 0.5 * np.cos(np.pi * (at - left))
    return values[left] * (1 - mix) + values[left + 1] * mix


def oscillator(frequency_hz: Wave | float, size: int, phase: float = 0.0) -> Wave:
    """Phase (radians) of an oscillator whose frequency may change from sample to sample."""
    steps = np.broadcast_to(np.asarray(frequency_hz, np.float64), (size,))
    return 2 * np.pi * np.cumsum(steps) / SAMPLE_RATE_HZ + phase


def harmonics(phase: Wave, amplitudes: Wave, top_hz: float) -> Wave:
    """A harmonic tone; partials above the Nyquist frequency of `top_hz` are left out."""
    wave = np.zeros(len(phase))
    for number, amplitude in enumerate(amplitudes, 1):
        if number * top_hz >= SAMPLE_RATE_HZ / 2.1:
            break
        wave += amplitude * np.sin(number * phase)
    return wave


def resonate(wave: Wave, frequency_hz: float, bandwidth_hz: float) -> Wave:
    """A two-pole resonance with unit gain at its peak (about)."""
    radius = np.exp(-np.pi * bandwidth_hz / SAMPLE_RATE_HZ)
    angle = 2 * np.pi * frequency_hz / SAMPLE_RATE_HZ
    gain = (1 - radius) * np.sqrt(1 - 2 * radius * np.cos(2 * angle) + radius**2)
    return np.asarray(lfilter([gain], [1, -2 * radius * np.cos(angle), radius**2], wave))


def formants(wave: Wave, frequencies_hz: Wave, bandwidths_hz: Wave) -> Wave:
    """Resonances in series, as in a vocal tract; unit gain at 0 Hz for each."""
    for frequency, bandwidth in zip(frequencies_hz, bandwidths_hz, strict=True):
        radius = np.exp(-np.pi * bandwidth / SAMPLE_RATE_HZ)
        angle = 2 * np.pi * min(frequency, 7600) / SAMPLE_RATE_HZ
        a = [1, -2 * radius * np.cos(angle), radius**2]
        wave = np.asarray(lfilter([sum(a)], a, wave))
    return wave


def modes(rng: Rng, size: int, frequencies_hz: Wave, decays_s: Wave, amplitudes: Wave) -> Wave:
    """Struck modes: decaying sines; `decays_s` is the time to fall by 60 dB."""
    time = np.arange(size) / SAMPLE_RATE_HZ
    wave = np.zeros(size)
    for frequency, decay, amplitude in zip(frequencies_hz, decays_s, amplitudes, strict=True):
        if frequency < SAMPLE_RATE_HZ / 2.1:
            phase = rng.uniform(0, 2 * np.pi)
            wave += (
                amplitude
                * np.exp(-6.9 * time / decay)
                * np.sin(2 * np.pi * frequency * time + phase)
            )
    return wave


def envelope(size: int, *points: tuple[float, float]) -> Wave:
    """Straight lines through (part of the length, gain)."""
    at, gains = zip(*points, strict=True)
    return np.interp(np.linspace(0, 1, size), at, gains)


def scatter(size: int, at: NDArray[np.intp], grains: list[Wave], which: Wave, gains: Wave) -> Wave:
    """Many short grains added at given samples."""
    wave = np.zeros(size + max(map(len, grains)))
    for start, index, gain in zip(at.tolist(), which.tolist(), gains.tolist(), strict=True):
        grain = grains[int(index)]
        wave[start : start + len(grain)] += gain * grain
    return wave[:size]


def unit(wave: Wave) -> Wave:
    """Scaled to a power of one (silence stays silence)."""
    return wave / (np.sqrt(np.mean(wave**2)) + 1e-12)


def faded(wave: Wave, seconds: float = 0.004) -> Wave:
    """With short ramps at both ends, so that cutting makes no click."""
    ramp = min(samples_of(seconds), len(wave) // 2)
    wave = wave.copy()
    wave[:ramp] *= np.linspace(0, 1, ramp)
    wave[len(wave) - ramp :] *= np.linspace(1, 0, ramp)
    return wave


def to_int16(wave: Wave, level_db: float, ceiling_db: float = -1.0) -> NDArray[np.int16]:
    """At a power of `level_db` re full scale, less where a peak would pass `ceiling_db`."""
    wave = unit(wave) * 10 ** (level_db / 20)
    peak = float(np.abs(wave).max(initial=0.0))
    wave = wave * min(1.0, 10 ** (ceiling_db / 20) / (peak + 1e-12))
    return np.rint(wave * 32767).astype(np.int16)
