"""What was played comes back, aligned to the sample."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.sound.echo.reference import played
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.sample_ring import SampleHistory


@settings(derandomize=True, max_examples=60)
@given(st.lists(st.integers(0, 25), max_size=12), st.integers(-5, 120), st.integers(0, 40))
def test_the_history_gives_the_newest_samples_and_silence_elsewhere(lengths, start, count):
    history, everything = SampleHistory(20), np.zeros(0, np.float32)
    for length in lengths:
        block = np.arange(1, length + 1, dtype=np.float32) + len(everything)
        history.add(block)
        everything = np.concatenate((everything, block))
    wanted = np.zeros(count, np.float32)
    for index in range(count):
        position = start + index
        if max(0, len(everything) - 20) <= position < len(everything):
            wanted[index] = everything[position]
    assert np.array_equal(history.read(start, start + count), wanted)


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_blocks_that_follow_one_another_join_without_a_seam(rate):
    time = np.arange(2 * rate) / rate
    mixer = Mixer(rate)
    mixer.play((0.3 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), 0, tag=None)
    mixer.render(len(time))
    ends = 0.5 + 0.05 * np.arange(20)
    found = np.concatenate([played(mixer, float(end), 800, 16_000) for end in ends])
    at = 0.45 + np.arange(len(found)) / 16_000
    wanted = 0.3 * np.sin(2 * np.pi * 440 * at)
    assert np.abs(found - wanted).max() < 0.003


def test_silence_is_silence():
    mixer = Mixer(48_000)
    mixer.render(48_000)
    assert not played(mixer, 0.9, 800, 16_000).any()
