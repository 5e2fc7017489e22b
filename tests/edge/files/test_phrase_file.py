"""The phrases of a language: what ships, and what a wrong file is told."""

import re
from pathlib import Path

import pytest

from voiceguide.core.commands import FROM_ELSEWHERE, Command
from voiceguide.core.errors import RoutineError, SettingsError
from voiceguide.core.session.undo import QUESTIONS
from voiceguide.edge.files.phrase_file import (
    PHRASES_FOLDER,
    load_phrase_file,
    load_phrasebook,
)
from voiceguide.edge.files.phrase_reading import is_phrase_file, read_phrase_file

ENGLISH = (PHRASES_FOLDER / "en.yaml").read_text(encoding="utf-8")


def wrong(tmp_path: Path, text: str) -> str:
    path = tmp_path / "xx.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RoutineError) as raised:
        read_phrase_file(path)
    return str(raised.value)


BREATHING = (Command.BREATHING_ON, Command.BREATHING_OFF)


@pytest.mark.parametrize("command", [one for one in Command if one not in FROM_ELSEWHERE])
def test_every_command_has_a_one_word_form_and_a_longer_one(command: Command) -> None:
    lengths = {len(phrase.text.split()) for phrase in load_phrasebook().of(command)}
    # One word for the breath would be a word of what the guide says, or a routine's name.
    assert 1 in lengths or command in (*BREATHING, *QUESTIONS, Command.REPEAT_ZONE)
    assert max(lengths) > 1 or command in (Command.SLOWER, Command.FASTER)


def test_no_phrase_is_a_decoy() -> None:
    book = load_phrasebook()
    # The minutes of a timer are numbers, as some decoys are; where they are live, those are none.
    phrases = [phrase for phrase in book.phrases if phrase.command is not Command.TIMER]
    words = {word for phrase in phrases for word in phrase.text.split()}
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
    with pytest.raises(RoutineError, match="no text in UTF-8"):
        read_phrase_file(path)


# ------------------------------------------------------------------ pronunciations


def with_pronunciations(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "xx.yaml"
    path.write_text(f"{ENGLISH}\npronunciations:\n{text}", encoding="utf-8")
    return path


def test_pronunciations_of_ones_own(tmp_path: Path) -> None:
    file = read_phrase_file(
        with_pronunciations(
            tmp_path, "  Gua: [G W AA, g w aa1]\n  sha: S HH AA\n  'no': N OW1\n  y’all: Y AO L\n"
        )
    )
    assert file.pronunciations == {
        "gua": ("G W AA", "G W AA"),
        "sha": ("S HH AA",),
        "no": ("N OW",),
        "y’all": ("Y AO L",),
    }
    assert file.book == load_phrasebook()


def test_a_file_of_ones_own_is_read_instead_of_what_ships(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(ENGLISH.replace("[next, next step,", "[onward, next step,"), encoding="utf-8")
    assert load_phrasebook("en", path).find("onward") is not None
    assert load_phrasebook("xx", path).find("onward") is not None
    assert load_phrasebook("en").find("onward") is None


def test_the_lines_of_words() -> None:
    lines = load_phrase_file("en").lines
    assert ENGLISH.splitlines()[lines["volume"] - 1].strip().startswith("louder:")
    assert "coffee" not in lines


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("  serum: S IH RR AH M\n", "'serum' cannot be used: 'RR' is no phone; phones: AA AE "),
        ("  serum: ''\n", "'serum' cannot be used: a pronunciation needs at least one phone"),
        ("  serum:\n", "'serum' cannot be used: a pronunciation needs at least one phone"),
        ("  serum: []\n", "'serum' has no pronunciation; give one or remove the word"),
        ("  serum: {a: b}\n", "a single word or text belongs here"),
        ("  two words: T UW\n", "'two words' must be one word, once"),
        ("  gua: G W AA\n  GUA: G W AA\n", "'gua' must be one word, once"),
        ("  g7: G W AA\n", "'g7' is not a phrase"),
        ("  - gua\n", "'pronunciations' must hold 'name: value' lines"),
    ],
)
def test_a_wrong_pronunciation_is_one_sentence_with_its_line(
    tmp_path: Path, text: str, complaint: str
) -> None:
    path = with_pronunciations(tmp_path, text)
    with pytest.raises(RoutineError) as raised:
        read_phrase_file(path)
    message = str(raised.value)
    lines = (f"{ENGLISH}\npronunciations:\n{text}").count("\n")
    assert message.startswith(f"{path}:{lines}: ") and complaint in message
    assert "\n" not in message


@pytest.mark.parametrize(("content", "is_one"), [
    (ENGLISH, True), ("format: voiceguide-routine/1\n", False), ("", False), (None, False)
])  # fmt: skip
def test_what_says_that_it_is_a_phrase_file(
    tmp_path: Path, content: str | None, is_one: bool
) -> None:
    path = tmp_path / "x.yaml"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    assert is_phrase_file(path) is is_one
    assert not is_phrase_file(tmp_path)


# ------------------------------------------------------------------ timers


def test_a_timer_is_said_with_its_minutes(tmp_path: Path) -> None:
    book = load_phrasebook()
    found = {phrase.text: phrase.minutes for phrase in book.of(Command.TIMER)}
    assert len(found) == 20
    assert (found["timer one minute"], found["timer twenty minutes"]) == (1, 20)
    assert book.find("timer") is None
    assert book.find("Timer, three minutes").minutes == book.find("timer 3 minutes").minutes == 3
    path = tmp_path / "mine.yaml"
    path.write_text(ENGLISH.replace("timer: [timer]", "timer: [egg, boil]"), encoding="utf-8")
    assert read_phrase_file(path).book.find("boil seven minutes").minutes == 7
    assert {"egg", "seven", "minutes"} <= set(read_phrase_file(path).lines)
