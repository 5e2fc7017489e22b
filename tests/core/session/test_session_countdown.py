"""Holds and timers mark their half and count down their last seconds."""

import pytest
from support.playing import Play
from support.staging import hold_step, play_of, say_step, wait_step

from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import Side
from voiceguide.core.session.countdown import marks
from voiceguide.core.session.preferences import Manner
from voiceguide.core.table import State

HALFWAY = "Halfway."


def left(play: Play, end: float) -> list[tuple[float, str]]:
    """What was heard while it ran, each with the seconds that were left."""
    told = [(round(end - line.at, 1), line.text) for line in play.lines]
    return [(rest, text) for rest, text in told if rest > 0]


@pytest.mark.parametrize(
    ("whole", "told"),
    [
        (4, ()),
        (6, (3,)),
        (19, (3,)),
        (20, (10, 3)),
        (30, (15, 3)),
        (60, (30, 10, 3)),
        (90, (45, 10, 3)),
        (120, (60, 30, 10, 3)),
        (600, (300, 120, 60, 30, 10, 3)),
        (1200, (600, 300, 120, 60, 30, 10, 3)),
    ],
)
def test_what_is_told_of_how_long(whole: float, told: tuple[float, ...]):
    assert marks(whole) == told


def test_a_timer_marks_its_half_says_what_is_left_and_counts_its_last_seconds():
    play = play_of(wait_step(timer_seconds=60))
    play.until_state(State.WAITING)
    end = play.now + 60
    play.until_state(State.CLOSING)
    assert left(play, end)[-5:] == [
        (30, HALFWAY),
        (10, "Ten seconds left."),
        (3, "*count*"),
        (2, "*count*"),
        (1, "*count*"),
    ]
    assert play.heard("done") == [end]


def test_a_hold_does_so_on_each_side():
    play = play_of(hold_step(20, Side.LEFT_THEN_RIGHT))
    play.until_state(State.PACING)
    play.until_state(State.CLOSING)
    first, second = play.heard("tick")
    counts = [onset + 20 - each for onset in (first, second) for each in (3, 2, 1)]
    assert play.heard("count") == pytest.approx(counts)
    halves = [line.at for line in play.lines if line.text == HALFWAY]
    assert halves == pytest.approx([first + 10, second + 10])


def test_a_short_hold_is_only_counted_and_a_very_short_one_not_even_that():
    play = play_of(hold_step(6), hold_step(4), say_step("Good."))
    play.until_state(State.CLOSING)
    assert len(play.heard("count")) == 3
    assert HALFWAY not in play.sentences()


def test_what_stands_still_is_not_counted_and_goes_on_with_what_is_left():
    play = play_of(hold_step(30))
    play.until_state(State.PACING)
    play.say("pause", after=20)  # past the half
    play.until(play.now + 60)
    assert play.heard("count") == []
    before = play.sentences().count(HALFWAY)
    play.say("resume")
    play.until_state(State.CLOSING)
    assert (before, play.sentences().count(HALFWAY)) == (1, 1)
    assert len(play.heard("count")) == 3


def test_a_question_hides_the_half_but_no_last_second_after_it():
    play = play_of(wait_step(timer_seconds=30))
    play.until_state(State.WAITING)
    end = play.now + 30
    play.say("where", after=14.5)  # the answer lasts beyond the half
    play.until_state(State.CLOSING)
    assert HALFWAY not in play.sentences()
    assert play.heard("count") == pytest.approx([end - 3, end - 2, end - 1])


def test_an_answer_that_lasts_into_the_last_seconds_leaves_them_uncounted():
    play = play_of(wait_step(timer_seconds=30))
    play.until_state(State.WAITING)
    end = play.now + 30
    play.say("where", after=26.9)
    play.until_state(State.CLOSING)
    assert all(at > end - 3 for at in play.heard("count"))
    assert len(play.heard("count")) < 3


def test_a_hold_on_the_breath_is_led_by_the_breath_alone():
    play = Play(
        {"tiny": play_of(hold_step(30), start=None).library["tiny"]},
        "tiny",
        manner=Manner(breath=parse_breath("calm")),
    )
    play.at(15, "start")
    play.until_state(State.CLOSING)
    assert play.heard("breathe-in")
    assert play.heard("count") == []
