import importlib.util
from importlib.machinery import SourceFileLoader
from itertools import combinations, product

import numpy as np
import pytest
from support.places import ROOT

from voiceguide.core.effects import SWELLS, Cue
from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.sound.clip import Clip
from voiceguide.sound.cues import cue_sets, cues_folder, load_cues
from voiceguide.sound.lufs import loudness
from voiceguide.sound.speech import SPEECH_LUFS

SETS = ("usual", *cue_sets())
SHORT = [cue for cue in Cue if cue not in SWELLS]


CUES = {name: load_cues(None if name == "usual" else name) for name in SETS}
EACH = list(product(SETS, SHORT))


def make_cues():
    loader = SourceFileLoader("make_cues", str(ROOT / "scripts" / "make_cues"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("make_cues", loader))
    loader.exec_module(module)
    return module


def spectrogram(samples: np.ndarray) -> np.ndarray:
    """Power by (10 ms frame, 100 Hz band), the whole normalised, 250 ms long."""
    padded = np.zeros(12000)
    padded[: len(samples)] = samples
    power = np.abs(np.fft.rfft(padded.reshape(25, 480) * np.hanning(480), axis=1)) ** 2
    return power / np.sqrt((power**2).sum())


def test_the_committed_files_are_what_the_script_makes(tmp_path):
    make_cues().write(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.wav")}
    there = cues_folder()
    assert made == {path.relative_to(there): path.read_bytes() for path in there.rglob("*.wav")}
    for folder in (tmp_path, *(tmp_path / name for name in cue_sets())):
        assert {path.stem for path in folder.glob("*.wav")} == {cue.value for cue in SHORT}


@pytest.mark.parametrize(("name", "cue"), EACH)
def test_each_cue_is_short_soft_and_without_clicks(name, cue):
    clip = CUES[name][cue]
    assert clip.seconds <= 0.25
    assert np.abs(clip.samples).max() < 10 ** (-3 / 20)
    assert np.abs(clip.samples[[0, -1]]).max() < 1e-3
    assert np.abs(clip.samples[:10]).max() < 0.01
    assert np.abs(clip.samples[-100:]).max() < 0.01


@pytest.mark.parametrize(("name", "cue"), EACH)
def test_all_cues_are_equally_loud_but_for_those_that_are_to_be_soft(name, cue):
    script = make_cues()
    loudness = script.loudness_lufs(CUES[name][cue].samples.astype(float))
    wanted = script.LOUDNESS_LUFS - script.SOFTER_DB.get(cue.value, 0.0)
    assert loudness == pytest.approx(wanted, abs=0.05)


@pytest.mark.parametrize(("name", "cue"), EACH)
def test_cues_are_in_proportion_to_what_is_said(name, cue):
    """Both by the meter that sentences are made equally loud with."""
    clip = CUES[name][cue]
    window = np.zeros(round(0.4 * clip.sample_rate_hz), np.float32)
    window[: len(clip.samples)] = clip.samples
    under = SPEECH_LUFS - loudness(Clip(window, clip.sample_rate_hz))
    softer = make_cues().SOFTER_DB.get(cue.value, 0.0)
    assert under == pytest.approx(9.5 + softer, abs=0.5)


@pytest.mark.parametrize(("name", "cue"), EACH)
def test_a_meter_of_others_finds_them_equally_loud(name, cue):
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="it is among the benches' packages")
    clip = CUES[name][cue]
    window = np.zeros(round(0.4 * clip.sample_rate_hz))
    window[: len(clip.samples)] = clip.samples
    meter = pyloudnorm.Meter(clip.sample_rate_hz, block_size=0.4)
    assert meter.integrated_loudness(window) == pytest.approx(-30.5, abs=0.3)


@pytest.mark.parametrize(("name", "cue"), EACH)
def test_its_energy_is_where_a_tap_masks_least(name, cue):
    clip = CUES[name][cue]
    power = np.abs(np.fft.rfft(clip.samples)) ** 2
    hz = np.fft.rfftfreq(len(clip.samples), 1 / clip.sample_rate_hz)
    assert power[(hz >= 1000) & (hz <= 4000)].sum() > 0.85 * power.sum()


@pytest.mark.parametrize("name", SETS)
def test_no_two_cues_of_a_set_are_alike(name):
    for one, other in combinations(SHORT, 2):
        clips = CUES[name][one], CUES[name][other]
        alike = (spectrogram(clips[0].samples) * spectrogram(clips[1].samples)).sum()
        assert alike < 0.75, (one, other)


def test_a_folder_of_ones_own_takes_the_place_of_what_it_has(tmp_path):
    for name in ("tick", "breathe-in"):
        (tmp_path / f"{name}.wav").write_bytes((cues_folder() / "soft" / "done.wav").read_bytes())
    own = load_cues(tmp_path)
    assert np.array_equal(own[Cue.TICK].samples, CUES["soft"][Cue.DONE].samples)
    assert np.array_equal(own[Cue.HEARD].samples, CUES["usual"][Cue.HEARD].samples)
    assert Cue.BREATHE_IN in own and Cue.BREATHE_OUT not in own


def test_a_set_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(SettingsError, match="no cues called 'bowls'; did you mean bowl"):
        load_cues("bowls")
    with pytest.raises(SettingsError, match="there are bowl, soft, wood, or a folder"):
        load_cues("xylophone")
    with pytest.raises(SettingsError, match="has no cue sound in it"):
        load_cues(tmp_path)


def test_a_wrong_file_is_named(tmp_path):
    (tmp_path / "tick.wav").write_bytes(b"RIFF but not really")
    with pytest.raises(DeviceError, match=r"tick\.wav cannot be read"):
        load_cues(tmp_path)
