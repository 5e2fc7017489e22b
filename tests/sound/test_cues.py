import importlib.util
from importlib.machinery import SourceFileLoader
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from voiceguide.core.effects import SWELLS, Cue
from voiceguide.core.errors import DeviceError
from voiceguide.sound.cues import cues_folder, load_cues

ROOT = Path(__file__).resolve().parents[2]
CUES = load_cues()
SHORT = [cue for cue in Cue if cue not in SWELLS]


def spectrogram(samples: np.ndarray) -> np.ndarray:
    """Power by (10 ms frame, 100 Hz band), the whole normalised, 200 ms long."""
    padded = np.zeros(9600)
    padded[: len(samples)] = samples
    power = np.abs(np.fft.rfft(padded.reshape(20, 480) * np.hanning(480), axis=1)) ** 2
    return power / np.sqrt((power**2).sum())


def test_the_committed_files_are_what_the_script_makes(tmp_path):
    loader = SourceFileLoader("make_cues", str(ROOT / "scripts" / "make_cues"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_cues", loader))
    loader.exec_module(module)
    module.write(tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in cues_folder().glob("*.wav")}
    assert sorted(made) == sorted(f"{cue.value}.wav" for cue in SHORT)


@pytest.mark.parametrize("cue", SHORT)
def test_each_cue_is_short_soft_and_without_clicks(cue):
    clip = CUES[cue]
    assert clip.seconds < 0.2
    assert np.abs(clip.samples).max() < 10 ** (-3 / 20)
    loudness = np.sqrt((clip.samples.astype(float) ** 2).sum() / (0.1 * clip.sample_rate_hz))
    assert 20 * np.log10(loudness) == pytest.approx(-26.0, abs=0.1)
    assert np.abs(clip.samples[[0, -1]]).max() < 1e-3
    assert np.abs(clip.samples[:10]).max() < 0.01
    assert np.abs(clip.samples[-100:]).max() < 0.01


@pytest.mark.parametrize("cue", SHORT)
def test_its_energy_is_where_a_tap_masks_least(cue):
    clip = CUES[cue]
    power = np.abs(np.fft.rfft(clip.samples)) ** 2
    hz = np.fft.rfftfreq(len(clip.samples), 1 / clip.sample_rate_hz)
    assert power[(hz >= 1000) & (hz <= 4000)].sum() > 0.85 * power.sum()


@pytest.mark.parametrize(("one", "other"), list(combinations(SHORT, 2)))
def test_no_two_cues_are_alike(one, other):
    alike = (spectrogram(CUES[one].samples) * spectrogram(CUES[other].samples)).sum()
    assert alike < 0.75


def test_a_missing_or_wrong_file_is_named(tmp_path):
    with pytest.raises(DeviceError, match=r"tick\.wav cannot be read"):
        load_cues(tmp_path)
    (tmp_path / "tick.wav").write_bytes(b"RIFF but not really")
    with pytest.raises(DeviceError, match=r"tick\.wav cannot be read"):
        load_cues(tmp_path)
