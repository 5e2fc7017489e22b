"""What the README says is what the program does."""

import re
import shlex
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from support.places import ROOT

from voiceguide.__main__ import build_parser
from voiceguide.core.commands import Command

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
    assert make_readme.fill(README) == README, "run scripts/make_readme"


def test_every_command_has_its_row(make_readme):
    assert set(make_readme.MEANINGS) == set(Command)


def test_every_link_leads_somewhere():
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_every_command_line_shown_is_understood():
    shown = re.findall(r"`voiceguide ([^`]+)`", README)
    assert len(shown) >= 6
    for line in shown:
        for words in line.replace("`, `", "\n").split("\n"):
            build_parser().parse_args(shlex.split(words))


def test_every_script_named_exists():
    for name in re.findall(r"scripts/[a-z_-]+", README):
        assert (ROOT / name).is_file(), name
