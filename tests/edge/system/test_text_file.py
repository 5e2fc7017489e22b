"""Files that somebody names: nothing of them is believed before it is looked at."""

import os
import struct
import time
import zipfile

import numpy as np
import pytest

from voiceguide.__main__ import main
from voiceguide.core.errors import DeviceError, ModelError, RoutineError, SettingsError
from voiceguide.core.suggest import nearest
from voiceguide.edge.files.phrase_reading import is_phrase_file, read_phrase_file
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.catalogue import load_catalogue
from voiceguide.edge.models.unpack import unpack
from voiceguide.edge.system.text_file import home_expanded, read_text
from voiceguide.edge.voice.voice_store import load_voices
from voiceguide.rehearsal.screenplay import parse_line, read_screenplay
from voiceguide.settings.load import load_settings


def wav(path, rate=16_000, channels=1, samples=1000):
    data = np.zeros(samples * channels, "<i2").tobytes()
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * 2 * channels, 2 * channels, 16)
    body = (
        b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data)) + data
    )
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@pytest.fixture
def endless(tmp_path):
    """What never ends, and what never begins."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    return ["/dev/zero", pipe]


def test_what_never_ends_is_refused_at_once(endless):
    for path in map(type(endless[1]), endless):
        with pytest.raises(RoutineError, match="not an ordinary file"):
            read_text(path, RoutineError)
        with pytest.raises(RoutineError):
            read_phrase_file(path)
        with pytest.raises(RoutineError):
            read_screenplay(path)
        with pytest.raises(DeviceError):
            read_sound(path, 16_000)
        with pytest.raises(ModelError):
            load_catalogue(path)
        with pytest.raises(SettingsError):
            load_settings(path, {})
        assert not is_phrase_file(path)


def test_check_and_rehearse_end_on_them_too(capsys):
    assert main(["check", "/dev/zero"]) == 2
    assert main(["rehearse", "quick", "--screenplay", "/dev/zero"]) == 2
    assert main(["rehearse", "quick", "--say", "99999999999999 go"]) == 2
    assert max(map(len, capsys.readouterr().err.splitlines())) < 500


def test_the_text_of_a_file_comes_without_its_mark(tmp_path):
    file = tmp_path / "text"
    file.write_bytes("\ufeffwörds".encode())
    assert read_text(file, RoutineError) == "wörds"
    for data in (b"\xff", b"a\0b", b"x" * 50):
        file.write_bytes(data)
        with pytest.raises(RoutineError):
            read_text(file, RoutineError, most_bytes=40)
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RoutineError):
            read_text(path, RoutineError)


@pytest.mark.parametrize(("rate", "channels"), [(1, 1), (100, 1), (4_000_000, 1), (8000, 1000)])
def test_a_head_that_lies_costs_nothing(tmp_path, rate, channels):
    with pytest.raises(DeviceError, match="Hz"):
        read_sound(wav(tmp_path / "lies.wav", rate, channels), 16_000)


def test_a_sound_of_an_odd_rate_is_read(tmp_path):
    assert read_sound(wav(tmp_path / "a.wav", 11_025, 3, 11_025), 16_000).seconds == 1.0


@pytest.mark.parametrize(
    "line",
    ["99999999999999 go", "99999:00 go", "21601 go", "when ready +99999: go", "9" * 5000 + " go"],
)
def test_a_time_that_never_comes_is_refused(tmp_path, line):
    with pytest.raises(RoutineError):
        parse_line(line, "here:1", tmp_path)
    with pytest.raises(RoutineError):
        parse_line(f"when waiting #{'9' * 5000} +3: next", "here:1", tmp_path)


def test_a_phrase_file_that_is_nested_deep_is_refused(tmp_path):
    file = tmp_path / "phrases.yaml"
    for text in ("[" * 600, "format: " + "[" * 600 + "]" * 600, "{a: " * 600 + "}" * 600):
        file.write_text(text)
        with pytest.raises(RoutineError):
            read_phrase_file(file)


MODEL = 'address = "https://x"\nsha256 = ""\nabout = ""\nlanguage = ""\nlicence = ""\n'


@pytest.mark.parametrize(
    "text",
    [
        f"[x]\n{MODEL}size_bytes = inf\nmemory_bytes = 1",
        f"[x]\n{MODEL}size_bytes = 1\nmemory_bytes = nan",
        "x = 5",
        "x = " + "[" * 5000,
        "x = " + "9" * 5000,
        "[[",
    ],
)
def test_a_catalogue_that_makes_no_sense_is_one_sentence(tmp_path, text):
    file = tmp_path / "list.toml"
    file.write_text(text)
    for load in (load_catalogue, load_voices):
        with pytest.raises(ModelError):
            load(file)


@pytest.mark.parametrize(
    "text",
    [
        "[voice]\nwords_per_minute = " + "9" * 5000,
        "[voice]\nwords_per_minute = inf",
        "[voice]\nwords_per_minute = nan",
        "[strokes]\ntempo = 1e999",
        '[ears]\nmodel = "~nobody-of-that-name/x"\nx = 1',
        "x = 0001-99-99",
        "y" * 900_000 + " = 1",
        "x = " + "[" * 3000 + "]" * 3000,
        '[mqtt]\nhost = "' + "x" * 5000 + '"\nprot = 1',
    ],
)
def test_settings_that_make_no_sense_are_one_short_sentence_soon(tmp_path, text):
    file = tmp_path / "settings.toml"
    file.write_text(text)
    began = time.process_time()
    with pytest.raises(SettingsError):
        load_settings(file, {})
    assert time.process_time() - began < 5.0


def test_nobody_has_no_home_and_long_words_are_near_to_none():
    assert str(home_expanded("~nobody-of-that-name/x")) == "~nobody-of-that-name/x"
    assert nearest("x" * 1000, ["xx"]) is None


def test_garbled_archives_are_damaged(tmp_path):
    archive = tmp_path / "model.zip"
    for kind in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with zipfile.ZipFile(archive, "w", kind) as made:
            made.writestr("m/file", bytes(range(256)) * 40)
        whole = archive.read_bytes()
        for at in range(30, 120):
            archive.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
            folder = tmp_path / f"{kind}-{at}"
            folder.mkdir()
            try:
                unpack(archive, folder, most_bytes=1_000_000)
            except ModelError as error:
                assert str(archive) in str(error)
