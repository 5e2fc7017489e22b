"""A routine of the morning and of the evening is told for the hour that it is."""

import pytest
from support.playing import Play
from support.staging import asked_hour, day_routine, play_by_hour

from voiceguide.core.commands import Command
from voiceguide.core.effects import Place
from voiceguide.core.events import CommandHeard, HourTold, Started
from voiceguide.core.routine.routine import When
from voiceguide.core.routine.variants import at_hour, depends_on_hour, told_by_clock
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.core.wording import HOUR_REMINDER, IS_EVENING

ASKED = ["Hello.", IS_EVENING]


def zones(play: Play) -> list[str]:
    """The zones of the routine that is under way."""
    routine = play.session.routine
    return [section.id for section in routine.sections] if routine else []


def at_clock(when: When | None, manner: Manner | None = None) -> Play:
    """A session that begins when the clock tells this."""
    library = {"day": day_routine()}
    play = Play(library, "day", begin=False, manner=manner)
    play.tell(HourTold(when))
    play.tell(Started())
    return play


@pytest.mark.parametrize(
    ("hours", "when"),
    [
        (range(4, 12), When.MORNING),
        (range(12, 17), None),
        ([*range(17, 24), *range(4)], When.EVENING),
    ],
)
def test_the_clock_tells_all_but_the_afternoon(hours, when: When | None):
    assert {told_by_clock(hour) for hour in hours} == {when}


@pytest.mark.parametrize("when", When)
def test_the_clock_decides_and_nothing_is_asked(when: When):
    play = at_clock(when)
    assert zones(play) == ["neck", "jaw", when.value]
    assert play.session.state is State.READY


@pytest.mark.parametrize("when", When)
def test_what_is_set_wins_over_the_clock(when: When):
    other = next(each for each in When if each is not when)
    assert zones(at_clock(other, Manner(when=when))) == ["neck", "jaw", when.value]


@pytest.mark.parametrize(("word", "when"), [("yes", When.EVENING), ("no", When.MORNING)])
def test_between_them_one_question_is_asked(word: str, when: When):
    play = at_clock(None)
    play.until(6)
    assert play.sentences() == ASKED
    play.say(word)
    assert play.session.state is State.READY
    assert zones(play) == ["neck", "jaw", when.value]


def test_nobody_is_asked_about_a_routine_that_is_the_same_all_day():
    play = Play()
    assert play.session.state is State.READY


def test_silence_at_the_question_brings_a_reminder_of_both_words():
    play = asked_hour()
    play.until(40)
    assert play.sentences()[-1] == HOUR_REMINDER


@pytest.mark.parametrize("when", When)
def test_the_time_of_day_can_be_said_along_with_the_name(when: When):
    play = play_by_hour(manner=Manner(sleep_seconds=600))
    play.say("stop", after=3)
    play.until_state(State.IDLE)
    play.tell(CommandHeard(Command.CHOOSE, "day", when))
    assert play.session.state is State.READY
    assert zones(play) == ["neck", "jaw", when.value]


def test_what_was_said_counts_for_one_choice_only():
    play = play_by_hour()
    play.say("yes", after=2)
    play.say("stop", after=3)
    play.say("undo", after=1)
    assert zones(play) == ["neck", "jaw", "evening"]
    play.say("choose", after=1)  # of nothing: it is not heard
    play.tell(CommandHeard(Command.CHOOSE, "day"))
    assert play.session.state is State.HOUR


def test_undo_leads_back_to_the_question():
    play = asked_hour()
    play.say("yes")
    play.say("undo", after=2)
    assert play.session.state is State.HOUR
    play.say("no", after=2)
    assert zones(play) == ["neck", "jaw", "morning"]


@pytest.mark.parametrize(
    ("word", "state"), [("yes", State.OFFERING), ("no", State.READY)], ids=["its-own", "another"]
)
def test_a_place_is_offered_where_the_routine_has_it_at_that_hour(word: str, state: State):
    memory = Memory((Place("day", "evening", "say-1"),))
    play = play_by_hour(memory)
    play.say(word, after=3)
    assert play.session.state is state
    if state is State.OFFERING:
        play.say("yes", after=4)
        assert play.session.snapshot().section_id == "evening"


def test_the_hour_that_passes_meanwhile_changes_nothing_under_way():
    play = at_clock(When.MORNING)
    play.say("start", after=5)
    play.tell(HourTold(When.EVENING))
    play.until(play.now + 5)
    assert zones(play) == ["neck", "jaw", "morning"]


def test_no_hour_leaves_everything():
    routine = day_routine()
    assert at_hour(routine, None) == routine
    assert depends_on_hour(routine)
    assert not depends_on_hour(Play().library["small"])
