"""A programme: the routine of the day is offered, the place is kept, missed days are forgiven."""

from dataclasses import replace

import pytest
from support.playing import Play, small_routine
from support.staging import FOLLOWING, PROGRAMME, day_routine

from voiceguide.core import wording, wording_faults
from voiceguide.core.commands import Command
from voiceguide.core.effects import ForgetPlace, KeepProgramme, Place
from voiceguide.core.events import CommandHeard, DayBegan, Fault, Faulted, ProgrammeChosen
from voiceguide.core.routine.programme import Programme, Standing
from voiceguide.core.session.preferences import GUEST, Guided, Manner, Memory
from voiceguide.core.session.sayings import DAYS
from voiceguide.core.table import State
from voiceguide.edge.files.bundled_programmes import load_bundled_programmes

LIBRARY = {"small": small_routine(), "other": small_routine("other")}
TODAY = "2026-03-01"
FIRST = Memory(standing=Standing("two-days"))
SLEEPS = Manner(sleep_seconds=600)
OFFER = ["Hello.", "Day one of two.", "Other routine.", wording.DAY_QUESTION]


def following(memory: Memory = FIRST, today: str = TODAY, **more) -> Play:
    """A session of somebody who follows the programme of two days."""
    settings = {"routine_id": None, "library": LIBRARY, "programmes": {PROGRAMME.id: PROGRAMME}}
    return Play(memory=memory, today=today, **(settings | more))


def finish(play: Play) -> None:
    """Through the present routine to its last words."""
    play.say("start", after=1)
    while play.session.state is not State.CLOSING:
        play.say("next", after=0.5)


def kept(play: Play) -> list[KeepProgramme]:
    return [effect for _, effect in play.effects if isinstance(effect, KeepProgramme)]


def test_the_routine_of_the_day_is_offered_and_where_one_is():
    play = following()
    play.until(10)
    assert play.session.state is State.DAY
    assert play.sentences() == OFFER
    play.say("yes")
    assert play.session.state is State.READY
    assert play.session.snapshot().routine_id == "other"


def test_a_call_is_answered_with_the_offer():
    play = following(manner=SLEEPS)
    assert play.session.state is State.ASLEEP
    play.say("wake", after=60)
    play.until(play.now + 9)
    assert play.sentences() == OFFER


def test_what_broke_while_nobody_listened_is_told_before_it():
    play = following(manner=SLEEPS)
    play.tell(Faulted(Fault.DISK))
    play.say("wake", after=60)
    play.until(play.now + 15)
    assert wording_faults.FAULTS[Fault.DISK] in play.sentences()


def test_the_day_is_done_with_its_routine_and_is_not_offered_twice():
    play = following(manner=SLEEPS)
    play.say("wake", after=1)
    play.say("yes", after=1)
    finish(play)
    assert kept(play) == [KeepProgramme(Standing("two-days", 1, TODAY))]
    play.until_state(State.IDLE)
    assert wording.LAST_DAY not in play.sentences()
    play.say("wake", after=1)
    assert play.session.state is State.CHOOSING
    shown = play.session.snapshot()
    assert (shown.programme, shown.days_done) == (PROGRAMME, 1)


def test_it_is_kept_before_the_place_is_forgotten():
    play = following()
    play.say("yes", after=1)
    finish(play)
    order = [type(e) for _, e in play.effects if isinstance(e, KeepProgramme | ForgetPlace)]
    assert order == [KeepProgramme, ForgetPlace]


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-20"])
def test_the_next_day_is_offered_on_another_day_whenever_that_is(day):
    play = following(manner=SLEEPS)
    play.say("wake", after=1)
    play.say("yes", after=1)
    finish(play)
    play.until_state(State.ASLEEP)
    play.tell(DayBegan(day))
    play.say("wake", after=1)
    play.until(play.now + 9)
    assert play.sentences()[-3:] == ["Day two of two.", "Small routine.", wording.DAY_QUESTION]


def test_a_day_whose_routine_was_not_done_stays():
    play = following(manner=SLEEPS)
    play.say("wake", after=1)
    play.say("yes", after=1)
    play.say("start", after=1)
    play.say("stop", after=5)
    play.until_state(State.ASLEEP)
    assert kept(play) == []
    play.say("wake", after=1)
    assert play.session.state is State.DAY
    play.say("yes", after=1)
    assert play.session.state is State.OFFERING, "it is gone on with where it was left"


def test_its_place_is_offered_where_it_was_left():
    memory = replace(FIRST, places=(Place("other", "jaw", "glide"),), age_seconds=86_400)
    play = following(memory, manner=SLEEPS)
    play.say("wake", after=1)
    play.say("yes", after=1)
    assert play.session.state is State.OFFERING


@pytest.mark.parametrize(
    ("left", "seconds_ago", "state"),
    [
        ("small", 86_400, State.DAY),
        ("small", 601, State.DAY),
        ("small", 599, State.OFFERING),
        ("other", 86_400, State.OFFERING),
    ],
)
def test_the_routine_of_the_day_comes_before_another_that_was_left_long_ago(
    left, seconds_ago, state
):
    memory = replace(FIRST, places=(Place(left, "jaw", "glide"),), age_seconds=seconds_ago)
    assert following(memory).session.state is state


def test_another_routine_counts_for_no_day_and_its_own_counts_however_it_was_asked_for():
    play = following()
    play.at(1, "choose", "small")
    finish(play)
    assert kept(play) == []
    play.at(play.now + 1, "choose", "other")
    finish(play)
    assert len(kept(play)) == 1


def test_whoever_skips_its_last_zone_has_not_done_it():
    play = following()
    play.say("yes", after=1)
    play.say("start", after=1)
    while play.session.state is not State.CLOSING:
        play.say("skip_zone", after=0.5)
    assert kept(play) == []


def test_after_the_last_day_that_is_said_and_nothing_more_is_offered():
    play = following(FOLLOWING, manner=SLEEPS)
    play.say("wake", after=1)
    play.say("yes", after=1)
    finish(play)
    play.until_state(State.IDLE)
    assert play.sentences()[-1] == wording.LAST_DAY
    play.tell(DayBegan("2026-03-02"))
    play.say("wake", after=1)
    assert play.session.state is State.CHOOSING


def test_no_leads_to_every_routine_and_undo_back():
    play = following()
    play.say("no", after=1)
    assert play.session.state is State.CHOOSING
    play.say("undo", after=1)
    assert play.session.state is State.DAY


def test_the_hour_is_asked_where_it_matters():
    days = Programme("two-days", "two days", "Two days.", ("day",))
    play = following(library={"day": day_routine()}, programmes={"two-days": days})
    play.say("yes", after=1)
    assert play.session.state is State.HOUR


def test_without_ears_it_begins_by_itself():
    play = following()
    play.tell(Faulted(Fault.MICROPHONE))
    play.until_state(State.READY)
    assert play.session.snapshot().routine_id == "other"


def test_whoever_says_nothing_is_reminded_once_and_a_speaker_falls_asleep():
    play = following()
    play.until(40)
    assert play.sentences()[-1] == wording.DAY_REMINDER
    play = following(manner=SLEEPS)
    play.say("wake", after=1)
    play.until_state(State.ASLEEP)
    assert play.sentences() == OFFER


@pytest.mark.parametrize(
    ("memory", "today", "library"),
    [
        (Memory(), TODAY, LIBRARY),
        (FIRST, "", LIBRARY),
        (Memory(standing=Standing("gone")), TODAY, LIBRARY),
        (Memory(standing=Standing("two-days", 2, "2026-02-01")), TODAY, LIBRARY),
        (Memory(standing=Standing("two-days", 1, TODAY)), TODAY, LIBRARY),
        (FIRST, TODAY, {"small": LIBRARY["small"]}),
    ],
    ids=["none", "no day", "no file", "over", "done today", "nothing left of it"],
)
def test_where_nothing_is_to_be_done_the_guide_asks_as_ever(memory, today, library):
    play = following(memory, today, library=library)
    play.until(5)
    assert play.session.state is State.CHOOSING


def test_each_person_follows_their_own():
    anna = Guided("anna", LIBRARY, Memory(standing=Standing("two-days", 1, "2026-02-01")))
    play = following(Memory(), manner=SLEEPS, others=(anna, Guided(GUEST, LIBRARY)))
    play.introduce("anna", Command.WAKE)
    play.until(play.now + 9)
    assert "Day two of two." in play.sentences()
    play.introduce(GUEST)
    assert play.session.state is State.CHOOSING
    play.introduce("anna")
    assert play.session.state is State.DAY
    play.say("yes", after=1)
    finish(play)
    assert kept(play) == [KeepProgramme(Standing("two-days", 2, TODAY), "anna")]


def test_one_that_was_chosen_or_left_elsewhere_is_heard_of():
    play = following(Memory(), manner=SLEEPS)
    play.session.follow(Standing("two-days"))
    play.say("wake", after=1)
    assert play.session.state is State.DAY
    play.say("stop", after=1)
    play.say("stop", after=1)
    play.session.follow(None)
    play.say("wake", after=1)
    assert play.session.state is State.CHOOSING


def test_a_routine_that_was_named_is_what_is_wanted():
    play = following(routine_id="small")
    assert play.session.state is State.READY
    play.tell(CommandHeard(Command.CHOOSE, "other"))
    assert play.session.state is State.READY


def test_every_day_of_the_bundled_programmes_is_in_the_pack():
    assert {len(one.days) for one in load_bundled_programmes().values()} == set(DAYS)


def test_one_is_chosen_and_left_without_a_word():
    play = following(Memory(), manner=SLEEPS)
    play.tell(ProgrammeChosen("nothing like it"))
    assert kept(play) == []
    play.tell(ProgrammeChosen("two-days"))
    assert kept(play) == [KeepProgramme(Standing("two-days"))]
    play.say("wake", after=1)
    assert play.session.state is State.DAY
    play.say("stop", after=1)
    play.tell(ProgrammeChosen(""))
    assert kept(play)[1:] == [KeepProgramme(Standing(""))]
    assert play.session.snapshot().programme is None


@pytest.mark.parametrize(
    ("done", "kept_then"), [(1, []), (2, [KeepProgramme(Standing("two-days"))])]
)
def test_one_that_is_followed_goes_on_and_one_that_is_done_begins_anew(done, kept_then):
    play = following(Memory(standing=Standing("two-days", done, "2026-02-01")), manner=SLEEPS)
    play.tell(ProgrammeChosen("two-days"))
    assert kept(play) == kept_then


def test_what_the_settings_name_is_followed_and_stays():
    others = (
        Guided("anna", LIBRARY, Memory(standing=Standing("gone", 5)), programme="two-days"),
        Guided(GUEST, LIBRARY),
    )
    play = following(Memory(), manner=SLEEPS, others=others)
    play.introduce("anna", Command.WAKE)
    assert play.session.state is State.DAY
    assert play.session.snapshot().days_done == 0
    assert not play.session.may_choose_programme
    play.tell(ProgrammeChosen(""))
    play.session.follow(None, "anna")
    assert play.session.snapshot().programme is PROGRAMME
    play.session.follow(Standing("two-days", 1), "anna")
    assert play.session.snapshot().days_done == 1
    play.introduce("guest")
    play.tell(ProgrammeChosen("two-days"))
    assert play.session.snapshot().programme is None
    assert kept(play) == []


def test_undo_after_the_day_is_done_asks_which_routine():
    play = following()
    play.until(1)
    play.say("yes", after=1)
    finish(play)
    while play.session.state is not State.READY:
        play.say("undo", after=0.5)
    play.say("undo", after=0.5)
    assert play.session.state is State.CHOOSING
    assert len(kept(play)) == 1


def test_undo_leads_back_to_the_day_only_while_it_is_to_be_done():
    play = following()
    play.until(1)
    play.say("no", after=1)
    play.say("undo", after=1)
    assert play.session.state is State.DAY
    play.say("no", after=1)
    play.tell(ProgrammeChosen(""))
    play.say("undo", after=1)
    assert play.session.state is State.CHOOSING


def test_undo_leads_back_to_somebody_else_s_day():
    others = (Guided("anna", LIBRARY), Guided(GUEST, LIBRARY))
    play = following(others=others)
    play.until(1)
    play.introduce("anna")
    assert play.session.state is State.CHOOSING
    play.say("undo", after=1)
    assert (play.session.state, play.session.person) == (State.DAY, "")
