"""The table is wired: nothing misspelt, nothing shadowed, nothing unreachable."""

import inspect
import re
from operator import attrgetter

import pytest
from support.places import ROOT

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.live_commands import live_commands
from voiceguide.core.session.drive import Drive
from voiceguide.core.session.guide import Guide
from voiceguide.core.session.machine import the_machine
from voiceguide.core.session.preferences import Guided, Manner
from voiceguide.core.table import INNER, LIVE, STATES, TABLE, State

CALLBACKS = {state["on_enter"] for state in STATES} | {
    row[key] for row in TABLE for key in ("before", "conditions") if row[key]
}


def parts_of(guide):
    """By name, in the order in which they are made."""
    return {name: part for name, part in vars(guide).items() if hasattr(part, "__dict__")}


@pytest.fixture
def guide():
    return Guide(Guided("", {}), (), Phrasebook("en", ()), None, Manner(), {})


@pytest.mark.parametrize("name", sorted(CALLBACKS))
def test_a_callback_or_guard_is_a_method_of_the_guide_or_of_a_part(guide, name):
    assert not inspect.signature(attrgetter(name)(guide)).parameters


def test_nothing_of_the_guide_shadows_a_trigger(guide):
    triggers = {row["trigger"] for row in TABLE}
    assert triggers == {command.value for command in Command} | INNER
    assert not triggers & set(dir(guide))


def test_a_part_is_told_only_of_parts_made_before_it(guide):
    """So which may call which is one-way, and can be read off the order in which they are made."""
    parts = parts_of(guide)
    names = {id(part): name for name, part in parts.items()}
    order = list(parts)
    for name, part in parts.items():
        known = [names[id(each)] for each in vars(part).values() if id(each) in names]
        assert all(order.index(each) < order.index(name) for each in known), (name, known)


def test_the_page_names_the_parts_in_the_order_in_which_they_may_call_each_other(guide):
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    _, _, inside = page.partition("## A session from inside")
    table, _, _ = inside.partition("\n## ")
    told = re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)
    assert told == list(parts_of(guide))


def test_every_row_can_be_reached():
    closed: set[tuple[str, State]] = set()
    for row in TABLE:
        sources = row["source"] if isinstance(row["source"], list) else [row["source"]]
        for source in sources:
            assert (row["trigger"], source) not in closed, row
            if not row["conditions"]:
                closed.add((row["trigger"], source))


def test_a_trigger_never_finds_no_row():
    """Every trigger that is live in a state has a last row without a guard there."""
    open_ends = set()
    for row in TABLE:
        sources = row["source"] if isinstance(row["source"], list) else [row["source"]]
        for source in sources:
            key = (row["trigger"], source)
            open_ends.discard(key) if not row["conditions"] else open_ends.add(key)
    # A routine can only be gone back to where one was left, and a day begun where there is one.
    inner = {("rejoin", State.CHOOSING), ("today", State.CHOOSING)}
    allowed = {("choose", state) for state in LIVE} | inner
    assert open_ends <= allowed


def test_every_state_has_a_way_on_and_ended_has_none():
    for state in LIVE:
        assert {Command.STOP, Command.HELP, Command.UNDO} <= live_commands(state)
    assert live_commands(State.ENDED) == frozenset()


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="dreaming"):
        live_commands("dreaming")


def test_the_one_machine_has_every_trigger_and_holds_no_session(guide):
    assert set(the_machine().events) == {row["trigger"] for row in TABLE}
    other = Guide(Guided("", {}), (), Phrasebook("en", ()), None, Manner(), {})
    assert Drive(guide) is not Drive(other)
    Drive(guide).fire("interrupt")
    assert (guide.state, other.state) == (State.ENDED, State.CHOOSING)
    assert the_machine().models == []
