"""The house looks at the clock, and tells the session what it makes of the hour."""

from datetime import UTC, datetime

import pytest
from support.playing import Play

from voiceguide.core.events import HourTold
from voiceguide.core.routine.routine import When
from voiceguide.home.house import House
from voiceguide.settings.tables import Settings


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
        {},
        lambda _: None,
        events.append,
        lambda: datetime(2026, 1, 2, next(hour), 30, tzinfo=UTC),
    )
    for _ in hours:
        house.tend()
    assert [event.when for event in events if isinstance(event, HourTold)] == told
