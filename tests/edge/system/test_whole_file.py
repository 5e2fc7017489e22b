"""A file is written whole, or what was there before stays."""

import contextlib
import errno
import io
import resource
from types import SimpleNamespace

import numpy as np
import pytest

from voiceguide.__main__ import main
from voiceguide.cli import sound_output
from voiceguide.core.errors import DiskError, SettingsError
from voiceguide.edge.system import whole_file as whole_file_module
from voiceguide.edge.system.whole_file import whole_file
from voiceguide.rehearsal import rehearsal


def test_what_fails_in_the_middle_leaves_what_was_there(tmp_path):
    file = tmp_path / "session.json"
    file.write_text("before")
    with pytest.raises(DiskError, match="no room is left"), whole_file(file) as part:
        part.write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]
    with whole_file(file) as part:
        part.write_text("after")
    assert file.read_text() == "after"
    assert list(tmp_path.iterdir()) == [file]


@contextlib.contextmanager
def files_up_to(count_bytes):
    """No file of this process can be longer."""
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count_bytes, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["card", "quick", "-o"], "card.html"),
        (["show", "quick", "--timeline"], "plan.svg"),
        (["history", "--csv"], "days.csv"),
    ],
)
def test_no_command_leaves_half_a_file_on_a_full_disk(tmp_path, monkeypatch, capsys, words, name):
    """The file system takes the name and a few bytes, as a full one does."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with files_up_to(20):
        assert main([*words, str(tmp_path / name)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"voiceguide: no room is left on the disk for {tmp_path / name};")
    assert not [each for each in tmp_path.iterdir() if each.is_file()]


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path):
    file = tmp_path / "no" / "file"
    with pytest.raises(SettingsError, match="cannot be written"), whole_file(file) as part:
        part.write_text("x")


@pytest.mark.parametrize("kind", [rehearsal.soundfile.LibsndfileError, AssertionError])
def test_the_sound_of_a_rehearsal_on_a_full_disk_is_one_sentence(tmp_path, monkeypatch, kind):
    def full(*_):
        raise kind(4)

    monkeypatch.setattr(rehearsal.soundfile.SoundFile, "write", full)
    with rehearsal.ExitStack() as stack:
        write = rehearsal._writer(tmp_path / "a.wav", stack)
        with pytest.raises(DiskError, match="no room is left on the disk"):
            write(np.zeros(10, np.int16))


class Full(io.BytesIO):
    """A file on a disk without room."""

    def write(self, _):
        raise OSError(errno.ENOSPC, "No space left on device")


def fail(*_, **__):
    raise rehearsal.soundfile.LibsndfileError(2)


def begin_rehearsal(path):
    with rehearsal.ExitStack() as stack:
        rehearsal._writer(path, stack)


def write_said(path):
    sound_output.write_clip(
        path, SimpleNamespace(samples=np.zeros(10, np.float32), sample_rate_hz=16_000)
    )


@pytest.mark.parametrize("write", [begin_rehearsal, write_said])
def test_a_sound_that_a_full_disk_refuses_from_the_start_blames_the_disk(
    tmp_path, monkeypatch, write
):
    monkeypatch.setattr(rehearsal.soundfile, "SoundFile", fail)
    monkeypatch.setattr(rehearsal.soundfile, "write", fail)
    with pytest.raises(SettingsError, match=r"ends in \.wav or \.flac"):
        write(tmp_path / "a.wav")
    monkeypatch.setattr(whole_file_module.tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(DiskError, match="no room is left on the disk"):
        write(tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []
