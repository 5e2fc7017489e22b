"""The diary: a watched session leaves its visit in the journal, however it ends."""

from datetime import date, datetime, time, timedelta, timezone
from functools import partial

import pytest
from support.playing import Play, small_routine
from support.staging import day_routine

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard, Started
from voiceguide.core.history import Visit
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit, read_visits
from voiceguide.live.diary import Diary, with_history
from voiceguide.loop import Moment

BEGAN = datetime(2026, 3, 1, 7, 30, tzinfo=timezone(timedelta(hours=1)))


def looking_back(journal: Journal, today: date, profile: str = "") -> Memory:
    now = datetime.combine(today, time(7, 30))
    return with_history(Memory(), journal, now, profile, counts_days=True)


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
    path.with_name(f"{path.name}-wal").mkdir()
    with Journal(path) as broken:
        assert looking_back(broken, date(2026, 3, 2)) == Memory()


def test_the_coming_streak_counts_today_once(journal):
    today = date(2026, 3, 3)
    assert looking_back(journal, today).streak == 1
    for day in (1, 2):
        note_visit(journal, Visit(BEGAN.replace(day=day), "quick", 60, ("neck",)))
    assert looking_back(journal, today).streak == 3
    note_visit(journal, Visit(BEGAN.replace(day=3), "quick", 60, ("neck",)))
    assert looking_back(journal, today).streak == 3


def test_how_well_a_routine_is_known_is_read_by_skin_and_tool(journal):
    for day, finished, profile in (
        (1, True, ""),
        (4, True, ""),
        (5, False, ""),
        (6, True, "roller"),
    ):
        visit = Visit(BEGAN.replace(day=day), "quick", 60, ("neck",), 1.0, finished, profile)
        note_visit(journal, visit)
    plain = looking_back(journal, date(2026, 3, 11))
    assert plain.acquaintance("quick") == Acquaintance(finished=2, days_known=10, days_away=6)
    assert plain.acquaintance("weekly") == Acquaintance()
    rolled = looking_back(journal, date(2026, 3, 11), "roller")
    assert rolled.acquaintance("quick") == Acquaintance(finished=1, days_known=5, days_away=5)


def test_days_are_not_counted_where_nobody_wants_that(journal):
    note_visit(journal, Visit(BEGAN, "quick", 60, ("neck",), 1.0, True))
    memory = with_history(Memory(), journal, datetime(2026, 3, 2), "", counts_days=False)
    assert memory.streak == 0
    assert memory.acquaintance("quick").finished == 1


@pytest.mark.parametrize(
    ("hour", "day_ends", "streak"), [(1, 0, 1), (1, 3, 3), (2, 3, 3), (3, 3, 1), (4, 3, 1)]
)
def test_what_is_begun_after_midnight_may_count_for_the_day_before(journal, hour, day_ends, streak):
    """Two evenings, and the third one late: after midnight."""
    for day in (1, 2):
        note_visit(journal, Visit(BEGAN.replace(day=day, hour=22), "quick", 60, ("neck",)))
    late = BEGAN.replace(day=4, hour=hour, minute=0)
    memory = with_history(Memory(), journal, late, "", counts_days=True, day_ends=day_ends)
    assert memory.streak == streak


def test_a_time_of_day_that_is_taken_back_leaves_the_history_whole(journal):
    library = {"day": day_routine(), "other": small_routine("other")}
    play = Watched(journal, library=library, routine_id="day", manner=Manner())
    play.say("no", after=4)  # the morning's
    play.say("undo", after=2)
    play.say("yes", after=2)  # the evening's
    play.say("start", after=20)
    for _ in range(30):
        play.say("next", after=0.5)
    play.until_state(State.ENDED)
    (visit,) = read_visits(journal)
    assert visit.finished
    assert "evening" in visit.zones
    assert "morning" not in visit.zones
