"""Sound is the clock: onsets of a rendered session, to the sample, however it is interrupted."""

import itertools

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.rendered import RATE, RenderedSession

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue
from voiceguide.core.routine.breath import parse_breath
from voiceguide.core.routine.routine import Breathe, Mode, Step, Stroke
from voiceguide.core.session.preferences import Manner
from voiceguide.core.timeline.gaps import LEAD_IN_SECONDS
from voiceguide.core.timeline.ranges import TEMPO_RANGE, TEMPO_STEP

FEW = ((64, 0.5), (400, 1.3), (1111, 4.0), (1999, 0.5))
"""Of the sizes of a block and the seconds of a stroke, each once."""


def strokes(count: int, seconds: float, aloud: bool = False) -> Step:
    stroke = Stroke(count, seconds, count_aloud=aloud)
    return Step("up", "up", Mode.STROKE, ("Up.",), stroke=stroke)


def breaths(count: int, pattern: str) -> Step:
    breathe = Breathe(count, parse_breath(pattern))
    return Step("calm", "calm", Mode.BREATHE, ("Breathe.",), breathe=breathe)


def begun(*steps: Step, **options) -> RenderedSession:
    play = RenderedSession(*steps, **options)
    play.until(8.0)
    play.say(Command.START)
    return play


def off_grid(onsets: list[int], period_seconds: float) -> int:
    """The greatest distance of an onset from where it falls by the first one, in samples."""
    nominal = onsets[0] + np.arange(len(onsets)) * period_seconds * RATE
    return int(np.abs(np.array(onsets) - np.round(nominal)).max())


@pytest.mark.parametrize(
    ("block", "period"),
    [
        pytest.param(*each, marks=() if each in FEW else pytest.mark.long)
        for each in itertools.product((64, 400, 1111, 1999), (0.5, 1.3, 4.0))
    ],
)
def test_ticks_have_no_jitter_whatever_the_blocks(block: int, period: float):
    play = begun(strokes(40, period, aloud=True), block=block)
    play.until(20 + 41 * period)
    onsets = play.pulses(Cue.TICK)
    assert len(onsets) == 40  # the last one among them
    assert off_grid(onsets, period) == 0


def test_ticks_do_not_drift_in_twenty_minutes():
    play = begun(strokes(1000, 1.2))
    play.until(20 + 1200)
    onsets = play.pulses(Cue.TICK)
    assert len(onsets) == 1000
    assert off_grid(onsets, 1.2) == 0


@pytest.mark.parametrize("pattern", ["4-0-6-0", "4-4-4-4"])
def test_breaths_do_not_drift_in_twenty_minutes(pattern: str):
    breath = parse_breath(pattern)
    play = begun(breaths(10, pattern), manner=Manner(None, 1200.0))
    play.until(1230)
    ins, outs = play.pulses(Cue.BREATHE_IN), play.pulses(Cue.BREATHE_OUT)
    assert len(ins) == len(outs) > 1150 / breath.seconds
    assert off_grid(ins, breath.seconds) == off_grid(outs, breath.seconds) == 0
    assert {b - a for a, b in zip(ins, outs, strict=True)} == {
        round(breath.out_after_seconds * RATE)
    }


def test_after_a_pause_and_after_a_change_of_tempo_the_grid_is_exact_again():
    play = begun(strokes(60, 1.0))
    play.until(20.3)
    play.say(Command.PAUSE)
    play.until(33.7)
    before = len(play.pulses(Cue.TICK))
    play.say(Command.RESUME)
    play.until(45.11)
    play.say(Command.SLOWER)
    play.until(120)
    onsets = play.pulses(Cue.TICK)
    changed = next(i for i, at in enumerate(onsets) if at > 45.11 * RATE)
    assert off_grid(onsets[:before], 1.0) == 0
    assert off_grid(onsets[before : changed + 1], 1.0) == 0
    assert off_grid(onsets[changed:], 1.15) == 0
    assert len(onsets) == 60 + 1  # the stroke that the pause broke off is done again


@pytest.mark.parametrize("asleep", [0.4, 7.0, 3600.0])
def test_after_a_suspend_it_skips_ahead_and_never_bursts(asleep: float):
    play = begun(strokes(60, 1.0))
    play.until(20.3)
    before = len(play.pulses(Cue.TICK))
    play.sleep(asleep)
    woken = play.now
    play.until(woken + 100)
    onsets = play.pulses(Cue.TICK)
    assert len(onsets) == 60
    assert min(np.diff(onsets)) >= RATE
    assert len([at for at in onsets[before:] if at < woken * RATE]) <= 1
    assert off_grid([at for at in onsets if at >= woken * RATE], 1.0) == 0


@pytest.mark.parametrize("asleep", [3.0, 600.0])
def test_a_breath_that_slept_is_followed_by_a_breath_in(asleep: float):
    play = begun(breaths(30, "4-0-6-0"))
    play.until(31.0)
    play.sleep(asleep)
    woken = round(play.now * RATE)
    play.until(play.now + 60)
    ins, outs = play.pulses(Cue.BREATHE_IN), play.pulses(Cue.BREATHE_OUT)
    following = sorted([(at, "in") for at in ins if at > woken] + [(at, "out") for at in outs])
    ways = [way for at, way in following if at > woken]
    assert all(a != b for a, b in itertools.pairwise(ways))
    assert min(np.diff(ins)) >= 10 * RATE


# Whatever is said, whenever, and however often the machine sleeps.

ACTS = st.lists(
    st.tuples(
        st.floats(0.05, 14.0),
        st.sampled_from(["slower", "faster", "pause", "sleep", "late", "repeat", "where"]),
        st.floats(0.3, 40.0),
    ),
    max_size=7,
)
some = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)


def act(play: RenderedSession, script: list[tuple[float, str, float]]) -> list[float]:
    """Play it; the moments at which something broke in."""
    broken = []
    for delay, what, seconds in script:
        play.until(play.now + delay)
        broken.append(play.now)
        if what == "sleep":
            play.sleep(seconds)
        elif what == "late":  # the loop, and nothing else, hangs for a moment
            play.sleep(0.2)
        elif what == "pause":
            play.say(Command.PAUSE)
            play.until(play.now + seconds)
            play.say(Command.RESUME)
        else:
            play.say(Command(what))
        broken.append(play.now)
    return broken


def undisturbed(onsets: list[int], broken: list[float]) -> list[tuple[int, int]]:
    """Neighbours with nothing in between, from the fixing of the first on."""
    return [
        (one, other)
        for one, other in itertools.pairwise(onsets)
        if not any(one - 0.3 * RATE <= at * RATE <= other for at in broken)
    ]


def tempi(script: list[tuple[float, str, float]]) -> set[float]:
    """Every tempo that can have been asked for."""
    factors, (least, most) = {1.0}, TEMPO_RANGE
    for _, what, _ in script:
        by = {"slower": 1 / TEMPO_STEP, "faster": TEMPO_STEP}.get(what, 1.0)
        factors |= {min(max(factor * by, least), most) for factor in factors}
    return factors


def grid(onsets: list[int], seconds: set[float]) -> float:
    """Which of these periods, in seconds, the onsets go by."""
    return min(seconds, key=lambda each: abs((onsets[1] - onsets[0]) / RATE - each))


@some
@given(ACTS, st.sampled_from([0.9, 1.3, 4.0]))
def test_ticks_never_burst_and_each_gap_is_a_period_that_was_asked_for(script, period):
    play = begun(strokes(200, period))
    play.until(12.0)
    broken = act(play, script)
    play.until(play.now + 30)
    onsets = play.pulses(Cue.TICK)
    periods = {round(period / tempo * RATE) for tempo in tempi(script)}
    # What a word broke off is begun again after a word and the time to bring the hands back.
    least = min(*periods, round(LEAD_IN_SECONDS * RATE))
    assert min(np.diff(onsets), default=RATE) >= least - 1
    for one, other in undisturbed(onsets, broken):
        assert min(abs(other - one - each) for each in periods) <= 1
    last = [at for at in onsets if at > (max(broken, default=12.0) + 1) * RATE][1:]
    assert len(last) >= 3
    assert off_grid(last, grid(last, {period / tempo for tempo in tempi(script)})) <= 1


@some
@given(ACTS, st.sampled_from(["4-0-6-0", "4-4-4-4", "3-3"]))
def test_breaths_never_burst_and_each_is_exactly_its_pattern(script, pattern):
    breath = parse_breath(pattern)
    play = begun(breaths(100, pattern))
    play.until(14.0)
    broken = act(play, script)
    play.until(play.now + 60)
    ins, outs = play.pulses(Cue.BREATHE_IN), play.pulses(Cue.BREATHE_OUT)
    fastest = max(tempi(script))
    shortest = breath.at_tempo(fastest).seconds * RATE
    for one, other in undisturbed(ins, broken):
        assert other - one >= shortest - 1
        (out,) = [at for at in outs if one < at < other]
        share = breath.out_after_seconds / breath.seconds
        assert abs(out - one - share * (other - one)) <= 1.5
    after = [at for at in ins if at > (max(broken, default=14.0) + 1) * RATE]
    if len(after) > 4:  # the glide to a new pace is over: the grid is exact again
        settled = after[3:]
        wanted = {breath.at_tempo(tempo).seconds for tempo in tempi(script)}
        assert off_grid(settled, grid(settled, wanted)) <= 1
    ways = sorted([(at, "in") for at in ins] + [(at, "out") for at in outs])
    for (one, way), (other, next_way) in itertools.pairwise(ways):
        if not any(one - 0.3 * RATE <= at * RATE <= other for at in broken):
            assert way != next_way
