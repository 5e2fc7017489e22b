import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.sound.clip import Clip
from voiceguide.sound.lufs import loudness, true_peak_dbtp
from voiceguide.sound.speech import (
    LEAD_SECONDS,
    PEAK_LIMIT_DBTP,
    SPEECH_LUFS,
    TAIL_SECONDS,
    from_int16,
    tidy_speech,
    to_int16,
)

RATE = 22_050


def tone(seconds: float, peak: float) -> np.ndarray:
    return (np.sin(np.arange(round(seconds * RATE)) * 0.2) * peak).astype(np.float32)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.01, 1.0))
def test_margins_and_loudness_do_not_depend_on_what_came_in(before, after, peak):
    silence = [np.zeros(round(seconds * RATE), np.float32) for seconds in (before, after)]
    clip = tidy_speech(Clip(np.concatenate([silence[0], tone(0.5, peak), silence[1]]), RATE))
    assert clip.seconds == pytest.approx(0.5 + LEAD_SECONDS + TAIL_SECONDS, abs=0.011)
    assert loudness(Clip(clip.samples, RATE)) == pytest.approx(SPEECH_LUFS, abs=0.1)


def test_a_pause_within_stays_and_does_not_count_for_the_loudness():
    sound = np.concatenate([tone(0.3, 0.1), np.zeros(RATE, np.float32), tone(0.3, 0.1)])
    clip = tidy_speech(Clip(sound, RATE))
    assert clip.seconds == pytest.approx(1.6 + LEAD_SECONDS + TAIL_SECONDS, abs=0.011)
    assert loudness(clip) == pytest.approx(SPEECH_LUFS, abs=0.1)


def test_a_sharp_peak_is_pressed_down_and_the_rest_stays_as_loud():
    sound = tone(0.5, 0.05)
    sound[5000:5003] = 0.9
    clip = tidy_speech(Clip(sound, RATE))
    assert true_peak_dbtp(clip) <= PEAK_LIMIT_DBTP
    assert loudness(clip) == pytest.approx(SPEECH_LUFS, abs=1.5)


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_nothing_audible_is_an_empty_clip(count):
    assert len(tidy_speech(Clip(np.zeros(count, np.float32), RATE)).samples) == 0


def test_samples_survive_the_way_to_disk_and_back():
    every = np.arange(-32767, 32768).astype(np.int16)
    assert np.array_equal(to_int16(from_int16(every)), every)
    clip = tidy_speech(Clip(tone(0.2, 0.3), RATE))
    assert np.array_equal(from_int16(to_int16(clip.samples)), clip.samples)
