"""The tutorial works: its routine is fine, and its commands do what it says."""

import io
import re
import shlex
import sys

import pytest
from support.places import ROOT
from support.playing import Play
from support.rendered import Drone

from voiceguide.__main__ import build_parser, main
from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_routine

TEXT = (ROOT / "docs" / "first-routine.md").read_text("utf-8")
ANSWERS = TEXT.split("```text\n")[1].split("```")[0]
ROUTINE = TEXT.split("```yaml\n")[1].split("```")[0]
COMMANDS = [
    words[1:]
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if (words := shlex.split(line))[0] == "voiceguide"
]
NAME = COMMANDS[0][1]


@pytest.fixture
def begun(tmp_path, monkeypatch):
    """A folder in which the routine was begun, as the tutorial's reader has it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO(ANSWERS))
    assert main(command("new")) == 0
    return tmp_path


@pytest.fixture
def folder(begun):
    """The same, and the routine was written on, below the first line."""
    first = (begun / NAME).read_text("utf-8").splitlines()[0]
    (begun / NAME).write_text(f"{first}\n{ROUTINE}", encoding="utf-8")
    return begun


def command(name):
    return next(one for one in COMMANDS if one[0] == name)


def test_its_commands_are_those_that_are_tried_here():
    each = ["new", "preview", "check", "show", "rehearse", "run", "routines"]
    assert [one[0] for one in COMMANDS] == each
    for one in COMMANDS:
        build_parser().parse_args(one)
        assert NAME in one or one == ["routines"]


def test_its_answers_make_the_routine_that_is_then_written_on(begun):
    text = (begun / NAME).read_text("utf-8")
    cream = re.search(r"      - name: cream\n(?:        .*\n)+", ROUTINE)[0]
    assert text.split("\n", 1)[1] == ROUTINE.replace(cream, "")


def test_every_question_is_answered_in_a_terminal_too(tmp_path, monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", Terminal(ANSWERS))
    assert main(command("new")) == 0
    assert f"{NAME}: fine, “happy hands”" in capsys.readouterr().out
    assert sys.stdin.read() == ""


def test_its_step_is_heard(begun, monkeypatch, capsys):
    played = []
    monkeypatch.setattr("voiceguide.edge.voice.choice.local_voice", lambda *_: (Drone(), ""))
    monkeypatch.setattr(
        "voiceguide.cli.sound_output.play_clip", lambda clip, *_: played.append(clip)
    )
    assert main(command("preview")) == 0
    said = capsys.readouterr().out
    assert "With your thumb, stroke from the wrist" in said and "Now the right side." in said
    assert played[0].seconds > 18


def test_the_routine_is_fine_and_takes_its_minute(folder, capsys):
    assert main(command("check")) == 0
    said = capsys.readouterr().out
    minutes, seconds = re.search(
        r": fine, “happy hands”, 2 sections, (?:(\d) min )?(\d+) s", said
    ).groups()
    assert 45 <= 60 * int(minutes or 0) + int(seconds) < 90
    assert load_routine(folder / NAME).id == "my-hands"


def test_the_mistake_it_tells_to_make_is_found(folder, capsys):
    assert "change `summary` to `sumary`" in TEXT
    (folder / NAME).write_text(ROUTINE.replace("summary", "sumary"), encoding="utf-8")
    assert main(command("check")) == 2
    assert "did you mean `summary`?" in capsys.readouterr().out


def test_it_is_shown_with_its_zones_and_steps(folder, capsys):
    assert main(command("show")) == 0
    shown = capsys.readouterr().out
    for word in ("palms", "cream", "thumbs", "rest", "fists"):
        assert word in shown


def test_a_session_of_it_comes_to_its_end(folder, monkeypatch):
    scenes = []
    monkeypatch.setattr(
        "voiceguide.cli.performing.perform", lambda scene, *_, **__: scenes.append(scene)
    )
    assert main(command("rehearse")) == 0
    (scene,) = scenes
    play = Play(scene.library, scene.routine_id)
    play.at(20, "start")
    while play.finished_at is None:
        play.until(play.now + 30)
        if play.session.state is State.WAITING:
            play.tell(CommandHeard(Command.NEXT))
    assert "Happy hands." in play.sentences() and "About one minute." in play.sentences()
    assert "Close both fists, gently." in play.sentences()


@pytest.mark.long
def test_its_rehearsal_comes_to_its_end(folder, capsys, monkeypatch):
    # Somebody in a hurry, so that less of it has to be heard.
    brisk = "when ready +1: go\nwhen waiting +1: next\nwhen pacing +1: next\n"
    monkeypatch.setattr("voiceguide.rehearsal.rehearsal.DEFAULT_PERSON", brisk)
    assert main(command("rehearse")) == 0
    told = capsys.readouterr().out
    assert "Happy hands." in told and "About one minute." in told
    assert "Close both fists, gently." in told
