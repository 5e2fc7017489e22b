"""Screenplays of what interrupts: a pause, a question, a reminder; and of how it goes on."""

import pytest
from support.playing import Play
from support.staging import (
    hold_step,
    pacing,
    paused,
    play_of,
    play_until_step,
    say_step,
    stroke_step,
    telling,
    wait_step,
    waiting,
)

from voiceguide.core.routine.routine import Side
from voiceguide.core.table import State


def said(play: Play, since: float) -> list[str]:
    """The sentences begun after a time."""
    return [line.text for line in play.lines if line.at > since and not line.text.startswith("*")]


def strokes(play: Play) -> list[float]:
    return sorted(play.heard("tick") + play.heard("last"))


def whole_strokes(play: Play, seconds: float) -> int:
    """Strokes that lasted to their end: nothing cut in and no other onset came too early."""
    onsets = strokes(play)
    cuts = [line.end for line in play.lines if line.was_cut]
    cuts += [when for when, state in play.states if state is State.PAUSED]
    cuts += [line.at for line in play.lines if line.text == "*heard*"]
    return sum(not any(onset < cut < onset + seconds for cut in cuts) for onset in onsets)


# Paused.


def test_a_pause_while_a_step_is_told_takes_up_the_cut_sentence():
    play = play_of(say_step("Sit down and be comfortable.", "Close your eyes."))
    play.at(11.5, "pause")
    assert play.session.state is State.PAUSED
    (cut,) = [line for line in play.lines if line.was_cut]
    assert cut.text == "Sit down and be comfortable."
    assert cut.end == pytest.approx(11.55)
    play.at(30, "resume")
    play.until_state(State.CLOSING)
    assert said(play, 30) == ["Sit down and be comfortable.", "Close your eyes.", "Bye."]


def test_a_pause_between_strokes_loses_none_and_adds_none():
    play = pacing()
    before = play.heard("tick")
    play.say("pause")
    play.until(play.now + 30)
    assert play.heard("tick") == before
    play.say("resume")
    assert said(play, play.now) == ["Three more."]
    play.until_state(State.TELLING)
    assert len(strokes(play)) == 6  # the third one twice: it was cut
    assert whole_strokes(play, 4.0) == 5


@pytest.mark.parametrize("after", [0.0, 0.1, 0.79, 0.85, 2.0, 4.7, 4.9, 8.6, 12.7, 16.75, 20.79])
def test_wherever_a_pause_falls_the_count_is_kept(after: float):
    play = telling()
    play.until_state(State.PACING)
    play.say("pause", after=after)
    play.say("resume", after=10)
    play.until_state(State.TELLING)
    assert whole_strokes(play, 4.0) == 5
    assert play.session.snapshot().step_id == "rinse"


def test_pausing_again_as_soon_as_it_goes_on_loses_no_stroke():
    play = pacing()
    for _ in range(4):
        play.say("pause")
        play.say("resume", after=5)
        play.until_state(State.PACING)
        play.until(play.now + 1.8)  # "Three more.", and the first onset is about to be fixed
    assert play.session.snapshot().strokes_done == 2
    play.until_state(State.TELLING)
    assert whole_strokes(play, 4.0) == 5


def test_a_pause_on_the_second_side_stays_on_it():
    play = play_of(stroke_step(3, 2.0, Side.LEFT_THEN_RIGHT))
    play.until_state(State.PACING)
    while len(strokes(play)) < 5:
        play.until(play.now + 0.1)
    play.until(play.now + 0.5)
    play.say("pause")
    assert play.session.snapshot().strokes_done == 4
    play.say("resume", after=5)
    play.until_state(State.CLOSING)
    assert said(play, 0)[-2:] == ["Two more on the right.", "Bye."]
    assert whole_strokes(play, 2.0) == 6


def test_a_pause_before_the_second_side_announces_it_again():
    play = play_of(stroke_step(3, 2.0, Side.LEFT_THEN_RIGHT))
    play.until_state(State.PACING)
    while not play.heard("side"):
        play.until(play.now + 0.1)
    play.say("pause", after=0.7)
    play.say("resume", after=5)
    assert said(play, play.now) == ["Now the right side."]
    play.until_state(State.CLOSING)
    assert whole_strokes(play, 2.0) == 6


def test_a_pause_in_a_hold_keeps_what_was_held():
    play = play_of(hold_step(10))
    play.until_state(State.PACING)
    onset = play.now + 0.8
    play.at(onset + 4, "pause")
    play.at(60, "resume")
    play.until_state(State.CLOSING)
    again = play.heard("tick")[-1]
    assert play.heard("done") == [pytest.approx(again + 6)]


def test_a_pause_in_a_timer_keeps_the_time_that_is_left():
    play = play_of(wait_step(timer_seconds=90))
    play.until_state(State.WAITING)
    began = play.now
    play.at(began + 47, "pause")
    assert play.sentences()[-1] == "Halfway."
    play.at(300, "resume")
    assert said(play, 300) == ["Forty-five seconds left."]
    play.until_state(State.CLOSING)
    assert play.heard("done") == [pytest.approx(300 + 43)]
    assert play.sentences()[-2:] == ["Ten seconds left.", "Bye."]


def test_a_pause_in_a_wait_goes_on_waiting():
    play = play_of(wait_step(reminder="Rinse well."))
    play.until_state(State.WAITING)
    play.say("pause", after=5)
    play.say("resume", after=5)
    assert play.session.state is State.WAITING
    assert said(play, play.now) == ["Rinse well. Say next when you are done."]
    play.say("next", after=5)
    assert play.session.state is State.CLOSING


def test_a_pause_reminds_of_itself_ever_more_rarely_and_for_ever():
    play = paused()
    began = play.now - 2
    play.until(began + 1000)
    assert play.heard("attention") == [pytest.approx(began + s) for s in (60, 180, 420, 900)]
    assert play.session.state is State.PAUSED


# Asked in between.


def test_a_question_while_a_step_is_told_is_answered_and_the_cut_sentence_taken_up():
    play = play_of(say_step("Sit down and be comfortable.", "Close your eyes."))
    play.at(11.5, "how_long")
    play.until_state(State.CLOSING)
    assert said(play, 11.5) == [
        "Less than a minute.",
        "Sit down and be comfortable.",
        "Close your eyes.",
        "Bye.",
    ]


@pytest.mark.parametrize("question", ["help", "why", "where", "how_long"])
@pytest.mark.parametrize("after", [0.0, 0.7, 2.0, 4.7, 12.7, 19.0])
def test_a_question_between_strokes_is_answered_in_silence_and_the_count_kept(
    question: str, after: float
):
    play = telling()
    play.until_state(State.PACING)
    play.say(question, after=after)
    asked = play.now
    play.until_state(State.TELLING)
    answer = next(line for line in play.lines if line.at > asked and line.utterance_id)
    assert not answer.was_cut
    assert not [onset for onset in strokes(play) if asked + 0.05 < onset < answer.end + 0.8 - 1e-6]
    assert whole_strokes(play, 4.0) == 5
    assert play.session.snapshot().step_id == "rinse"


def test_a_second_question_cuts_the_first_answer_and_loses_no_stroke():
    play = pacing()
    play.say("help")
    play.say("why", after=1)
    play.say("where", after=1)
    assert said(play, play.now) == ["This is zone one of two."]
    asked = play.now
    play.until_state(State.TELLING)
    told = said(play, asked)
    assert told[:4] == [
        "This is zone one of two.",
        "Neck.",
        "Upward strokes.",
        "Two of five done.",
    ]
    assert whole_strokes(play, 4.0) == 5


def test_the_last_one_is_announced_again_after_a_question():
    play = telling()
    play.until_state(State.PACING)
    play.say("help", after=0.8 + 3 * 4 + 3.5)  # "Last one." is just being said
    play.until_state(State.TELLING)
    assert [line.was_cut for line in play.lines if line.text == "Last one."] == [True, False]


def test_a_question_does_not_stop_a_timer():
    play = play_of(wait_step(timer_seconds=60))
    play.until_state(State.WAITING)
    began = play.now
    play.say("help", after=5)
    play.until_state(State.CLOSING)
    assert play.heard("done") == [pytest.approx(began + 60)]


def test_a_question_in_a_timer_brings_no_reminder():
    play = play_of(wait_step(timer_seconds=90))
    play.until_state(State.WAITING)
    play.say("help", after=5)
    play.until_state(State.CLOSING)
    assert not play.heard("attention")


def test_a_timer_that_ends_during_an_answer_ends_after_it():
    play = play_of(wait_step(timer_seconds=60))
    play.until_state(State.WAITING)
    play.say("help", after=59.5)
    play.until_state(State.CLOSING)
    answer = next(line for line in play.lines if line.text.startswith("You can say"))
    assert not answer.was_cut
    assert play.heard("done") == [pytest.approx(answer.end)]


def test_asked_again_help_goes_on_with_what_is_left():
    play = waiting()
    for _ in range(3):
        play.say("help", after=0.1)
        play.until(play.now + 12)
    first, second, third = play.sentences()[-3:]
    assert first == "You can say: next, repeat, back, pause, slower, or stop."
    assert second == "Also: why, how long, faster, where, skip zone, or undo."
    assert third == "Also: repeat zone, speak slower, speak faster, louder, quieter, or start over."


def test_how_long_counts_only_what_is_still_to_come():
    play = play_of(wait_step(timer_seconds=180))
    play.until_state(State.WAITING)
    play.say("how_long", after=1)
    assert play.sentences()[-1] == "About three minutes."
    play.say("how_long", after=125)
    assert play.sentences()[-1] == "About one minute."


# Silence.


def test_reminders_come_after_half_again_the_usual_time_and_then_ever_more_rarely():
    play = play_until_step("rinse")
    play.until_state(State.WAITING)
    began = play.now
    play.until(began + 700)
    times = (22.5, 67.5, 157.5, 337.5, 697.5)
    assert play.heard("attention") == [pytest.approx(began + seconds) for seconds in times]
    taught, plain = "Take your time. Say next when you are done.", "Take your time."
    assert said(play, began)[:4] == [taught, taught, plain, plain]


def test_a_short_wait_is_not_reminded_of_before_20_seconds():
    play = play_of(wait_step(about_seconds=5))
    play.until_state(State.WAITING)
    began = play.now
    play.until(began + 30)
    assert play.heard("attention") == [pytest.approx(began + 20)]


def test_the_next_wait_is_as_patient_as_the_first():
    play = play_of(wait_step(), wait_step())
    play.until_state(State.WAITING)
    play.say("next", after=100)
    play.until_state(State.WAITING)
    began = play.now
    play.until(began + 40)
    assert play.heard("attention")[-1] == pytest.approx(began + 30)


def test_a_timer_is_no_time_to_remind_but_to_count():
    play = play_of(wait_step(timer_seconds=300))
    play.until_state(State.CLOSING)
    assert not play.heard("attention")
    assert play.sentences()[-5:] == [
        "Halfway.",
        "One minute left.",
        "Thirty seconds left.",
        "Ten seconds left.",
        "Bye.",
    ]


@pytest.mark.parametrize("word", ["next", "start", "resume"])
def test_a_word_ends_a_timer_early(word: str):
    play = play_of(wait_step(timer_seconds=300))
    play.until_state(State.WAITING)
    play.say(word, after=10)
    assert play.session.state is State.CLOSING
    assert not play.heard("done")


def test_a_question_that_is_said_again_is_not_mixed_with_its_reminder():
    play = Play()
    play.until(9.5)
    ready = play.now
    play.at(ready + 19, "repeat")
    play.until(ready + 30)
    assert said(play, ready + 19) == [
        "Small routine.",
        "About three minutes.",
        "Be gentle.",
        "Each soft tick marks a new stroke.",
        "When I wait, say next.",
        "Say go when you are ready.",
    ]
    assert not play.heard("attention")
