"""What goes on behind a session: soft, seamless, and out of the way of speech."""

import numpy as np
import pytest

from voiceguide.sound.background import (
    LEVEL_DBFS,
    UNDER_SPEECH_DB,
    Background,
    drone,
    seamless,
)
from voiceguide.sound.mixer import Mixer

RATE = 16_000


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def playing(block: int, seconds: float, act=lambda mixer: None) -> np.ndarray:
    mixer = Mixer(RATE)
    mixer.set_background(Background(drone(RATE), RATE))
    act(mixer)
    return np.concatenate([mixer.render(block) for _ in range(round(seconds * RATE / block))])


def speak(mixer: Mixer) -> None:
    mixer.play(np.zeros(4 * RATE, np.float32), 10 * RATE, tag=1)


def test_it_comes_up_softly_and_stays():
    sound = playing(800, 30)
    assert np.abs(sound[:10]).max() < 1e-4
    assert level_db(sound[6 * RATE :]) == pytest.approx(LEVEL_DBFS, abs=1.5)
    assert np.abs(sound).max() < 10 ** (-25 / 20)


def test_it_sinks_under_a_sentence_and_comes_back():
    plain, ducked = playing(800, 20), playing(800, 20, speak)
    during, after = slice(11 * RATE, 14 * RATE), slice(16 * RATE, 20 * RATE)
    assert level_db(ducked[during]) - level_db(plain[during]) == pytest.approx(
        UNDER_SPEECH_DB, abs=0.5
    )
    assert np.array_equal(ducked[after], plain[after])
    # It is out of the way when the sentence begins.
    ratio = (
        np.abs(ducked[10 * RATE : 10 * RATE + 160]).max()
        / np.abs(plain[10 * RATE : 10 * RATE + 160]).max()
    )
    assert 20 * np.log10(ratio) < UNDER_SPEECH_DB + 1.5


@pytest.mark.parametrize("block", [64, 160, 1000, 7777])
def test_blocks_of_any_size_give_the_same_samples(block: int):
    one, other = playing(block, 18, speak), playing(800, 18, speak)
    count = min(len(one), len(other))
    assert np.allclose(one[:count], other[:count], atol=1e-7)


def test_a_cue_leaves_it_alone_and_a_hush_does_not_cut_it():
    def act(mixer: Mixer) -> None:
        mixer.play(np.zeros(RATE, np.float32), 8 * RATE, tag=None)
        mixer.fade_out(800)

    assert np.array_equal(playing(800, 12, act), playing(800, 12))


def test_it_leaves_softly_and_the_mixer_waits_for_it():
    mixer = Mixer(RATE)
    mixer.set_background(Background(drone(RATE), RATE))
    mixer.render(5 * RATE)
    assert not mixer.busy
    mixer.accompany(False)
    assert mixer.busy
    assert not mixer.pass_silently(1)
    leaving = mixer.render(2 * RATE)
    assert not mixer.busy
    assert np.abs(leaving[: RATE // 10]).max() > 10 * np.abs(leaving[RATE * 7 // 5 :]).max()
    assert not leaving[RATE * 8 // 5 :].any()
    assert np.abs(np.diff(leaving)).max() < 0.01
    assert not mixer.render(RATE).any()
    mixer.accompany(True)
    coming = mixer.render(2 * RATE)
    assert np.abs(coming[: RATE // 10]).max() < 0.1 * np.abs(coming[RATE:]).max()
    assert np.abs(np.diff(coming)).max() < 0.01


def test_a_loop_has_no_seam():
    for loop in (drone(RATE), seamless(np.sin(np.arange(9 * RATE) / 7).astype(np.float32), RATE)):
        twice = np.concatenate([loop, loop])
        steps = np.abs(np.diff(twice))
        assert steps[len(loop) - 2 : len(loop) + 1].max() <= steps[: len(loop) - 2].max() * 1.05


def test_silence_is_no_background():
    with pytest.raises(ValueError, match="must not be silent"):
        Background(np.zeros(RATE, np.float32), RATE)
