"""Which commands are live in a state, which of these would change anything, which are awaited."""

from functools import cache

from voiceguide.core.commands import Command
from voiceguide.core.table import TABLE, State


def heard_commands(
    state: str,
    *,
    rides_on_breath: bool,
    counts_down: bool = False,
    own_timer_runs: bool = False,
) -> frozenset[Command]:
    """Those of a state's commands that would change or answer something.

    Args:
        counts_down: whether the step's timer runs: whoever says "okay" then may only have
            understood.
        own_timer_runs: whether a timer runs that the person asked for.
    """
    idle = {Command.BREATHING_ON if rides_on_breath else Command.BREATHING_OFF}
    if counts_down and state == State.WAITING:
        idle.add(Command.OKAY)
    if not own_timer_runs:
        idle.add(Command.TIMER_OFF)
    return live_commands(state) - idle


AWAITED = {
    State.CHOOSING: frozenset({Command.CHOOSE}),
    State.DAY: frozenset({Command.YES, Command.NO}),
    State.REMINDING: frozenset({Command.YES, Command.NO}),
    State.HOUR: frozenset({Command.YES, Command.NO}),
    State.OFFERING: frozenset({Command.YES, Command.NO}),
    State.READY: frozenset({Command.START}),
    State.WAITING: frozenset({Command.NEXT, Command.DONE, Command.OKAY}),
    State.PAUSED: frozenset({Command.RESUME}),
}
"""What the guide has asked for when it comes to a state."""


def awaited_commands(state: str) -> frozenset[Command]:
    """What the guide has asked for in a state; nothing in most.

    Raises:
        ValueError: there is no such state.
    """
    return AWAITED.get(State(state), frozenset())


@cache
def live_commands(state: str) -> frozenset[Command]:
    """The commands that mean something in a state.

    Raises:
        ValueError: there is no such state.
    """
    here = State(state)
    names = {command.value for command in Command}
    return frozenset(
        Command(row["trigger"])
        for row in TABLE
        if row["trigger"] in names
        and (here in row["source"] if isinstance(row["source"], list) else row["source"] is here)
    )
