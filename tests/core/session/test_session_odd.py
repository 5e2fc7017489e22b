"""Screenplays of odd moments: late clocks, an end from outside, routines of a strange shape."""

import itertools

import pytest
from support.playing import Play
from support.staging import (
    STAGES,
    pacing,
    play_of,
    say_step,
    stroke_step,
    telling,
    wait_step,
    waiting,
)

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Effect, Finish, Hush, KeepPlace, PlayCue, Say, SetVolume
from voiceguide.core.events import (
    CommandHeard,
    DeadlineReached,
    Fault,
    Faulted,
    Interrupted,
    SpeechEnded,
    Started,
)
from voiceguide.core.routine.routine import Mode, Side, Step, Stroke
from voiceguide.core.table import LIVE, State

DISK_FULL = "The disk is full or read-only. Your place will not be kept."


# Late.


def late(play: Play, seconds: float = 3600.0) -> tuple[Effect, ...]:
    """The machine slept: the next deadline is handled this much too late."""
    deadline = play.session.next_deadline()
    assert deadline is not None
    play.now, seen = deadline + seconds, len(play.effects)
    play.tell(DeadlineReached())
    return tuple(effect for _, effect in play.effects[seen:])


def test_after_an_hour_of_sleep_strokes_go_on_without_a_burst():
    play = pacing()
    done = len(play.heard("tick"))
    late(play)
    assert play.heard("tick")[done:] == [pytest.approx(play.now + 0.25)]
    play.until(play.now + 9)
    onsets = play.heard("tick")[done:] + play.heard("last")
    assert [b - a for a, b in itertools.pairwise(onsets)] == [pytest.approx(4.0)]


def test_after_an_hour_of_sleep_a_timer_is_over_and_says_nothing_else():
    play = play_of(wait_step(timer_seconds=90))
    play.until_state(State.WAITING)
    effects = late(play)
    assert play.session.state is State.CLOSING
    assert [e.text for e in effects if isinstance(e, Say)] == ["Bye."]
    assert [e.cue for e in effects if isinstance(e, PlayCue)] == [Cue.DONE]


def test_after_an_hour_of_sleep_one_reminder_is_enough():
    play = waiting()
    effects = late(play)
    assert len([e for e in effects if isinstance(e, Say)]) == 1
    assert play.session.next_deadline() == pytest.approx(play.now + 45)


@pytest.mark.parametrize("seconds", [0.02, 0.3, 3600.0])
@pytest.mark.parametrize("side", [Side.BOTH, Side.LEFT_THEN_RIGHT])
def test_a_late_end_of_strokes_schedules_nothing_in_the_past(seconds: float, side: Side):
    play = play_of(stroke_step(1, 2.0, side), wait_step())
    play.until_state(State.PACING)
    while not play.heard("tick"):
        play.until(play.now + 0.1)
    effects = late(play, seconds)
    times = [e.at_seconds for e in effects if isinstance(e, Say | PlayCue)]
    assert times
    assert min(times) >= play.now - 0.1


def test_a_word_that_is_handled_before_a_late_stroke_finds_it_done():
    play = play_of(stroke_step(2, 2.0), wait_step())
    play.until_state(State.PACING)
    while not play.heard("last"):
        play.until(play.now + 0.1)
    play.now = play.heard("last")[0] + 2.01  # the last stroke has ended 10 ms ago
    play.tell(CommandHeard(Command.PAUSE))
    assert play.session.state is State.PAUSED
    assert play.sentences()[-1] == "Stroke."  # nothing of the next step is begun
    play.say("resume", after=5)
    play.until_state(State.WAITING)
    assert len(play.heard("tick") + play.heard("last")) == 2


# Ended from outside.


@pytest.mark.parametrize("state", LIVE)
def test_an_interrupt_ends_at_once_anywhere(state: State):
    play = STAGES[state]()
    effects = play.session.handle(Interrupted(), play.now)
    # A reminder is softer than all else.
    louder = (SetVolume(0.0),) if state is State.REMINDING else ()
    assert effects == (Hush(), *louder, Finish())
    assert play.session.has_ended
    assert play.session.next_deadline() is None
    for event in (Started(), DeadlineReached(), Interrupted(), Faulted(Fault.DISK)):
        assert play.session.handle(event, play.now + 1) == ()


# Odd routines.


def silent_step(mode: Mode = Mode.SAY) -> Step:
    stroke = Stroke(2, 2.0) if mode is Mode.STROKE else None
    return Step("silent", "silent", mode, (), stroke=stroke)


def test_a_step_without_sentences_is_led_through():
    play = play_of(say_step("Look up."), silent_step(), silent_step(Mode.STROKE), wait_step())
    play.until_state(State.WAITING)
    assert play.sentences()[-2:] == ["Look up.", "Rest."]
    assert len(play.heard("tick") + play.heard("last")) == 2


def test_a_fault_in_a_step_without_sentences_changes_nothing():
    play = play_of(say_step("Look up."), silent_step(), wait_step())
    while play.session.snapshot().step_id != "silent":
        when, event = play.upcoming()
        assert when is not None
        play.now = when
        play.tell(event)
    play.tell(Faulted(Fault.DISK))
    play.until_state(State.WAITING)
    assert play.sentences()[-2:] == [DISK_FULL, "Rest."]


def test_a_first_step_that_waits_can_be_left_and_gone_back_to():
    play = play_of(wait_step(), say_step("Look up."))
    play.until_state(State.WAITING)
    play.say("back", after=1)
    assert play.session.snapshot().step_id == "rest"
    play.until_state(State.WAITING)
    play.say("next", after=1)
    play.until_state(State.ENDED)
    assert play.sentences()[-2:] == ["Look up.", "Bye."]


def test_keeping_a_place_comes_before_its_words_in_every_answer():
    play = telling()
    effects = play.session.handle(SpeechEnded(0, 0), play.now)
    assert effects == ()
    play.say("next")
    answer = [e for when, e in play.effects if when == play.now]
    kinds = [type(e) for e in answer if isinstance(e, Hush | KeepPlace | PlayCue | Say)]
    assert kinds == [Hush, KeepPlace, PlayCue, Say]
