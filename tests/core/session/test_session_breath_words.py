"""How to breathe is told from the breath that is paced, whatever pattern and pace it has."""

from dataclasses import replace

import pytest
from support.breath_stage import BreathPlay, breathe_step
from support.staging import hold_step, say_step, stroke_step

from voiceguide.core import wording_breath
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import State

PATTERNS = ("calm", "box", "relax", "in 3 in 1 out 6", "in 2 hold 1 in 2 out 6 hold 1", "4.5-0-7-0")


def heard(play: BreathPlay) -> tuple[str, ...]:
    """What the first breath that sounded was, in the words it should have been told in."""
    start, after = play.ins()[0], next(at for at in play.ins() if at >= play.outs()[0])
    said, end = [], start
    seen = set()
    for swell in [*(each for each in play.swells if start <= each.at < after), None]:
        at = swell.at if swell else after
        if at - end > 0.01:
            said.append(f"Hold for {wording_breath.counts(at - end)}.")
        if swell:
            way = "in" if "in" in swell.cue.value else "out"
            do = f"{way.capitalize()} again" if way in seen else f"Breathe {way}"
            said.append(f"{do} for {wording_breath.counts(swell.seconds)}.")
            seen.add(way)
            end = swell.at + swell.seconds
    held = any(text.startswith("Hold") for text in said)
    return (*said, wording_breath.BREATH_HELD) if held else tuple(said)


@pytest.mark.parametrize("pace", [1.0, 1.15, 0.87])
@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("step", [breathe_step(3), stroke_step(3, 4.0)], ids=["breaths", "strokes"])
def test_what_is_said_is_what_is_paced(step, pattern, pace):
    play = BreathPlay(
        step, say_step(), breath=pattern, preferences=Preferences(breath_tempo=pace)
    ).begin()
    play.until_state(State.ENDED)
    told = heard(play)
    start = play.sentences().index(told[0])
    assert tuple(play.sentences()[start : start + len(told)]) == told
    assert play.sentences()[start - 1] == wording_breath.BREATH_SOUNDS


def test_a_phase_that_nobody_counts_is_told_by_its_sound():
    play = BreathPlay(breathe_step(2, "in 4 hold 60 in 25 out 30 hold 21"), say_step()).begin()
    play.until_state(State.PACING)
    start = play.sentences().index("Breathe in for four counts.")
    assert play.sentences()[start:] == [
        "Breathe in for four counts.",
        "Hold until the next sound.",
        "In again for as long as it rises.",
        "Breathe out for as long as the sound falls.",
        "Hold until the next sound.",
        wording_breath.BREATH_HELD,
    ]


def test_a_minute_of_held_breath_has_its_time_and_its_last_seconds_are_heard():
    play = BreathPlay(breathe_step(2, "in 4 hold 60 out 8 hold 4"), say_step()).begin()
    play.until_state(State.PACING)
    play.until_state(State.ENDED)
    first, second = play.ins()
    assert second - first == pytest.approx(76)
    assert play.outs() == pytest.approx([first + 64, second + 64])
    counts = [begun + 64 - left for begun in (first, second) for left in (3, 2, 1)]
    assert play.heard("count") == pytest.approx(counts)


def test_a_box_of_six_is_made_faster_by_a_word_but_no_slower():
    play = BreathPlay(breathe_step(9, "6-6-6-6"), say_step()).begin()
    play.until_state(State.PACING)
    play.say("slower", after=5)
    assert play.sentences()[-1] == "That is the longest breath there is."
    play.say("faster", after=5)
    play.until(play.now + 80)
    assert play.ins()[-1] - play.ins()[-2] == pytest.approx(24 / 1.15)


def test_slower_changes_what_the_next_step_of_another_pattern_is_told_as():
    steps = (breathe_step(4, "4-0-4-0"), breathe_step(4, "4-0-6-0"))
    play = BreathPlay(*steps).begin()
    play.until_state(State.PACING)
    play.say("slower", after=2)
    play.until_state(State.TELLING)
    play.until_state(State.ENDED)
    assert "Breathe in for four and a half counts." in play.sentences()
    assert "Breathe out for seven counts." in play.sentences()


def test_a_pattern_is_told_once_as_long_as_it_stays():
    play = BreathPlay(breathe_step(2), breathe_step(2), stroke_step(2, 4.0), breath="box").begin()
    play.until_state(State.ENDED)
    assert play.sentences().count("Breathe in for four counts.") == 1
    assert play.sentences().count(wording_breath.BREATH_HELD) == 1


def test_the_answer_to_breathing_on_tells_the_breath():
    play = BreathPlay(stroke_step(9, 4.0), say_step()).begin()
    play.until_state(State.PACING)
    play.say("breathing_on", after=3)
    play.until(play.now + 30)
    told = wording_breath.on_breath(parse_breath("calm"))
    assert play.sentences()[-len(told) :] == [*told]


def test_a_step_that_is_left_out_keeps_its_own_seconds():
    own = replace(stroke_step(3, 2.0), on_breath=False)
    still = replace(hold_step(7), on_breath=False)
    play = BreathPlay(own, still, stroke_step(2, 2.0), breath="calm").begin()
    play.until_state(State.ENDED)
    ticks = [*play.heard("tick"), *play.heard("last")]
    assert len(play.ins()) == 2
    assert ticks[1] - ticks[0] == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "half a count"),
        (0.9, "one count"),
        (1.4, "one and a half counts"),
        (4, "four counts"),
        (9.6, "nine and a half counts"),
        (10.5, "ten counts"),
        (11.6, "twelve counts"),
    ],
)
def test_counts(seconds, words):
    assert wording_breath.counts(seconds) == words
