"""The diary: a watched session leaves its visit in the journal, however it ends."""

from datetime import date, datetime, timedelta, timezone
from functools import partial

import pytest
from support.playing import Play

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard, Started
from voiceguide.core.history import Visit
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit, read_visits
from voiceguide.live.diary import Diary, with_streak
from voiceguide.loop import Moment

BEGAN = datetime(2026, 3, 1, 7, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "journal.sqlite") as journal:
        yield journal


class Watched(Play):
    """A session with a diary; the wall clock shows the session's seconds after ``BEGAN``."""

    def __init__(self, journal, **more):
        super().__init__(begin=False, **more)
        self.diary = Diary(
            partial(note_visit, journal), lambda: BEGAN + timedelta(seconds=self.now)
        )
        self.tell(Started())

    def tell(self, event):
        before = len(self.effects)
        super().tell(event)
        effects = tuple(effect for _, effect in self.effects[before:])
        self.diary.watch(Moment(self.now, event, effects, self.session.snapshot()))


def test_nothing_is_noted_before_something_was_done(journal):
    Watched(journal).until(11)
    assert read_visits(journal) == ()


def test_a_kill_leaves_what_was_done_up_to_the_present_step(journal):
    play = Watched(journal)
    play.at(12, "start")
    while play.session.snapshot().section_id != "jaw":
        play.say("next", after=2)
    (visit,) = read_visits(journal)
    assert visit.zones == ("neck",)
    assert visit.seconds == pytest.approx(play.now - 12, abs=0.1)
    assert not visit.finished


def test_a_finished_routine_is_noted_as_such_with_its_tempo(journal):
    play = Watched(journal)
    play.at(12, "start")
    play.say("faster", after=1)
    while play.finished_at is None:
        play.say("next", after=2)
    (visit,) = read_visits(journal)
    assert (visit.routine_id, visit.zones, visit.finished) == ("small", ("neck", "jaw"), True)
    assert visit.tempo == pytest.approx(1.15)
    assert visit.began_at == BEGAN


def test_two_routines_in_one_session_are_two_visits(journal):
    play = Watched(journal)
    play.at(12, "start")
    while play.session.state != "closing":
        play.say("next", after=2)
    play.at(play.now + 1, "choose", "other")
    play.say("start", after=8)
    play.say("next", after=3)
    assert [visit.routine_id for visit in read_visits(journal)] == ["small", "other"]


def test_each_session_of_a_guide_that_stays_is_a_visit_of_its_own(journal):
    play = Watched(journal, routine_id=None, manner=Manner(sleep_seconds=600))
    for _ in range(2):
        play.say("wake", after=60)
        play.tell(CommandHeard(Command.CHOOSE, "small"))
        play.say("start", after=8)
        while play.session.state is not State.IDLE:
            if play.session.state is State.CLOSING:
                play.until_state(State.IDLE)
            else:
                play.say("next", after=2)
        play.until_state(State.ASLEEP)
    first, second = read_visits(journal)
    assert first.finished
    assert second.finished
    assert second.began_at > first.began_at
    assert second.seconds == pytest.approx(first.seconds, abs=0.2)


def test_a_journal_that_cannot_be_read_makes_no_streak(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.mkdir()
    with Journal(path) as broken:
        assert with_streak(Memory(), broken, date(2026, 3, 2)) == Memory()


def test_the_coming_streak_counts_today_once(journal):
    today = date(2026, 3, 3)
    assert with_streak(Memory(), journal, today).streak == 1
    for day in (1, 2):
        note_visit(journal, Visit(BEGAN.replace(day=day), "quick", 60, ("neck",)))
    assert with_streak(Memory(), journal, today).streak == 3
    note_visit(journal, Visit(BEGAN.replace(day=3), "quick", 60, ("neck",)))
    assert with_streak(Memory(), journal, today).streak == 3
