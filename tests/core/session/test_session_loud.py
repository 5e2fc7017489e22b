"""Screenplays of noise: the guide says once that it may not hear, and covers nothing by it."""

import itertools

import pytest
from support.playing import Play
from support.staging import (
    STAGES,
    pacing,
    play_of,
    play_until_step,
    stroke_step,
    telling,
    wait_step,
    waiting,
)

from voiceguide.core.events import Fault, Faulted, NoiseChanged, SpeechFailed
from voiceguide.core.session.loudness import AGAIN_SECONDS
from voiceguide.core.table import LIVE, State
from voiceguide.core.wording_faults import FAULTS, LOUD, RECOVERIES

ANSWERABLE = [state for state in LIVE if state not in (State.STOPPING, State.CLOSING)]


def of(play: Play, text: str) -> list[tuple[float, float]]:
    """Where a sentence sounded to its end."""
    return [(line.at, line.end) for line in play.lines if line.text == text and not line.was_cut]


@pytest.mark.parametrize("state", ANSWERABLE)
def test_it_is_said_once_and_cuts_nothing_off(state: State):
    play = STAGES[state]()
    cut = sum(line.was_cut for line in play.lines)
    for _ in range(3):
        play.tell(NoiseChanged(True))
        play.until(play.now + 12)
    assert len(of(play, LOUD)) == play.sentences().count(LOUD) == 1
    assert sum(line.was_cut for line in play.lines) == cut


@pytest.mark.parametrize("state", [State.STOPPING, State.CLOSING])
def test_nobody_who_is_leaving_is_told(state: State):
    play = STAGES[state]()
    play.tell(NoiseChanged(True))
    play.until_state(State.ENDED)
    assert LOUD not in play.sentences()


def test_the_status_tells_the_noise():
    play = waiting()
    assert not play.session.snapshot().is_loud
    play.tell(NoiseChanged(True))
    assert play.session.snapshot().is_loud
    play.tell(NoiseChanged(False))
    assert not play.session.snapshot().is_loud


def test_it_follows_the_sentence_being_told_and_what_comes_next_follows_it():
    play = telling()
    play.tell(NoiseChanged(True))
    play.until_state(State.PACING)
    assert play.sentences()[-2:] == ["Stroke upward.", LOUD]
    play.until_state(State.TELLING)
    (_, end) = of(play, LOUD)[0]
    ticks = play.heard("tick") + play.heard("last")
    assert min(ticks) == pytest.approx(end + 0.8)
    assert len(ticks) == 5


def test_between_two_sentences_of_an_introduction():
    play = Play()
    play.until(1)
    play.tell(NoiseChanged(True))
    play.until(25)
    assert play.sentences() == [
        "Hello.",
        "Small routine.",
        LOUD,
        "About three minutes.",
        "Be gentle.",
        "Each soft tick marks a new stroke.",
        "When I wait, say next.",
        "Say go when you are ready.",
    ]


def test_strokes_stand_still_between_two_of_them_and_none_is_lost_or_done_again():
    play = pacing()
    play.tell(NoiseChanged(True))
    play.until_state(State.TELLING)
    ticks = sorted(play.heard("tick") + play.heard("last"))
    ((start, end),) = of(play, LOUD)
    gaps = [after - before for before, after in itertools.pairwise(ticks)]
    assert len(ticks) == 5
    assert start >= ticks[2] + 4.0
    assert ticks[3] == pytest.approx(end + 0.8)
    assert [gaps[0], gaps[1], gaps[3]] == [pytest.approx(4.0)] * 3


@pytest.mark.parametrize("at", [0.1 * tenth for tenth in range(0, 90, 3)])
def test_a_count_is_never_covered(at: float):
    play = play_of(stroke_step(8, 1.0, aloud=True), wait_step(), start=12.0)
    play.until_state(State.PACING)
    play.until(play.now + at)
    play.tell(NoiseChanged(True))
    play.until_state(State.WAITING)
    play.until(play.now + 12)
    counts = ["One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven."]
    said = [line for line in play.lines if line.utterance_id]
    assert [line.text.lower() for line in said if line.text.capitalize() in counts] == [
        count.lower() for count in counts
    ]
    assert not [line for line in said if line.was_cut]
    for line, after in itertools.pairwise(sorted(said, key=lambda line: line.at)):
        assert after.at >= line.end
    assert len(play.heard("tick") + play.heard("last")) == 8
    assert len(of(play, LOUD)) == 1
    notice, last = of(play, LOUD)[0], play.heard("last")[0]
    assert not last - 1.0 < notice[0] < last + 1.0, "between the last number and the last one"


def test_a_hold_is_not_broken_up():
    play = play_until_step("press")
    play.until_state(State.PACING)
    play.until(play.now + 3)
    play.tell(NoiseChanged(True))
    play.until_state(State.TELLING)
    play.until(play.now + 8)
    (pressed,) = play.heard("tick")
    (done,) = play.heard("done")
    assert done == pytest.approx(pressed + 6)
    assert of(play, LOUD)[0][0] > done


def test_noise_that_ends_before_it_is_told_is_not_told_and_strokes_keep_their_time():
    play = pacing()
    play.tell(NoiseChanged(True))
    play.until(play.now + 2.0)
    play.tell(NoiseChanged(False))
    play.until_state(State.TELLING)
    ticks = sorted(play.heard("tick") + play.heard("last"))
    assert LOUD not in play.sentences()
    assert [b - a for a, b in itertools.pairwise(ticks)] == [pytest.approx(4.0)] * 4
    play.tell(NoiseChanged(True))
    play.until(play.now + 12)
    assert len(of(play, LOUD)) == 1, "it has not been told yet"


def test_quiet_just_before_the_end_of_a_stroke_delays_the_next_by_nothing_that_is_heard():
    play = pacing()
    play.tell(NoiseChanged(True))
    end = play.heard("tick")[2] + 4.0
    play.until(end - 0.1)
    play.tell(NoiseChanged(False))
    play.until_state(State.TELLING)
    ticks = sorted(play.heard("tick") + play.heard("last"))
    assert [b - a for a, b in itertools.pairwise(ticks)] == [pytest.approx(4.0)] * 4


def test_it_is_said_again_only_after_minutes_of_quiet():
    play = waiting()
    play.tell(NoiseChanged(True))
    play.until(play.now + 10)
    for quiet in (5.0, AGAIN_SECONDS - 1):
        play.tell(NoiseChanged(False))
        play.until(play.now + quiet)
        play.tell(NoiseChanged(True))
        play.until(play.now + 12)
        assert play.sentences().count(LOUD) == 1
    play.tell(NoiseChanged(False))
    play.until(play.now + AGAIN_SECONDS + 1)
    play.tell(NoiseChanged(True))
    play.until(play.now + 12)
    assert play.sentences().count(LOUD) == 2


def test_a_word_that_cuts_it_is_obeyed_and_it_is_then_said_again():
    play = waiting()
    play.tell(NoiseChanged(True))
    play.say("next", after=2)
    assert play.session.snapshot().step_id == "glide"
    play.until(play.now + 9)
    assert [line.was_cut for line in play.lines if line.text == LOUD] == [True, False]


def test_a_cut_notice_is_not_repeated_in_quiet():
    play = waiting()
    play.tell(NoiseChanged(True))
    play.say("help", after=2)
    play.tell(NoiseChanged(False))
    play.until(play.now + 20)
    assert play.sentences().count(LOUD) == 1
    assert play.session.state is State.WAITING


def test_it_waits_for_an_answer_and_for_a_fault():
    play = pacing()
    play.say("why")
    play.until(play.now + 0.5)
    play.tell(NoiseChanged(True))
    play.tell(Faulted(Fault.DISK))
    play.until_state(State.TELLING)
    at = [of(play, text)[0][0] for text in ("It may help circulation.", FAULTS[Fault.DISK], LOUD)]
    assert at == sorted(at)
    assert len(play.heard("tick") + play.heard("last")) == 6  # the third one again


def test_who_cannot_be_heard_anyway_is_not_told():
    play = waiting()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until(play.now + 8)
    play.tell(NoiseChanged(True))
    play.until(play.now + 5)
    assert LOUD not in play.sentences()
    assert RECOVERIES[Fault.MICROPHONE] not in play.sentences()


def test_a_timer_goes_on_while_it_is_said():
    play = play_of(wait_step(timer_seconds=40))
    play.until_state(State.WAITING)
    began = play.now
    play.until(play.now + 12)
    play.tell(NoiseChanged(True))
    play.until_state(State.CLOSING)
    assert play.now == pytest.approx(began + 40)
    assert len(of(play, LOUD)) == 1


def test_a_voice_that_fails_at_it_hangs_nothing():
    play = telling()
    play.tell(NoiseChanged(True))
    while LOUD not in play.sentences():
        when, event = play.upcoming()
        assert when is not None
        play.now = max(play.now, when)
        play.tell(event)
    loud = next(line for line in play.lines if line.text == LOUD)
    play.told.add(loud.utterance_id)
    play.tell(SpeechFailed(loud.utterance_id))
    assert play.session.state is State.PACING
