import math

import numpy as np
import pytest

from voiceguide.sound.level import LevelHistory, dbfs


def test_a_full_scale_square_is_0_dbfs_and_a_sine_3_below():
    assert dbfs(np.ones(10, dtype=np.float32)) == 0.0
    sine = np.sin(np.linspace(0, 20 * np.pi, 20_001)).astype(np.float32)
    assert dbfs(sine) == pytest.approx(-3.01, abs=0.01)


def test_integer_samples_have_the_same_level_as_float_ones():
    values = np.array([8192, -8192, 16384], dtype=np.int16)
    assert dbfs(values) == pytest.approx(dbfs((values / 32768).astype(np.float32)))
    assert dbfs(np.full(4, -32768, dtype=np.int16)) == 0.0


def test_silence_and_nothing_have_no_level():
    assert dbfs(np.zeros(5, dtype=np.float32)) == -math.inf
    assert dbfs(np.zeros(0, dtype=np.int16)) == -math.inf


def test_history_forgets_what_is_too_old():
    history = LevelHistory(bin_samples=10, bins=5)
    history.add(0, np.ones(50, dtype=np.float32))
    assert history.dbfs(0, 50) == 0.0
    history.add(60, np.full(10, 0.1, dtype=np.float32))  # Takes the slot of bin 1.
    assert history.dbfs(10, 20) == -math.inf
    assert history.dbfs(60, 70) == pytest.approx(-20.0)
    assert history.dbfs(50, 60) == -math.inf


def test_history_does_not_depend_on_block_sizes():
    samples = np.random.default_rng(1).uniform(-1, 1, 95).astype(np.float32)
    whole, parts = LevelHistory(10, 20), LevelHistory(10, 20)
    whole.add(3, samples)
    for start in range(0, 95, 7):
        parts.add(3 + start, samples[start : start + 7])
    assert whole.dbfs(0, 98) == pytest.approx(parts.dbfs(0, 98))


def test_of_a_block_that_is_longer_than_the_memory_its_end_is_kept():
    history = LevelHistory(bin_samples=10, bins=3)
    history.add(4, np.linspace(0, 1, 98, dtype=np.float32))
    ends = np.linspace(0, 1, 98, dtype=np.float32)[76:96]
    assert history.dbfs(80, 100) == pytest.approx(dbfs(ends))
    assert history.dbfs(60, 80) == -math.inf
    history.add(102, np.zeros(0, np.float32))
    assert history.dbfs(80, 100) == pytest.approx(dbfs(ends))


def test_history_refuses_empty_bins():
    with pytest.raises(ValueError, match="at least 1"):
        LevelHistory(0, 1)
