"""One button: presses out of edges, commands out of presses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.staging import STAGES

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard
from voiceguide.core.live_commands import live_commands
from voiceguide.core.presses import (
    AGAIN_SECONDS,
    LONG_SECONDS,
    MEANINGS,
    Press,
    Presses,
    command_of,
)
from voiceguide.core.table import RESTING, State

SHORT, DOUBLE, LONG = Press.SHORT, Press.DOUBLE, Press.LONG


def pressed(*edges, until=10.0):
    """Each press with the time at which it was clear."""
    presses, clear = Presses(), []
    down = True
    for at in edges:
        clear += [(round(at, 3), press) for press in presses.change(down, at)]
        down = not down
    while (due := presses.next_seconds()) < until:
        clear += [(round(due, 3), press) for press in presses.pass_time(due)]
    return clear


@pytest.mark.parametrize(
    ("edges", "wanted"),
    [
        ((1.0, 1.2), [(1.2 + AGAIN_SECONDS, SHORT)]),
        ((1.0, 1.2, 1.4), [(1.4, DOUBLE)]),
        ((1.0, 1.2, 1.4, 1.6), [(1.4, DOUBLE)]),
        ((1.0, 1.2, 1.4, 3.6), [(1.4, DOUBLE)]),
        ((1.0, 1.2, 1.8, 1.9), [(1.8, SHORT), (1.9 + AGAIN_SECONDS, SHORT)]),
        ((1.0,), [(1.0 + LONG_SECONDS, LONG)]),
        ((1.0, 5.0), [(5.0, LONG)]),
        ((1.0, 1.2, 1.3, 1.4, 1.5, 1.6), [(1.3, DOUBLE), (1.6 + AGAIN_SECONDS, SHORT)]),
        # A contact that bounces, closing and opening, is one press.
        ((1.0, 1.004, 1.01, 1.012, 1.02, 1.3), [(1.3 + AGAIN_SECONDS, SHORT)]),
        ((1.0, 1.2, 1.205, 1.21), [(1.2 + AGAIN_SECONDS, SHORT)]),
        ((1.0, 1.2, 1.4, 1.41, 1.42, 1.6, 1.61, 1.62), [(1.4, DOUBLE)]),
        ((1.0, 1.01), [(1.03 + AGAIN_SECONDS, SHORT)]),
    ],
)
def test_presses(edges, wanted):
    assert pressed(*edges) == [(round(at, 3), press) for at, press in wanted]


@given(st.lists(st.floats(0.001, 2.0), max_size=40))
def test_no_press_counts_twice(gaps):
    times = [sum(gaps[: n + 1]) for n in range(len(gaps))]
    found = pressed(*times, until=200.0)
    assert len(found) <= (len(times) + 1) // 2 or not times
    assert [at for at, _ in found] == sorted(at for at, _ in found)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("press", Press)
def test_a_press_asks_for_what_is_live_or_nothing(state, press):
    command = command_of(press, state)
    assert command is None or command in live_commands(state)


def test_what_presses_mean():
    assert command_of(SHORT, State.PACING) is Command.NEXT
    assert command_of(DOUBLE, State.PACING) is Command.REPEAT
    assert command_of(LONG, State.PACING) is Command.PAUSE
    assert command_of(LONG, State.PAUSED) is Command.STOP
    assert command_of(SHORT, State.PAUSED) is Command.RESUME
    assert command_of(SHORT, State.ENDED) is None
    for meanings in MEANINGS.values():
        assert set(meanings) <= set(State)


@pytest.mark.parametrize("state", STAGES)
def test_with_one_finger_every_state_is_led_on_to_an_end(state):
    play = STAGES[state]()
    underway = False
    for _ in range(80):
        if play.session.has_ended or (underway and play.session.state in RESTING):
            return
        underway = underway or play.session.state is State.WAITING
        command = command_of(SHORT, play.session.state)
        if command:
            routine_id = "small" if command is Command.CHOOSE else None
            play.tell(CommandHeard(command, routine_id))
        play.until(play.now + 10.1)
        if play.session.state is State.CLOSING:
            play.until(play.now + 30)
    raise AssertionError(f"it stays in {play.session.state}")
