"""The table is wired: nothing misspelt, nothing shadowed, nothing unreachable."""

import inspect

import pytest

from voiceguide.core.commands import Command
from voiceguide.core.session.guide import Guide
from voiceguide.core.session.machine import build_machine
from voiceguide.core.table import INNER, LIVE, STATES, TABLE, State, live_commands


def test_every_callback_and_guard_is_a_method_of_the_guide():
    names = {state["on_enter"] for state in STATES}
    names |= {row[key] for row in TABLE for key in ("before", "conditions") if row[key]}
    for name in names:
        assert callable(getattr(Guide, name, None)), name
        assert len(inspect.signature(getattr(Guide, name)).parameters) == 1, name


def test_no_method_of_the_guide_shadows_a_trigger():
    triggers = {row["trigger"] for row in TABLE}
    assert triggers == {command.value for command in Command} | INNER
    assert not triggers & set(dir(Guide))


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
    # A routine can only be gone back to where one was left.
    allowed = {("choose", state) for state in LIVE} | {("rejoin", State.CHOOSING)}
    assert open_ends <= allowed


def test_every_state_has_a_way_on_and_ended_has_none():
    for state in LIVE:
        assert {Command.STOP, Command.HELP, Command.UNDO} <= live_commands(state)
    assert live_commands(State.ENDED) == frozenset()


def test_an_unknown_state_is_refused():
    with pytest.raises(ValueError, match="dreaming"):
        live_commands("dreaming")


def test_the_machine_binds_every_trigger():
    model = type("Model", (), {name: lambda self: None for name in dir(Guide) if name[0] != "_"})()
    machine = build_machine(model)
    assert set(machine.events) == {row["trigger"] for row in TABLE}
