"""Screenplays of steps as they are led when nobody says much: words, strokes, sides, pace."""

from itertools import pairwise

import pytest
from support.playing import Play
from support.staging import hold_step, play_of, play_until_step, say_step, stroke_step, wait_step

from voiceguide.core.effects import Hush
from voiceguide.core.routine.routine import Side
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import State
from voiceguide.core.timeline.speech import estimate_speech_seconds
from voiceguide.core.wording import counted

COUNTS = tuple(map(counted, range(21)))


def script(play: Play, since: float = 0.0) -> list[str]:
    """Everything heard after a time, in order."""
    heard = sorted(play.lines, key=lambda line: line.at)
    return [line.text for line in heard if line.at >= since]


COUNTED = ("*count*",) * 3


def gaps(times: list[float]) -> list[float]:
    return [round(after - before, 6) for before, after in pairwise(times)]


def strokes(play: Play) -> list[float]:
    return sorted(play.heard("tick") + play.heard("last"))


def test_a_whole_routine_from_the_first_word_to_the_last():
    play = Play()
    play.at(15, "start")
    play.until_state(State.WAITING)
    play.say("next", after=5)
    play.until_state(State.ENDED)

    assert script(play, since=15) == [
        *("*heard*", "Neck.", "Sit upright.", "Breathe out."),
        *("Stroke upward.", "*tick*", "*tick*", "*tick*", "*tick*", "Last one.", "*last*"),
        *("Rinse.", "*heard*", "Jaw."),
        *("Glide.", "Left side first.", "*tick*", "*tick*", "*last*"),
        *("*side*", "Now the right side.", "*tick*", "*tick*", "*last*"),
        *("Press.", "*tick*", *COUNTED, "*done*"),
        *("Let it settle.", "Ninety seconds; I will keep the time."),
        *("Halfway.", "Ten seconds left.", *COUNTED, "*done*"),
        *("Open your eyes.", "All done."),
    ]
    assert not [line for line in play.lines if line.was_cut]


def test_the_introduction_tells_length_and_safety_and_how_to_begin():
    play = Play()
    play.until(12)
    assert play.sentences() == [
        "Hello.",
        "Small routine.",
        "About three minutes.",
        "Be gentle.",
        "Each soft tick marks a new stroke.",
        "When I wait, say next.",
        "Say go when you are ready.",
    ]


def test_strokes_fall_evenly_after_a_lead_in():
    play = play_of(stroke_step(4, 3.0))
    play.until_state(State.ENDED)
    told = next(line for line in play.lines if line.text == "Stroke.")
    assert strokes(play)[0] == pytest.approx(told.end + 0.8)
    assert gaps(strokes(play)) == [3.0, 3.0, 3.0]
    closing = next(line for line in play.lines if line.text == "Bye.")
    assert closing.at == pytest.approx(strokes(play)[-1] + 3.0 + 0.6)


def test_the_last_one_is_said_just_before_it():
    play = play_of(stroke_step(5, 3.0))
    play.until_state(State.ENDED)
    (notice,) = [line for line in play.lines if line.text == "Last one."]
    (last,) = play.heard("last")
    assert last - 0.9 == pytest.approx(notice.at)
    assert notice.end < last


@pytest.mark.parametrize("count", [1, 2, 4])
def test_a_short_row_of_strokes_needs_no_notice(count: int):
    play = play_of(stroke_step(count, 3.0))
    play.until_state(State.ENDED)
    assert "Last one." not in play.sentences()
    assert len(strokes(play)) == count


def test_left_then_right_does_the_whole_count_on_each():
    play = play_of(stroke_step(3, 2.0, Side.LEFT_THEN_RIGHT))
    play.at(10, "start")
    play.until_state(State.ENDED)
    left = next(line for line in play.lines if line.text == "Left side first.")
    right = next(line for line in play.lines if line.text == "Now the right side.")
    (change,) = play.heard("side")
    times = strokes(play)
    assert len(times) == 6
    assert times[0] == pytest.approx(left.end + 0.8)
    assert change == pytest.approx(times[2] + 2.0)
    assert right.at == pytest.approx(change + 0.6)
    assert times[3] == pytest.approx(right.end + 0.8)


def test_a_hold_on_each_side_ends_once():
    play = play_of(hold_step(5, Side.LEFT_THEN_RIGHT))
    play.until_state(State.ENDED)
    assert script(play, since=11) == [
        *("Press.", "Left side first.", "*tick*", *COUNTED),
        *("*side*", "Now the right side.", "*tick*", *COUNTED, "*done*", "Bye."),
    ]


def test_the_count_is_spoken_only_when_asked_for():
    play = play_of(stroke_step(5, 2.0, aloud=True))
    play.until_state(State.ENDED)
    said = [(line.text, line.at) for line in play.lines if line.text in COUNTS]
    onsets = strokes(play)
    assert said == list(zip(["One.", "Two.", "Three.", "Four."], onsets[:4], strict=True))
    assert "Last one." in play.sentences()

    silent = play_of(stroke_step(5, 2.0))
    silent.until_state(State.ENDED)
    assert "Two." not in silent.sentences()


def test_quick_strokes_are_counted_in_fives_so_that_the_count_keeps_up():
    play = play_of(stroke_step(12, 0.8, aloud=True))
    play.until_state(State.ENDED)
    onsets = strokes(play)
    spoken = [(line.text, line.at) for line in play.lines if line.text in COUNTS]
    assert spoken == [("Five.", onsets[4]), ("Ten.", onsets[9])]


def test_a_new_tempo_takes_effect_from_the_next_stroke_without_a_jump():
    play = play_of(stroke_step(5, 4.0))
    play.until_state(State.PACING)
    first = play.now + 0.8
    play.at(first + 5, "slower")  # during the second stroke
    play.until_state(State.ENDED)
    assert gaps(strokes(play)) == [4.0, 4.0, 4.6, 4.6]


def test_a_new_tempo_heard_just_before_an_onset_changes_the_stroke_that_begins_there():
    play = play_of(stroke_step(4, 4.0))
    play.until_state(State.PACING)
    first = play.now + 0.8
    play.at(first + 3.9, "faster")
    play.until_state(State.ENDED)
    faster = round(4.0 / 1.15, 6)
    assert gaps(strokes(play)) == [4.0, faster, faster]


def test_a_new_tempo_just_before_the_last_but_one_leaves_what_last_one_was_timed_by():
    play = play_of(stroke_step(5, 4.0))
    play.until_state(State.PACING)
    first = play.now + 0.8
    play.at(first + 11.9, "faster")
    play.until_state(State.ENDED)
    assert gaps(strokes(play)) == [4.0, 4.0, 4.0, 4.0]
    (notice,) = [line for line in play.lines if line.text == "Last one."]
    assert notice.end <= play.heard("last")[0]


def test_a_tempo_scales_strokes_but_no_hold():
    play = play_of(stroke_step(2, 4.0), hold_step(5), preferences=Preferences(tempo=2.0))
    play.until_state(State.ENDED)
    first, second, hold = strokes(play)
    assert second - first == pytest.approx(2.0)
    assert play.heard("done") == [pytest.approx(hold + 5)]


LIMITS = [
    ("slower", 5, "That is the gentlest pace there is."),
    ("faster", 5, "That is the briskest pace there is."),
    ("speak_slower", 3, "I cannot speak more calmly than this."),
    ("speak_faster", 5, "I cannot speak more quickly than this."),
    ("louder", 3, "That is as loud as I get."),
    ("quieter", 7, "That is as soft as I get."),
]


@pytest.mark.parametrize(("command", "times", "limit"), LIMITS)
def test_the_end_of_a_setting_is_said_when_it_is_reached(command: str, times: int, limit: str):
    play = Play()
    play.until(12)
    for _ in range(times - 1):
        play.say(command)
    assert limit not in play.sentences()
    play.say(command)
    assert play.sentences()[-1] == limit
    reached = play.preferences()
    play.say(command, after=5)
    assert play.sentences().count(limit) == 2
    assert play.preferences() == reached


def test_the_limits_are_what_they_are():
    play = Play()
    play.until(12)
    for command in ("slower", "speak_slower", "quieter"):
        for _ in range(9):
            play.say(command)
    low = play.preferences()
    assert (low.tempo, low.words_per_minute, low.gain_db) == (0.5, 110, -21.0)
    for command in ("faster", "speak_faster", "louder"):
        for _ in range(15):
            play.say(command)
    high = play.preferences()
    assert (high.tempo, high.words_per_minute, high.gain_db) == (2.0, 220, 9.0)


def test_a_new_speech_rate_is_heard_in_the_very_next_sentence():
    play = play_of(say_step("Breathe in as deep as you can.", "Breathe out as long as you can."))
    play.at(11.5, "speak_slower")
    play.until_state(State.CLOSING)
    first, second = (line for line in play.lines if line.text.startswith("Breathe"))
    assert not first.was_cut
    assert first.at < 11.5 < first.end
    assert first.end - first.at == pytest.approx(estimate_speech_seconds(first.text, 150))
    assert second.end - second.at == pytest.approx(estimate_speech_seconds(second.text, 135))


def test_go_cuts_to_what_a_step_asks_for():
    play = play_until_step("up")
    play.say("start", after=0.5)
    assert play.session.state is State.PACING
    assert [line.was_cut for line in play.lines if line.text == "Stroke upward."] == [True]
    play.until(play.now + 1)
    assert strokes(play) == [pytest.approx(play.now - 0.2)]


def test_nothing_is_hushed_twice_in_one_breath():
    play = Play()
    play.at(3, "start")
    play.at(3.5, "next")
    assert [when for when, effect in play.effects if isinstance(effect, Hush)] == [0.0, 3.0, 3.5]


def test_a_word_just_after_the_guide_led_on_was_meant_for_what_was_before():
    play = play_of(stroke_step(3, 2.0), say_step("Look up."), wait_step())
    play.until_state(State.PACING)
    play.until_state(State.TELLING)
    assert play.session.snapshot().step_id == "say-1"
    play.say("next", after=0.3)
    assert play.session.snapshot().step_id == "say-1"
    assert play.heard("heard")[-1] == play.now
    play.until_state(State.WAITING)
    assert [line.was_cut for line in play.lines if line.text == "Look up."] == [False]


def test_said_a_second_time_it_is_meant_for_what_is_told_now():
    play = play_of(stroke_step(3, 2.0), say_step("Look up."), wait_step())
    play.until_state(State.PACING)
    play.until_state(State.TELLING)
    play.say("next", after=0.3)
    play.say("next", after=0.3)
    assert play.session.snapshot().step_id == "rest"


def test_repeat_just_after_the_guide_led_on_goes_back_to_what_was_done():
    play = play_of(stroke_step(3, 2.0), say_step("Look up."))
    play.until_state(State.PACING)
    play.until_state(State.TELLING)
    play.say("repeat", after=0.3)
    assert play.session.snapshot().step_id == "stroke"
    play.say("repeat", after=0.3)
    assert play.session.snapshot().step_id == "stroke"


def test_once_the_new_step_has_been_heard_a_word_is_meant_for_it():
    play = play_of(stroke_step(3, 2.0), say_step("Look up as far as you can."), wait_step())
    play.until_state(State.PACING)
    play.until_state(State.TELLING)
    play.say("next", after=1.1)
    assert play.session.snapshot().step_id == "rest"


def test_a_step_that_the_person_went_to_themselves_can_be_left_at_once():
    play = play_of(say_step("Look up."), say_step("Look", "down."), wait_step())
    play.say("next", after=0.2)
    play.say("next", after=0.2)
    assert play.session.snapshot().step_id == "rest"


@pytest.mark.parametrize(("rate", "said"), [(150, 3), (110, 0)])
def test_numbers_that_take_longer_than_a_stroke_are_left_out(rate: int, said: int):
    play = play_of(stroke_step(4, 1.0, aloud=True), preferences=Preferences(words_per_minute=rate))
    play.until_state(State.CLOSING)
    assert len([line for line in play.lines if line.text in COUNTS]) == said


@pytest.mark.parametrize(
    ("seconds", "aloud", "preferences", "is_said"),
    [
        (1.0, False, Preferences(), True),
        (0.7, False, Preferences(), False),
        (1.0, True, Preferences(), False),
        (2.0, True, Preferences(), True),
        (1.0, False, Preferences(words_per_minute=110), False),
        (2.0, False, Preferences(words_per_minute=110), True),
        (1.3, False, Preferences(tempo=2.0), False),
    ],
)
def test_the_last_one_is_told_only_where_that_does_not_cover_its_bell(
    seconds: float, aloud: bool, preferences: Preferences, is_said: bool
):
    play = play_of(stroke_step(8, seconds, aloud=aloud), preferences=preferences)
    play.until_state(State.CLOSING)
    told = [line for line in play.lines if line.text == "Last one."]
    assert bool(told) is is_said
    (last,) = play.heard("last")
    assert all(line.end <= last for line in told)
