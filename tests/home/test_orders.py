"""What may be asked of a speaker over a broker: a timer with its minutes."""

import pytest

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard
from voiceguide.home.orders import Choices, OrderError, parse_order


@pytest.mark.parametrize(
    ("payload", "order"),
    [
        (b"timer 3", CommandHeard(Command.TIMER, minutes=3)),
        (b"Timer 20", CommandHeard(Command.TIMER, minutes=20)),
        (b"timer_off", CommandHeard(Command.TIMER_OFF)),
        (b"timer off", CommandHeard(Command.TIMER_OFF)),
        (b"next", CommandHeard(Command.NEXT)),
    ],
)
def test_a_timer_is_asked_for_with_its_minutes(payload: bytes, order: CommandHeard):
    assert parse_order("do", payload, Choices({})) == order


@pytest.mark.parametrize("payload", [b"timer", b"timer 0", b"timer 21", b"timer x", b"timer 3 4"])
def test_without_them_it_is_told_how_to_write_it(payload: bytes):
    with pytest.raises(OrderError, match="no minutes from 1 to 20; write “timer 3”"):
        parse_order("do", payload, Choices({}))
