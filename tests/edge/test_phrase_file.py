"""The phrases of a language: what ships, and what a wrong file is told."""

import re
from pathlib import Path

import pytest

from voiceguide.core.commands import Command
from voiceguide.core.errors import RoutineError, SettingsError
from voiceguide.edge.phrase_file import PHRASES_FOLDER, load_phrasebook, read_phrasebook

ENGLISH = (PHRASES_FOLDER / "en.yaml").read_text(encoding="utf-8")


def wrong(tmp_path: Path, text: str) -> str:
    path = tmp_path / "xx.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RoutineError) as raised:
        read_phrasebook(path)
    return str(raised.value)


@pytest.mark.parametrize("command", [one for one in Command if one is not Command.CHOOSE])
def test_every_command_has_a_one_word_form_and_a_longer_one(command: Command) -> None:
    lengths = {len(phrase.text.split()) for phrase in load_phrasebook().of(command)}
    assert 1 in lengths or command is Command.REPEAT_ZONE
    assert max(lengths) > 1 or command in (Command.SLOWER, Command.FASTER)


def test_no_phrase_is_a_decoy() -> None:
    book = load_phrasebook()
    words = {word for phrase in book.phrases for word in phrase.text.split()}
    assert not words & set(book.decoys)


def test_a_language_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(SettingsError, match=r"'tlh'; choose: .*en"):
        load_phrasebook("tlh")
    with pytest.raises(SettingsError):
        load_phrasebook("../phrases/en")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  next: [next,", "  next: [stop,", "the phrase 'stop' already asks for 'next'"),
        ("  next: [next,", "  nxt: [next,", "there is no command 'nxt'"),
        ("  next: [next,", "  back: [next,", "the command 'back' is here twice"),
        ("  next: [next, next step, next one]", "  next: []", "'next' has no phrase"),
        ("  next: [next, next step, next one]", "  next: next", "must be a list"),
        ("next step", "next 2", "'next 2' is not a phrase"),
        ("  next: [next, next step, next one]\n", "", "no phrase asks for next"),
        ("format: voiceguide-phrases/1", "format: other/9", "the format is not known"),
        ("decoys: [", "decoys: [next, ", "the decoy 'next' is also a phrase"),
        ("decoys: [", "decoy: [", "'decoy' is not known here"),
        ("commands:", "commands: {[", "this is not YAML"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in ENGLISH
    message = wrong(tmp_path, ENGLISH.replace(old, new, 1))
    assert told in message
    assert re.search(r"xx\.yaml:\d+: ", message)


def test_an_empty_file_and_a_binary_one(tmp_path: Path) -> None:
    assert "empty" in wrong(tmp_path, "")
    path = tmp_path / "binary.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RoutineError, match="not a text file"):
        read_phrasebook(path)
