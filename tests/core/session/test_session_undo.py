"""Screenplays of taking back: whatever a word did, "undo" leads to where everything stood."""

import pytest
from support.playing import Play
from support.staging import (
    AT_THE_JAW,
    STAGES,
    closing,
    hold_step,
    introduced,
    offered_place,
    pacing,
    paused,
    play_of,
    play_until_step,
    say_step,
    telling,
    wait_step,
    waiting,
)

from voiceguide.core.effects import Cue, ForgetPlace, KeepPlace, Place, PlayCue
from voiceguide.core.session.preferences import Memory
from voiceguide.core.table import UNDERWAY, State

MOVES = ["next", "back", "repeat", "repeat_zone", "skip_zone", "start_over", "stop"]


def remembered(play: Play, memory: Memory | None = None) -> Place | None:
    """What the disk would hold of the small routine."""
    memory = memory or Memory()
    for _, effect in play.effects:
        if isinstance(effect, KeepPlace):
            memory = memory.keeping(effect.place)
        elif isinstance(effect, ForgetPlace):
            memory = memory.forgetting(effect.routine_id)
    return memory.place("small")


@pytest.mark.parametrize("state", UNDERWAY)
@pytest.mark.parametrize("move", MOVES)
def test_a_move_is_taken_back(state: State, move: str):
    play = STAGES[state]()
    before, kept = play.standing(), remembered(play)
    play.say(move)
    play.say("undo", after=4)
    assert play.standing() == before
    assert (now_kept := remembered(play)) and kept
    assert (now_kept.section_id, now_kept.step_id) == (kept.section_id, kept.step_id)
    assert play.heard("undone") == [play.now]


@pytest.mark.parametrize("state", [State.TELLING, State.PACING, State.WAITING])
def test_a_pause_is_taken_back(state: State):
    play = STAGES[state]()
    before = play.standing()
    play.say("pause")
    play.say("undo", after=4)
    assert play.standing() == before


def test_the_sentence_that_a_wrong_word_cut_is_taken_up():
    play = play_of(say_step("Sit down.", "Close your eyes.", "Breathe."), wait_step())
    play.at(13.2, "next")
    play.at(14.5, "undo")
    play.until_state(State.WAITING)
    assert play.sentences()[-5:] == [
        "Close your eyes.",
        "Rest.",
        "Close your eyes.",
        "Breathe.",
        "Rest.",
    ]


def test_a_timer_goes_on_with_what_was_left_of_it():
    play = play_of(wait_step(timer_seconds=90))
    play.until_state(State.WAITING)
    play.say("repeat", after=50)
    play.say("undo", after=1)
    taken_back = play.now
    play.until_state(State.CLOSING)
    assert play.heard("done") == [pytest.approx(taken_back + 40)]


def test_a_hold_goes_on_with_what_was_left_of_it():
    play = play_of(hold_step(10))
    play.until_state(State.PACING)
    play.say("back", after=0.8 + 7)
    play.say("undo", after=1)
    play.until_state(State.CLOSING)
    assert play.heard("done") == [pytest.approx(play.heard("tick")[-1] + 3)]


def test_undo_twice_takes_back_two_words_the_newest_first():
    play = telling()
    play.say("next")
    play.say("skip_zone", after=2)
    assert play.session.snapshot().step_id == "glide"
    play.say("undo", after=2)
    assert play.session.snapshot().step_id == "rinse"
    play.say("undo", after=2)
    assert play.session.snapshot().step_id == "up"


@pytest.mark.parametrize(
    "setting", ["slower", "faster", "speak_slower", "speak_faster", "louder", "quieter"]
)
def test_a_setting_is_taken_back_and_nothing_moves(setting: str):
    play = pacing()
    before = play.standing()
    play.say(setting)
    assert play.standing() != before
    play.say("undo")
    assert play.standing() == before
    kept = play.preferences()
    assert (kept.tempo, kept.words_per_minute, kept.gain_db) == (1.0, 150, 0.0)
    assert play.heard("undone") == [play.now]


def test_settings_and_moves_are_taken_back_in_their_order():
    play = pacing()
    play.say("slower")
    play.say("next", after=1)
    play.say("louder", after=1)
    play.say("undo", after=1)
    assert play.session.snapshot().gain_db == 0
    assert play.session.snapshot().step_id == "rinse"
    play.say("undo", after=1)
    assert play.session.snapshot().step_id == "up"
    assert play.session.snapshot().tempo < 1
    play.say("undo", after=1)
    assert play.session.snapshot().tempo == 1


def test_at_the_end_of_a_setting_there_is_nothing_new_to_take_back():
    play = introduced()
    for _ in range(4):
        play.say("louder")
    play.say("undo", after=1)
    assert play.session.snapshot().gain_db == 6.0


def test_with_nothing_to_take_back_it_says_so_once_and_goes_on():
    play = Play()
    play.until(1)
    play.say("undo")
    play.until(16)
    assert play.sentences() == [
        "Hello.",
        "There is nothing to reverse.",
        "Small routine.",
        "About three minutes.",
        "Be gentle.",
        "Each soft tick marks a new stroke.",
        "When I wait, say next.",
        "Say go when you are ready.",
    ]
    assert not play.heard("undone")


def test_what_was_said_a_minute_ago_is_not_taken_back_any_more():
    play = play_until_step("rinse")
    play.say("undo", after=61)
    assert play.sentences()[-1] == "There is nothing to reverse."
    assert play.session.state is State.WAITING


def test_ten_seconds_after_stop_it_can_still_be_taken_back():
    play = pacing()
    play.say("stop")
    play.say("undo", after=11)
    assert play.session.state is State.PACING
    assert play.sentences()[-1] == "Three more."


def test_after_that_the_session_ends():
    play = pacing()
    play.say("stop")
    stopped = play.now
    play.until(stopped + 30)
    assert play.finished_at == pytest.approx(stopped + 12)


def test_a_second_stop_ends_at_once():
    play = pacing()
    play.say("stop")
    play.say("stop", after=0.5)
    assert play.finished_at == play.now


def test_help_after_stop_leaves_time_to_use_it():
    play = pacing()
    play.say("stop")
    play.say("help", after=9)
    play.until_state(State.ENDED)
    answer = next(line for line in play.lines if line.text.startswith("You can say"))
    assert not answer.was_cut
    assert play.finished_at is not None
    assert play.finished_at >= answer.end + 2


def test_a_stop_that_was_gone_on_from_is_done_with():
    play = telling()
    play.say("next")
    play.until_state(State.WAITING)
    play.say("stop", after=1)
    play.say("resume", after=3)
    assert play.session.state is State.WAITING
    play.say("undo", after=1)  # takes back the "next"
    assert play.session.snapshot().step_id == "up"


def test_a_skipped_end_can_be_taken_back_for_ten_seconds():
    play = closing()
    entered = play.states[-1][0]
    play.at(entered + 10.5, "undo")
    assert (play.session.state, play.session.snapshot().step_id) == (State.TELLING, "end")


def test_an_end_that_came_by_itself_does_not_linger():
    play = play_of(say_step("Breathe."), start=True)
    play.until_state(State.CLOSING)
    play.until_state(State.ENDED)
    bye = next(line for line in play.lines if line.text == "Bye.")
    assert play.finished_at == pytest.approx(bye.end + 2)


def test_without_a_word_in_the_last_minute_the_end_is_short():
    play = play_of(wait_step(timer_seconds=90))
    play.until_state(State.ENDED)
    bye = next(line for line in play.lines if line.text == "Bye.")
    assert play.finished_at == pytest.approx(bye.end + 2)


def test_a_place_that_the_skipped_end_forgot_is_kept_again():
    play = paused()
    kept = remembered(play)
    for _ in range(3):
        play.say("skip_zone", after=0.5)
        if play.session.state is State.CLOSING:
            break
    assert remembered(play) is None
    play.say("undo", after=1)
    play.say("undo", after=1)
    assert play.session.state is State.PAUSED
    assert remembered(play) == kept


def test_going_back_to_an_offer_offers_the_same_place():
    play = offered_place()
    play.say("no")
    play.say("start", after=1)
    play.say("undo", after=3)
    play.say("undo", after=1)
    assert play.session.state is State.OFFERING
    assert play.sentences()[-1] == "Last time you left the small routine at jaw."
    play.say("yes", after=1)
    assert play.session.snapshot().step_id == "glide"
    assert remembered(play, AT_THE_JAW) == Place("small", "jaw", "glide")


def test_another_routine_chosen_by_mistake_is_taken_back():
    play = introduced()
    play.at(2, "choose", "other")
    assert play.session.snapshot().routine_id == "other"
    play.say("undo", after=2)
    assert (play.session.state, play.session.snapshot().routine_id) == (State.READY, "small")


def test_undo_is_heard_as_undone_and_other_words_as_heard():
    play = waiting()
    play.say("next")
    play.say("undo", after=2)
    cues = [(when, e.cue) for when, e in play.effects if isinstance(e, PlayCue)][-2:]
    assert cues == [(play.now - 2, Cue.HEARD), (play.now, Cue.UNDONE)]
