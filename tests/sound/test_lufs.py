"""Loudness by the standard's own figures."""

import numpy as np
import pytest

from voiceguide.sound.clip import Clip
from voiceguide.sound.lufs import SILENT_LUFS, loudness, pressed, true_peak_dbtp


def sine(hertz: float, rate: int, dbfs: float = 0.0, seconds: float = 5.0) -> np.ndarray:
    return 10 ** (dbfs / 20) * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def clip(samples: np.ndarray, rate: int) -> Clip:
    return Clip(samples.astype(np.float32), rate)


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 48_000])
def test_a_full_tone_of_997_hertz_in_one_channel_is_minus_3_01(rate: int):
    """BS.1770-4, Annex 1."""
    assert loudness(clip(sine(997, rate), rate)) == pytest.approx(-3.01, abs=0.1)


def test_what_is_soft_does_not_pull_the_loudness_down():
    """EBU Tech 3341, case 3: 10 s at −36, 60 s at −23, 10 s at −36 are −23 (stereo; here mono)."""
    rate = 24_000
    parts = [sine(1000, rate, -36, 5), sine(1000, rate, -23, 20), sine(1000, rate, -36, 5)]
    alone = loudness(clip(parts[1], rate))
    assert loudness(clip(np.concatenate(parts), rate)) == pytest.approx(alone, abs=0.1)


@pytest.mark.parametrize("count", [0, 10, 24_000])
def test_silence_has_no_loudness(count: int):
    assert loudness(clip(np.zeros(count), 24_000)) == SILENT_LUFS
    assert true_peak_dbtp(clip(np.zeros(count), 24_000)) == SILENT_LUFS


def test_a_peak_between_two_samples_is_found():
    rate = 48_000
    between = np.sin(2 * np.pi * 12_000 * np.arange(rate) / rate + np.pi / 4)
    assert np.abs(between).max() < 0.71
    assert true_peak_dbtp(clip(between, rate)) == pytest.approx(0.0, abs=0.3)


def test_pressing_keeps_every_sample_under_the_limit_and_the_rest_as_it_was():
    samples = sine(200, 24_000, -20, 1.0)
    samples[12_000] = 0.9
    out = pressed(samples, 24_000, -6.0)
    assert np.abs(out).max() <= 10 ** (-6 / 20) + 1e-9
    assert np.array_equal(out[:11_000], samples[:11_000])
