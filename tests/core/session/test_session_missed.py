"""A word that was asked for and is missed twice: the guide says once what can be said."""

import pytest
from support.playing import Play
from support.staging import STAGES, play_of, wait_step

from voiceguide.core.events import WordMissed
from voiceguide.core.session.reminders import REMIND_SECONDS
from voiceguide.core.table import State

HELP = "You can say: start, how long, why, speak slower, next, or repeat."
HELPS = {
    State.CHOOSING: "Say the name of a routine, or say help.",
    State.DAY: "Say yes to do it now, or say no.",
    State.HOUR: "Say yes for the evening, or no for the morning.",
    State.OFFERING: "Say yes to pick it up there, or say no.",
    State.READY: HELP,
    State.WAITING: "Take your time. Say next when you are done.",
    State.PAUSED: "Still resting. Say continue when you are ready.",
}


def at_rest(state: State) -> Play:
    """A session in this state, in which the guide has said what it had to say."""
    play = STAGES[state]()
    play.until(play.now + (0 if state is State.WAITING else 14))
    assert play.session.state is state
    return play


def missed(play: Play, *after: float) -> list[str]:
    """What is said because of words that are missed so many seconds one after the other."""
    said = len(play.sentences())
    for seconds in after:
        play.until(play.now + seconds)
        play.tell(WordMissed())
    play.until(play.now + 4)
    return play.sentences()[said:]


@pytest.mark.parametrize("state", HELPS)
def test_after_the_second_time_the_guide_says_once_what_can_be_said(state: State):
    play = at_rest(state)
    assert missed(play, 0.0) == []
    assert missed(play, 0.0) == [HELPS[state]]
    assert missed(play, 0.5, 3.0, 3.0) == []
    assert play.session.state is state


def test_in_another_state_it_helps_again():
    play = at_rest(State.READY)
    assert missed(play, 0.0, 3.0) == [HELP]
    play.say("start")
    play.say("pause", after=3)
    assert missed(play, 1.0) == []
    assert missed(play, 1.0) == [HELPS[State.PAUSED]]


def test_two_words_far_apart_are_not_one_attempt():
    play = at_rest(State.PAUSED)
    assert missed(play, 0.0, 21.0) == []


@pytest.mark.parametrize("state", [State.TELLING, State.PACING, State.STOPPING, State.CLOSING])
def test_where_nothing_was_asked_for_nothing_is_said(state: State):
    play = STAGES[state]()
    before = play.session.next_deadline(), play.standing()
    for _ in range(3):
        assert play.session.handle(WordMissed(), play.now) == ()
    assert (play.session.next_deadline(), play.standing()) == before


def test_a_timer_is_not_talked_into():
    play = play_of(wait_step(timer_seconds=60))
    play.until_state(State.WAITING)
    assert missed(play, 2.0, 3.0, 3.0) == []


def test_while_the_guide_speaks_it_says_nothing_more():
    play = Play()
    play.until(1.5)
    for _ in range(3):
        assert play.session.handle(WordMissed(), play.now) == ()


def test_the_words_that_begin_it_are_named_also_after_other_help():
    play = at_rest(State.READY)
    play.say("help")
    play.until(play.now + 8)
    assert missed(play, 0.0, 1.0) == [HELP]


def test_such_help_makes_the_next_reminder_no_rarer():
    play = at_rest(State.OFFERING)
    missed(play, 0.0, 0.0)
    before = len(play.sentences())
    play.until(play.now + REMIND_SECONDS + 1)
    assert play.sentences()[before:] == [HELPS[State.OFFERING]]
