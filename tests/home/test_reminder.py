"""When a person is reminded: at their time, by day, once, and while nothing speaks against it."""

from datetime import UTC, datetime, time, timedelta

import pytest
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.errors import SettingsError
from voiceguide.core.events import CommandHeard, TimeToRemind
from voiceguide.core.session.preferences import Manner
from voiceguide.core.table import State
from voiceguide.home.house import House
from voiceguide.home.orders import Choices
from voiceguide.home.reminder import ReminderClock
from voiceguide.loop import Moment
from voiceguide.settings.load import load_settings

AT = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def clock() -> ReminderClock:
    """A reminder at eight in the evening, which the guide has been waiting for since seven."""
    made = ReminderClock(time(20), 30 * MINUTE, lambda now: now >= time(22) or now < time(7))
    assert not looks(made, AT - 60 * MINUTE)
    return made


def looks(made: ReminderClock, now: datetime, *, here: bool = False, quiet: bool = True) -> bool:
    return made.is_due(now, is_here=here, is_quiet=quiet)


def test_it_is_due_at_its_time_and_once_a_day():
    made = clock()
    minutes = [n for n in range(-5, 3 * 24 * 60) if looks(made, AT + n * MINUTE)]
    assert minutes == [0, 24 * 60, 2 * 24 * 60]


def test_a_guide_that_is_started_after_its_time_waits_for_the_next_day():
    made = ReminderClock(time(20), 30 * MINUTE, lambda now: False)
    assert not any(looks(made, AT + n * MINUTE) for n in range(1, 600))


def test_it_waits_while_somebody_speaks_but_not_for_ever():
    made = clock()
    assert not looks(made, AT, quiet=False)
    assert not looks(made, AT + 5 * MINUTE, quiet=False)
    assert looks(made, AT + 6 * MINUTE)
    made = clock()
    assert not any(looks(made, AT + n * MINUTE, quiet=False) for n in range(31))
    assert not looks(made, AT + 31 * MINUTE)


def test_the_log_tells_why_a_reminder_was_left_out(caplog):
    caplog.set_level("INFO", "voiceguide")
    made = clock()
    assert not any(looks(made, AT + n * MINUTE, quiet=False) for n in range(30))
    assert caplog.text == ""
    assert not looks(made, AT + 30 * MINUTE, quiet=False)
    assert 'reminder left out due=20:00 reason="never quiet"' in caplog.text
    made.put_off(AT + 110 * MINUTE)
    assert not looks(made, AT + 140 * MINUTE)
    assert "reminder left out due=22:20 reason=night" in caplog.text
    made = clock()
    assert not looks(made, AT + 50 * MINUTE)
    assert 'reminder left out due=20:00 reason="too late"' in caplog.text
    caplog.clear()
    made = clock()
    assert not looks(made, AT, here=True)
    assert looks(clock(), AT)
    assert caplog.text == ""


def test_a_clock_that_is_set_back_makes_it_wait_no_longer():
    made = clock()
    assert not looks(made, AT + 5 * MINUTE, quiet=False)
    assert looks(made, AT + MINUTE)


def test_whoever_is_here_already_needs_none_that_day():
    made = clock()
    assert not looks(made, AT, here=True)
    assert not any(looks(made, AT + n * MINUTE) for n in range(1, 23 * 60))
    assert looks(made, AT + 24 * 60 * MINUTE)


def test_later_asks_once_again_and_the_next_day_is_as_ever():
    made = clock()
    assert looks(made, AT)
    made.put_off(AT + MINUTE)
    minutes = [n for n in range(2, 26 * 60) if looks(made, AT + n * MINUTE)]
    assert minutes == [31, 24 * 60]


def test_at_night_nothing_is_asked_again():
    made = clock()
    assert looks(made, AT)
    made.put_off(AT + 110 * MINUTE)
    assert not any(looks(made, AT + n * MINUTE) for n in range(111, 23 * 60))


def test_a_clock_that_was_set_makes_it_look_anew():
    made = clock()
    assert not looks(made, AT + timedelta(days=400))
    assert looks(made, AT + timedelta(days=401))


class Evening(Play):
    """A guide that sleeps in a house whose clock shows the session's seconds after 19:59."""

    def __init__(self, tmp_path, text="", quiet=lambda: True):
        super().__init__(routine_id=None, begin=False, manner=Manner(sleep_seconds=600))
        path = tmp_path / "settings.toml"
        path.write_text(f'[remind]\nat = "20:00"\n{text}')
        self.posted = []
        self.house = House(
            load_settings(path, {}), "1", self.session, Choices({}), lambda _: None,
            self.posted.append, lambda: AT - MINUTE + timedelta(seconds=self.now),
            is_quiet=quiet,
        )  # fmt: skip
        self.house.tend()

    def tell(self, event):
        before = len(self.effects)
        super().tell(event)
        effects = tuple(effect for _, effect in self.effects[before:])
        self.house.watch(Moment(self.now, event, effects, self.session.snapshot()))

    def tended(self, seconds):
        """Let time pass; whether the house has reminded meanwhile."""
        for second in range(int(self.now), int(self.now + seconds) + 1):
            self.until(second)
            self.house.tend()
        found = TimeToRemind() in self.posted
        for event in self.posted:
            if isinstance(event, TimeToRemind):
                self.tell(event)
        self.posted.clear()
        return found


def asleep(play):
    play.session.handle(CommandHeard(Command.STOP), 0.0)
    play.session.handle(CommandHeard(Command.STOP), 0.0)
    assert play.session.state is State.ASLEEP


def test_the_house_reminds_and_asks_once_again_after_later(tmp_path):
    play = Evening(tmp_path, "later_minutes = 5\n")
    asleep(play)
    assert not play.tended(58)
    assert play.tended(3)
    assert play.session.state is State.REMINDING
    play.say("later", after=2)
    assert not play.tended(295)
    assert play.tended(10), "it sleeps again at once, and can remind"
    play.say("not_today", after=2)
    play.until_state(State.ASLEEP)
    assert not play.tended(3600)


def test_later_where_it_means_nothing_puts_nothing_off(tmp_path):
    play = Evening(tmp_path, "later_minutes = 5\n")
    asleep(play)
    assert play.tended(61)
    play.say("stop", after=2)
    assert play.session.state is State.STOPPING
    play.say("later", after=1)
    assert not play.tended(600)


def test_the_house_waits_while_somebody_speaks(tmp_path):
    speaks = [True]
    play = Evening(tmp_path, quiet=lambda: not speaks[0])
    asleep(play)
    assert not play.tended(120)
    speaks[0] = False
    assert not play.tended(8), "it is only a pause in what they say"
    speaks[0] = True
    assert not play.tended(2)
    speaks[0] = False
    assert not play.tended(8)
    assert play.tended(2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[remind]\nat = "23:00"\n', "`remind.at` is 23:00, and at night .22:00 to 07:00."),
        ('[remind]\nat = "06:59"\n', "`remind.at` is 06:59"),
        ('[remind]\nat = "8"\n', "`at` must be a time of day"),
        ('[remind]\nat = "20:00"\nperson = "Carl"\n', "no person 'Carl'"),
        ("[remind]\nlater_minutes = 0\n", "`later_minutes` must be a number from 1 to 240"),
    ],
)
def test_a_reminder_that_could_not_be_is_refused(tmp_path, text, why):
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(SettingsError, match=why):
        load_settings(path, {})
