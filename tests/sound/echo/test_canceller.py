"""The canceller takes out the guide and leaves the person."""

import numpy as np
import pytest

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.rehearsal.acoustics import BATHROOM, Convolver, speaker_response
from voiceguide.sound.echo.canceller import EchoCanceller
from voiceguide.sound.level import dbfs

BLOCK = 800
SECONDS = 12


def speech_like(seed, seconds=SECONDS):
    """Coloured noise that comes and goes like syllables, in blocks; about −20 dBFS."""
    random = np.random.default_rng(seed)
    count = seconds * EAR_RATE_HZ
    colour = np.convolve(random.standard_normal(count), 0.9 ** np.arange(40), "same")
    syllables = np.clip(np.sin(np.arange(count) * 2 * np.pi * 3 / EAR_RATE_HZ + seed), 0, 1)
    sound = colour * syllables
    return (0.1 * sound / np.sqrt(np.mean(sound**2))).astype(np.float32).reshape(-1, BLOCK)


def echo_of(played, late_samples=640):
    response = np.concatenate([np.zeros(late_samples), speaker_response(BATHROOM)])
    convolver = Convolver((response * 0.1).astype(np.float32), BLOCK)
    return np.stack([convolver.feed(block) for block in played])


def as_recorded(sound):
    random = np.random.default_rng(9)
    floor = random.standard_normal(sound.shape) * 3e-4
    return np.clip(np.rint((sound + floor) * 32768), -32768, 32767).astype(np.int16)


def cancel(recorded, played):
    canceller = EchoCanceller(BLOCK)
    return np.stack([canceller.cancel(*pair) for pair in zip(recorded, played, strict=True)])


def test_the_echo_is_gone_after_a_few_sentences():
    played = speech_like(1)
    recorded = as_recorded(echo_of(played))
    cleaned = cancel(recorded, played)
    assert dbfs(recorded[-60:]) - dbfs(cleaned[-60:]) > 15


def test_a_person_over_the_guide_is_left_as_they_are_and_unlearns_nothing():
    played = speech_like(1)
    person = speech_like(2) * np.float32(0.5)
    person[:120] = 0.0
    person[180:] = 0.0
    recorded = as_recorded(echo_of(played) + person)
    cleaned = cancel(recorded, played)
    left_over = cleaned[120:180] / 32768 - person[120:180]
    assert dbfs(person[120:180]) - dbfs(left_over.astype(np.float32)) > 10
    assert dbfs(recorded[200:]) - dbfs(cleaned[200:]) > 12


def test_while_the_guide_is_silent_nothing_is_touched():
    recorded = as_recorded(speech_like(3, seconds=1))
    canceller = EchoCanceller(BLOCK)
    silence = np.zeros(BLOCK, np.float32)
    for block in recorded:
        assert np.array_equal(canceller.cancel(block, silence), block)


def test_after_silence_nothing_transforms_and_nothing_is_forgotten(monkeypatch):
    played = speech_like(1)
    played[100:200] = 0.0
    recorded = as_recorded(echo_of(played) + 0.1 * speech_like(2))
    resting, busy = EchoCanceller(BLOCK), EchoCanceller(BLOCK)
    for index, pair in enumerate(zip(recorded, played, strict=True)):
        with monkeypatch.context() as patched:
            if 110 <= index < 200:
                patched.setattr(np.fft, "rfft", None)
            cleaned = resting.cancel(*pair)
        busy._is_still = False
        assert np.array_equal(cleaned, busy.cancel(*pair))
    assert all(map(np.array_equal, resting.learnt(), busy.learnt()))


def test_the_same_sound_gives_the_same_samples():
    played = speech_like(1, seconds=2)
    recorded = as_recorded(echo_of(played))
    assert np.array_equal(cancel(recorded, played), cancel(recorded, played))


@pytest.mark.parametrize(("recorded", "played"), [(799, 800), (800, 799)])
def test_blocks_of_another_length_are_refused(recorded, played):
    with pytest.raises(ValueError, match="799"):
        EchoCanceller(BLOCK).cancel(np.zeros(recorded, np.int16), np.zeros(played, np.float32))


@pytest.mark.parametrize("later", [-900, 0, 500])
def test_when_the_sound_comes_at_another_time_nothing_is_unlearnt(later):
    """From the middle on the canceller is given what is played ``later`` samples later."""
    played = speech_like(1)
    recorded = as_recorded(echo_of(played, late_samples=2000))
    stream = played.ravel()
    half = len(played) // 2 * BLOCK
    shifted = np.roll(stream, later)
    canceller = EchoCanceller(BLOCK)
    for at in range(0, half, BLOCK):
        canceller.cancel(recorded.ravel()[at : at + BLOCK], stream[at : at + BLOCK])
    canceller.realign(shifted[half - canceller.span : half], later)
    cleaned = np.concatenate(
        [
            canceller.cancel(recorded.ravel()[at : at + BLOCK], shifted[at : at + BLOCK])
            for at in range(half, half + 20 * BLOCK, BLOCK)
        ]
    )
    assert dbfs(recorded.ravel()[half : half + 20 * BLOCK]) - dbfs(cleaned) > 15


def test_a_stretch_of_another_length_is_no_history():
    with pytest.raises(ValueError, match="799 samples"):
        EchoCanceller(BLOCK).realign(np.zeros(799, np.float32), 0)
