"""What the README says is what the program does."""

import re
import shlex
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
import soundfile
from support.golden_transcripts import FOLDER as GOLDEN
from support.places import ROOT

from voiceguide.__main__ import build_parser
from voiceguide.core.commands import Command
from voiceguide.core.numbers import number
from voiceguide.edge.files.routine_file import load_bundled

README = (ROOT / "README.md").read_text("utf-8")


def load_script(name):
    """A script without an ending, as a module."""
    loader = SourceFileLoader(name, str(ROOT / "scripts" / name))
    module = module_from_spec(spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def make_readme():
    return load_script("make_readme")


def test_the_made_parts_are_fresh(make_readme):
    for where in make_readme.PARTS:
        page = (ROOT / where).read_text("utf-8")
        assert make_readme.fill(page, where) == page, "run scripts/make_readme"


def test_every_command_has_its_row(make_readme):
    assert set(make_readme.MEANINGS) == set(Command)


def test_a_routine_takes_as_long_as_the_guide_says_at_its_start(make_readme):
    said = {
        routine.name: f"{routine.id}.txt"
        for routine in load_bundled().values()
        if (GOLDEN / f"{routine.id}.txt").is_file()
    }
    assert len(said) >= 7
    for name, golden in said.items():
        text = (GOLDEN / golden).read_text("utf-8")
        minutes = re.search(r"^ .*  About ([a-z-]+) minute", text, re.M)[1]
        row = next(line for line in README.splitlines() if line.startswith(f"| “{name}” |"))
        assert minutes == number(int(row.split("|")[2].split()[0])), name


def test_the_sound_to_play_is_as_long_as_is_told_and_made_of_what_the_guide_says():
    script = load_script("make_session_sound")
    told = (GOLDEN / f"{script.ROUTINE}.txt").read_text("utf-8")
    quoted = re.findall(r'(?:during|after) "([^"]+)"', script.PLAY)
    assert all(each in told for each in (script.FIRST, *quoted))
    assert f"[Hear {script.SECONDS:.0f} seconds of a session]" in README
    with soundfile.SoundFile(script.OUT) as sound:
        assert sound.frames / sound.samplerate == pytest.approx(script.SECONDS, abs=0.02)


def test_it_is_short():
    assert len(README.split()) <= 800


def test_every_command_line_shown_is_understood():
    shown = re.findall(r"`voiceguide ([^`]+)`", README)
    assert len(shown) >= 6
    parser = build_parser()
    for line in shown:
        for words in line.replace("`, `", "\n").split("\n"):
            parser.parse_args(shlex.split(words))


def test_every_script_named_exists():
    for name in re.findall(r"scripts/[a-z_-]+", README):
        assert (ROOT / name).is_file(), name
