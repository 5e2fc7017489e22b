"""Time to get ready between "go" and the first step."""

from dataclasses import replace

import pytest
from support.playing import Play
from support.staging import AT_THE_JAW, play_of, stroke_step

from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.table import State

TEN = Manner(preparation_seconds=10.0)


def first_words(play: Play, since: float) -> tuple[float, str]:
    """What is said first after a time, and how long after it."""
    line = next(line for line in play.lines if line.utterance_id and line.at >= since)
    return line.at - since, line.text


@pytest.mark.parametrize("word", ["start", "yes", "next", "okay"])
def test_after_go_there_is_time_and_soft_ticks_tell_when_it_is_over(word: str):
    play = Play(manner=TEN)
    play.at(15, word)
    play.until_state(State.PACING)
    assert first_words(play, 15) == (10.0, "Neck.")
    assert play.heard("count") == [22.0, 23.0, 24.0]


def test_a_kept_place_and_silence_lead_to_it_too():
    play = Play(manner=TEN, memory=AT_THE_JAW)
    play.at(12, "yes")
    play.until_state(State.PACING)
    assert first_words(play, 12) == (10.0, "Jaw.")


def test_it_is_there_once_and_no_word_is_waited_for_later():
    play = Play(manner=TEN)
    play.at(15, "start")
    play.say("next", after=12)
    assert first_words(play, 27)[0] < 1
    play.say("pause", after=1)
    play.say("resume", after=5)
    assert first_words(play, play.now)[0] < 1


def test_a_step_without_a_word_waits_as_long():
    silent = stroke_step(3, 2.0)
    tiny = play_of(silent, start=None).library["tiny"]
    section = tiny.sections[0]
    quiet = replace(section, announce=(), steps=(replace(silent, say=()),))
    play = Play({"tiny": replace(tiny, sections=(quiet,))}, "tiny", manner=TEN)
    play.at(15, "start")
    play.until_state(State.CLOSING)
    assert play.heard("tick")[0] == pytest.approx(25.8)


def test_whoever_is_ready_sooner_says_go_once_more():
    play = play_of(stroke_step(3, 2.0), start=None)
    play = Play(play.library, "tiny", manner=TEN)
    play.at(15, "start")
    play.say("start", after=4)
    play.until(30)
    assert play.heard("tick")[0] == pytest.approx(19.8)
    assert play.heard("count") == []


def test_a_pause_ends_it_and_undo_leads_back():
    play = Play(manner=TEN)
    play.at(15, "start")
    play.say("pause", after=3)
    play.until(60)
    assert not [line for line in play.lines if line.utterance_id and line.at >= 15]
    assert play.heard("count") == []
    play = Play(manner=TEN, memory=Memory())
    play.at(15, "start")
    play.say("undo", after=3)
    assert play.session.state is State.READY


def test_without_it_the_first_step_begins_as_ever():
    play = Play()
    play.at(15, "start")
    play.until_state(State.PACING)
    assert first_words(play, 15)[0] == pytest.approx(0.3)
    assert play.heard("count") == []
