"""The transitions machine: what a trigger means in a state, from the one table."""

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from transitions import EventData, Machine

from voiceguide.core.table import STATES, TABLE


@cache
def the_machine() -> Machine:
    """The machine on the one table; it holds nothing of a session, and serves all of them.

    ``the_machine().events[trigger].trigger(guide)`` does what a trigger means for a ``Guide``,
    whose ``state`` it reads and sets.
    """
    return Machine(
        model=None,
        states=[state | {"on_enter": _method(state["on_enter"])} for state in STATES],
        transitions=[
            row | {"before": _method(row["before"]), "conditions": _method(row["conditions"])}
            for row in TABLE
        ],
        initial=None,
        auto_transitions=False,
        queued=False,
        send_event=True,
    )


def _method(name: str | None) -> Callable[[EventData], Any] | None:
    """Calls the method of this name that the guide of an event, or a part of it, has."""
    if name is None:
        return None
    of_guide = attrgetter(name)
    return lambda event: of_guide(event.model)()
