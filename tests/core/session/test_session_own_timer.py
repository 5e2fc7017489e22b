"""A timer of one's own: asked for by voice, it runs beside the steps, whatever happens in them."""

import pytest
from support.playing import Play
from support.staging import STAGES, introduced, play_of, say_step, stroke_step, wait_step, waiting

from voiceguide.core.commands import Command
from voiceguide.core.effects import PlayCue
from voiceguide.core.events import CommandHeard
from voiceguide.core.live_commands import live_commands
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import LIVE, State

OVER = "The time on your timer is up."
KEEPS = "Three minutes; I will keep the time."
ASKED = [state for state in State if Command.TIMER in live_commands(state)]


def over(play: Play) -> float:
    """When its end was told."""
    return next(line.at for line in play.lines if line.text == OVER)


@pytest.mark.parametrize("state", ASKED)
def test_it_begins_and_nothing_else_moves(state: State):
    play = STAGES[state]()
    before = play.standing()
    play.say("timer", minutes=3)
    assert play.sentences()[-1] == KEEPS
    assert (play.session.state, play.standing().position) == (state, before.position)
    assert play.session.snapshot().own_timer_end_seconds == play.now + 180
    assert play.timers() == [180]


def test_it_may_be_asked_for_wherever_a_routine_is_chosen():
    assert {State.READY, State.TELLING, State.PACING, State.WAITING, State.PAUSED} == set(ASKED)


@pytest.mark.parametrize("minutes", [None, 0, 21, -1])
def test_without_a_length_that_there_is_nothing_happens(minutes: int | None):
    play = waiting()
    lines = len(play.lines)
    play.say("timer", minutes=minutes)
    assert play.session.snapshot().own_timer_end_seconds is None
    assert len(play.lines) == lines


def test_another_one_takes_its_place():
    play = waiting()
    play.say("timer", minutes=1)
    play.say("timer", after=20, minutes=3)
    end = play.now + 180
    play.until(end + 30)
    assert [line.at for line in play.lines if line.text == OVER] == [pytest.approx(end, abs=0.7)]


def test_its_end_is_told_at_once_where_the_guide_waits_after_a_soft_bell():
    play = waiting()
    play.say("timer", minutes=1)
    end = play.now + 60
    play.until(end + 5)
    assert over(play) == pytest.approx(end + 0.6, abs=0.01)
    assert end in [at for at, e in play.effects if isinstance(e, PlayCue) and e.cue == "attention"]
    assert play.timers() == [60, None]
    assert play.session.state is State.WAITING


def test_its_end_waits_for_the_end_of_a_sentence():
    long = "Let the shoulders sink down slowly, and feel how the neck becomes long and soft again."
    play = play_of(wait_step(), say_step(long, long), wait_step())
    play.until_state(State.WAITING)
    play.say("timer", minutes=1)
    play.say("next", after=58)
    play.until(play.now + 30)
    cut = [line for line in play.lines if line.was_cut]
    assert cut == []
    here = play.sentences().index(OVER)
    assert play.sentences()[here - 1 : here + 2] == [long, OVER, long]


def test_its_end_waits_for_the_end_of_a_stroke_and_each_is_done_once():
    play = play_of(wait_step(), stroke_step(20, 4.0))
    play.until_state(State.WAITING)
    play.say("timer", minutes=1)
    play.say("next", after=20)
    play.until_state(State.CLOSING)
    strokes = play.heard("tick") + play.heard("last")
    assert len(strokes) == 20
    before = max(at for at in strokes if at < over(play))
    assert over(play) >= before + 4.0
    assert min(at for at in strokes if at > over(play)) > over(play) + 1


def test_how_long_tells_of_it():
    play = waiting()
    play.say("timer", minutes=10)
    play.say("how_long", after=45)
    play.until(play.now + 12)
    assert play.sentences()[-3:] == ["About two minutes.", "On your timer:", "About nine minutes."]
    play.say("next")
    play.say("timer", after=2, minutes=1)
    play.say("how_long", after=28)
    play.until(play.now + 4)
    assert "Thirty seconds left." in play.sentences()


@pytest.mark.parametrize("state", [state for state in LIVE if state in ASKED])
def test_it_is_ended_by_a_word_wherever_it_can_begin(state: State):
    play = STAGES[state]()
    assert Command.TIMER_OFF not in play.session.commands()
    play.say("timer", minutes=1)
    assert Command.TIMER_OFF in play.session.commands()
    play.say("timer_off", after=3)
    assert play.sentences()[-1] == "Your timer is off."
    play.until(play.now + 90)
    assert OVER not in play.sentences()
    assert play.timers() == [60, None]


def test_it_runs_on_through_every_state_and_rings_while_paused():
    play = introduced()
    play.say("timer", minutes=2)
    end = play.now + 120
    play.say("start", after=10)
    play.say("pause", after=3)
    play.until(end + 5)
    assert play.session.state is State.PAUSED
    assert over(play) == pytest.approx(end, abs=0.7)


def test_the_last_words_tell_of_it_and_the_guide_stays_until_it_has_rung():
    play = play_of(wait_step(), say_step("Good."))
    play.until_state(State.WAITING)
    play.say("timer", minutes=5)
    end = play.now + 300
    play.say("next", after=2)
    play.until_state(State.ENDED)
    assert play.sentences()[-4:] == ["Bye.", "On your timer:", "Five minutes left.", OVER]
    assert play.now > end


def test_without_one_the_guide_ends_as_ever():
    play = play_of(wait_step(), say_step("Good."))
    play.until_state(State.WAITING)
    play.say("timer", minutes=5)
    play.say("timer_off", after=1)
    play.say("next", after=2)
    begun = play.now
    play.until_state(State.ENDED)
    assert play.now - begun < 20


def test_stop_ends_the_session_all_the_same():
    play = waiting()
    play.say("timer", minutes=5)
    play.say("stop", after=1)
    begun = play.now
    play.until_state(State.ENDED)
    assert play.now - begun < 20


def test_a_guide_that_sleeps_rings_all_the_same():
    play = Play(manner=Manner(sleep_seconds=60))
    play.say("timer", after=1, minutes=3)
    end = play.now + 180
    play.say("stop", after=5)
    play.until(end - 1)
    assert play.session.state is State.ASLEEP
    play.until(end + 10)
    assert over(play) == pytest.approx(end, abs=0.7)
    assert play.session.state is State.ASLEEP
    assert play.session.commands() == {Command.WAKE}


def test_one_that_was_kept_goes_on_and_rings():
    play = Play(memory=Memory(timer_left=40))
    play.until(60)
    assert over(play) >= 40
    assert play.timers() == [None]


def test_one_that_ended_meanwhile_is_told_first_of_all_that_does_not_cut_a_sentence():
    play = Play(memory=Memory(timer_left=0))
    play.until(10)
    assert play.sentences()[:2] == ["Hello.", OVER]
    assert not [line for line in play.lines if line.was_cut]


def test_undo_is_not_about_it():
    play = waiting()
    play.say("timer", minutes=5)
    play.tell(CommandHeard(Command.UNDO))
    assert play.session.snapshot().own_timer_end_seconds is not None
    assert play.session.snapshot().step_id == "up"


@pytest.mark.parametrize(("word", "minutes"), [("timer", 1), ("timer_off", None)])
def test_a_word_that_cuts_off_its_end_ends_that_too(word: str, minutes: int | None):
    play = waiting()
    play.say("timer", minutes=1)
    play.until(play.now + 61.5)
    assert play.sentences()[-1] == OVER
    play.say(word, minutes=minutes)
    play.until(play.now + 30)
    assert play.sentences().count(OVER) == 1
