"""The real Piper package with a tiny voice: a graph of 500 bytes that hums as long as it is asked.

Skipped where the extra ``piper`` is not installed. ``tests/data/voice/tone.onnx`` is made of Shape,
Gather, Cast, Mul, Range, Sin and Unsqueeze: 700 samples for each phoneme, times the length scale.
"""

import importlib.util
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from support.places import DATA

from voiceguide.edge.voice.voice import Voice

TONE = DATA / "voice" / "tone.onnx"
RATE = 22_050
SYMBOLS = "_^$ !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœɐɑɒɔɕɖəɚɛɜɟɡɣɪɫɬɭɯɲɹɾʁʃʊʋʌʎʒʔʰˈˌːˑ˞ᵻ"
SENTENCE = "Let the shoulders sink."

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("piper") is None, reason="the extra piper is not installed"
)


@pytest.fixture
def tone(tmp_path) -> Path:
    path = tmp_path / "tone.onnx"
    shutil.copy(TONE, path)
    config = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1.0, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "phoneme_type": "espeak",
        "phoneme_id_map": {symbol: [number] for number, symbol in enumerate(SYMBOLS)},
    }
    path.with_name("tone.onnx.json").write_text(json.dumps(config))
    return path


def test_the_package_speaks_through_the_worker_at_the_asked_rate(tone, tmp_path):
    with Voice(str(tone), cache_dir=tmp_path / "cache") as voice:
        usual = voice.render(SENTENCE, 150)
        slow = voice.render(SENTENCE, 110)
        longer = voice.render(f"{SENTENCE} {SENTENCE}", 150)
    assert usual.sample_rate_hz == RATE
    assert 0.5 < usual.seconds < 5
    assert slow.seconds == pytest.approx(usual.seconds * 150 / 110, rel=0.1)
    assert longer.seconds > 1.6 * usual.seconds
    pitch = np.abs(np.fft.rfft(usual.samples * np.hanning(len(usual.samples)))).argmax()
    assert pitch / usual.seconds == pytest.approx(220, abs=3)
    assert [word.text for word in usual.words] == ["let", "the", "shoulders", "sink"]
