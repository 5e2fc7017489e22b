"""Piper voices: found by name or path, fetched whole or not at all."""

import hashlib

import pytest
from support.model_server import Behaviour, serving, source_of

from voiceguide.core.errors import ModelError, SettingsError, SpeechError
from voiceguide.edge.voice.voice_store import KnownVoice, fetch_voice, find_voice, load_voices

MODEL = b"the stand-in of a voice, large enough to break off. " * 4000
CONFIG = b'{"audio": {"sample_rate": 22050}}'


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path / "voices"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "voices"


@pytest.fixture
def served():
    """A catalogue of one voice, and how its two files are served."""
    model, config = Behaviour(MODEL), Behaviour(CONFIG)
    with serving(model) as model_address, serving(config) as config_address:
        known = KnownVoice(
            name="stand-in",
            about="a stand-in",
            language="en",
            licence="CC0",
            model=source_of(model_address, MODEL),
            config=source_of(config_address, CONFIG),
        )
        yield {"stand-in": known}, model, config


def test_the_list_that_ships_is_pinned():
    voices = load_voices()
    assert "en_GB-alba-medium" in voices
    for voice in voices.values():
        for part in (voice.model, voice.config):
            assert part.address.startswith("https://huggingface.co/rhasspy/piper-voices/")
            assert "/resolve/v1.0.0/" in part.address
            assert len(part.sha256) == hashlib.sha256().digest_size * 2
            assert part.size_bytes > 1000


def test_a_fetched_voice_is_found_by_its_name(served, folder):
    catalogue, model, _ = served
    told = []
    path = fetch_voice("stand-in", catalogue=catalogue, on_progress=lambda *at: told.append(at))
    assert path == find_voice("stand-in") == folder / "stand-in.onnx"
    assert path.read_bytes() == MODEL
    assert path.with_name("stand-in.onnx.json").read_bytes() == CONFIG
    whole = len(MODEL) + len(CONFIG)
    assert told[-1] == (whole, whole)
    assert told == sorted(told)
    assert sorted(entry.name for entry in folder.iterdir()) == [
        "stand-in.onnx",
        "stand-in.onnx.json",
    ]
    fetch_voice("stand-in", catalogue=catalogue)
    assert len(model.requests) == 1


def test_a_fetch_that_broke_off_goes_on_where_it_was(served):
    catalogue, model, _ = served
    model.hangs_up_after_bytes = 5000
    model.knows_ranges = True
    with pytest.raises(ModelError, match="the same command goes on from there"):
        fetch_voice("stand-in", catalogue=catalogue)
    assert find_voice("stand-in") is None
    model.hangs_up_after_bytes = None
    assert fetch_voice("stand-in", catalogue=catalogue).read_bytes() == MODEL
    assert any("Range" in request for request in model.requests)


def test_a_file_that_is_another_is_thrown_away(served, folder):
    catalogue, model, _ = served
    model.content = MODEL[::-1]
    with pytest.raises(ModelError, match="SHA-256 differs"):
        fetch_voice("stand-in", catalogue=catalogue)
    assert not (folder / "stand-in.onnx").exists()


def test_names_that_are_no_piper_voice_are_left_to_the_engine():
    for name in (None, "", "english", "gmw/en-us+m3"):
        assert find_voice(name) is None


def test_what_is_missing_is_told_in_one_sentence(tmp_path):
    with pytest.raises(SpeechError, match="voiceguide voices fetch en_GB-alba-medium"):
        find_voice("en_GB-alba-medium")
    with pytest.raises(SpeechError, match="there is no voice file"):
        find_voice(str(tmp_path / "none.onnx"))
    (tmp_path / "own.onnx").write_bytes(b"x")
    with pytest.raises(SpeechError, match=r"put own\.onnx\.json beside it"):
        find_voice(str(tmp_path / "own.onnx"))
    with pytest.raises(SettingsError, match="did you mean en_GB-alba-medium"):
        fetch_voice("alba-medium")


def test_a_list_that_is_wrong_is_named(tmp_path):
    path = tmp_path / "voices.toml"
    path.write_text("[a]\nabout = 'x'\n")
    with pytest.raises(ModelError, match=r"the voice a in the list .* lacks 'model'"):
        load_voices(path)
