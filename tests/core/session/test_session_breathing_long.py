"""Long sessions on the breath, and what holds whatever is said, whenever it is said."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.breath_stage import BreathPlay, Swell, breathe_step, lasting, length
from support.staging import hold_step, say_step, stroke_step, wait_step
from test_session_properties import quick

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Hush, KeepPreferences
from voiceguide.core.events import CommandHeard, DeadlineReached
from voiceguide.core.routine.breath import Way, parse_breath
from voiceguide.core.routine.routine import Side
from voiceguide.core.session.strokes import SWELL_OF
from voiceguide.core.table import State
from voiceguide.core.timeline.beat import breaths_in

# Ten minutes, with everything a person does.


def ten_minutes(pattern: str | None = None) -> BreathPlay:
    return lasting(
        10,
        say_step("Sit tall.", "Close your eyes."),
        breathe_step(4, "4-0-4-0", name="even"),
        breathe_step(12, "4-0-6-0", name="long"),
        say_step("Smile."),
        breath=pattern,
    )


def test_ten_minutes_with_a_pause_three_tempi_and_a_repeat():
    play = ten_minutes()
    play.at(90, "slower")
    play.at(150, "pause")
    play.at(195, "resume")
    play.at(260, "slower")
    play.at(330, "repeat")
    play.at(400, "faster")
    assert length(play) - 45 == pytest.approx(600, abs=11.5)
    for one, other in itertools.pairwise(play.swells):
        if not one.was_interrupted:
            assert one.cue is not other.cue


def phases() -> list[tuple[str, float]]:
    """A moment in every phase, at every border, and around the fixing of the following breath."""
    found = set()
    for pattern in ("4-0-6-0", "4-4-4-4", "in 3 in 1 hold 1 out 6"):
        breath = parse_breath(pattern)
        marks = [start for start, _ in breath.starts()] + [breath.seconds]
        offs = (-0.3, -0.2, -0.01, 0.0, 0.01, 0.3, 0.5, 2.0)
        found |= {(pattern, round(mark + off, 3)) for mark in marks for off in offs}
    return sorted(found)


KINDS = {
    "breaths": lambda: breathe_step(8),
    "strokes": lambda: stroke_step(8, 4.0, aloud=True),
    "hold": lambda: hold_step(90.0),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("word", ["next", "repeat", "pause"])
def test_a_word_in_any_phase_leads_on_and_nothing_sounds_after_it(word: str, kind: str):
    every = 1 if kind == "breaths" else 2
    for pattern, after in phases()[len(word) % every :: every]:
        lead_on(word, kind, pattern, after)


def lead_on(word: str, kind: str, pattern: str, after: float) -> None:
    play = BreathPlay(KINDS[kind](), wait_step(), breath=pattern).begin()
    play.until_state(State.PACING)
    breath = parse_breath(pattern)
    play.at(play.now + 0.8 + breath.seconds + after, word)
    said_at = play.now
    play.until(said_at + 0.2)
    assert not [swell for swell in play.swells if said_at < swell.at]
    if word == "next":
        play.until_state(State.WAITING)
    elif word == "pause":
        play.until(said_at + 30)
        assert all(swell.at <= said_at for swell in play.swells)
        play.say("resume")
        resumed_at = play.now
        play.until(play.now + 6)
        assert next(s for s in play.swells if s.at > resumed_at).cue is Cue.BREATHE_IN
    else:
        play.until_state(State.PACING)
        play.until_state(State.WAITING)
        ins_each = sum(phase.way is Way.IN for phase in breath.phases)
        count = breaths_in(90, breath) if kind == "hold" else 8
        assert len([at for at in play.ins() if at > said_at]) == count * ins_each


# Whatever is said, whenever.

patterns = st.sampled_from(
    ["4-0-6-0", "4-4-4-4", "in 2 in 1 out 4", "2.5-2.5", "4-7-8-0", "3-0-5-2"]
)
delays = st.sampled_from([0.0, 0.1, 0.3, 1.0, 2.7, 4.0, 6.1, 9.9, 13.0, 21.0])
words = st.sampled_from(
    [
        *(Command.SLOWER, Command.FASTER, Command.PAUSE, Command.RESUME, Command.REPEAT),
        *(Command.BREATHING_ON, Command.BREATHING_OFF, Command.WHERE, Command.UNDO, Command.START),
    ]
)
scripts = st.lists(st.tuples(delays, words), max_size=20)
riding = st.lists(
    st.sampled_from(
        [
            breathe_step(3),
            breathe_step(5, "3-0-4-0"),
            stroke_step(4, 3.0, aloud=True),
            stroke_step(2, 2.0, Side.LEFT_THEN_RIGHT),
            hold_step(13),
            say_step("Look up."),
        ]
    ),
    min_size=1,
    max_size=3,
)


def played(steps: list, pattern: str, script: list) -> BreathPlay:
    named = [type(s)(f"s{i}", s.name, s.mode, s.say, stroke=s.stroke, hold=s.hold,
                     breathe=s.breathe) for i, s in enumerate(steps)]  # fmt: skip
    play = BreathPlay(*named, wait_step(), breath=pattern).begin()
    for delay, word in script:
        play.until(play.now + delay)
        if play.session.has_ended:
            break
        play.tell(CommandHeard(word))
    play.until(play.now + 60)
    return play


@quick
@given(riding, patterns, scripts)
def test_no_word_covers_the_start_of_a_phase(steps, pattern, script):
    play = played(steps, pattern, script)
    spoken = [(line.at, line.end) for line in play.lines if line.utterance_id]
    for swell in play.swells:
        assert not any(at < swell.at + 1e-6 and swell.at < end - 0.05 for at, end in spoken)


def wanted_until(play: BreathPlay, moment: float) -> list[float]:
    """Every tempo of the breath that was asked for by then."""
    kept = [
        e.breath_tempo for t, e in play.effects if isinstance(e, KeepPreferences) if t <= moment
    ]
    return [1.0, *kept]


def breaths_of(play: BreathPlay) -> list[list[Swell]]:
    """The swells of each breath; one begins with a swell in that no other swell in leads on to."""
    found: list[list[Swell]] = []
    for swell in play.swells:
        goes_on = found and (
            swell.cue is Cue.BREATHE_OUT
            or (found[-1][-1].cue is Cue.BREATHE_IN and not found[-1][-1].was_interrupted)
        )
        if not goes_on:
            found.append([])
        found[-1].append(swell)
    return found


def check_breaths(play: BreathPlay, pattern: str) -> int:
    """Every breath is the pattern at a tempo that was asked for, up to where a word broke it off.

    Gives how many were whole.
    """
    asked = parse_breath(pattern)
    moving = [(start, phase) for start, phase in asked.starts() if phase.way in SWELL_OF]
    hushes = [when for when, effect in play.effects if isinstance(effect, Hush)]
    breaths, whole = breaths_of(play), 0
    for number, breath in enumerate(breaths):
        first = breath[0]
        factor = first.seconds / moving[0][1].seconds
        tempi = wanted_until(play, first.at)
        shortest = asked.at_tempo(max(tempi)).seconds
        longest = asked.at_tempo(min(tempi)).seconds
        assert shortest - 1e-6 <= factor * asked.seconds <= longest + 1e-6
        assert len(breath) <= len(moving)
        for swell, (start, phase) in zip(breath, moving, strict=False):
            assert swell.cue is SWELL_OF[phase.way]
            assert swell.at == pytest.approx(first.at + start * factor)
            assert swell.seconds == pytest.approx(phase.seconds * factor)
        end = first.at + factor * asked.seconds
        # By the time that a hush comes the following breath may have begun.
        was_broken = any(first.at - 0.3 <= when < end - 1e-6 for when in hushes)
        if not was_broken and end <= play.now:
            assert len(breath) == len(moving)
            assert number + 1 == len(breaths) or breaths[number + 1][0].at >= end - 1e-6
            whole += 1
    return whole


@quick
@given(riding, patterns, scripts)
def test_breaths_alternate_and_are_never_shorter_than_asked(steps, pattern, script):
    check_breaths(played(steps, pattern, script), pattern)


@pytest.mark.parametrize("pattern", ["4-0-6-0", "in 2 in 1 out 4", "4-4-4-4"])
def test_a_session_that_nobody_breaks_off_is_whole_breaths_alone(pattern):
    play = BreathPlay(breathe_step(9), stroke_step(3, 4.0), hold_step(20), breath=pattern).begin()
    play.until_state(State.ENDED)
    assert check_breaths(play, pattern) == len(breaths_of(play)) >= 13


@quick
@given(st.lists(st.tuples(st.floats(3, 40), st.sampled_from(["slower", "faster"])), max_size=8))
def test_a_new_pace_is_reached_with_the_second_breath_and_kept(script):
    play = BreathPlay(breathe_step(80)).begin()
    play.until_state(State.PACING)
    for delay, word in script:
        play.say(word, after=delay)
    said_at = play.now
    play.until(said_at + 90)
    starts = [at for at in play.ins() if at > said_at + 0.25]
    wanted = parse_breath("calm").at_tempo(wanted_until(play, play.now)[-1]).seconds
    gaps = [other - one for one, other in itertools.pairwise(starts)]
    assert gaps[1:] == pytest.approx([wanted] * len(gaps[1:]))
    assert len(gaps) >= 3


moves = st.sampled_from(
    [
        *(Command.SLOWER, Command.FASTER, Command.REPEAT, Command.WHERE),
        *(Command.REPEAT_ZONE, Command.BACK, Command.HELP, Command.WHY, Command.HOW_LONG),
    ]
)
pauses = st.lists(st.tuples(st.floats(60, 500), st.floats(0, 200)), max_size=3)


def whole_time(
    script: list[tuple[float, Command]], rests: list[tuple[float, float]], pattern: str | None
) -> tuple[BreathPlay, float]:
    """Ten minutes, and how long in all it lay still: said as the session's own clock goes."""
    play = lasting(
        10,
        *(say_step("Sit tall."), breathe_step(4), breathe_step(12, name="long")),
        *(breathe_step(3, name="quiet"), say_step("Smile.")),
        breath=pattern,
    )
    rest = 0.0
    lines = [(at, word, 0.0) for at, word in script]
    lines += [(at, Command.PAUSE, seconds) for at, seconds in rests]
    for at, word, seconds in sorted(lines, key=lambda line: line[0]):
        play.until(at + rest)
        play.tell(DeadlineReached())
        play.tell(CommandHeard(word))
        if word is Command.PAUSE and play.session.state is State.PAUSED:
            play.until(play.now + seconds)
            play.tell(CommandHeard(Command.RESUME))
            rest += seconds
    return play, rest


@quick
@given(
    st.lists(st.tuples(st.floats(60, 520), moves), max_size=6),
    pauses,
    st.sampled_from([None, "box", "3-0-4-0", "in 3 in 1 out 6"]),
)
def test_the_length_is_as_promised_within_one_breath(script, rests, pattern):
    play, rest = whole_time(script, rests, pattern)
    spent = length(play) - rest
    tempo = min(wanted_until(play, play.now))
    one = parse_breath(pattern or "calm").at_tempo(tempo).seconds
    assert spent == pytest.approx(600, abs=one)
    assert play.session.snapshot().state is State.ENDED
    assert play.swells[-1].cue is Cue.BREATHE_OUT


@quick
@given(st.lists(st.floats(45, 480), min_size=1, max_size=2), st.sampled_from([None, "box", "3-4"]))
def test_next_leaves_the_time_to_the_breaths_that_follow(moments, pattern):
    play, _ = whole_time([(at, Command.NEXT) for at in moments], [], pattern)
    comes_to_breaths = play.session.snapshot().step_id in ("breaths", "long", "quiet")
    spent = length(play)
    if comes_to_breaths:
        assert spent == pytest.approx(600, abs=parse_breath(pattern or "calm").seconds)
    else:
        assert spent < 600 + 10


@pytest.mark.parametrize("pattern", ["4-0-6-0", "4-4-4-4", "in 3 in 1 hold 1 out 6", "4-7-8-0"])
def test_ten_minutes_stay_ten_with_next_in_any_phase(pattern):
    breath = parse_breath(pattern)
    for start, phase in breath.starts():
        for into in (0.01, phase.seconds / 2, phase.seconds - 0.2, phase.seconds - 0.01):
            play = ten_minutes(pattern)
            play.until_state(State.PACING)
            play.at(play.now + 0.8 + 2 * breath.seconds + start + into, "next")
            said_at = play.now
            play.until_state(State.PACING)
            assert not [s for s in play.swells if said_at < s.at < play.now - 0.5]
            assert length(play) == pytest.approx(600, abs=breath.seconds)
            check_breaths(play, pattern)
