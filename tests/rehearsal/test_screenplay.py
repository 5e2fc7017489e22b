"""Screenplays: every form of a line, and every way of getting it wrong."""

from pathlib import Path

import pytest

from voiceguide.core.errors import RoutineError
from voiceguide.core.table import State
from voiceguide.rehearsal.screenplay import (
    DEFAULT_PERSON,
    At,
    InState,
    OnWords,
    parse_clip_line,
    parse_line,
    parse_screenplay,
    read_screenplay,
)


def line(text, folder=Path()):
    return parse_line(text, "play.txt:1", folder)


@pytest.mark.parametrize(
    ("text", "moment", "words"),
    [
        ("12.5 next", At(12.5), "next"),
        ("0 Go", At(0.0), "go"),
        ("1:05 slow  down", At(65.0), "slow down"),
        ("2:05.5 what can I say?", At(125.5), "what can i say?"),
        ("when waiting: next", InState(State.WAITING, None, 1.0), "next"),
        ("when pacing #2 +4.5: slower", InState(State.PACING, 2, 4.5), "slower"),
        ('after "Rinse it" +2: next', OnWords("rinse it", True, 2.0), "next"),
        ('during "rinse": repeat', OnWords("rinse", False, 1.0), "repeat"),
        ('during "rinse" word 5: repeat', OnWords("rinse", False, 0.0, 5), "repeat"),
        ('during "rinse" word 2 +0.3: repeat', OnWords("rinse", False, 0.3, 2), "repeat"),
        ("3 let's go", At(3.0), "let's go"),
    ],
)
def test_a_line(text, moment, words):
    parsed = line(text)
    assert (parsed.moment, parsed.words, parsed.clip) == (moment, words, None)


def test_a_clip_and_what_it_says(tmp_path):
    (tmp_path / "my clip.wav").touch()
    assert line("30 <my clip.wav>", tmp_path).clip == tmp_path / "my clip.wav"
    parsed = line("30 <my clip.wav> next", tmp_path)
    assert (parsed.clip, parsed.words) == (tmp_path / "my clip.wav", "next")
    given = parse_clip_line("when waiting +1: my clip.wav", "--say-wav", tmp_path)
    assert (given.clip, given.moment) == (
        tmp_path / "my clip.wav",
        InState(State.WAITING, None, 1.0),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("next", "does not say when"),
        ("12.5", "nothing is said"),
        ("1:75 next", "a minute has no second 75"),
        ("-3 next", "does not say when"),
        ("when sleeping: next", "there is no state 'sleeping'; choose: choosing"),
        ("when ended: next", "there is no state 'ended'"),
        ("when waiting #0: next", "counted from #1"),
        ("when waiting next", "does not say when"),
        ('after "rinse: next', "does not say when"),
        ("12 step 4", "without digits"),
        ('after "rinse" word 2: next', "only during a sentence"),
        ('during "rinse" word 0: next', "counted from 1"),
        ("12 <nowhere.wav>", "there is no sound file nowhere.wav"),
        ("12 " + "next " * 60, "characters; write at most 200"),
    ],
)
def test_a_wrong_line_names_its_place(text, complaint):
    with pytest.raises(RoutineError, match=complaint) as caught:
        line(text)
    assert str(caught.value).startswith("play.txt:1: ")


def test_comments_and_empty_lines_say_nothing():
    play = parse_screenplay(
        "# all of it\n\n5 next # comment\nwhen pacing #2 +1: slower\n", "p", Path()
    )
    assert [(entry.source, entry.words) for entry in play.lines] == [
        ("p:3", "next"),
        ("p:4", "slower"),
    ]


def test_the_line_number_is_that_of_the_file(tmp_path):
    path = tmp_path / "play.txt"
    path.write_text("1 next\n\nlater next\n", encoding="utf-8")
    with pytest.raises(RoutineError, match=r"play\.txt:3: 'later next' does not say when"):
        read_screenplay(path)


@pytest.mark.parametrize("content", [b"", b"# nothing\n", b"\x00\x01", b"\xff\xfe1 next"])
def test_a_file_that_is_no_screenplay(tmp_path, content):
    path = tmp_path / "play.txt"
    path.write_bytes(content)
    with pytest.raises(RoutineError, match=r"play\.txt"):
        read_screenplay(path)


def test_a_missing_file_and_a_folder(tmp_path):
    for path in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(RoutineError, match="cannot be read"):
            read_screenplay(path)


def test_the_default_person_answers_wherever_the_guide_waits():
    lines = parse_screenplay(DEFAULT_PERSON, "default", Path()).lines
    always = {
        entry.moment.state
        for entry in lines
        if isinstance(entry.moment, InState) and entry.moment.occasion is None
    }
    asking = {State.CHOOSING, State.OFFERING, State.READY, State.WAITING, State.PAUSED}
    assert asking <= always
