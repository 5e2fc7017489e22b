"""Who is guided: everybody has places, pace and routines of their own; of a guest nothing stays."""

from dataclasses import replace

import pytest
from support.playing import Play, small_routine
from support.staging import day_routine

from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.effects import ForgetPlace, KeepPlace, KeepPreferences, Place, SetSpeechRate
from voiceguide.core.events import CommandHeard
from voiceguide.core.live_commands import live_commands
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.routine import When
from voiceguide.core.session.preferences import GUEST, Guided, Manner, Memory, Preferences
from voiceguide.core.table import State

SMALL, OTHER = small_routine(), small_routine("other")
LIBRARY = {"small": SMALL, "other": OTHER}
AT_THE_JAW = Place("small", "jaw", "glide", 2)
YESTERDAY = Memory((AT_THE_JAW,), age_seconds=86_400)
OFFER = "Last time you left the small routine at jaw."
WOKEN = [wording.HELLO, wording.WHICH_REMINDER]
GUEST_HERE = Guided(GUEST, LIBRARY)


def home(anna: Guided | None = None, memory: Memory | None = None, **more) -> Play:
    """A guide that sleeps, in the home of Anna and of somebody without a name."""
    others = (anna or Guided("anna", LIBRARY), GUEST_HERE)
    manner = Manner(sleep_seconds=600)
    return Play(LIBRARY, routine_id=None, memory=memory, manner=manner, others=others, **more)


def kept_of(play: Play, person: str) -> list[str]:
    """The steps that were kept of somebody."""
    effects = [effect for _, effect in play.effects if isinstance(effect, KeepPlace)]
    return [effect.place.step_id for effect in effects if effect.person == person]


def led_to(play: Play, step: str) -> None:
    """Through the small routine to this step."""
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    if play.session.state is State.OFFERING:
        play.say("no", after=1)
    play.say("start", after=1)
    while play.session.snapshot().step_id != step:
        play.say("next", after=0.5)


def asleep_again(play: Play) -> None:
    play.say("stop", after=1)
    play.say("stop", after=1)
    assert play.session.state is State.ASLEEP


def test_a_call_with_a_name_begins_the_session_of_that_person():
    play = home(Guided("anna", LIBRARY, YESTERDAY))
    play.introduce("anna", Command.WAKE)
    play.until(play.now + 6)
    assert play.sentences() == WOKEN
    assert play.session.snapshot().person == "anna"
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    play.until(play.now + 1)
    assert play.session.state is State.OFFERING
    assert OFFER in play.sentences()


def test_a_call_without_a_name_is_of_whoever_has_none():
    play = home(Guided("anna", LIBRARY, YESTERDAY))
    play.say("wake", after=5)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert play.session.state is State.READY
    assert play.session.snapshot().person == ""


def test_what_is_kept_is_kept_of_the_person_who_is_there():
    play = home()
    play.introduce("anna", Command.WAKE)
    led_to(play, "up")
    play.say("slower", after=1)
    assert kept_of(play, "anna")[-1] == "up"
    assert kept_of(play, "") == []
    assert play.preferences().person == "anna"
    asleep_again(play)
    play.say("wake", after=60)
    led_to(play, "rinse")
    play.say("skip_zone", after=1)
    play.say("skip_zone", after=1)
    assert kept_of(play, "")[-1] == "glide"
    forgotten = [effect for _, effect in play.effects if isinstance(effect, ForgetPlace)]
    assert forgotten == [ForgetPlace("small", "")]
    play.until_state(State.IDLE)
    play.introduce("anna")
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert play.session.state is State.OFFERING, "hers is where she left it"


def test_pace_and_volume_are_each_person_s_own():
    play = home(Guided("anna", LIBRARY, preferences=Preferences(0.75, 120, -6.0)))
    play.introduce("anna", Command.WAKE)
    assert [e for _, e in play.effects if isinstance(e, SetSpeechRate)][-1] == SetSpeechRate(120)
    shown = play.session.snapshot()
    assert (shown.tempo, shown.words_per_minute, shown.volume_db) == (0.75, 120, -6.0)
    play.say("speak_faster", after=1)
    play.introduce(GUEST)
    assert play.session.snapshot().words_per_minute == 150
    play.introduce("anna")
    assert play.session.snapshot().words_per_minute == 135


def test_everybody_hears_the_routine_as_it_suits_them_and_as_they_know_it():
    without_jaw = replace(SMALL, sections=SMALL.sections[:1])
    anna = Guided("anna", {"small": without_jaw}, Memory(known=(("small", Acquaintance(5, 90)),)))
    play = home(anna)
    play.say("wake", after=1)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    shown = play.session.snapshot()
    assert (len(shown.routine.sections), shown.routine.is_known) == (2, False)
    play.introduce("anna")
    assert play.session.state is State.READY, "the routine that was asked for stays"
    shown = play.session.snapshot()
    assert (len(shown.routine.sections), shown.routine.is_known) == (1, True)


def test_a_routine_that_is_not_theirs_is_asked_for_again():
    play = home(Guided("anna", {"other": OTHER}))
    play.say("wake", after=1)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    play.introduce("anna")
    assert play.session.state is State.CHOOSING
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert play.session.state is State.CHOOSING


def test_whoever_was_asked_about_a_place_is_asked_about_their_own():
    anna = Guided("anna", LIBRARY, Memory((Place("small", "neck", "rinse"),)))
    play = Play(LIBRARY, memory=Memory((AT_THE_JAW,)), others=(anna, GUEST_HERE))
    play.until(4)
    assert OFFER in play.sentences()
    play.introduce("anna")
    play.until(play.now + 4)
    assert play.session.state is State.OFFERING
    assert "Last time you left the small routine at neck." in play.sentences()
    play.introduce(GUEST)
    assert play.session.state is State.READY


def test_the_hour_is_asked_for_whoever_has_none():
    day = day_routine()
    others = (Guided("anna", {"day": day}, when=When.EVENING), GUEST_HERE)
    play = Play({"day": day}, routine_id="day", others=others)
    assert play.session.state is State.HOUR
    play.introduce("anna")
    assert play.session.state is State.CHOOSING
    play.tell(CommandHeard(Command.CHOOSE, "day"))
    assert play.session.state is State.READY


def test_undo_goes_back_to_whoever_was_there():
    play = home()
    play.say("wake", after=1)
    play.introduce("anna")
    play.say("undo", after=2)
    assert play.session.snapshot().person == ""
    assert play.session.state is State.CHOOSING
    assert len(play.heard("undone")) == 1


def test_while_nobody_sleeps_a_call_leaves_the_person_there():
    play = home()
    play.introduce("anna", Command.WAKE)
    led_to(play, "up")
    play.say("skip_zone", after=1)
    play.say("skip_zone", after=1)
    play.until_state(State.IDLE)
    play.say("wake", after=30)
    assert play.session.snapshot().person == "anna"
    play.until_state(State.ASLEEP)
    assert play.session.snapshot().person == ""


def test_of_a_guest_nothing_is_kept_and_nothing_waits_for_the_next():
    play = home()
    play.introduce(GUEST, Command.WAKE)
    led_to(play, "up")
    play.say("slower", after=1)
    asleep_again(play)
    assert play.sentences()[-1] == wording.STOPPED_UNKEPT
    keeps = [e for _, e in play.effects if isinstance(e, KeepPlace | KeepPreferences)]
    assert keeps
    assert {effect.person for effect in keeps} == {GUEST}
    play.introduce(GUEST, Command.WAKE)
    assert play.session.snapshot().tempo == 1.0
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert play.session.state is State.READY


def test_one_guest_after_the_other_begins_anew():
    play = home()
    play.introduce(GUEST, Command.WAKE)
    led_to(play, "up")
    play.say("skip_zone", after=1)
    play.say("stop", after=1)
    play.until_state(State.IDLE)
    play.introduce(GUEST)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert play.session.state is State.READY


@pytest.mark.parametrize(
    ("ages", "person", "state"),
    [
        ((None, 300), "anna", State.OFFERING),
        ((200, 300), "", State.OFFERING),
        ((400, 300), "anna", State.OFFERING),
        ((None, 700), "", State.ASLEEP),
        ((None, None), "", State.ASLEEP),
    ],
)
def test_after_a_kill_the_session_of_whoever_was_there_goes_on(ages, person, state):
    nobodys, annas = (
        Memory() if age is None else Memory((AT_THE_JAW,), age_seconds=age) for age in ages
    )
    play = home(Guided("anna", LIBRARY, annas), nobodys)
    play.until(3)
    assert play.session.snapshot().person == person
    assert play.session.state is state


def test_another_day_is_told_of_everybody_by_their_own_history():
    play = home()
    play.session.remember(7, (("small", Acquaintance(5, 90)),), "anna")
    play.session.remember(3, (), "nobody here")
    play.say("wake", after=1)
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert not play.session.routine.is_known
    play.introduce("anna")
    assert play.session.routine.is_known
    play.session.remember(8, (), "anna")
    play.tell(CommandHeard(Command.CHOOSE, "small"))
    assert not play.session.routine.is_known


@pytest.mark.parametrize("person", [None, "ben"])
def test_nobody_is_taken_for_somebody_who_is_not_there(person):
    play = home()
    play.say("wake", after=1)
    entered = len(play.states)
    play.introduce(person)
    assert len(play.states) == entered
    assert play.session.snapshot().person == ""


def test_in_the_midst_of_a_routine_nobody_else_comes():
    for state in (State.TELLING, State.PACING, State.WAITING, State.PAUSED, State.STOPPING):
        assert Command.PERSON not in live_commands(state)
