"""Utterances are kept only where asked, whole, and with what they meant."""

import json

import numpy as np
import pytest
import soundfile

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Heard
from voiceguide.core.errors import SettingsError
from voiceguide.edge.devices.recorder import Recorder


def heard(start, end, phrase=None):
    return Heard("next", phrase, "votes agree", start, end, end + 0.2, 0.9, 20.0)


def fill(recorder, seconds):
    """Blocks whose samples tell when they were recorded, in hundredths of a second."""
    for index in range(round(seconds / 0.05)):
        recorder.take(np.full(800, index * 5, np.int16), (index + 1) * 0.05)


def test_an_utterance_is_kept_with_a_margin_and_its_meaning(tmp_path):
    recorder = Recorder(tmp_path / "kept")
    fill(recorder, 5)
    recorder.keep(heard(2.0, 2.5, Phrase("next", Command.NEXT)))
    samples, rate = soundfile.read(tmp_path / "kept" / "utterance-0001.flac", dtype="int16")
    assert rate == 16_000
    assert samples[0] <= 160
    assert samples[-1] >= 280
    record = json.loads((tmp_path / "kept" / "utterance-0001.json").read_text("utf-8"))
    assert (record["command"], record["latency_s"]) == ("next", 0.2)


def test_numbers_go_on_and_rejected_ones_are_kept_too(tmp_path):
    for number in (1, 2):
        recorder = Recorder(tmp_path)
        fill(recorder, 2)
        recorder.keep(heard(1.0, 1.2))
        record = json.loads((tmp_path / f"utterance-000{number}.json").read_text("utf-8"))
        assert record["command"] is None


def test_what_is_long_gone_is_not_kept(tmp_path):
    recorder = Recorder(tmp_path)
    fill(recorder, 30)
    recorder.keep(heard(1.0, 1.2))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="another folder"):
        Recorder(tmp_path / "file" / "folder")
