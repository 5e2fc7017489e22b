"""Utterances are kept only where asked, whole, and with what they meant."""

import errno
import json
import shutil

import numpy as np
import pytest
import soundfile

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Heard
from voiceguide.core.errors import SettingsError
from voiceguide.edge.devices import recorder as recorder_module
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


def test_a_disk_that_fails_is_logged_and_the_next_one_is_kept(tmp_path, caplog, monkeypatch):
    recorder = Recorder(tmp_path / "kept")
    fill(recorder, 5)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as now:
        now.setattr(recorder_module, "write_whole", full)
        for _ in range(3):
            recorder.keep(heard(2.0, 2.5))
    assert caplog.text.count("No space left") == 1
    assert list((tmp_path / "kept").iterdir()) == []
    shutil.rmtree(tmp_path / "kept")
    recorder.keep(heard(2.0, 2.5))
    assert len(list((tmp_path / "kept").glob("*.flac"))) == 1
    assert caplog.text.count("keeps again") == 1


def test_nobody_else_can_hear_what_was_kept(tmp_path):
    recorder = Recorder(tmp_path / "kept")
    fill(recorder, 5)
    recorder.keep(heard(2.0, 2.5))
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "kept").iterdir()} == {0o600}
