"""The transitions machine: what a trigger means in a state, from the one table."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from transitions import Machine

from voiceguide.core.table import STATES, TABLE, State


def build_machine(model: object) -> Machine:
    """The machine on the one table, bound to a model (``Guide``).

    Raises:
        AttributeError: the table names a method that the model, or a part of it, does not have.
    """

    def method(name: str | None) -> Callable[[], Any] | None:
        return attrgetter(name)(model) if name else None

    return Machine(
        model=model,
        states=[state | {"on_enter": method(state["on_enter"])} for state in STATES],
        transitions=[
            row | {"before": method(row["before"]), "conditions": method(row["conditions"])}
            for row in TABLE
        ],
        initial=State.CHOOSING,
        auto_transitions=False,
        queued=False,
        send_event=False,
    )
