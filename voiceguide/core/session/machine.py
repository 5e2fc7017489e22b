"""The transitions machine: what a trigger means in a state, from the one table."""

from transitions import Machine

from voiceguide.core.table import STATES, TABLE, State


def build_machine(model: object) -> Machine:
    """The machine on the one table, bound to a model (``Guide``, or a stand-in for a diagram)."""
    return Machine(
        model=model,
        states=[dict(state) for state in STATES],
        transitions=[dict(row) for row in TABLE],
        initial=State.CHOOSING,
        auto_transitions=False,
        queued=False,
        send_event=False,
    )
