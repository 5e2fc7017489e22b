"""Water is heard to begin and to be gone; talk, clatter and a fan that always ran are no water."""

import numpy as np
import pytest

from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.sound.noise import NoiseMeter
from voiceguide.sound.tap import TapWatch

RATE = EAR_RATE_HZ


def noise(seconds: float, level_dbfs: float, seed: int = 1) -> np.ndarray:
    """Broad and steady, as water is."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(round(seconds * RATE)) * 10 ** (level_dbfs / 20)


def quiet(seconds: float) -> np.ndarray:
    return noise(seconds, -70.0, seed=2)


def voice(seconds: float, level_dbfs: float) -> np.ndarray:
    """Vowels of a quarter of a second with gaps between, as talk has them."""
    time = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 36))
    sounds = (time % 0.4 < 0.25).astype(float)
    made = tone * sounds
    return quiet(seconds) + made * 10 ** (level_dbfs / 20) / np.sqrt(np.mean(made**2))


def changes(sound: np.ndarray) -> list[tuple[float, bool]]:
    """When water begins and is gone, in seconds."""
    meter, watch = NoiseMeter(RATE), TapWatch(BLOCK_SAMPLES / RATE)
    found, runs = [], False
    for start in range(0, len(sound) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
        if meter.read(sound[start : start + BLOCK_SAMPLES].astype(np.float32)):
            watch.take(meter.bands_db)
        if watch.runs != runs:
            runs = watch.runs
            found.append(((start + BLOCK_SAMPLES) / RATE, runs))
    assert watch.times_closed == sum(not each for _, each in found)
    return found


@pytest.mark.parametrize("level_dbfs", [-50.0, -35.0, -26.0])
def test_water_is_heard_to_begin_and_to_be_gone_some_seconds_later(level_dbfs: float):
    sound = np.concatenate((quiet(6), noise(8, level_dbfs), quiet(6)))
    (begun, runs), (gone, still_runs) = changes(sound)
    assert runs and not still_runs
    assert 6 + 1.5 <= begun <= 6 + 4
    assert 14 + 3 <= gone <= 14 + 5


def test_a_moment_without_water_is_not_its_end():
    parts = (quiet(6), noise(6, -35), quiet(2), noise(6, -35, seed=3), quiet(6))
    (_, runs), (gone, _) = changes(np.concatenate(parts))
    assert runs
    assert gone > 20


def test_hands_in_the_water_do_not_end_it():
    water = noise(12, -35)
    hands = 10 ** (-8 * (1 + np.sin(2 * np.pi * 1.3 * np.arange(len(water)) / RATE)) / 2 / 20)
    (_, runs), (gone, _) = changes(np.concatenate((quiet(6), water * hands, quiet(6))))
    assert runs
    assert gone > 18


def test_somebody_who_talks_after_it_does_not_hide_its_end():
    sound = np.concatenate((quiet(6), noise(8, -40), voice(8, -30)))
    assert [runs for _, runs in changes(sound)] == [True, False]


@pytest.mark.parametrize("level_dbfs", [-45.0, -26.0])
def test_talk_is_no_water(level_dbfs: float):
    assert changes(np.concatenate((quiet(6), voice(20, level_dbfs), quiet(6)))) == []


def test_clatter_is_no_water():
    sound = quiet(20)
    for second in np.arange(6, 16, 0.7):
        start = round(second * RATE)
        sound[start : start + RATE // 5] += noise(0.2, -20, seed=int(10 * second))
    assert changes(sound) == []


def test_water_that_ran_before_anybody_listened_never_begins_and_so_never_ends():
    assert changes(np.concatenate((noise(10, -35), quiet(10)))) == []


def test_a_hum_of_few_bands_is_no_water():
    time = np.arange(10 * RATE) / RATE
    hum = 0.05 * np.sin(2 * np.pi * 440 * time)
    assert changes(np.concatenate((quiet(6), quiet(10) + hum, quiet(6)))) == []
