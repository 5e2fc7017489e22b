"""The planned timeline is what a session in which nothing else is said really takes."""

import pytest
from support.playing import Play, small_routine

from voiceguide.core.routine.routine import Profile, Skin, When
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Manner, Preferences
from voiceguide.core.table import State
from voiceguide.core.timeline.gaps import EARCON_SECONDS, GAP_SECONDS, LEAD_IN_SECONDS
from voiceguide.core.timeline.plan import CLOSING_ID, StretchKind, make_plan
from voiceguide.edge.files.routine_file import bundled_routines, load_routine


def last_word_of_a_session(play: Play) -> float:
    """Seconds from "go" to the end of the last word, each wait answered when it usually is."""
    play.until_state(State.READY)
    play.say("start", after=30)
    began = play.now
    for _ in range(500):
        if play.session.state in (State.CLOSING, State.ENDED):
            break
        if play.session.state is State.WAITING:
            step = play.session._guide.course.step
            if step.wait.timer_seconds is None:
                play.say("next", after=step.wait.about_seconds)
                continue
        state, entered = play.session.state, len(play.states)
        while play.session.state is state and len(play.states) == entered:
            when, event = play.upcoming()
            play.now = when
            play.tell(event)
    play.until_state(State.ENDED)
    return max(line.end for line in play.lines if line.utterance_id) - began


@pytest.mark.parametrize("routine_id", bundled_routines())
@pytest.mark.parametrize("tempo", [1.0, 0.75])
def test_planned_length_is_virtual_length(routine_id, tempo):
    profile = Profile(when=When.EVENING, skin=(Skin.SENSITIVE,), tool="roller")
    routine = select(load_routine(routine_id), profile)
    manner = Manner(when=profile.when)
    play = Play({routine_id: routine}, routine_id, None, Preferences(tempo=tempo), manner=manner)
    planned = make_plan(routine, tempo=tempo).total_seconds
    assert last_word_of_a_session(play) == pytest.approx(planned, abs=1e-6)


def test_a_timeline_has_no_holes_and_says_every_sentence_once():
    routine = small_routine()
    plan = make_plan(routine, speech=lambda _: 2.0)
    for item, after in zip(plan.items, plan.items[1:], strict=False):
        assert item.end_seconds == pytest.approx(after.start_seconds)
    assert [item.label for item in plan.items if item.kind is StretchKind.SAY] == [
        "Neck.",
        "Sit upright.",
        "Breathe out.",
        "Stroke upward.",
        "Rinse.",
        "Jaw.",
        "Glide.",
        "Left side first.",
        "Now the right side.",
        "Press.",
        "Let it settle.",
        "Ninety seconds; I will keep the time.",
        "Open your eyes.",
        "All done.",
    ]


def test_strokes_holds_and_waits_are_labelled_and_as_long_as_they_say():
    plan = make_plan(small_routine(), tempo=2.0, speech=lambda _: 1.0)
    doing = [
        (item.label, item.duration_seconds)
        for item in plan.items
        if item.kind in (StretchKind.STROKE, StretchKind.HOLD, StretchKind.WAIT)
    ]
    assert doing == [
        *((f"{number} of 5", 2.0) for number in range(1, 6)),
        ("rinse", 15.0),
        *((f"left {number} of 3", 1.0) for number in range(1, 4)),
        *((f"right {number} of 3", 1.0) for number in range(1, 4)),
        ("hold", 6.0),
        ("settle", 90.0),
    ]


def test_lengths_of_sections_and_steps_add_up_to_the_whole():
    routine = small_routine()
    plan = make_plan(routine)
    sections = sum(plan.section_seconds(section.id) for section in routine.sections)
    closing = plan.section_seconds(CLOSING_ID)
    assert sections + closing == pytest.approx(plan.total_seconds)
    neck = sum(plan.step_seconds("neck", step) for step in ("hello", "up", "rinse"))
    assert neck == pytest.approx(plan.section_seconds("neck"))


def test_pauses_are_those_of_the_session():
    plan = make_plan(small_routine(), speech=lambda _: 1.0)
    assert plan.items[0].duration_seconds == EARCON_SECONDS, "after the word that begins it"
    rinse = next(i for i, item in enumerate(plan.items) if item.label == "rinse")
    assert plan.items[rinse + 1].duration_seconds == EARCON_SECONDS, "after the word that ends it"
    settle = next(i for i, item in enumerate(plan.items) if item.label == "settle")
    assert plan.items[settle + 1].duration_seconds == GAP_SECONDS, "a timer ends without a word"
    first_stroke = next(i for i, item in enumerate(plan.items) if item.kind is StretchKind.STROKE)
    assert plan.items[first_stroke - 1].duration_seconds == LEAD_IN_SECONDS


def test_speech_is_estimated_from_the_rate():
    slow = make_plan(small_routine(), words_per_minute=110).total_seconds
    assert slow > make_plan(small_routine(), words_per_minute=200).total_seconds


@pytest.mark.parametrize("tempo", [0.5, 0.75, 1.0, 2.0])
def test_the_quick_version_stays_within_its_minute_at_any_tempo(tempo):
    routine = select(load_routine("quick"), Profile())
    assert make_plan(routine, tempo=tempo).total_seconds <= 60
    play = Play({"quick": routine}, "quick", preferences=Preferences(tempo=tempo))
    assert last_word_of_a_session(play) <= 60


def test_slower_goes_no_further_than_the_minute_allows():
    routine = select(load_routine("quick"), Profile())
    play = Play({"quick": routine}, "quick")
    play.until_state(State.READY)
    play.say("start", after=30)
    for _ in range(8):
        play.say("slower", after=0.2)
    assert play.sentences()[-1] == "That is the gentlest pace there is."
    assert play.preferences().tempo > 0.5
