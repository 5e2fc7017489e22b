"""The house looks at the clock, and tells the session what it makes of the hour."""

from datetime import UTC, datetime

import pytest
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard, HourTold
from voiceguide.core.routine.routine import When
from voiceguide.core.session.preferences import Manner
from voiceguide.home.house import House
from voiceguide.home.orders import Choices, OrderError, parse_order
from voiceguide.settings.tables import Settings

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ((7, 8, 11), [When.MORNING]),
        ((11, 12, 16), [When.MORNING, None]),
        ((16, 17, 23, 2, 4), [When.EVENING, When.MORNING]),
    ],
)
def test_morning_and_evening_are_told_once_each_time_they_begin(hours, told):
    session, events, hour = Play().session, [], iter(hours)
    house = House(
        Settings(),
        "1.2",
        session,
        Choices({}),
        lambda _: None,
        events.append,
        lambda: datetime(2026, 1, 2, next(hour), 30, tzinfo=UTC),
    )
    for _ in hours:
        house.tend()
    assert [event.when for event in events if isinstance(event, HourTold)] == told


def test_a_speaker_that_sleeps_is_woken_by_the_person_whom_a_broker_names():
    session, events = Play(routine_id=None, manner=Manner(sleep_seconds=600)).session, []
    choices = Choices({}, {"anna": "Anna"})
    house = House(Settings(), "1.2", session, choices, lambda do: do(), events.append, lambda: NOON)
    house._ordered(parse_order("set/person", b"ANNA", choices))
    assert events == [CommandHeard(Command.WAKE, person="anna")]
    with pytest.raises(OrderError, match="there is no person 'ben'"):
        parse_order("set/person", b"ben", choices)
