"""Screenplays of what breaks: heard, survived, and never a dead end."""

import pytest
from support.playing import Play
from support.staging import (
    STAGES,
    hold_step,
    pacing,
    paused,
    play_of,
    routine_of,
    say_step,
    stroke_step,
    telling,
    wait_step,
    waiting,
)

from voiceguide.core.effects import Cue, PlayCue, Say
from voiceguide.core.events import (
    DeadlineReached,
    Fault,
    Faulted,
    Recovered,
    RoutineLeftOut,
    SpeechEnded,
    SpeechFailed,
    Started,
    TimeToRemind,
)
from voiceguide.core.routine.routine import Side
from voiceguide.core.session.session import Session
from voiceguide.core.table import LIVE, State
from voiceguide.core.wording_faults import FAULTS, LEFT_OUT, RECOVERIES

NO_MICROPHONE = "I cannot hear you: the microphone is gone. I will keep going by the clock."
NO_EARS = "My ears have failed. I will keep going by the clock."
DISK_FULL = "The disk is full or read-only. Your place will not be kept."


def heard_whole(play: Play, text: str) -> int:
    return sum(line.text == text and not line.was_cut for line in play.lines)


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_is_heard_once_and_so_is_its_end(fault: Fault):
    play = telling()
    for _ in range(3):
        play.tell(Faulted(fault))
        play.until(play.now + 8)
    for _ in range(3):
        play.tell(Recovered(fault))
        play.until(play.now + 8)
    assert play.sentences().count(FAULTS[fault]) == 1
    assert play.sentences().count(RECOVERIES[fault]) == 1
    assert len(play.heard("fault")) == 1
    play.tell(Faulted(fault))
    play.until(play.now + 8)
    assert play.sentences().count(FAULTS[fault]) == 2


def test_a_routine_that_was_left_out_is_told_to_the_end_and_the_step_goes_on():
    play = telling()
    play.tell(RoutineLeftOut())
    play.until(play.now + 30)
    assert play.sentences().count(LEFT_OUT) == 1
    assert play.sentences()[-1] != LEFT_OUT


@pytest.mark.parametrize("state", LIVE)
def test_a_fault_is_heard_to_its_end_in_every_state_and_nothing_is_lost(state: State):
    play = STAGES[state]()
    before = play.standing()
    play.tell(Faulted(Fault.DISK))
    assert play.standing() == before
    assert play.session.state is state
    play.until(play.now + 6)
    assert heard_whole(play, DISK_FULL) == 1


def test_what_was_told_is_taken_up_after_a_fault():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.until_state(State.PACING)
    assert play.sentences()[-3:] == ["Stroke upward.", DISK_FULL, "Stroke upward."]


def test_two_faults_are_both_heard_one_after_the_other():
    play = telling()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until(play.now + 1)
    play.tell(Faulted(Fault.DISK))
    assert len(play.heard("fault")) == 2
    play.until_state(State.PACING)
    assert play.sentences()[-4:] == ["Stroke upward.", NO_MICROPHONE, DISK_FULL, "Stroke upward."]
    assert heard_whole(play, NO_MICROPHONE) == heard_whole(play, DISK_FULL) == 1


PRESENT = [Fault.MICROPHONE, Fault.RECOGNISER, Fault.DISK]
"""Their sentences say how things stand, not how they stood."""


@pytest.mark.parametrize("fault", PRESENT)
@pytest.mark.parametrize("state", LIVE)
def test_a_fault_that_is_over_before_it_is_said_is_not_said(fault: Fault, state: State):
    play = STAGES[state]()
    play.tell(Faulted(fault))
    play.until(play.now + 0.3)
    play.tell(Recovered(fault))
    assert play.session.state is state
    play.until(play.now + 12)
    assert FAULTS[fault] not in play.sentences()
    assert RECOVERIES[fault] not in play.sentences()


def test_what_a_withdrawn_fault_cut_off_is_taken_up():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.until(play.now + 0.3)
    play.tell(Recovered(Fault.DISK))
    play.until_state(State.PACING)
    assert play.sentences()[-2:] == ["Stroke upward.", "Stroke upward."]


def test_a_fault_that_is_over_while_another_is_told_is_not_said():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.until(play.now + 1)
    play.tell(Faulted(Fault.MICROPHONE))
    play.until(play.now + 0.5)
    play.tell(Recovered(Fault.MICROPHONE))
    play.until_state(State.PACING)
    assert play.sentences()[-3:] == ["Stroke upward.", DISK_FULL, "Stroke upward."]


def test_a_fault_that_is_over_while_it_is_said_is_heard_out_and_so_is_its_end():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.until(play.now + 1.5)
    play.tell(Recovered(Fault.DISK))
    play.until_state(State.PACING)
    assert heard_whole(play, DISK_FULL) == heard_whole(play, RECOVERIES[Fault.DISK]) == 1


def test_a_fault_that_was_cut_and_is_over_is_not_repeated_but_its_end_is_told():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.say("why", after=1.5)
    play.until(play.now + 0.5)
    play.tell(Recovered(Fault.DISK))
    play.until_state(State.PACING)
    assert play.sentences().count(DISK_FULL) == 1
    assert heard_whole(play, RECOVERIES[Fault.DISK]) == 1


def test_an_end_that_is_over_before_it_is_told_is_not_told_and_the_fault_not_again():
    play = waiting()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until(play.now + 8)
    play.tell(Recovered(Fault.MICROPHONE))
    play.until(play.now + 0.3)
    play.tell(Faulted(Fault.MICROPHONE))
    play.until_state(State.TELLING, limit=40)
    assert play.sentences().count(NO_MICROPHONE) == 1
    assert RECOVERIES[Fault.MICROPHONE] not in play.sentences()
    assert len(play.heard("fault")) == 1


def test_what_fails_again_and_again_before_it_is_said_is_said_once():
    play = telling()
    for _ in range(3):
        play.tell(Faulted(Fault.VOICE))
        play.tell(Recovered(Fault.VOICE))
    play.until_state(State.PACING)
    assert play.sentences()[-3:] == ["Stroke upward.", FAULTS[Fault.VOICE], "Stroke upward."]


@pytest.mark.parametrize("fault", [Fault.VOICE, Fault.SPEAKER])
def test_what_failed_only_for_a_moment_is_told_in_one_sentence(fault: Fault):
    play = telling()
    play.tell(Faulted(fault))
    play.tell(Recovered(fault))
    play.until_state(State.PACING)
    assert play.sentences()[-3:] == ["Stroke upward.", FAULTS[fault], "Stroke upward."]


def test_a_fault_waits_for_the_end_of_an_answer():
    play = pacing()
    play.say("why")
    play.until(play.now + 0.5)
    play.tell(Faulted(Fault.DISK))
    play.until_state(State.TELLING)
    assert heard_whole(play, "It may help circulation.") == 1
    assert heard_whole(play, DISK_FULL) == 1
    assert len(play.heard("tick") + play.heard("last")) == 6


@pytest.mark.parametrize("word", ["help", "next", "pause", "stop", "back", "start_over", "undo"])
def test_a_word_cuts_a_fault_which_is_then_said_again(word: str):
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.say(word, after=1)
    play.until(play.now + 9)
    told = [line for line in play.lines if line.text == DISK_FULL]
    assert [line.was_cut for line in told] == [True, False]


def test_go_during_a_fault_paces_only_after_it():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.say("start", after=1)
    assert play.session.state is State.PACING
    play.until_state(State.TELLING)
    told = [line for line in play.lines if line.text == DISK_FULL]
    ticks = play.heard("tick") + play.heard("last")
    assert [line.was_cut for line in told] == [True, False]
    assert min(ticks) == pytest.approx(told[1].end + 0.8)
    assert len(ticks) == 5


def test_a_fault_before_the_beginning_is_heard_before_the_first_question():
    play = Play(begin=False)
    play.tell(Faulted(Fault.DISK))
    play.tell(Started())
    play.until(20)
    assert play.sentences()[-8:] == [
        DISK_FULL,
        "Hello.",
        "Small routine.",
        "About three minutes.",
        "Be gentle.",
        "Each soft tick marks a new stroke.",
        "When I wait, say next.",
        "Say go when you are ready.",
    ]
    assert heard_whole(play, DISK_FULL) == 1


def test_a_place_that_cannot_be_kept_is_not_promised():
    play = telling()
    play.tell(Faulted(Fault.DISK))
    play.until(play.now + 6)
    play.say("stop")
    assert play.sentences()[-1] == "That is all for now."


def test_what_nobody_was_told_of_asleep_is_not_said_to_work_again():
    play = STAGES[State.ASLEEP]()
    play.tell(Faulted(Fault.MUTED))
    play.tell(TimeToRemind())
    play.until(play.now + 3)
    play.tell(Recovered(Fault.MUTED))
    play.until(play.now + 20)
    assert play.sentences()[0] == "It is time for your routine."
    assert "The microphone works." not in play.sentences()


def test_what_the_guide_tells_when_it_is_called_is_also_said_to_work_again():
    play = STAGES[State.ASLEEP]()
    play.tell(Faulted(Fault.DISK))
    play.say("wake")
    play.until(play.now + 12)
    assert heard_whole(play, DISK_FULL) == 1
    play.tell(Recovered(Fault.DISK))
    play.until(play.now + 12)
    assert heard_whole(play, RECOVERIES[Fault.DISK]) == 1


# Deaf.


@pytest.mark.parametrize("fault", [Fault.MICROPHONE, Fault.RECOGNISER])
@pytest.mark.parametrize("state", LIVE)
def test_a_deaf_session_reaches_the_end_from_every_state(fault: Fault, state: State):
    play = STAGES[state]()
    play.tell(Faulted(fault))
    if state is State.REMINDING:
        # Nobody can be heard to say yes: the speaker sleeps on.
        play.until_state(State.ASLEEP)
        return
    play.until_state(State.ENDED)
    assert play.finished_at is not None
    if state not in (State.STOPPING, State.CLOSING):
        # The day that is offered there is the last of its programme.
        closing = "That was the last day. Well done." if state is State.DAY else "All done."
        assert play.sentences()[-1] == closing


def test_a_deaf_wait_lasts_half_again_as_long_as_usual():
    play = waiting()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until_state(State.TELLING)
    told = next(line for line in play.lines if line.text == NO_MICROPHONE)
    assert play.now == pytest.approx(told.end + 22.5)


def test_with_the_ears_back_a_wait_waits_for_a_word():
    play = waiting()
    play.tell(Faulted(Fault.RECOGNISER))
    play.until(play.now + 10)
    play.tell(Recovered(Fault.RECOGNISER))
    play.until(play.now + 300)
    assert play.session.state is State.WAITING
    assert heard_whole(play, NO_EARS) == heard_whole(play, "My ears work.") == 1


def test_one_of_two_ears_back_is_still_deaf():
    play = waiting()
    play.tell(Faulted(Fault.RECOGNISER))
    play.tell(Faulted(Fault.MICROPHONE))
    play.until(play.now + 12)
    play.tell(Recovered(Fault.MICROPHONE))
    assert play.session.state is State.WAITING
    play.until_state(State.TELLING, limit=60)
    assert heard_whole(play, "My ears work.") == 0


def test_a_typed_word_is_obeyed_by_a_deaf_session():
    play = waiting()
    play.tell(Faulted(Fault.MICROPHONE))
    play.say("next", after=8)
    assert play.session.snapshot().step_id == "glide"


def test_deaf_in_a_pause_it_goes_on_after_a_minute():
    play = paused()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until_state(State.PACING, limit=70)
    assert play.sentences()[-2:] == [NO_MICROPHONE, "Three more."]


# Voice.


def test_a_voice_that_never_works_leads_through_by_sounds():
    session = _mute_session()
    now, effects = 0.0, session.handle(Started(), 0.0)
    cues: list[Cue] = []
    pending: list[int] = []
    for _ in range(500):
        cues += [e.cue for e in effects if isinstance(e, PlayCue)]
        pending += [e.utterance_id for e in effects if isinstance(e, Say)]
        if session.has_ended:
            break
        deadline = session.next_deadline()
        if pending:
            effects = session.handle(SpeechFailed(pending.pop(0)), now)
        elif session.state is State.READY and Cue.FAULT not in cues:
            effects = session.handle(Faulted(Fault.RECOGNISER), now)
        else:
            assert deadline is not None, session.state
            now = max(now, deadline)
            effects = session.handle(DeadlineReached(), now)
    assert session.has_ended
    assert cues.count(Cue.TICK) + cues.count(Cue.LAST) == 7
    assert now < 120


def _mute_session() -> Session:
    play = Play(
        {"tiny": routine_of(stroke_step(3, 2, Side.LEFT_THEN_RIGHT), hold_step(4), wait_step())},
        "tiny",
        begin=False,
    )
    return play.session


def test_a_sentence_that_fails_is_passed_over():
    play = play_of(say_step("Look up.", "Look down."), wait_step())
    (say,) = [e for _, e in play.effects if isinstance(e, Say)][-1:]
    play.tell(SpeechFailed(say.utterance_id))
    assert [e.text for _, e in play.effects if isinstance(e, Say)][-1] == "Look up."


def test_the_end_of_a_sentence_that_was_cut_is_ignored():
    play = telling()
    (cut,) = [e for _, e in play.effects if isinstance(e, Say)][-1:]
    play.say("repeat")
    before = play.standing(), play.session.next_deadline()
    assert play.session.handle(SpeechEnded(cut.utterance_id, play.now), play.now) == ()
    assert play.session.handle(SpeechFailed(cut.utterance_id), play.now) == ()
    assert play.session.handle(SpeechEnded(999, play.now), play.now) == ()
    assert (play.standing(), play.session.next_deadline()) == before
