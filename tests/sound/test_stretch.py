"""Another pace, the same pitch."""

import numpy as np
import pytest

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.sound.clip import Clip
from voiceguide.sound.stretch import at_pace

RATE = 24_000


def pitch(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE / len(samples)


@pytest.mark.parametrize("speed", [110 / 150, 0.9, 1.2, 220 / 150])
def test_the_length_changes_and_the_pitch_does_not(speed: float):
    tone = (0.3 * np.sin(2 * np.pi * 220 * np.arange(2 * RATE) / RATE)).astype(np.float32)
    words = (SpokenWord("one", 0.2, 0.6), SpokenWord("two", 1.0, 1.9))
    clip = at_pace(Clip(tone, RATE, words), speed)
    assert clip.seconds == pytest.approx(2 / speed, abs=0.001)
    assert pitch(clip.samples) == pytest.approx(220, rel=0.02)
    assert clip.words[1].start_seconds == pytest.approx(1.0 / speed)
    assert np.abs(clip.samples[-RATE // 10 :]).max() > 0.2  # the end is there


def test_its_own_pace_is_left_alone():
    clip = Clip(np.ones(100, np.float32), RATE)
    assert at_pace(clip, 1.0) is clip
