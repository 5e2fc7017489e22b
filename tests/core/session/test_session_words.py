"""What people say anyway, in every state and at every kind of step: answered, held, or led on.

``test_session_commands.py`` says literally what each command leads to; here every word of a person
who asks, holds or agrees is said everywhere, and what must be true everywhere is checked. Where a
word means nothing, the reason is written down.
"""

import itertools

import pytest
from support.playing import BOOK, Play
from support.staging import (
    STAGES,
    breathe_step,
    hold_step,
    play_of,
    say_step,
    stroke_step,
    wait_step,
)

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, PlayCue, Say
from voiceguide.core.events import CommandHeard
from voiceguide.core.live_commands import live_commands
from voiceguide.core.routine.routine import Side, Step
from voiceguide.core.table import LIVE, TABLE, State

C, S = Command, State
QUESTIONS = (
    *(C.WHATS_NEXT, C.HOW_MANY, C.HOW_MUCH, C.SUPPLIES, C.WHICH_SIDE, C.WHAT),
    *(C.HOW_LONG, C.WHERE, C.WHY, C.HELP),
)
SAID_ANYWAY = (C.OKAY, C.DONE, C.NOT_YET, C.THANKS, C.LATER, C.NOT_TODAY, C.TIMER, C.TIMER_OFF)
PLACES = (*LIVE, S.IDLE)
"""Asleep nothing but its call is listened for."""

NO_ROUTINE = "no routine is chosen yet, or it is over: there is nothing to tell of"
NO_STEP = "no step is under way"
GOES_ON_BY_ITSELF = (
    "nothing waits for the person: the word would cut off what they may not have done"
)
NOTHING_TO_AGREE_TO = "nothing was asked, or more than yes and no is possible"
NOTHING_TO_HOLD = "nothing is about to happen"
NOT_OVER = "polite words in the midst of it ask for nothing"
NO_REMINDER = "nothing was reminded of"
OVER = "the session is over"

BEFORE = (S.CHOOSING, S.HOUR)
AROUND = (S.STOPPING, S.CLOSING, S.IDLE)
MEANS_NOTHING: dict[Command, dict[State, str]] = {
    C.WHATS_NEXT: dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, *AROUND), NO_ROUTINE),
    C.SUPPLIES: dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, *AROUND), NO_ROUTINE),
    C.WHERE: dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, *AROUND), NO_ROUTINE),
    C.WHY: dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, *AROUND), NO_ROUTINE),
    C.HOW_LONG: dict.fromkeys((*BEFORE, *AROUND), NO_ROUTINE),
    C.HOW_MANY: dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, S.READY, *AROUND), NO_STEP),
    C.HOW_MUCH: dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, S.READY, *AROUND), NO_STEP),
    C.WHICH_SIDE: dict.fromkeys(
        (*BEFORE, S.DAY, S.REMINDING, S.OFFERING, S.READY, *AROUND), NO_STEP
    ),
    C.WHAT: {S.IDLE: "the guide has said nothing for a while"},
    C.HELP: {},
    C.OKAY: {
        **dict.fromkeys((S.TELLING, S.PACING), GOES_ON_BY_ITSELF),
        **dict.fromkeys((*BEFORE, *AROUND), NOTHING_TO_AGREE_TO),
    },
    C.DONE: {
        **dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING, S.READY, *AROUND), NO_STEP),
        **dict.fromkeys((S.TELLING, S.PACING, S.PAUSED), GOES_ON_BY_ITSELF),
    },
    C.NOT_YET: dict.fromkeys((*BEFORE, *AROUND), NOTHING_TO_HOLD),
    C.THANKS: dict.fromkeys(
        (state for state in LIVE if state not in (S.STOPPING, S.CLOSING)), NOT_OVER
    ),
    C.LATER: dict.fromkeys((s for s in PLACES if s is not S.REMINDING), NO_REMINDER),
    C.NOT_TODAY: dict.fromkeys((s for s in PLACES if s is not S.REMINDING), NO_REMINDER),
    C.TIMER: {
        **dict.fromkeys((*BEFORE, S.DAY, S.REMINDING, S.OFFERING), NO_ROUTINE),
        **dict.fromkeys(AROUND, OVER),
    },
    C.TIMER_OFF: {},
}


@pytest.mark.parametrize("command", [*QUESTIONS, *SAID_ANYWAY])
def test_where_a_word_means_nothing_there_is_a_reason(command: Command):
    dead = {state for state in PLACES if command not in live_commands(state)}
    assert set(MEANS_NOTHING[command]) == dead


def test_no_word_of_a_person_is_forgotten_here():
    """Every command that stays in its state to answer is a question or a setting."""
    answers = {row["trigger"] for row in TABLE if str(row["before"]).startswith("answers.")}
    others = {C.REPEAT, C.UNDO}
    assert {Command(one) for one in answers} - others <= {*QUESTIONS, *SAID_ANYWAY}


@pytest.mark.parametrize(
    ("state", "command"),
    [
        (state, command)
        for state, command in itertools.product(PLACES, (*QUESTIONS, *SAID_ANYWAY))
        if command in live_commands(state)
    ],
)
def test_a_word_that_is_live_is_heard_and_answered_once(state: State, command: Command):
    play = STAGES[state]()
    answer = play.session.handle(CommandHeard(command, minutes=3), play.now)
    assert [e.cue for e in answer if isinstance(e, PlayCue)] == [Cue.HEARD]
    assert len([e for e in answer if isinstance(e, Say)]) <= 1, "sentences come one by one"
    moved = play.session.state is not state
    spoke = any(isinstance(e, Say) for e in answer)
    assert moved or spoke, "it was heard, and nothing came of it"


KINDS: dict[str, tuple[Step, ...]] = {
    "strokes": (stroke_step(4, 3.0),),
    "strokes on two sides": (stroke_step(3, 2.0, Side.LEFT_THEN_RIGHT),),
    "strokes that are counted": (stroke_step(5, 2.0, aloud=True),),
    "a hold": (hold_step(30.0),),
    "a hold on two sides": (hold_step(8.0, Side.LEFT_THEN_RIGHT),),
    "breaths": (breathe_step(3),),
    "a wait for a word": (wait_step(),),
    "a timer": (wait_step(timer_seconds=40),),
    "a short pause": (wait_step(timer_seconds=6),),
    "words": (say_step("Look up.", "Breathe."),),
}
MOMENTS = (0.3, 2.2, 5.1, 9.7, 14.3, 21.9)
"""Seconds after "go" at which a question is asked."""
ASKED = tuple(one for one in (*QUESTIONS, C.TIMER, C.TIMER_OFF) if one is not C.HELP)


def led(kind: str, question: Command | None = None, at: float = 0.0) -> Play:
    """A routine with a step of this kind, led to its end; a question is asked on the way."""
    play = play_of(say_step("Begin."), *KINDS[kind], say_step("End."))
    if question is not None:
        play.until(10.0 + at)
        assert question in live_commands(play.session.state)
        play.say(question, minutes=20)
    while not play.session.has_ended:
        when, event = play.upcoming()
        if when is None or (play.session.state is S.WAITING and when > play.now + 15):
            # A person answers a wait that has no timer, or whose word they would not wait for.
            play.say("done" if "done" in play.session.commands() else "next", after=1.0)
            continue
        play.now = max(play.now, when)
        play.tell(event)
        if play.session.state is S.CLOSING and question is C.TIMER:
            play.say("timer_off", after=0.1)
            question = None
        assert play.now < 600
    return play


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("question", ASKED)
def test_a_question_anywhere_in_a_step_is_answered_and_nothing_of_the_step_is_lost(
    kind: str, question: Command
):
    usual = led(kind)
    wanted = len(usual.heard("tick")), len(usual.heard("last"))
    for at in MOMENTS:
        began = 10.0 + at
        if began >= usual.states[-2][0] - 1.0:
            break  # the closing words are being said
        play = led(kind, question, at)
        said = [line for line in play.lines if line.utterance_id]
        answers = [line for line in said if line.at > began and not line.was_cut]
        assert answers, f"{question} at {at} s is not answered"
        assert answers[0].at - began < 0.6, "a person waits no longer for an answer"
        assert all(a.end <= b.at + 1e-6 for a, b in itertools.pairwise(said)), "one at a time"
        onsets = play.heard("tick") + play.heard("last") + play.heard("count")
        assert not [at for at in onsets if answers[0].at < at < answers[0].end], "all stands still"
        done = len(play.heard("tick")), len(play.heard("last"))
        # A stroke that was not complete is done again, so there may be one more, and never fewer.
        assert wanted <= done <= (wanted[0] + 1, wanted[1] + 1), (kind, question, at)
        ends = [line.text for line in said if line.text in ("End.", "Bye.") and not line.was_cut]
        assert ends == ["End.", "Bye."]


def test_the_words_of_the_table_are_all_in_the_book():
    assert {phrase.command for phrase in BOOK.phrases} >= {*QUESTIONS, *SAID_ANYWAY}
