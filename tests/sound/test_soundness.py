"""Microphones that are not what they seem."""

import numpy as np
import pytest

from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample
from voiceguide.sound.soundness import Liveness, ends_at_4_khz, what_is_wrong

RATE = 16_000
CHANCE = np.random.default_rng(5)


def pcm(samples):
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16)


def noise(level, seconds=3.0, rate=RATE):
    return CHANCE.normal(0.0, level, round(seconds * rate)).astype(np.float32)


TIME = np.arange(3 * RATE) / RATE


def opened(samples):
    """As it comes from a device that was opened a moment ago."""
    whole = resample(Clip(samples.astype(np.float32), 48_000), RATE).samples
    return pcm(np.concatenate([whole[:400] * np.linspace(0, 1.2, 400), whole]))


def clicking(samples):
    samples[[1000, 20_000]] = 0.8, -0.5
    return pcm(samples)


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        (np.zeros(RATE, np.int16), "digital silence"),
        (np.zeros(0, np.int16), "digital silence"),
        (np.full(RATE, 9830, np.int16), "stuck at one value"),
        (pcm(np.where(np.sin(2 * np.pi * 200 * TIME) > 0, 1.0, -1.0)), "overdriven"),
        (pcm(CHANCE.uniform(-7e-4, 7e-4, RATE)), "muted at its plug"),
        (pcm(0.3 + CHANCE.uniform(-7e-4, 7e-4, RATE)), "muted at its plug"),
        # The way from another rate begins with a jump, and plugs click.
        (opened(np.full(3 * RATE, 0.3)), "stuck at one value"),
        (opened(np.full(3 * RATE, -1.0)), "stuck at one value"),
        (clicking(np.zeros(3 * RATE)), "digital silence"),
        (clicking(CHANCE.uniform(-7e-4, 7e-4, 3 * RATE)), "muted at its plug"),
    ],
)
def test_each_has_its_own_finding(recorded, words):
    told, advice = what_is_wrong(recorded)
    assert words in told
    assert advice


def test_a_quiet_and_a_loud_microphone_are_well():
    assert what_is_wrong(pcm(noise(0.001))) is None
    assert what_is_wrong(pcm(noise(0.2))) is None


def test_sound_that_ends_at_4_khz_is_known():
    voice = noise(0.05)
    voice *= np.repeat(CHANCE.uniform(0.1, 1, 30), len(voice) // 30)
    whole = resample(Clip(voice, RATE), RATE).samples
    narrow = resample(resample(Clip(voice, RATE), 8_000), RATE).samples
    assert not ends_at_4_khz(pcm(whole), voice, RATE)
    assert ends_at_4_khz(pcm(narrow), voice, RATE)
    # A voice that has nothing there itself tells nothing.
    assert not ends_at_4_khz(pcm(narrow), narrow, RATE)
    # A little hiss of the converter behind the telephone does not hide it.
    assert ends_at_4_khz(pcm(narrow + noise(0.0005)[: len(narrow)]), voice, RATE)
    assert not ends_at_4_khz(np.zeros(10, np.int16), voice, RATE)


def give(liveness, value, seconds):
    """Blocks that hold such a value, or sound; gives what it said of each change."""
    told = []
    for _ in range(round(seconds / 0.05)):
        block = np.full(800, 0 if value is None else value, np.int16)
        if value is None:
            block[::2] = 100
        if liveness.take(block, 0.05):
            told.append(liveness.is_dead)
    return told


@pytest.mark.parametrize("value", [0, 9830])
def test_a_dead_microphone_is_noticed_within_ten_seconds_and_once(value):
    liveness = Liveness()
    assert give(liveness, value, 7.5) == []
    assert give(liveness, value, 2.0) == [True]
    assert give(liveness, value, 60.0) == []
    assert give(liveness, None, 1.0) == [False]


def test_one_that_is_muted_in_the_middle_is_noticed_too():
    liveness = Liveness()
    assert give(liveness, None, 30.0) == []
    assert give(liveness, 0, 10.0) == [True]


def test_after_its_first_words_a_microphone_with_a_gate_may_be_silent_for_long():
    liveness = Liveness()
    assert give(liveness, 0, 3.0) == []
    assert give(liveness, None, 6.0) == []
    assert give(liveness, 0, 50.0) == []
    assert give(liveness, 0, 11.0) == [True]
    assert give(liveness, None, 1.0) == [False]


def test_a_gap_that_noise_has_does_not_make_it_a_gate():
    liveness = Liveness()
    assert give(liveness, None, 12.0) == []
    assert give(liveness, 0, 0.5) == []
    assert give(liveness, None, 1.0) == []
    assert give(liveness, 0, 10.0) == [True]


def test_silence_between_words_of_a_microphone_with_a_gate_means_nothing():
    liveness = Liveness()
    for _ in range(3):
        assert give(liveness, None, 1.0) == []
        assert give(liveness, 0, 4.0) == []
    give(liveness, None, 1.0)
    assert give(liveness, 0, 60.0) == []
