"""The history: which zones were done, how long it took, and what makes a streak."""

from datetime import date, datetime, timedelta, timezone

import pytest
from support.playing import Play, small_routine

from voiceguide.core.commands import Command
from voiceguide.core.effects import Say
from voiceguide.core.history import (
    Tally,
    Visit,
    day_of,
    days_done,
    longest_streak,
    seconds_by_day,
    streak,
    weeks,
)
from voiceguide.core.session.preferences import Memory

TODAY = date(2026, 3, 1)
ROUTINE = small_routine()


def days(*before):
    """These many days before today."""
    return {TODAY - timedelta(days=each) for each in before}


def visit(day, seconds=60.0, zones=("neck",)):
    began = datetime(day.year, day.month, day.day, 7, 30, tzinfo=timezone(timedelta(hours=1)))
    return Visit(began, "quick", seconds, zones)


@pytest.mark.parametrize(
    ("done", "length"),
    [
        (days(), 0),
        (days(0), 1),
        (days(1), 1),
        (days(2), 0),
        (days(0, 1, 2), 3),
        (days(1, 2, 3, 4), 4),
        (days(0, 1, 3, 4, 5), 2),
    ],
)
def test_a_streak_ends_today_or_yesterday(done, length):
    assert streak(done, TODAY) == length


def test_the_longest_streak_crosses_months_and_leap_days():
    done = {date(2024, 2, 28) + timedelta(days=n) for n in range(4)} | days(0, 1, 5)
    assert longest_streak(done) == 4
    assert longest_streak(set()) == 0


def test_a_day_counts_when_a_zone_was_done_and_sums_all_its_visits():
    visits = [visit(TODAY, 60), visit(TODAY, 30, ()), visit(TODAY - timedelta(days=1), 9, ())]
    assert days_done(visits) == {TODAY}
    assert seconds_by_day(visits) == {TODAY: 90, TODAY - timedelta(days=1): 9}


def test_weeks_are_whole_and_the_last_holds_today():
    shown = weeks(TODAY, 3)
    assert [len(week) for week in shown] == [7, 7, 7]
    assert TODAY in shown[-1]
    assert all(week[0].weekday() == 0 for week in shown)
    assert shown[0][0] == date(2026, 2, 9)


class Counted(Play):
    """A session whose visit is tallied."""

    def __init__(self, **more):
        self.tally = Tally(ROUTINE)
        self.worth = []
        super().__init__(**more)

    def tell(self, event):
        before = len(self.effects)
        super().tell(event)
        effects = [effect for _, effect in self.effects[before:]]
        if self.tally.take(self.now, event, effects, self.session.state):
            self.worth.append(self.now)

    def finish_by_word(self, command=Command.NEXT):
        while self.finished_at is None:
            self.until(self.now + 1)
            if command in self.session.commands():
                self.say(command)


def test_a_whole_routine_is_every_zone_and_the_time_that_was_led():
    play = Counted()
    play.at(12, "start")
    play.finish_by_word()
    assert play.tally.zones == ("neck", "jaw")
    assert play.tally.finished
    assert 5 < play.tally.seconds <= play.finished_at - 12


def test_a_pause_is_not_counted_and_a_stop_keeps_what_was_done():
    play = Counted()
    play.at(12, "start")
    play.at(14, "pause")
    assert play.worth[-1] == 14
    play.at(600, "resume")
    play.at(603, "stop")
    play.until(700)
    assert play.tally.seconds == pytest.approx(5, abs=0.01)
    assert not play.tally.finished
    assert play.tally.zones == ()


def test_a_skipped_zone_is_not_done_even_from_its_last_step():
    play = Counted()
    play.at(12, "start")
    while play.session.snapshot().step_id != "rinse":
        play.say("next", after=0.5)
    play.say("skip_zone", after=0.5)
    play.finish_by_word()
    assert play.tally.zones == ("jaw",)


def test_a_zone_done_twice_is_counted_once():
    play = Counted()
    play.at(12, "start")
    while play.session.snapshot().section_id != "jaw":
        play.say("next", after=0.5)
    play.say("start_over", after=0.5)
    play.finish_by_word()
    assert play.tally.zones == ("neck", "jaw")


def told_at_the_end(command, **memory):
    play = Counted(memory=Memory(**memory))
    play.at(12, "start")
    play.finish_by_word(command)
    return [line.text for line in play.lines if "in a row" in line.text and not line.was_cut]


def test_the_streak_is_told_after_the_last_words_when_there_is_one():
    assert told_at_the_end(Command.NEXT, streak=3) == ["That makes three days in a row."]
    assert told_at_the_end(Command.NEXT, streak=1) == []
    assert told_at_the_end(Command.NEXT) == []


def test_no_streak_is_told_to_one_who_skipped_it_all():
    assert told_at_the_end(Command.SKIP_ZONE, streak=3) == []


def test_the_streak_outlives_places_kept_and_forgotten():
    memory = Memory(streak=4)
    play = Play(memory=memory)
    play.at(12, "start")
    kept = play.session._guide.course.memory
    assert kept.places
    assert kept.streak == 4


def test_a_streak_is_rendered_ahead():
    play = Play(memory=Memory(streak=2), begin=True)
    assert not any(isinstance(e, Say) and "in a row" in e.text for _, e in play.effects)
    prepared = [e for _, e in play.effects if hasattr(e, "texts")]
    assert any("That makes two days in a row." in effect.texts for effect in prepared)


@pytest.mark.parametrize(
    ("hour", "day_ends", "day"),
    [(0, 0, 1), (0, 3, 0), (2, 3, 0), (3, 3, 1), (23, 3, 1), (11, 12, 0), (12, 12, 1)],
)
def test_a_day_ends_when_the_person_says(hour, day_ends, day):
    began = datetime(2026, 3, 1, hour, tzinfo=timezone(timedelta(hours=1)))
    wanted = date(2026, 2, 28) + timedelta(days=day)
    assert day_of(began, day_ends) == wanted
    assert Visit(began, "quick", day_ends=day_ends).day == wanted
