"""Clips without the room for tags that libopus leaves in each."""

import io

import numpy as np
import pytest
import soundfile

from voiceguide.edge.voice.ogg import unpadded


def opus(seconds=0.5):
    sound = io.BytesIO()
    wave = 0.3 * np.sin(2 * np.pi * 220 * np.arange(round(24_000 * seconds)) / 24_000)
    soundfile.write(sound, wave.astype(np.float32), 24_000, format="OGG", subtype="OPUS")
    return sound.getvalue()


def test_the_sound_is_the_same_and_the_file_smaller():
    whole = opus()
    less = unpadded(whole)
    assert len(less) < len(whole) - 500
    same, rate = soundfile.read(io.BytesIO(less))
    assert rate == 24_000
    assert np.array_equal(same, soundfile.read(io.BytesIO(whole))[0])
    assert unpadded(less) == less


@pytest.mark.parametrize("length", [0, 3, 30, 46, 60, 100])
def test_what_is_cut_off_stays_as_it_is(length):
    part = opus()[:length]
    assert unpadded(part) == part


def test_what_is_no_opus_or_has_tags_of_its_own_stays_as_it_is():
    whole = opus()
    assert unpadded(b"RIFF" + whole) == b"RIFF" + whole
    at = whole.index(b"OpusTags")
    vendor = int.from_bytes(whole[at + 8 : at + 12], "little")
    tagged = bytearray(whole)
    tagged[at + 12 + vendor] = 1
    assert unpadded(bytes(tagged)) == bytes(tagged)
