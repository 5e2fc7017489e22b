"""The one picture of a session: what it shows, and that it is a value."""

from dataclasses import replace

import pytest
from support.places import ROOT
from support.playing import Play
from support.staging import pacing, play_until_step

from voiceguide.core.events import Fault, Faulted, NoiseChanged
from voiceguide.core.routine.routine import Side
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import UNDERWAY, State


def test_before_a_routine_is_chosen_there_is_nothing_of_one():
    shown = Play(routine_id=None).session.snapshot()
    assert (shown.state, shown.routine, shown.section, shown.step) == (State.CHOOSING, *[None] * 3)
    assert (shown.routine_id, shown.section_id, shown.step_id) == (None, None, None)
    assert (shown.stroke_count, shown.progress, shown.seconds_left, shown.next_name) == (
        0,
        0,
        0,
        "",
    )
    assert shown.counted is None


def test_a_routine_that_waits_for_the_word_has_a_length_and_no_step_yet():
    play = Play()
    play.until(12)
    shown = play.session.snapshot()
    assert (shown.state, shown.routine_id, shown.step) == (State.READY, "small", None)
    assert shown.seconds_left == shown.seconds_total > 100
    told = shown.as_json()
    assert (told["routine"], told["section"], told["step"]) == ("small routine", None, None)
    assert (told["stroke"], told["strokes"], told["progress"]) == (0, 0, 0)


def test_strokes_of_both_sides_count_and_the_one_under_way_is_told_apart():
    play = play_until_step("glide")
    play.until_state(State.PACING)
    play.until(play.now + 12)
    shown = play.session.snapshot()
    assert shown.counted is not None
    assert (shown.counted.side, shown.counted.count) == (Side.RIGHT, 3)
    assert shown.strokes_done == 3 + shown.counted.number - 1
    told = shown.as_json()
    assert (told["section"], told["section_id"]) == ("jaw", "jaw")
    assert (told["step"], told["step_id"]) == ("glide", "glide")
    assert (told["stroke"], told["strokes"]) == (shown.strokes_done, 6)


def test_a_snapshot_does_not_change_when_the_session_goes_on():
    play = pacing()
    shown = play.session.snapshot()
    copy = replace(shown)
    play.tell(Faulted(Fault.DISK))
    play.tell(NoiseChanged(is_loud=True))
    play.say("slower", after=3)
    play.say("next", after=3)
    assert shown == copy
    now = play.session.snapshot()
    assert (now.faults, now.is_loud) == ((Fault.DISK,), True)
    assert now.tempo < shown.tempo
    assert now.seconds_left < shown.seconds_left


def test_looking_twice_shows_the_same():
    play = pacing()
    assert play.session.snapshot() == play.session.snapshot()


@pytest.mark.parametrize("state", State)
def test_there_is_a_step_only_while_a_routine_is_under_way(state: State):
    routine = Play().session.routine
    shown = Snapshot(state, routine)
    assert (shown.step is not None) == (shown.section is not None) == (state in UNDERWAY)
    assert Snapshot(state).step is None


def test_every_key_that_a_broker_is_told_is_in_the_document():
    page = (ROOT / "docs" / "home.md").read_text("utf-8")
    (row,) = [line for line in page.splitlines() if line.startswith("| `state` |")]
    missing = [key for key in Snapshot(State.READY).as_json() if f"`{key}`" not in row]
    assert missing == []
