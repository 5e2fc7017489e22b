"""What people ask in the midst of it, and what they say instead of commands."""

from dataclasses import replace

import pytest
from support.playing import Play
from support.staging import (
    STAGES,
    hold_step,
    introduced,
    pacing,
    play_of,
    play_until_step,
    say_step,
    stroke_step,
    telling,
    wait_step,
    waiting,
)

from voiceguide.core.commands import Command
from voiceguide.core.effects import Say
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.routine import Breathe, Mode, Side, Step, Supply
from voiceguide.core.session.preferences import Memory
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled

BREATHS = Step("breathe", "breaths", Mode.BREATHE, ("Breathe.",), breathe=Breathe(count=6))


def answer(play: Play, question: str, after: float = 0.0) -> list[str]:
    """What is said because of a question, up to two sentences, before anything goes on."""
    play.until(play.now + after)
    first = len(play.effects)
    play.say(question)
    said = [effect.text for _, effect in play.effects[first:] if isinstance(effect, Say)]
    play.until(play.now + 0.1)
    return said


# Questions.


def test_next_is_a_step_by_its_name_and_then_a_zone_by_its_own():
    play = telling()
    play.say("whats_next")
    play.until(play.now + 2)
    assert play.sentences()[-2:] == ["Coming up:", "Rinse."]
    play = waiting()
    play.say("whats_next")
    play.until(play.now + 2)
    assert play.sentences()[-2:] == ["Coming up:", "Jaw."]


def test_before_the_beginning_the_first_zone_is_next_and_at_the_end_nothing():
    play = introduced()
    play.say("whats_next")
    play.until(play.now + 2)
    assert play.sentences()[-2:] == ["Coming up:", "Neck."]
    assert answer(play_until_step("end"), "whats_next") == ["This is the last step."]


@pytest.mark.parametrize(
    ("step", "many"),
    [
        (stroke_step(5, 2), "Five times."),
        (stroke_step(5, 2, Side.LEFT_THEN_RIGHT), "Five times on each side."),
        (stroke_step(1, 2), "Once."),
        (stroke_step(2, 2, Side.LEFT), "Twice."),
        (hold_step(5, Side.LEFT_THEN_RIGHT), "Once on each side."),
        (BREATHS, "Six times."),
        (wait_step(), "There is nothing to count here."),
        (say_step("Relax."), "There is nothing to count here."),
    ],
)
def test_how_many_is_told_before_it_begins(step: Step, many: str):
    assert answer(play_of(step), "how_many") == [many]


def test_how_many_is_what_is_left_while_strokes_go_on():
    play = play_of(stroke_step(5, 4.0, Side.LEFT_THEN_RIGHT))
    play.until_state(State.PACING)
    play.until(play.now + 12)
    assert answer(play, "how_many") == ["Three more on the left."]
    play.until(play.now + 25)
    assert answer(play, "how_many") == ["Four more on the right."]


def test_how_many_breaths_were_done():
    play = play_of(BREATHS)
    play.until_state(State.PACING)
    play.until(play.now + 25)
    assert answer(play, "how_many") == ["Two breaths done."]


@pytest.mark.parametrize(
    ("step", "side"),
    [
        (stroke_step(3, 2, Side.LEFT), "The left side."),
        (stroke_step(3, 2, Side.RIGHT), "The right side."),
        (stroke_step(3, 2), "Both sides."),
        (stroke_step(3, 2, Side.LEFT_THEN_RIGHT), "The left side."),
        (hold_step(3), "Both sides."),
    ],
)
def test_which_side_is_told(step: Step, side: str):
    assert answer(play_of(step), "which_side") == [side]


def test_which_side_follows_the_hands():
    play = play_of(stroke_step(3, 2.0, Side.LEFT_THEN_RIGHT))
    play.until_state(State.PACING)
    assert answer(play, "which_side", after=4) == ["The left side."]
    play.until(play.now + 13)
    play.say("pause")
    assert answer(play, "which_side", after=1) == ["The right side."]


def test_how_much_is_told_by_the_file_and_by_the_step_before_where_this_one_takes_nothing():
    take = Step(
        "take", "oil", Mode.WAIT, ("Take oil.", "Warm it."), amount_number=1, wait=wait_step().wait
    )
    play = play_of(take, stroke_step(5, 2))
    assert answer(play, "how_much") == ["Take oil."]
    play.until_state(State.WAITING)
    play.say("done")
    assert answer(play, "how_much") == ["Take oil."]
    assert answer(telling(), "how_much") == ["There is nothing to take for this one."]


def test_whoever_knows_the_routine_hears_how_much_all_the_same():
    known = (("morning", Acquaintance(finished=4, days_known=9, days_away=1)),)
    play = Play({"morning": load_bundled()["morning"]}, "morning", Memory(known=known))
    play.say("no", after=4)
    play.say("start", after=8)
    play_until_step("toner-or-essence", play)
    assert answer(play, "how_much") == ["Shake a few drops of toner or essence into your palms."]


def test_what_is_needed_is_told():
    library = {"small": replace(Play().library["small"], supply=(Supply("a towel"),))}
    assert answer(Play(library), "supplies", after=1) == ["You need a towel."]
    assert answer(Play(), "supplies", after=1) == ["You need nothing but your hands."]


# "What?"


def rates(play: Play) -> list[tuple[str, int | None]]:
    return [
        (effect.text, effect.words_per_minute)
        for _, effect in play.effects
        if isinstance(effect, Say)
    ]


def test_what_says_the_cut_sentence_once_more_and_slower_and_goes_on_after_it():
    play = play_of(say_step("Sit upright.", "Breathe out."), stroke_step(3, 2))
    play.until(play.now + 1.8)
    assert play.lines[-1].text == "Sit upright."
    assert play.lines[-1].at < play.now
    play.say("what")
    play.until_state(State.PACING)
    assert rates(play)[-3:] == [("Sit upright.", 120), ("Breathe out.", None), ("Stroke.", None)]


def test_what_about_the_last_sentence_of_a_step_goes_on_to_what_it_asks_for():
    play = telling()
    play.say("what")
    assert rates(play)[-1] == ("Stroke upward.", 120)
    play.until_state(State.PACING)
    assert [text for text, _ in rates(play)].count("Stroke upward.") == 2


def test_what_while_strokes_go_on_repeats_no_stroke_that_was_done():
    play = pacing()
    before = play.session.snapshot().strokes_done
    play.say("what")
    play.until_state(State.WAITING)
    assert before == 2
    assert len(play.heard("tick") + play.heard("last")) == 5 + 1  # one was cut, and done again


def test_what_about_an_answer_says_the_answer():
    play = waiting()
    play.say("where")
    play.until(play.now + 1)
    play.say("what")
    assert rates(play)[-1] == ("This is zone one of two.", 120)
    play.until(play.now + 8)
    assert play.sentences()[-2:] == ["Neck.", "Rinse."]


def test_what_asked_before_an_answer_has_begun_brings_the_answer():
    play = STAGES[State.STOPPING]()
    play.say("help")
    play.say("what", after=0.1)
    assert rates(play)[-1][0].startswith(("You can say", "That is all"))
    play.until_state(State.ENDED)


def test_slowest_speech_is_not_made_slower():
    play = waiting()
    for _ in range(4):
        play.say("speak_slower", after=1)
    play.say("what")
    assert rates(play)[-1][1] == 110


# Instead of commands.


@pytest.mark.parametrize("word", ["done", "okay"])
def test_whoever_is_done_goes_on(word: str):
    play = waiting()
    play.say(word)
    assert play.session.snapshot().step_id == "glide"
    play.say("undo", after=2)
    assert play.session.snapshot().step_id == "rinse"


@pytest.mark.parametrize("word", ["done", "okay"])
def test_the_last_step_is_closed_by_it(word: str):
    play = play_of(wait_step())
    play.until_state(State.WAITING)
    play.say(word, after=1)
    assert play.session.state is State.CLOSING


def test_okay_is_not_heard_while_a_timer_runs_and_done_ends_it():
    play = play_of(wait_step(timer_seconds=60), say_step("Good."))
    play.until_state(State.WAITING)
    assert Command.OKAY not in play.session.commands()
    assert Command.OKAY in waiting().session.commands()
    play.say("done", after=2)
    assert play.session.state is State.TELLING


def test_not_yet_makes_the_reminder_wait_twice_as_long():
    play = waiting()
    began = play.now - 3
    play.until(began + 15)
    play.say("not_yet")
    play.until(began + 50)
    assert not play.heard("attention")
    play.until(began + 65)
    assert len(play.heard("attention")) == 1


def test_not_yet_stops_a_timer_until_somebody_goes_on():
    play = play_of(wait_step(timer_seconds=60))
    play.until_state(State.WAITING)
    play.say("not_yet", after=10)
    assert play.session.state is State.PAUSED
    play.say("okay", after=100)
    assert play.sentences()[-1] == "Fifty seconds left."
    begun = play.now
    play.until_state(State.CLOSING)
    assert play.now - begun == pytest.approx(50, abs=0.1)


@pytest.mark.parametrize("state", [State.TELLING, State.PACING])
def test_wait_stands_still_and_okay_goes_on(state: State):
    play = STAGES[state]()
    step = play.session.snapshot().step_id
    play.say("not_yet")
    play.until(play.now + 30)
    assert play.session.state is State.PAUSED
    play.say("okay")
    assert (play.session.state, play.session.snapshot().step_id) == (state, step)


def test_thanks_are_answered_and_it_still_ends():
    play = STAGES[State.CLOSING]()
    play.say("thanks", after=3)
    assert play.sentences()[-1] == "You are very welcome."
    play.until_state(State.ENDED)
