"""Screenplays on the breath: what rides on it, how its pace changes, how long it lasts."""

import itertools

import pytest
from support.breath_stage import BreathPlay, breathe_step, lasting, length
from support.staging import hold_step, say_step, stroke_step, wait_step

from voiceguide.core.effects import Cue, KeepPreferences
from voiceguide.core.routine.breath import PERIOD_RANGE, parse_breath
from voiceguide.core.routine.routine import Side
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import State


def gaps(times: list[float]) -> list[float]:
    return [round(b - a, 6) for a, b in itertools.pairwise(times)]


def between(play: BreathPlay) -> list[str]:
    return [line.text for line in play.lines if line.at > 40]


# What rides on it.


def test_hands_return_on_the_breath_in_and_stroke_on_the_breath_out():
    play = BreathPlay(stroke_step(3, 4.0), wait_step(), breath="4-0-6-0").begin()
    play.until_state(State.WAITING)
    assert gaps(play.ins()) == [10.0, 10.0]
    assert [round(b - a, 6) for a, b in zip(play.ins(), play.outs(), strict=True)] == [4.0] * 3
    assert play.heard("tick") + play.heard("last") == play.outs()
    assert [swell.seconds for swell in play.swells[:2]] == [4.0, 6.0]


def test_each_phase_of_a_double_breath_in_has_its_own_swell_and_holds_are_silent():
    play = BreathPlay(breathe_step(2), breath="in 3 in 1 hold 1 out 6").begin()
    play.until_state(State.CLOSING)
    first = play.ins()[0]
    assert [(round(s.at - first, 6), s.cue, s.seconds) for s in play.swells[:3]] == [
        (0.0, Cue.BREATHE_IN, 3.0),
        (3.0, Cue.BREATHE_IN, 1.0),
        (5.0, Cue.BREATHE_OUT, 6.0),
    ]
    assert round(play.swells[3].at - first, 6) == 11.0


def test_counts_become_breaths_on_each_side():
    play = BreathPlay(stroke_step(2, 3.0, Side.LEFT_THEN_RIGHT), breath="calm").begin()
    play.until_state(State.ENDED)
    assert len(play.ins()) == 4
    assert "Now the right side." in between(play)


def test_a_hold_lasts_whole_breaths():
    play = BreathPlay(hold_step(22), breath="calm").begin()
    play.until_state(State.CLOSING)
    assert len(play.ins()) == 2
    assert play.heard("done") == [pytest.approx(play.ins()[-1] + 10)]
    assert not play.heard("tick")


def test_a_hold_that_stood_still_goes_on_with_the_breaths_that_are_left():
    play = BreathPlay(hold_step(30), breath="calm").begin()
    play.until_state(State.PACING)
    play.say("pause", after=0.8 + 14)
    play.say("resume", after=60)
    play.until_state(State.CLOSING)
    assert len(play.ins()) == 2 + 2


def test_numbers_are_said_along_with_the_breath_in_and_cover_no_phase():
    play = BreathPlay(stroke_step(5, 3.0, aloud=True), breath="calm").begin()
    play.until_state(State.CLOSING)
    said = {line.text.lower(): line for line in play.lines if line.utterance_id}
    for number, start in zip(("one.", "two.", "three.", "four."), play.ins(), strict=False):
        assert start < said[number].at
        assert said[number].end < start + 4
    assert said["last one."].end < play.ins()[4]


def test_a_breath_that_leaves_no_room_for_a_word_is_left_alone():
    play = BreathPlay(
        stroke_step(5, 3.0, aloud=True), breath="in 1 in 1 hold 1 out 1 out 1"
    ).begin()
    play.until_state(State.CLOSING)
    assert len(play.ins()) == 10
    assert not {"one", "two", "Last one."} & set(between(play))


# By voice.


def test_breathing_on_has_the_strokes_ride_and_breathing_off_lets_them_tick_again():
    play = BreathPlay(stroke_step(8, 4.0)).begin()
    play.until_state(State.PACING)
    play.say("breathing_on", after=0.8 + 5)
    assert not play.swells
    play.until(play.now + 30)
    assert len(play.ins()) >= 2
    ticks = len(play.heard("tick"))
    play.say("breathing_off", after=1)
    assert play.sentences()[-1] == "Your strokes follow the ticks alone."
    swells = len(play.swells)
    play.until_state(State.CLOSING)
    assert len(play.swells) == swells
    assert gaps(play.heard("tick")[ticks + 1 :])[:1] == [4.0]


def test_undo_takes_breathing_back():
    play = BreathPlay(stroke_step(8, 4.0)).begin()
    play.until_state(State.PACING)
    play.say("breathing_on", after=3)
    play.say("undo", after=4)
    assert play.sentences()[-1] == "Your strokes follow the ticks alone."
    play.until_state(State.CLOSING)
    assert not play.swells


def test_what_rides_is_said_before_it_begins():
    play = BreathPlay(stroke_step(2, 4.0), breath="calm").begin()
    assert any(text.startswith("Your strokes follow the breath") for text in play.sentences())
    assert play.session.snapshot().breaths_per_minute == pytest.approx(6.0)


@pytest.mark.parametrize(("word", "factor"), [("slower", 1.15), ("faster", 1 / 1.15)])
def test_slower_and_faster_change_the_breath_over_two_breaths(word: str, factor: float):
    play = BreathPlay(breathe_step(6, "4-0-6-0")).begin()
    play.until_state(State.PACING)
    play.say(word, after=0.8 + 12)  # in the second breath
    play.until_state(State.CLOSING)
    full, half = round(10 * factor, 6), round(10 * factor**0.5, 6)
    assert gaps(play.ins()) == [10.0, 10.0, half, full, full]
    ratios = [s.seconds / t.seconds for s, t in itertools.pairwise(play.swells[-4:])]
    assert ratios[0] == pytest.approx(4 / 6)
    kept = [e for _, e in play.effects if isinstance(e, KeepPreferences)][-1]
    assert kept.tempo == 1.0
    assert kept.breath_tempo == pytest.approx(1 / factor)


def test_the_breath_has_a_longest_and_a_shortest():
    play = BreathPlay(breathe_step(60, "4-4-4-4")).begin()
    play.until_state(State.PACING)
    for _ in range(3):
        play.say("slower", after=30)
    assert play.sentences()[-1] == "That is the longest breath there is."
    play.until(play.now + 60)
    assert gaps(play.ins())[-1] == PERIOD_RANGE[1]
    for _ in range(12):
        play.say("faster", after=8)
    assert "That is the shortest breath there is." in play.sentences()
    play.until(play.now + 30)
    assert gaps(play.ins())[-1] == PERIOD_RANGE[0]


def test_slower_is_about_strokes_where_they_do_not_ride():
    play = BreathPlay(stroke_step(4, 4.0), breathe_step(2)).begin()
    play.until_state(State.PACING)
    play.say("slower", after=2)
    assert play.session.snapshot().tempo == pytest.approx(1 / 1.15)


def test_a_remembered_pace_of_the_breath_is_gone_on_with():
    play = BreathPlay(breathe_step(3), preferences=Preferences(breath_tempo=0.8)).begin()
    play.until_state(State.CLOSING)
    assert gaps(play.ins()) == [12.5, 12.5]


def test_where_tells_the_breaths_that_are_done():
    play = BreathPlay(breathe_step(6)).begin()
    play.until_state(State.PACING)
    play.say("where", after=0.8 + 25)
    play.until(play.now + 9)
    assert play.sentences()[-4:] == [
        "This is zone one of one.",
        "Hands.",
        "Breaths.",
        "Two breaths done.",
    ]
    play.until_state(State.CLOSING)
    assert "We breathe on." not in play.sentences()
    assert len(play.ins()) == 2 + 1 + 4  # the third was broken off and is breathed again


# How long it lasts.


@pytest.mark.parametrize("minutes", [1, 3, 10, 45])
@pytest.mark.parametrize("pattern", ["4-0-6-0", "4-4-4-4", "3-0-4-0"])
def test_a_session_of_breaths_lasts_as_long_as_was_asked(minutes: float, pattern: str):
    play = lasting(minutes, breathe_step(6), say_step("Smile."), breath=pattern)
    period = parse_breath(pattern).seconds
    assert length(play) == pytest.approx(60 * minutes, abs=period)
    out = play.swells[-1]
    assert out.cue is Cue.BREATHE_OUT
    assert not out.was_interrupted


def test_the_last_breath_is_announced_and_the_close_is_soft():
    play = lasting(2, breathe_step(6))
    play.until_state(State.ENDED)
    end = play.swells[-1].at + play.swells[-1].seconds
    bye = next(line for line in play.lines if line.text == "Bye.")
    assert bye.at == pytest.approx(end + 2.0)
    notice = next(line for line in play.lines if line.text == "Last one.")
    assert play.outs()[-2] < notice.at < notice.end < play.ins()[-1]


def test_the_longest_step_of_breaths_takes_the_time():
    play = lasting(10, breathe_step(3, name="few"), breathe_step(6, name="many"), say_step("Up."))
    assert length(play) == pytest.approx(600, abs=10)
    few = [when for when, state in play.states if state is State.PACING]
    assert sum(start < few[1] for start in play.ins()) == 3


def test_a_routine_of_strokes_is_filled_up_with_breaths():
    play = lasting(5, stroke_step(3, 4.0), breath="calm")
    assert length(play) == pytest.approx(300, abs=10)
    assert "Quiet breathing." in play.sentences()


def test_strokes_that_are_too_long_end_with_a_breath_out_and_the_last_words():
    play = lasting(1, stroke_step(40, 4.0), wait_step(), breath="calm")
    assert length(play) == pytest.approx(60, abs=10)
    assert "Rest." not in play.sentences()
    assert play.sentences()[-1] == "Bye."


def test_what_follows_the_breaths_that_took_the_time_is_told():
    for seconds in range(120, 132):
        smile = say_step("Smile a little, and open your eyes when you like.")
        play = lasting(seconds / 60, breathe_step(6), smile)
        play.until_state(State.ENDED)
        assert smile.say[0] in play.sentences()


def test_a_pause_does_not_count():
    play = lasting(3, breathe_step(6))
    play.until_state(State.PACING)
    play.say("pause", after=20)
    play.say("resume", after=300)
    assert length(play) - 300 == pytest.approx(180, abs=10)


def test_how_long_tells_what_is_left_of_the_time():
    play = lasting(10, breathe_step(6))
    assert play.sentences()[1:3] == ["Tiny routine.", "About ten minutes."]
    play.until(40 + 300)
    play.say("how_long")
    assert play.sentences()[-1] == "About five minutes."


def test_starting_over_begins_the_time_anew():
    play = lasting(2, breathe_step(6))
    play.at(100, "start_over")
    play.until_state(State.ENDED)
    assert play.last_word() - 100 == pytest.approx(120, abs=10)
