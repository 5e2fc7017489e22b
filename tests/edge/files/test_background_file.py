"""A background by name or out of a file."""

import numpy as np
import pytest
import soundfile

from voiceguide.core.errors import DeviceError
from voiceguide.edge.files.background_file import load_background


def test_none_and_the_drone():
    assert load_background(None, 16_000) is None
    assert load_background("drone", 16_000) is not None


def test_a_file_of_any_rate_is_looped(tmp_path):
    path = tmp_path / "rain.flac"
    random = np.random.default_rng(1)
    soundfile.write(path, random.normal(0, 0.1, (5 * 22_050, 2)), 22_050)
    background = load_background(str(path), 16_000)
    out = np.zeros(8 * 16_000, np.float32)
    background.add(out, 0, lambda start, stop: False)
    assert np.abs(out[-16_000:]).max() > 0


@pytest.mark.parametrize(
    ("seconds", "height", "why"),
    [(2.0, 0.1, "is 2.0 s long; use a sound of at least 4 s"), (6.0, 0.0, "is silent")],
)
def test_what_cannot_be_looped_is_refused(tmp_path, seconds, height, why):
    path = tmp_path / "sound.wav"
    soundfile.write(path, np.full(round(seconds * 8000), height), 8000)
    with pytest.raises(DeviceError, match=why):
        load_background(str(path), 16_000)


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(DeviceError, match="is not there"):
        load_background("no-such.wav", 16_000)
