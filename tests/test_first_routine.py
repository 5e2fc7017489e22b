"""The tutorial works: its routine is fine, and its commands do what it says."""

import re
import shlex

import pytest
from support.places import ROOT

from voiceguide.__main__ import build_parser, main

TEXT = (ROOT / "docs" / "first-routine.md").read_text("utf-8")
ROUTINE = TEXT.split("```yaml\n")[1].split("```")[0]
NAME = re.search(r"Save this as `([\w-]+\.yaml)`", TEXT)[1]
COMMANDS = [
    words[1:]
    for block in re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
    for line in block.splitlines()
    if (words := shlex.split(line))[0] == "voiceguide"
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder in which the routine was saved, as the tutorial's reader has it."""
    (tmp_path / NAME).write_text(ROUTINE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(name):
    return next(one for one in COMMANDS if one[0] == name)


def test_its_commands_are_those_that_are_tried_here():
    assert [one[0] for one in COMMANDS] == ["check", "show", "rehearse", "run", "routines"]
    for one in COMMANDS:
        build_parser().parse_args(one)
        assert NAME in one or one == ["routines"]


def test_the_routine_is_fine_and_takes_its_minute(folder, capsys):
    assert main(command("check")) == 0
    said = capsys.readouterr().out
    minutes, seconds = re.search(
        r": fine, “happy hands”, 2 sections, (?:(\d) min )?(\d+) s", said
    ).groups()
    assert 45 <= 60 * int(minutes or 0) + int(seconds) < 90


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


def test_its_rehearsal_comes_to_its_end(folder, capsys, monkeypatch):
    # Somebody in a hurry, so that less of it has to be heard.
    brisk = "when ready +1: go\nwhen waiting +1: next\nwhen pacing +1: next\n"
    monkeypatch.setattr("voiceguide.rehearsal.rehearsal.DEFAULT_PERSON", brisk)
    assert main(command("rehearse")) == 0
    told = capsys.readouterr().out
    assert "Happy hands." in told and "About one minute." in told
    assert "Close both fists, gently." in told
