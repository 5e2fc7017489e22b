"""What may be asked of a speaker over a broker: a timer with its minutes."""

import pytest

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard, ProgrammeChosen
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


CHOICES = Choices({}, programmes={"two-days": "Two days", "none-of-it": "none"})


@pytest.mark.parametrize(
    ("payload", "chosen"),
    [(b"two-days", "two-days"), (b" TWO DAYS ", "two-days"), (b"none", ""), (b"No programme", "")],
)
def test_a_programme_is_chosen_by_id_or_name_and_left(payload: bytes, chosen: str):
    assert parse_order("set/programme", payload, CHOICES) == ProgrammeChosen(chosen)


def test_one_that_is_not_there_is_refused():
    with pytest.raises(OrderError, match="there is no programme 'three days'"):
        parse_order("set/programme", b"three days", CHOICES)
