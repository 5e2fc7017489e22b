"""A breath as it is written, and how its pace changes."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceguide.core.routine.breath import (
    CALM,
    FASTEST,
    PERIOD_RANGE,
    Breath,
    Glide,
    Phase,
    Way,
    parse_breath,
)

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


@st.composite
def breaths(draw: st.DrawFn) -> Breath:
    """Any breath that can be written: in once or in goes, out once or in goes, holds anywhere."""
    ways = [Way.IN]
    for way in (Way.IN, Way.OUT):
        ways += draw(st.lists(st.sampled_from([way, Way.HOLD]), max_size=2))
    ways.insert(len(ways) - draw(st.integers(0, 1)) if ways[-1] is Way.HOLD else len(ways), Way.OUT)
    weights = [draw(st.floats(0.5, 1.0)) for _ in ways]
    period = draw(st.floats(6.0, 59.9))
    seconds = [round(period * weight / sum(weights), 3) for weight in weights]
    return Breath(tuple(Phase(way, length) for way, length in zip(ways, seconds, strict=True)))


def written(text: str) -> list[tuple[str, float]]:
    return [(phase.way.value, phase.seconds) for phase in parse_breath(text).phases]


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("4-0-6-0", [("in", 4), ("out", 6)]),
        ("4-6", [("in", 4), ("out", 6)]),
        ("4-2-6", [("in", 4), ("hold", 2), ("out", 6)]),
        ("4 – 2 - 6", [("in", 4), ("hold", 2), ("out", 6)]),
        ("4.5-0-5.5-0", [("in", 4.5), ("out", 5.5)]),
        ("in 3, in 1, out 6", [("in", 3), ("in", 1), ("out", 6)]),
        ("in 4 s  hold 2 s OUT 6s", [("in", 4), ("hold", 2), ("out", 6)]),
        ("box", [("in", 4), ("hold", 4), ("out", 4), ("hold", 4)]),
        (" Calm ", [("in", 4), ("out", 6)]),
        ("relax", [("in", 4), ("hold", 7), ("out", 8)]),
        ("6-6-6-6", [("in", 6), ("hold", 6), ("out", 6), ("hold", 6)]),
        ("in 4 hold 60 out 8", [("in", 4), ("hold", 60), ("out", 8)]),
        ("60-60-60-60", [("in", 60), ("hold", 60), ("out", 60), ("hold", 60)]),
    ],
)
def test_a_breath_is_read_as_it_is_written(text, phases):
    assert written(text) == phases


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "'' is no breath; write it like 4-0-6-0"),
        ("deep", "'deep' is no breath; write it like"),
        ("4-six", "'4-six' is no breath"),
        ("4-4-4-4-4", "'4-4-4-4-4' has 5 numbers; write it like"),
        ("0-4-6-0", "'0-4-6-0' must lead both in and out"),
        ("hold 2 in 4 out 6", "must begin with the breath in"),
        ("out 4 in 6", "must begin with the breath in"),
        ("up 4 down 6", "'up' is no part of a breath; use in, hold and out"),
        ("in 3 out 3 in 3 out 3", "leads in again after out; write one breath"),
        ("in 0.2 out 8", "has a phase of 0.2 s; use 0.5 to 60 s"),
        ("2-2", "takes 4 s a breath; use 5 to 240 s"),
        ("4-61-4-0", "has a phase of 61 s; use 0.5 to 60 s"),
        ("in 60 in 60 hold 60 out 60 hold 60", "takes 300 s a breath; use 5 to 240 s"),
    ],
)
def test_what_is_no_breath_is_refused_in_a_plain_sentence(text, why):
    with pytest.raises(ValueError) as caught:
        parse_breath(text)
    assert why in str(caught.value)


def test_the_usual_breath_is_six_a_minute_with_a_longer_way_out():
    assert CALM.seconds == 10
    assert CALM.out_after_seconds < CALM.seconds - CALM.out_after_seconds


@quick
@given(breaths())
def test_a_breath_reads_as_it_prints(breath: Breath):
    assert parse_breath(str(breath)) == breath


@quick
@given(breaths(), st.floats(0.1, 10.0))
def test_at_any_tempo_the_period_stays_in_range_and_the_phases_in_proportion(breath, tempo):
    changed = breath.at_tempo(tempo)
    low, high = PERIOD_RANGE
    assert max(low, breath.seconds / FASTEST) - 1e-6 <= changed.seconds
    assert changed.seconds <= max(high, breath.seconds) + 1e-6
    slowest, fastest = breath.tempo_range()
    if slowest <= tempo <= fastest:
        assert changed.seconds == pytest.approx(breath.seconds / tempo)
    ratios = [b.seconds / a.seconds for a, b in zip(breath.phases, changed.phases, strict=True)]
    assert ratios == pytest.approx([changed.seconds / breath.seconds] * len(ratios))
    assert changed.out_after_seconds < changed.seconds


@quick
@given(breaths())
def test_phases_follow_each_other_without_holes(breath: Breath):
    starts = list(breath.starts())
    for (start, phase), (following, _) in itertools.pairwise(starts):
        assert following == pytest.approx(start + phase.seconds)
    assert starts[-1][0] + starts[-1][1].seconds == pytest.approx(breath.seconds)


@quick
@given(st.lists(st.tuples(st.floats(0.5, 2.0), st.integers(1, 4)), min_size=1, max_size=6))
def test_a_change_of_tempo_takes_two_breaths_and_never_overshoots(asked):
    glide = Glide()
    present = None
    for wanted, count in asked:
        before = present
        for number in range(count):
            present = glide.next(wanted)
            if before is None or number >= 1:
                assert present == pytest.approx(wanted)
            else:
                low, high = sorted((before, wanted))
                assert low - 1e-9 <= present <= high + 1e-9
