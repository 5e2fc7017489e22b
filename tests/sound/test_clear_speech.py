"""Clear speech: as long and as powerful, with more treble and less between loud and soft."""

import math

import numpy as np
import pytest

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.sound.clear_speech import PEAK_LIMIT_DBFS, Clarity, clear_speech
from voiceguide.sound.clip import Clip

RATE = 24_000


def tone(hz: float, seconds: float, level: float) -> np.ndarray:
    at = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * math.pi * hz * at)).astype(np.float32)


def spoken() -> Clip:
    """A loud vowel's bass, a pause, and a soft consonant's treble."""
    pause = np.full(round(0.2 * RATE), 1e-5, np.float32)
    sound = np.concatenate([tone(200, 0.3, 0.3), pause, tone(3000, 0.2, 0.02)])
    return Clip(sound, RATE, (SpokenWord("so", 0.0, 0.3),))


def db(samples: np.ndarray) -> float:
    return 10 * math.log10(np.mean(np.square(samples, dtype=np.float64)))


def test_the_soft_treble_comes_forward_at_the_same_power_and_length():
    before = spoken()
    after = clear_speech(before)
    assert (len(after.samples), after.words) == (len(before.samples), before.words)
    assert db(after.samples) == pytest.approx(db(before.samples), abs=0.1)
    vowel, consonant = slice(0, round(0.28 * RATE)), slice(round(0.52 * RATE), None)
    before_db = db(before.samples[vowel]) - db(before.samples[consonant])
    after_db = db(after.samples[vowel]) - db(after.samples[consonant])
    assert after_db < before_db - 15


def test_a_pause_stays_a_pause():
    after = clear_speech(spoken()).samples
    pause = slice(round(0.33 * RATE), round(0.47 * RATE))
    assert db(after[pause]) < db(after) - 40


def test_no_sample_is_over_the_limit():
    click = np.zeros(RATE, np.float32)
    click[RATE // 2 : RATE // 2 + 20] = 0.9
    after = clear_speech(Clip(click + tone(300, 1.0, 0.2), RATE))
    assert np.abs(after.samples).max() <= 10 ** (PEAK_LIMIT_DBFS / 20) + 1e-6


@pytest.mark.parametrize("length", [0, 1, 100])
def test_silence_and_next_to_nothing_are_left(length):
    silent = Clip(np.zeros(length, np.float32), RATE)
    assert clear_speech(silent) is silent
    faint = Clip(np.full(length, 0.1, np.float32), RATE)
    assert len(clear_speech(faint).samples) == length


def test_clear_speech_begins_beside_noise_and_does_not_end_at_once():
    clarity = Clarity()
    told = []
    for snr_db in (30.0, 16.0, 14.9, 17.0, 18.5, 16.0):
        clarity.follow(snr_db)
        told.append(clarity.wanted)
    assert told == [False, False, True, True, False, False]
