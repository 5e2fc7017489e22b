"""Whoever knows a routine hears less of it, until they ask for everything."""

from dataclasses import replace

import pytest
from support.playing import Play, small_routine
from support.staging import play_until_step

from voiceguide.core.commands import Command
from voiceguide.core.events import CommandHeard
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.routine import Routine, Supply
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.edge.files.routine_file import load_bundled

READY = "Say go when you are ready."
LONG_AGO = Acquaintance(finished=4, days_known=200, days_away=31)


def taught() -> Routine:
    """The small routine with something of all that is told less often."""
    whole = small_routine()
    neck, jaw = whole.sections
    up = replace(neck.steps[1], short=("Upward.",), tip=("Never drag.",))
    neck = replace(neck, steps=(neck.steps[0], up, neck.steps[2]))
    return replace(
        whole,
        sections=(neck, jaw),
        supply=(Supply("a towel"),),
        beforehand=("Wash your hands.",),
    )


def playing(acquaintance: Acquaintance, manner: Manner | None = None) -> Play:
    """A session of somebody who knows the routine as well as that."""
    memory = Memory(known=(("small", acquaintance),))
    return Play({"small": taught()}, "small", memory, manner=manner)


def introduced(play: Play) -> list[str]:
    play.until(20)
    return play.sentences()[1:]


def told_at_up(play: Play) -> list[str]:
    """What is told at the second step of the neck."""
    play = play_until_step("up", play)
    first = len(play.sentences()) - 1
    play.until_state(State.PACING)
    return play.sentences()[first:]


EVERYTHING = [
    "Small routine.",
    "About three minutes.",
    "You need a towel.",
    "Wash your hands.",
    "Be gentle.",
    "Each soft tick marks a new stroke.",
    "When I wait, say next.",
    READY,
]


def test_the_first_time_everything_is_told():
    assert introduced(playing(Acquaintance())) == EVERYTHING
    assert told_at_up(playing(Acquaintance())) == ["Stroke upward.", "Never drag."]


def test_the_second_day_no_longer_repeats_the_safety():
    second = Acquaintance(finished=1, days_known=1, days_away=1)
    assert introduced(playing(second)) == [text for text in EVERYTHING if text != "Be gentle."]


def test_on_the_first_day_the_safety_is_told_every_time():
    assert introduced(playing(Acquaintance(finished=2))) == EVERYTHING


def test_after_three_times_name_length_and_go_are_enough():
    known = Acquaintance(finished=4, days_known=5, days_away=1)
    assert introduced(playing(known)) == ["Small routine.", "About three minutes.", READY]
    assert told_at_up(playing(known)) == ["Upward."]


def test_after_a_month_away_the_safety_comes_back():
    told = ["Small routine.", "About three minutes.", "Be gentle.", READY]
    assert introduced(playing(LONG_AGO)) == told
    month = replace(LONG_AGO, days_away=30)
    assert "Be gentle." not in introduced(playing(month))


@pytest.mark.parametrize("finished", range(9))
def test_tips_come_every_third_time(finished: int):
    known = Acquaintance(finished=finished, days_known=9, days_away=1)
    told = told_at_up(playing(known))
    assert ("Never drag." in told) == (finished in (0, 1, 2, 3, 6))


def test_a_setting_tells_everything_every_time():
    play = playing(replace(LONG_AGO, days_away=1), Manner(everything=True))
    assert introduced(play) == EVERYTHING


def test_a_word_before_the_beginning_brings_everything_back():
    play = playing(LONG_AGO)
    play.say("everything", after=3)
    said = len(play.sentences())
    play.until(30)
    assert play.sentences()[said - 1 :] == EVERYTHING
    assert told_at_up(play) == ["Stroke upward.", "Never drag."]


@pytest.mark.parametrize("state", [State.TELLING, State.PACING, State.PAUSED])
def test_a_word_on_the_way_tells_this_step_and_all_that_follow(state: State):
    play = play_until_step("up", playing(LONG_AGO))
    if state is not State.TELLING:
        play.until_state(State.PACING)
        play.until(play.now + 6)
    if state is State.PAUSED:
        play.say("pause")
    play.say("everything", after=0.5)
    at = play.now
    play.until_state(State.PACING)
    told = [line.text for line in play.lines if line.at > at and line.utterance_id]
    assert told[:2] == ["Stroke upward.", "Never drag."]
    play.say("undo", after=2)
    assert play.session.snapshot().step_id == "up"


def test_the_next_session_of_a_guide_that_stays_is_short_again():
    play = playing(replace(LONG_AGO, days_away=1), Manner(sleep_seconds=600))
    play.say("everything", after=3)
    play.say("stop", after=3)
    play.until_state(State.IDLE)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    begun = len(play.sentences())
    play.until(play.now + 12)
    assert play.sentences()[begun - 1 :] == ["Small routine.", "About three minutes.", READY]


def test_a_step_without_a_short_form_is_told_whole():
    play = playing(LONG_AGO)
    told = []
    play.say("start", after=9)
    play.until(play.now + 8)
    told = play.sentences()
    assert "Sit upright." in told
    assert "Breathe out." in told


KNOWS_QUICK = (("quick", Acquaintance(finished=3, days_known=9, days_away=1)),)


def called(known: tuple[tuple[str, Acquaintance], ...], manner: Manner | None = None) -> Play:
    """A guide that stays has just been called by somebody who knows this."""
    manner = manner or Manner(sleep_seconds=600)
    play = Play(load_bundled(), None, Memory(known=known), manner=manner)
    play.until(60)
    play.tell(CommandHeard(Command.WAKE))
    return play


def silence_after(play: Play, sentence: str) -> float:
    """Seconds from the end of a sentence to the beginning of the next."""
    play.until(play.now + 9)
    (index,) = (i for i, line in enumerate(play.lines) if line.text == sentence)
    return play.lines[index + 1].at - play.lines[index].end


def test_from_the_call_to_the_first_stroke_of_quick_it_takes_ten_seconds():
    """A person who knows it: two words of half a second, each 0.6 s after the guide asked, and
    neither said over the guide, whose echo the ears do not know yet.
    """
    play = called(KNOWS_QUICK)
    began = play.now
    greeting = play.lines[-1]
    assert greeting.text == "Hello."
    play.until(greeting.end + 1.1)
    assert play.lines[-1].at > play.now or play.lines[-1] == greeting, "the guide says no more yet"
    play.tell(CommandHeard(Command.CHOOSE, "quick"))
    name = play.lines[-1]
    assert name.text == "Quick massage."
    play.until(name.end + 1.1)
    assert play.lines[-1].at > play.now or play.lines[-1] == name, "the guide says no more yet"
    play.tell(CommandHeard(Command.START))
    play.until_state(State.PACING)
    play.until(play.now + 1)
    strokes = play.heard("tick") + play.heard("last")
    assert min(strokes) - began <= 10.0


def test_who_knows_a_routine_has_room_to_say_its_name_and_go_before_these_are_explained():
    play = called(KNOWS_QUICK)
    assert silence_after(play, "Hello.") == pytest.approx(3.0)
    play.tell(CommandHeard(Command.CHOOSE, "quick"))
    assert silence_after(play, "Quick massage.") == pytest.approx(3.0)
    play.say("repeat", after=9)
    play.until(play.now + 9)
    again, length = [line for line in play.lines if line.utterance_id][-3:-1]
    assert (again.text, length.text) == ("Quick massage.", "About one minute.")
    assert length.at - again.end == pytest.approx(0.6), "who asks again wants to hear it all"


@pytest.mark.parametrize(
    ("known", "manner"),
    [
        ((("quick", Acquaintance(finished=2, days_known=9, days_away=1)),), None),
        ((("another", Acquaintance(finished=9, days_known=9, days_away=1)),), None),
        (KNOWS_QUICK, Manner(sleep_seconds=600, everything=True)),
    ],
)
def test_who_knows_none_or_wants_everything_is_told_at_once_what_to_say(known, manner):
    play = called(known, manner)
    assert silence_after(play, "Hello.") == pytest.approx(0.6)
    play.tell(CommandHeard(Command.CHOOSE, "quick"))
    assert silence_after(play, "Quick massage.") == pytest.approx(0.6)
