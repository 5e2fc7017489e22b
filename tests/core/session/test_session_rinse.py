"""A step that says rinse goes on when the tap is heard to be closed."""

from dataclasses import replace

import pytest
from support.playing import Play
from support.staging import STAGES, play_of, routine_of, say_step, stroke_step, wait_step

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard, TapClosed
from voiceguide.core.routine.routine import Step
from voiceguide.core.session.preferences import Manner
from voiceguide.core.table import State

OFF = "The tap is off; pat your skin."


def rinse_step() -> Step:
    """A wait that a tap ends too."""
    step = wait_step()
    assert step.wait
    return replace(step, say=("Rinse.",), wait=replace(step.wait, by_tap=True))


def rinsing(*after: Step, manner: Manner | None = None, seconds: float = 10.0) -> Play:
    """The person has rinsed for so long."""
    steps = (rinse_step(), *(after or (say_step("Look up."),)))
    play = Play({"tiny": routine_of(*steps)}, "tiny", manner=manner)
    play.at(15, "start")
    play.until_state(State.WAITING)
    play.until(play.now + seconds)
    return play


def test_it_goes_on_with_a_sound_and_says_why():
    play = rinsing()
    play.tell(TapClosed())
    assert play.session.state is State.TELLING
    assert play.heard("done") == [play.now]
    play.until_state(State.CLOSING)
    assert play.sentences()[-3:] == [OFF, "Look up.", "Bye."]


def test_what_follows_is_said_again_without_it():
    play = rinsing(say_step("Look up.", "Smile."))
    play.tell(TapClosed())
    play.say("repeat", after=4)
    assert play.sentences().count(OFF) == 1
    assert play.sentences()[-1] == "Look up."


def test_the_last_step_is_closed_by_it():
    play = Play({"tiny": routine_of(rinse_step())}, "tiny")
    play.at(15, "start")
    play.until_state(State.WAITING)
    play.until(play.now + 10)
    play.tell(TapClosed())
    assert play.session.state is State.CLOSING
    play.say("back", after=1)
    play.until_state(State.WAITING)
    assert play.sentences()[-2:] == ["Hands.", "Rinse."]
    assert OFF not in play.sentences()


def test_a_tap_that_was_closed_as_the_wait_began_ends_nothing():
    play = rinsing(seconds=4.0)
    play.tell(TapClosed())
    play.until(play.now + 3)
    assert play.session.state is State.WAITING
    play.until(play.now + 10)
    play.tell(TapClosed())
    assert play.session.state is State.TELLING


def test_it_can_be_turned_off():
    play = rinsing(manner=Manner(hears_tap=False))
    play.tell(TapClosed())
    assert play.session.state is State.WAITING
    play.say("next")
    assert play.session.state is State.TELLING
    assert OFF not in play.sentences()


def test_a_wait_that_says_nothing_of_rinsing_is_not_ended():
    play = play_of(wait_step(), say_step("Look up."))
    play.until_state(State.WAITING)
    play.until(play.now + 10)
    play.tell(TapClosed())
    assert play.session.state is State.WAITING


@pytest.mark.parametrize("state", list(STAGES))
def test_elsewhere_it_means_nothing(state: State):
    play = STAGES[state]()
    before, lines = play.standing(), len(play.lines)
    play.tell(TapClosed())
    assert play.standing() == before
    assert len(play.lines) == lines


def test_an_answer_is_heard_to_its_end_before_it_goes_on():
    play = rinsing()
    play.say("where")
    play.until(play.now + 0.5)
    play.tell(TapClosed())
    assert play.session.state is State.WAITING
    play.until_state(State.TELLING)
    assert not [line for line in play.lines if line.was_cut]
    play.until(play.now + 1)
    assert play.sentences()[-1] == OFF


def test_whoever_asks_for_more_time_meanwhile_has_it():
    play = rinsing()
    play.say("pause")
    play.tell(TapClosed())
    play.until(play.now + 20)
    assert play.session.state is State.PAUSED
    play.say("resume")
    play.until(play.now + 3)
    play.tell(TapClosed())  # closed before the person was there again
    assert play.session.state is State.WAITING


def test_a_wrong_ending_is_taken_back_with_back():
    play = rinsing(stroke_step(5, 2.0))
    play.tell(TapClosed())
    play.until(play.now + 3)
    play.tell(CommandHeard(Command.BACK))
    play.until_state(State.WAITING)
    assert play.session.snapshot().step_id == "rest"
    assert play.sentences()[-1] == "Rinse."
