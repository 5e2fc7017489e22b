"""The ring of the newest samples: whatever is read is what was added there, or silence."""

import numpy as np
import pytest

from voiceguide.sound.sample_ring import SampleHistory


@pytest.mark.parametrize("step", [1, 7, 64, 100, 250])
def test_every_stretch_is_read_as_it_was_added(step):
    capacity, added = 100, 630
    stream = np.arange(1, added + 1, dtype=np.float32)
    history = SampleHistory(capacity)
    for start in range(0, added, step):
        history.add(stream[start : start + step])
    known = np.zeros(added + 300, np.float32)
    known[added - capacity : added] = stream[-capacity:]
    for start in range(added - 250, added + 150, 13):
        for length in (0, 1, 40, 99, 100, 101, 140):
            if start >= 0:
                read = history.read(start, start + length)
                assert np.array_equal(read, known[start : start + length]), (start, length)


@pytest.mark.parametrize("step", [1, 30, 100, 170])
def test_silence_is_read_as_silence_and_sound_around_it_as_it_was(step):
    history, stream = SampleHistory(100), np.zeros(1000, np.float32)
    at = 0
    for sounds, length in ((True, 80), (False, 60), (True, 30), (False, 340), (True, 150)):
        end = at + length
        while at < end:
            count = min(step, end - at)
            if sounds:
                stream[at : at + count] = np.arange(at, at + count) + 1
                history.add(stream[at : at + count])
            else:
                history.add_silence(count)
            at += count
            kept = stream.copy()
            kept[: max(0, at - 100)] = 0.0
            assert np.array_equal(history.read(0, 1000), kept)
        if sounds:
            assert history.silent_from == at


def test_before_anything_was_added_all_is_silence():
    assert not SampleHistory(10).read(-5, 20).any()
