"""Screenplays of beginning and of going on another day: which routine, and from where."""

import pytest
from support.playing import Play, small_routine
from support.staging import AT_THE_JAW, asked_which, offered_place, pacing, say_step

from voiceguide.core.effects import ForgetPlace, KeepPlace, Place
from voiceguide.core.errors import RoutineError
from voiceguide.core.routine.routine import Profile, Routine, Section
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State
from voiceguide.core.wording import CHOICE, MORE_CHOICE


def place(play: Play) -> tuple[State, str | None, str | None]:
    status = play.session.snapshot()
    return status.state, status.routine_id, status.step_id


def memory_after(play: Play) -> Memory:
    """What the next session is given."""
    memory = Memory()
    for _, effect in play.effects:
        if isinstance(effect, KeepPlace):
            memory = memory.keeping(effect.place)
        elif isinstance(effect, ForgetPlace):
            memory = memory.forgetting(effect.routine_id)
    return memory


def test_what_is_stopped_today_is_offered_tomorrow():
    today = pacing()
    today.say("stop")
    today.until_state(State.ENDED)
    assert today.sentences()[-1] == "That is all for now. Your place is kept."

    tomorrow = Play(memory=memory_after(today))
    tomorrow.until(8)
    assert tomorrow.sentences() == [
        "Hello.",
        "Last time you left the small routine at neck.",
        "Shall we pick it up there? Yes or no?",
    ]
    tomorrow.say("yes")
    assert place(tomorrow) == (State.TELLING, "small", "up")
    tomorrow.until_state(State.TELLING)
    tomorrow.until_state(State.WAITING)
    assert len(tomorrow.heard("tick") + tomorrow.heard("last")) == 5  # whole, not what was left


def test_a_place_in_the_breaths_that_fill_the_time_is_offered_too():
    memory = Memory((Place("small", "quiet-breathing", "rest"),))
    play = Play(memory=memory, manner=Manner(length_seconds=1200.0))
    play.until(8)
    assert play.sentences()[1] == "Last time you left the small routine at quiet breathing."
    play.say("yes")
    assert place(play) == (State.TELLING, "small", "rest")
    # Who does not ask for a length has no such breaths to go on with.
    play = Play(memory=memory)
    play.until(1)
    assert place(play) == (State.READY, "small", "hello")


def test_a_stroke_is_kept_as_done_when_it_is_over():
    play = pacing()
    play.until_state(State.PACING)
    first = play.heard("tick")[0]
    for done in range(3, 5):
        play.until(first + 4 * done - 0.01)
        assert kept_strokes(play) == done - 1
        play.until(first + 4 * done + 0.01)
        assert kept_strokes(play) == done
    play.until(first + 20 - 0.01)
    assert kept_strokes(play) == 4


def kept_strokes(play: Play) -> int:
    places = [effect.place for _, effect in play.effects if isinstance(effect, KeepPlace)]
    return places[-1].strokes_done


def test_no_begins_at_the_beginning():
    play = offered_place()
    play.say("no")
    assert place(play) == (State.READY, "small", "hello")
    play.say("start", after=5)
    assert place(play) == (State.TELLING, "small", "hello")


def test_without_a_name_the_newest_place_is_offered():
    memory = Memory((Place("small", "jaw", "press"), Place("other", "neck", "rinse")))
    play = Play(routine_id=None, memory=memory)
    assert place(play) == (State.OFFERING, "other", "hello")
    play.at(3, "yes")
    assert place(play) == (State.TELLING, "other", "rinse")


def test_declined_without_a_name_it_asks_which_routine():
    play = Play(routine_id=None, memory=AT_THE_JAW)
    play.at(3, "no")
    assert place(play) == (State.CHOOSING, None, None)


def test_declined_after_naming_it_the_routine_begins_anew():
    play = Play(routine_id=None, memory=Memory((Place("other", "jaw", "glide"),)))
    play.at(3, "no")
    play.at(5, "choose", "other")
    assert play.session.state is State.OFFERING
    play.at(8, "no")
    assert place(play) == (State.READY, "other", "hello")


def test_start_over_declines_as_well():
    play = offered_place()
    play.say("start_over")
    assert place(play) == (State.READY, "small", "hello")


def test_another_routine_can_be_named_instead():
    play = offered_place()
    play.at(3, "choose", "other")
    assert place(play) == (State.READY, "other", "hello")
    play.at(5, "choose", "small")
    assert place(play) == (State.OFFERING, "small", "hello")


def test_a_declined_place_stays_until_the_routine_is_begun():
    play = offered_place()
    play.say("no")
    play.say("stop", after=5)
    play.until_state(State.ENDED)
    assert not [e for _, e in play.effects if isinstance(e, KeepPlace | ForgetPlace)]
    assert "All right. See you soon." in play.sentences()


def test_a_place_at_the_very_beginning_is_no_place():
    play = Play(memory=Memory((Place("small", "neck", "hello"),)))
    assert play.session.state is State.READY


@pytest.mark.parametrize(
    "gone",
    [Place("small", "ears", "glide"), Place("small", "jaw", "juggle"), Place("old", "a", "b")],
)
def test_a_place_that_no_longer_exists_is_no_place(gone: Place):
    assert Play(memory=Memory((gone,))).session.state is State.READY
    assert Play(routine_id=None, memory=Memory((gone,))).session.state is State.CHOOSING


def test_a_finished_routine_leaves_no_place():
    play = offered_place()
    play.say("yes")
    play.until_state(State.CLOSING)
    assert memory_after(play).places == ()


def test_the_place_is_kept_before_its_first_word_is_spoken():
    play = pacing()
    kept = {e.place.step_id: when for when, e in reversed(play.effects) if isinstance(e, KeepPlace)}
    words = {line.text: line.at for line in play.lines}
    assert kept["up"] < words["Stroke upward."]


def test_each_stroke_is_kept_as_it_is_done():
    play = pacing()
    play.until_state(State.TELLING)
    strokes = [e.place.strokes_done for _, e in play.effects if isinstance(e, KeepPlace)]
    assert strokes == [*sorted(strokes[:-1]), 0]
    assert max(strokes) >= 3


def after(play: Play, sentence: str) -> list[str]:
    """What was said behind a sentence."""
    told = play.sentences()
    return told[told.index(sentence) + 1 :]


def test_help_while_choosing_names_the_routines():
    play = asked_which()
    play.say("help")
    play.until(play.now + 10)
    assert after(play, CHOICE)[:2] == ["Small routine.", "Other routine."]


def test_more_routines_than_one_breath_holds_are_told_in_turns():
    library = {name: small_routine(name) for name in "abcdefgh"}
    play = Play(library, routine_id=None)
    play.at(1, "help")
    play.at(30, "help")
    play.at(60, "help")
    play.until(70)
    assert after(play, CHOICE)[:6] == [f"{name.upper()} routine." for name in "abcdef"]
    assert after(play, MORE_CHOICE)[:2] == ["G routine.", "H routine."]
    assert CHOICE in after(play, MORE_CHOICE)


def test_the_question_which_routine_reminds_of_itself():
    play = asked_which()
    play.until(40)
    assert play.sentences()[-1] == "Say the name of a routine, or say help."


def test_after_the_end_another_routine_can_be_chosen():
    play = offered_place()
    play.say("yes")
    play.until_state(State.CLOSING)
    play.at(play.now + 1, "choose", "other")
    assert place(play) == (State.READY, "other", "hello")


def test_a_routine_of_which_nothing_is_left_is_refused_and_is_no_choice():
    nothing = select(small_routine("empty"), Profile(avoid=("neck", "jaw")))
    library = {"empty": nothing, "small": small_routine()}
    with pytest.raises(RoutineError, match="nothing is left to do in empty"):
        Play(library, "empty")
    with pytest.raises(RoutineError, match="nothing is left to do in any routine"):
        Play({"empty": nothing}, routine_id=None)
    play = Play(library, routine_id=None)
    play.at(1, "help")
    play.until(10)
    assert after(play, CHOICE)[0] == "Small routine."
    assert "Empty routine." not in play.sentences()
    play.at(11, "choose", "empty")
    assert play.session.state is State.CHOOSING


def test_a_routine_of_one_step_begins_and_ends():
    routine = Routine("one", "one", "One.", (Section("a", "air", (say_step("Breathe."),)),))
    play = Play({"one": routine}, "one")
    play.at(8, "start")
    play.until_state(State.ENDED)
    assert play.sentences()[-3:] == [
        "Air.",
        "Breathe.",
        "That was the whole routine.",
    ]
