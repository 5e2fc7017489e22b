"""A reminder: the guide speaks once by itself, softly, and takes yes, later and not today."""

from collections.abc import Sequence

import pytest
from support.playing import Play, small_routine
from support.staging import FOLLOWING, PROGRAMME

from voiceguide.core import wording, wording_faults
from voiceguide.core.commands import Command
from voiceguide.core.effects import SetVolume
from voiceguide.core.events import (
    CommandHeard,
    Event,
    Fault,
    Faulted,
    TimeToRemind,
    VolumeLimited,
)
from voiceguide.core.live_commands import live_commands
from voiceguide.core.routine.programme import Standing
from voiceguide.core.session.preferences import GUEST, Guided, Manner, Memory, Preferences
from voiceguide.core.session.sleep import CALLED_SECONDS
from voiceguide.core.session.volume import SOFTLY_DB
from voiceguide.core.table import State

LIBRARY = {"small": small_routine(), "other": small_routine("other")}
TODAY = "2026-03-01"


def reminded(
    memory: Memory | None = None, person: str = "", before: Sequence[Event] = (), **more
) -> Play:
    """A guide that sleeps, and speaks by itself."""
    play = Play(
        LIBRARY,
        routine_id=None,
        memory=memory,
        manner=Manner(sleep_seconds=600),
        programmes={PROGRAMME.id: PROGRAMME},
        today=TODAY,
        **more,
    )
    play.until(100)
    for event in before:
        play.tell(event)
    play.tell(TimeToRemind(person))
    return play


def volumes(play: Play) -> list[float]:
    return [effect.gain_db for _, effect in play.effects if isinstance(effect, SetVolume)]


def test_it_tells_the_day_and_asks():
    play = reminded(FOLLOWING)
    play.until(play.now + 15)
    assert play.sentences() == [
        wording.REMINDER, "Day two of two.", "Small routine.", wording.REMINDER_QUESTION,
    ]  # fmt: skip


def test_without_a_programme_it_asks_for_a_routine_after_yes():
    play = reminded()
    play.until(play.now + 10)
    assert play.sentences() == [wording.REMINDER, wording.REMINDER_QUESTION]
    play.say("yes")
    assert play.session.state is State.CHOOSING


def test_yes_begins_what_the_day_has():
    play = reminded(FOLLOWING)
    play.say("yes", after=5)
    assert play.session.state is State.READY
    assert play.session.snapshot().routine_id == "small"


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("later", wording.LATER),
        ("not_today", wording.STOPPED_EARLY),
        ("no", wording.STOPPED_EARLY),
        ("stop", wording.STOPPED_EARLY),
    ],
)
def test_whoever_does_not_want_to_is_answered_and_left_alone(word, answer):
    play = reminded(FOLLOWING)
    play.say(word, after=5)
    # Nobody called, so nothing is waited for but "undo".
    play.until_state(State.ASLEEP, limit=20)
    assert play.sentences()[-1] == answer


def test_it_is_spoken_once_where_nobody_is():
    play = reminded(FOLLOWING)
    play.until_state(State.ASLEEP)
    assert play.now == pytest.approx(100 + CALLED_SECONDS)
    assert play.sentences().count(wording.REMINDER) == 1
    assert play.heard("attention") == []


def test_it_is_soft_until_somebody_answers():
    play = reminded(FOLLOWING, preferences=Preferences(gain_db=3.0))
    assert volumes(play)[-1] == 3.0 - SOFTLY_DB
    play.say("yes", after=5)
    assert volumes(play)[-1] == 3.0
    play = reminded(FOLLOWING)
    play.until_state(State.ASLEEP)
    assert volumes(play)[-1] == 0.0


def test_it_is_softer_than_a_limit_too():
    play = reminded(FOLLOWING)
    play.tell(VolumeLimited(-3.0))
    assert volumes(play)[-1] == -3.0 - SOFTLY_DB


def test_a_day_that_is_done_needs_no_reminder():
    play = reminded(Memory(standing=Standing("two-days", 1, TODAY)))
    assert play.session.state is State.ASLEEP
    assert play.lines == []


def test_whoever_is_here_is_not_interrupted():
    play = Play(LIBRARY, programmes={}, manner=Manner(sleep_seconds=600))
    play.until(3)
    play.tell(TimeToRemind())
    assert play.session.state is State.READY


def test_somebody_in_particular_is_reminded_of_their_own():
    anna = Guided("anna", LIBRARY, Memory(standing=Standing("two-days")))
    play = reminded(Memory(), "anna", others=(anna, Guided(GUEST, LIBRARY)))
    play.until(play.now + 10)
    assert "Day one of two." in play.sentences()
    assert play.session.snapshot().person == "anna"
    play.until_state(State.ASLEEP)
    assert play.session.snapshot().person == ""
    play.tell(TimeToRemind("ben"))
    assert play.session.state is State.ASLEEP


def test_a_routine_may_be_named_at_once_and_undo_asks_again():
    play = reminded(FOLLOWING)
    play.tell(CommandHeard(Command.CHOOSE, "other"))
    assert play.session.state is State.READY
    play.say("undo", after=2)
    assert play.session.state is State.REMINDING


def test_later_means_something_to_a_reminder_alone():
    for word in (Command.LATER, Command.NOT_TODAY):
        assert [state for state in State if word in live_commands(state)] == [State.REMINDING]


def test_how_long_where_no_routine_is_offered_tells_what_to_say():
    play = reminded()
    play.until(play.now + 10)
    play.say("how_long")
    assert play.session.state is State.REMINDING
    play.until(play.now + 4)
    assert play.sentences()[-1] == wording.DAY_REMINDER


def test_a_person_who_answers_a_reminder_hears_what_broke_in_the_night():
    play = reminded(FOLLOWING, before=(Faulted(Fault.DISK),))
    play.until(play.now + 15)
    told = wording_faults.FAULTS[Fault.DISK]
    assert told not in play.sentences()  # perhaps nobody is there
    play.say("yes")
    play.until(play.now + 15)
    assert play.sentences().count(told) == 1
    play.say("start")
    play.until(play.now + 30)
    assert play.sentences().count(told) == 1


def test_what_broke_is_told_once_however_often_a_reminder_is_answered():
    play = reminded(FOLLOWING, before=(Faulted(Fault.DISK),))
    for answer in ("later", "undo", "yes", "undo", "yes"):
        play.say(answer, after=8)
    play.until(play.now + 15)
    assert play.sentences().count(wording_faults.FAULTS[Fault.DISK]) == 1


def test_what_breaks_while_the_guide_reminds_is_told_once():
    play = reminded(FOLLOWING)
    play.until(play.now + 12)
    play.tell(Faulted(Fault.DISK))
    play.until(play.now + 8)
    play.say("yes")
    play.until(play.now + 15)
    assert play.sentences().count(wording_faults.FAULTS[Fault.DISK]) == 1
