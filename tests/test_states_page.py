"""The picture of the session is made from the table, and is fresh."""

import re
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest
from support.places import ROOT

from voiceguide.core.commands import Command
from voiceguide.core.live_commands import live_commands
from voiceguide.core.table import ASKING, INNER, LIVE, RESTING, TABLE, UNDERWAY, State

PAGE = (ROOT / "docs" / "states.md").read_text("utf-8")
EVERYWHERE = {"undo", "interrupt"}


@pytest.fixture(scope="module")
def make_diagram():
    loader = SourceFileLoader("make_diagram", str(ROOT / "scripts" / "make_diagram"))
    module = module_from_spec(spec_from_loader("make_diagram", loader))
    loader.exec_module(module)
    return module


def test_the_page_is_fresh(make_diagram):
    assert make_diagram.page() == PAGE, "run scripts/make_diagram"


def arrows() -> set[tuple[str, str, str]]:
    """(trigger, source, destination) of the drawn arrows, frames taken apart."""
    frames = {"asking": ASKING, "underway": UNDERWAY}
    drawn = set()
    for source, dest, label in re.findall(r"^  (\w+) --> (\w+): (.+)$", PAGE, re.MULTILINE):
        for word in label.replace("<br/>", " ").split(", "):
            trigger = word.strip("()").replace(" ", "_")
            for state in frames.get(source, [source.split("_")[-1]]):
                drawn.add((trigger, str(state), dest.split("_")[-1]))
    return drawn


def test_every_way_from_state_to_state_is_drawn_and_no_other():
    wanted = set()
    for row in TABLE:
        sources = row["source"] if isinstance(row["source"], list) else [row["source"]]
        if row["dest"] is not None and row["trigger"] not in EVERYWHERE:
            wanted |= {(row["trigger"], str(source), str(row["dest"])) for source in sources}
    assert arrows() == wanted


def test_inner_triggers_stand_in_brackets():
    words = {word for label in re.findall(r": (.+)$", PAGE, re.MULTILINE) for word in label}
    assert words
    for inner in INNER - EVERYWHERE:
        assert f"({inner})" in PAGE


def test_the_table_shows_what_is_live():
    rows = [line.split("|")[1:-1] for line in PAGE.splitlines() if line.startswith("| ")]
    states = [State(cell.strip()) for cell in rows[0][1:]]
    shown = {
        (state, Command(row[0].strip().replace(" ", "_")))
        for row in rows[1:]
        for state, cell in zip(states, row[1:], strict=True)
        if cell.strip()
    }
    assert shown == {
        (state, command) for state in (*LIVE, *RESTING) for command in live_commands(state)
    }
