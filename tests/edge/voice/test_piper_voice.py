"""A Piper voice through its worker process, with a stand-in for the package and the voice."""

import re
from pathlib import Path

import numpy as np
import pytest
from support.places import ROOT

from voiceguide.core.errors import SpeechError
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.voice.voice import Voice

STAND_IN = '''
"""Hums one letter in 0.06 s; writes down what it was asked for."""
from dataclasses import dataclass
from pathlib import Path


@dataclass
class SynthesisConfig:
    length_scale: float = 1.0


class PiperVoice:
    def __init__(self, path):
        self.log = Path(path).with_name("log")
        print("a runtime that prints")

    @classmethod
    def load(cls, path):
        if not Path(path).read_bytes():
            raise ValueError("no model in it")
        return cls(path)

    def synthesize_wav(self, text, wav_file, syn_config):
        with self.log.open("a") as log:
            log.write(f"{syn_config.length_scale:.3f} {text}\\n")
        wav_file.setnchannels(1)
        wav_file.setsampwidth(2)
        wav_file.setframerate(22050)
        count = int(22050 * 0.06 * len(text) * syn_config.length_scale)
        samples = ((i * 440 // 22050 % 2 * 2 - 1) * 6000 for i in range(count))
        wav_file.writeframes(b"".join(s.to_bytes(2, "little", signed=True) for s in samples))
'''
SENTENCE = "Let the shoulders sink."


@pytest.fixture
def own(tmp_path, monkeypatch) -> Path:
    """A voice file of one's own, in a world in which Piper is installed."""
    package = tmp_path / "packages" / "piper"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(STAND_IN)
    root = ROOT
    monkeypatch.setenv("PYTHONPATH", f"{package.parent}:{root}")
    path = tmp_path / "own.onnx"
    path.write_bytes(b"a voice")
    path.with_name("own.onnx.json").write_text("{}")
    return path


def test_it_speaks_at_the_asked_rate_and_only_once(own, tmp_path):
    with Voice(str(own), cache_dir=tmp_path / "cache") as voice:
        usual = voice.render(SENTENCE, 150)
        slow = voice.render(SENTENCE, 110)
        again = voice.render(SENTENCE, 150)
    assert slow.seconds == pytest.approx(usual.seconds * 150 / 110, rel=0.1)
    assert np.array_equal(usual.samples, again.samples)
    log = own.with_name("log").read_text().splitlines()
    assert log == [f"1.000 {SENTENCE}", f"1.364 {SENTENCE}"]


def test_a_voice_file_that_cannot_be_used_is_one_sentence(own, tmp_path):
    own.write_bytes(b"")
    with (
        Voice(str(own), cache_dir=tmp_path / "cache") as voice,
        pytest.raises(SpeechError, match=r"cannot be used: no model in it; fetch it again"),
    ):
        voice.render(SENTENCE, 150)


def test_without_the_package_it_says_how_to_install_it(own, tmp_path):
    (tmp_path / "packages" / "piper" / "__init__.py").write_text("raise ImportError('no piper')")
    with (
        Voice(str(own), cache_dir=tmp_path / "cache") as voice,
        pytest.raises(SpeechError, match=re.escape(how_to_add("piper"))),
    ):
        voice.render(SENTENCE, 150)


def test_a_voice_that_was_not_fetched_is_told_at_once(monkeypatch, tmp_path):
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path))
    with pytest.raises(SpeechError, match="voices fetch en_US-lessac-medium"):
        Voice("en_US-lessac-medium")
