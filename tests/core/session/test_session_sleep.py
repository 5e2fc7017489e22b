"""A guide that stays: asleep until it is called, awake for a while after a session."""

from dataclasses import replace

import pytest
from support.playing import Play, small_routine

from voiceguide.core import wording, wording_faults
from voiceguide.core.commands import Command
from voiceguide.core.effects import Finish, Place
from voiceguide.core.events import (
    CommandHeard,
    Fault,
    Faulted,
    Interrupted,
    NoiseChanged,
    Recovered,
    RoutineLeftOut,
)
from voiceguide.core.live_commands import live_commands
from voiceguide.core.routine.routine import Mode, Section, Step, Wait
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.session.sleep import CALLED_SECONDS, LEFT_SECONDS
from voiceguide.core.table import State

SLEEP = 600.0
PLACE = Place("small", "jaw", "glide", 2)
YESTERDAY = Memory((PLACE,), age_seconds=86_400)
BROKEN_OFF = Memory((PLACE,), age_seconds=SLEEP / 2)

WOKEN = [wording.HELLO, wording.WHICH_REMINDER]


def staying(memory: Memory | None = None) -> Play:
    return Play(routine_id=None, memory=memory, manner=Manner(sleep_seconds=SLEEP))


def done() -> Play:
    """A session that was led to its end, the last words having just faded."""
    play = staying()
    play.at(5, "wake")
    play.at(12, "choose", "small")
    play.say("start", after=1)
    for _ in range(8):
        play.say("next", after=1)
    play.until_state(State.IDLE)
    return play


@pytest.mark.parametrize("memory", [None, YESTERDAY])
def test_it_begins_asleep_and_without_a_word(memory):
    play = staying(memory)
    play.until(86_400)
    assert play.session.state is State.ASLEEP
    assert play.lines == []
    assert play.session.next_deadline() is None


def test_asleep_only_its_being_called_is_listened_for():
    assert live_commands(State.ASLEEP) == {Command.WAKE}
    play = staying()
    for command in set(Command) - {Command.WAKE}:
        play.tell(CommandHeard(command, "small" if command is Command.CHOOSE else None))
    assert play.session.state is State.ASLEEP
    assert play.lines == []


def test_called_it_answers_with_an_earcon_and_a_short_sentence():
    play = staying()
    play.at(100, "wake")
    play.until(101)
    assert play.heard("heard") == [100]
    assert play.sentences() == WOKEN
    assert sum(map(play.speech, WOKEN)) < 4.5
    assert play.session.state is State.CHOOSING


def test_a_name_then_begins_that_routine():
    play = staying()
    play.at(100, "wake")
    play.at(105, "choose", "other")
    assert play.session.state is State.READY
    assert play.session.snapshot().routine_id == "other"


def test_the_kept_place_of_the_named_routine_is_offered():
    play = staying(YESTERDAY)
    play.at(100, "wake")
    play.at(105, "choose", "small")
    assert play.session.state is State.OFFERING
    play.say("yes", after=5)
    assert play.session.snapshot().step_id == "glide"


def test_whoever_called_for_nothing_is_left_alone():
    play = staying()
    play.at(100, "wake")
    play.until_state(State.ASLEEP)
    assert play.now == 100 + CALLED_SECONDS
    assert play.sentences() == WOKEN
    assert play.heard("attention") == []


def test_inside_a_session_no_call_is_needed():
    play = staying()
    play.at(5, "wake")
    play.at(12, "choose", "small")
    play.say("start", after=1)
    assert Command.WAKE not in play.session.commands()
    play.say("next", after=1)
    assert play.session.snapshot().step_id == "up"


def test_after_a_session_a_name_is_enough_for_ten_minutes():
    play = done()
    ended = play.now
    assert Finish() not in [effect for _, effect in play.effects]
    assert play.session.routine is None
    play.until(ended + SLEEP - 60)
    assert play.session.state is State.IDLE
    play.say("choose")  # a routine that there is not
    assert play.session.state is State.IDLE
    play.tell(CommandHeard(Command.CHOOSE, "other"))
    assert play.session.state is State.READY


def test_then_it_sleeps_and_has_said_nothing_more():
    play = done()
    ended, heard = play.now, len(play.lines)
    play.until_state(State.ASLEEP)
    assert play.now == pytest.approx(ended + SLEEP)
    assert len(play.lines) == heard


def test_a_word_puts_sleep_off():
    play = done()
    play.say("help", after=SLEEP / 2)
    asked = play.now
    assert play.sentences()[-1] == wording.CHOICE
    play.until_state(State.ASLEEP)
    assert play.now == asked + SLEEP


@pytest.mark.parametrize("times", [2, 3])
def test_stop_said_again_is_good_night(times):
    play = staying()
    play.at(5, "wake")
    play.at(12, "choose", "small")
    for _ in range(times):
        play.say("stop", after=3)
    assert play.session.state is State.ASLEEP


def test_stop_between_sessions_is_good_night():
    play = done()
    play.say("stop", after=3)
    assert play.session.state is State.ASLEEP


def test_the_next_session_knows_nothing_of_the_last():
    play = done()
    play.say("wake", after=1000)
    assert play.session.state is State.CHOOSING
    play.say("undo", after=6)
    assert play.session.state is State.CHOOSING
    assert play.sentences()[-1] == wording.NOTHING_TO_UNDO


def test_what_was_broken_off_a_moment_ago_is_offered_without_a_call():
    play = staying(BROKEN_OFF)
    assert play.session.state is State.OFFERING
    play.until_state(State.ASLEEP)
    assert play.now == pytest.approx(SLEEP)


def test_a_session_that_was_left_sleeps_after_an_hour_with_its_place_kept():
    play = staying()
    play.at(5, "wake")
    play.at(12, "choose", "small")
    play.say("start", after=1)
    play.say("next", after=1)
    play.until_state(State.PACING)
    play.say("pause", after=5)
    paused = play.now
    play.until_state(State.ASLEEP, limit=2 * LEFT_SECONDS)
    assert play.now == paused + LEFT_SECONDS
    play.say("wake", after=10)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert play.session.state is State.OFFERING


def test_a_running_timer_is_no_silence():
    whole = LEFT_SECONDS + 900.0
    mask = Step("mask", "mask", Mode.WAIT, ("Leave it on.",), wait=Wait(whole, whole))
    routine = replace(small_routine(), sections=(Section("face", "face", (mask,)),))
    play = Play({"small": routine}, routine_id=None, manner=Manner(sleep_seconds=60.0))
    play.at(5, "wake")
    play.at(12, "choose", "small")
    play.say("start", after=0.5)
    play.until_state(State.WAITING, limit=200)
    play.until_state(State.CLOSING, limit=whole + 60)
    assert [state for _, state in play.states[-2:]] == [State.WAITING, State.CLOSING]


def test_asleep_nothing_that_breaks_is_told_before_somebody_calls():
    play = staying()
    play.tell(Faulted(Fault.DISK))
    play.tell(NoiseChanged(is_loud=True))
    play.until(50)
    assert play.lines == []
    play.at(100, "wake")
    play.until(120)
    assert play.sentences() == [wording_faults.FAULTS[Fault.DISK], wording_faults.LOUD, *WOKEN]


def test_a_routine_that_was_left_out_is_told_once_when_somebody_calls():
    play = staying()
    play.tell(RoutineLeftOut())
    play.until(50)
    assert play.lines == []
    play.at(100, "wake")
    play.until(1000)
    assert play.sentences() == [wording_faults.LEFT_OUT, *WOKEN]
    play.at(1100, "wake")
    play.until(1120)
    assert play.sentences()[3:] == WOKEN


def test_what_broke_and_works_again_meanwhile_is_never_told():
    play = staying()
    for fault in Fault:
        play.tell(Faulted(fault))
        play.tell(Recovered(fault))
    play.at(100, "wake")
    play.until(105)
    assert play.sentences() == WOKEN


def test_a_notice_that_was_due_is_not_said_into_the_sleep():
    play = done()
    play.until(play.now + 300)
    play.tell(Faulted(Fault.MICROPHONE))
    play.say("stop", after=0.1)
    heard = len(play.sentences())
    play.until(play.now + 100)
    assert play.session.state is State.ASLEEP
    assert len(play.sentences()) == heard


def test_without_ears_nothing_begins_by_itself():
    play = staying()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until(10_000)
    assert play.session.state is State.ASLEEP
    assert play.lines == []


@pytest.mark.parametrize("state", [State.IDLE, State.ASLEEP])
def test_the_system_can_end_it_at_any_time(state):
    play = done()
    play.until_state(state)
    play.tell(Interrupted())
    assert play.session.has_ended


def test_another_day_is_counted():
    play = done()
    play.session.remember(3, ())
    play.tell(CommandHeard(Command.WAKE))
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    play.say("start", after=8)
    for _ in range(8):
        play.say("next", after=1)
    play.until_state(State.IDLE)
    assert "That makes three days in a row." not in play.sentences()[:3]
    assert play.sentences()[-1] == "That makes three days in a row."


def test_a_guide_that_does_not_stay_ends_as_ever():
    play = Play()
    play.at(10, "stop")
    play.until_state(State.ENDED)
    assert State.IDLE not in [state for _, state in play.states]
