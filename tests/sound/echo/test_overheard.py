"""What the ears are told of the guide's own words."""

import numpy as np
import pytest

from voiceguide.core.decision.guide_sound import SpokenWord, is_own
from voiceguide.sound.echo.overheard import SPREAD_SECONDS, UNKNOWN_DELAY_SECONDS, sounding
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.speech import about_when

RATE = 8000
SAID = (SpokenWord("say", 0.0, 0.2), SpokenWord("next", 0.2, 0.6), SpokenWord("please", 0.6, 1.0))


def playing(until=0.5):
    mixer = Mixer(RATE)
    mixer.render(RATE)
    mixer.play(np.full(RATE, 0.1, np.float32), None, tag=1, words=SAID)
    mixer.render(round(until * RATE))
    return mixer


def test_words_that_have_begun_are_told_with_the_time_at_which_they_are_heard():
    guide = sounding(playing(), 1.5, None)
    assert [word.text for word in guide.words] == ["say", "next"]
    soonest, latest = UNKNOWN_DELAY_SECONDS
    assert guide.words[1].start_seconds == pytest.approx(1.2 + soonest - SPREAD_SECONDS)
    assert guide.words[1].end_seconds == pytest.approx(1.6 + latest + SPREAD_SECONDS)
    assert guide.level_dbfs == pytest.approx(-20, abs=0.1)
    assert not guide.trusted  # nobody knows the echo


def test_a_sentence_that_is_broken_off_says_no_more_words():
    mixer = playing()
    mixer.fade_out(100)
    mixer.render(RATE)
    assert [word.text for word in mixer.words_until(mixer.position)] == ["say", "next"]
    mixer.render(5 * RATE)
    assert mixer.words_until(mixer.position) == ()


@pytest.mark.parametrize(
    ("phrase", "start", "own"),
    [("next", 0.3, True), ("next step", 0.3, True), ("text", 0.3, True), ("stop", 0.3, False)],
)
def test_a_word_is_the_guides_own_when_it_sounds_then(phrase, start, own):
    assert is_own(phrase, start, start + 0.2, SAID) is own
    assert not is_own(phrase, start + 0.5, start + 0.6, SAID)


def test_where_the_voice_does_not_tell_its_words_are_about_where_their_letters_are():
    said = about_when("Say next.", 1.4)
    assert [word.text for word in said] == ["say", "next"]
    assert said[1].start_seconds == pytest.approx(0.6 - 0.35)
    assert said[1].end_seconds == pytest.approx(1.4 + 0.35)
