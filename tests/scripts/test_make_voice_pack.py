"""Making the pack that ships: only what is new or has changed is rendered."""

import sys
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
import voice_pack.__main__ as maker

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.lint import words
from voiceguide.edge.voice.pack import VoicePack
from voiceguide.edge.voice.rendering import finished_key
from voiceguide.sound.clip import Clip

RATE = 24_000


class Hum:
    """Kokoro, as far as this is concerned."""

    asked: ClassVar[list[str]] = []

    def __init__(self, *_: object) -> None:
        pass

    def render(self, text: str, words_per_minute: int) -> Clip:
        self.asked.append(text)
        said = words(text)
        wave = 0.3 * np.sin(2 * np.pi * 200 * np.arange(round(0.3 * len(said) * RATE)) / RATE)
        told = tuple(SpokenWord(word, 0.3 * at, 0.3 * at + 0.25) for at, word in enumerate(said))
        return Clip(wave.astype(np.float32), RATE, told)


@pytest.fixture
def make(tmp_path, monkeypatch):
    """Makes a pack of some sentences; gives what had to be rendered for it."""
    monkeypatch.setattr(maker, "open_kokoro", Hum)

    def run(texts: list[str], *options: str) -> list[str]:
        Hum.asked.clear()
        monkeypatch.setattr(maker, "pack_sayings", lambda *_, **__: tuple(texts))
        out = ["--out", str(tmp_path / "a.pack"), "--store", str(tmp_path / "store")]
        monkeypatch.setattr(sys, "argv", ["make_voice_pack", *out, *options])
        assert maker.main() == 0
        return [*Hum.asked]

    return run


def packed(path: Path, text: str):
    return VoicePack(path).packed(text, finished_key("af_heart", text))


def test_a_sentence_more_is_the_only_one_rendered(make, tmp_path, capsys):
    assert make(["One.", "Two."]) == ["One.", "Two."]
    before = {text: packed(tmp_path / "a.pack", text) for text in ("One.", "Two.")}
    for file in (tmp_path / "store").iterdir():
        file.unlink()
    assert make(["Two.", "Three.", "One."]) == ["Three."]
    assert "3 sentences; taken over: 2, to be rendered: 1" in capsys.readouterr().out
    assert {text: packed(tmp_path / "a.pack", text) for text in ("One.", "Two.")} == before
    assert packed(tmp_path / "a.pack", "Three.")


def test_what_is_written_otherwise_for_the_voice_is_rendered_again(make, tmp_path, monkeypatch):
    make(["One.", "Two."])
    new = {"Two.": "other-3"}
    monkeypatch.setattr(
        maker, "finished_key", lambda voice, text: new.get(text) or finished_key(voice, text)
    )
    monkeypatch.setattr(maker, "rendering", lambda _, text, __: f"raw-{text}")
    assert make(["One.", "Two."]) == ["Two."]
    assert VoicePack(tmp_path / "a.pack").packed("Two.", "other-3")


def test_without_a_pack_to_take_over_from_the_store_is_used(make, tmp_path, capsys):
    make(["One.", "Two."])
    assert make(["One.", "Two."], "--from", "/dev/null") == []
    assert "taken over: 0, to be rendered: 0" in capsys.readouterr().out


def test_counting_changes_nothing(make, tmp_path, capsys):
    make(["One."])
    size = (tmp_path / "a.pack").stat().st_size
    assert make(["One.", "Two."], "--count") == []
    assert "to be rendered: 1" in capsys.readouterr().out
    assert (tmp_path / "a.pack").stat().st_size == size
