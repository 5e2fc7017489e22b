"""Long sessions on the breath, and what holds whatever is said, whenever it is said."""

import itertools

import pytest
from breath_stage import BreathPlay, breathe_step, lasting, length
from hypothesis import given
from hypothesis import strategies as st
from staging import hold_step, say_step, stroke_step, wait_step
from test_session_properties import quick

from voiceguide.core.breathing import PERIOD_RANGE, parse_breath
from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, KeepPreferences
from voiceguide.core.events import CommandHeard, DeadlineReached
from voiceguide.core.routine import Side
from voiceguide.core.table import State

# Ten minutes, with everything a person does.


def ten_minutes() -> BreathPlay:
    return lasting(
        10,
        say_step("Sit tall.", "Close your eyes."),
        breathe_step(4, "4-0-4-0", name="even"),
        breathe_step(12, "4-0-6-0", name="long"),
        say_step("Smile."),
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


def phases() -> list[float]:
    """A moment in every phase, at every border, and around the fixing of the following breath."""
    marks = (0.0, 4.0, 10.0, 14.0)
    return sorted({m + d for m in marks for d in (-0.3, -0.2, -0.01, 0.0, 0.01, 0.3, 2.0)})


@pytest.mark.parametrize("after", phases())
@pytest.mark.parametrize("word", ["next", "repeat", "pause"])
def test_a_word_in_any_phase_leads_on_and_nothing_sounds_after_it(word: str, after: float):
    play = BreathPlay(breathe_step(8, "4-0-6-0"), wait_step(), breath="calm").begin()
    play.until_state(State.PACING)
    play.at(play.now + 0.8 + 10 + after, word)
    said_at = play.now
    play.until(said_at + 0.2)
    assert not [swell for swell in play.swells if said_at < swell.at]
    if word == "next":
        play.until_state(State.WAITING)
    elif word == "pause":
        play.until(said_at + 30)
        assert all(swell.at <= said_at for swell in play.swells)
        play.say("resume")
        play.until(play.now + 3)
        assert play.swells[-1].cue is Cue.BREATHE_IN
    else:
        play.until_state(State.PACING)
        play.until_state(State.WAITING)
        assert len([at for at in play.ins() if at > said_at]) == 8


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


@quick
@given(riding, patterns, scripts)
def test_breaths_alternate_and_are_never_shorter_than_asked(steps, pattern, script):
    play = played(steps, pattern, script)
    shortest = PERIOD_RANGE[0] / 20
    for one, other in itertools.pairwise(play.swells):
        assert one.seconds >= shortest
        if one.was_interrupted:
            assert other.cue is Cue.BREATHE_IN
            continue
        assert other.at >= one.at + one.seconds - 1e-6
        if one.cue is Cue.BREATHE_OUT:
            assert other.cue is Cue.BREATHE_IN
    # Whole breaths take as long as some tempo that was asked for.
    asked = {1.0} | {
        effect.breath_tempo for _, effect in play.effects if isinstance(effect, KeepPreferences)
    }
    fastest = max(asked)
    shortest_period = min(
        parse_breath(text).at_tempo(fastest).seconds for text in (pattern, "3-0-4-0")
    )
    ins = [s for s in play.swells if s.cue is Cue.BREATHE_IN]
    for one, other in itertools.pairwise(ins):
        same_breath = other.at - one.at <= one.seconds + 1e-6
        if not one.was_interrupted and not same_breath:
            whole = [s for s in play.swells if one.at <= s.at < other.at]
            if not any(s.was_interrupted for s in whole) and whole[-1].cue is Cue.BREATHE_OUT:
                first = whole[0].at
                assert other.at - first >= 0.5 * shortest_period


moves = st.sampled_from([Command.SLOWER, Command.FASTER, Command.REPEAT, Command.WHERE])


@quick
@given(
    st.lists(st.tuples(st.floats(60, 420), moves), max_size=6),
    st.floats(60, 400),
    st.floats(0, 200),
    st.sampled_from([None, "box", "3-0-4-0"]),
)
def test_the_length_is_as_promised_within_one_breath(script, pause_at, paused, pattern):
    play = lasting(
        10, say_step("Sit tall."), breathe_step(4), breathe_step(12, name="long"), breath=pattern
    )
    rest = 0.0
    for at, word in sorted([*script, (pause_at, Command.PAUSE)]):
        play.until(at + rest)
        play.tell(DeadlineReached())
        play.tell(CommandHeard(word))
        if word is Command.PAUSE and play.session.state is State.PAUSED:
            play.until(play.now + paused)
            play.tell(CommandHeard(Command.RESUME))
            rest += paused
    assert length(play) - rest == pytest.approx(600, abs=PERIOD_RANGE[1])
    status = play.session.status()
    assert status.state is State.ENDED
    assert play.swells[-1].cue is Cue.BREATHE_OUT
