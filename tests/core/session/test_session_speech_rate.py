"""Speech slower or faster by voice: heard in the very next sentence; strokes stay as they are."""

import pytest
from support.playing import Play

from voiceguide.core.effects import Prepare, Say, SetSpeechRate
from voiceguide.core.timeline.ranges import RATE_RANGE, RATE_STEP
from voiceguide.core.timeline.speech import spoken_rate


@pytest.mark.parametrize(
    ("word", "rate"), [("speak_slower", -RATE_STEP), ("speak_faster", RATE_STEP)]
)
def test_the_very_next_sentence_has_the_new_rate_and_is_rendered_ahead(word: str, rate: int):
    play = Play()
    play.at(30, "start")
    play.until(play.now + 1.5)  # "Neck." is said, "Sit upright." comes
    play.say(word)
    effects = [effect for when, effect in play.effects if when >= play.now]
    assert SetSpeechRate(150 + rate) in effects
    at = effects.index(SetSpeechRate(150 + rate))
    ahead = [text for one in effects[at:] if isinstance(one, Prepare) for text in one.texts]
    play.until(play.now + 20)
    later = [effect for _, effect in play.effects]
    after = later[later.index(SetSpeechRate(150 + rate)) :]
    said = [one.text for one in after if isinstance(one, Say)]
    assert said and said[0] in (*ahead, "Neck.")
    assert {"Sit upright.", "Breathe out."} <= set(ahead)
    line = next(line for line in play.lines if line.text == "Breathe out.")
    assert line.end - line.at == pytest.approx(play.speech("Breathe out."))
    assert play.session.snapshot().tempo == 1.0


def test_on_the_breath_the_guide_speaks_more_gently_and_without_it_as_before():
    play = Play()
    play.at(30, "start")
    play.until(play.now + 3)
    play.say("breathing_on")
    rates = [one for when, one in play.effects if isinstance(one, SetSpeechRate)]
    assert rates[-1] == SetSpeechRate(135)
    assert play.preferences().words_per_minute == 150, "what was chosen is not forgotten"
    play.say("breathing_off")
    rates = [one for when, one in play.effects if isinstance(one, SetSpeechRate)]
    assert rates[-1] == SetSpeechRate(150)


def test_nothing_is_said_slower_than_the_slowest_speech():
    assert spoken_rate(115, on_breath=True) == RATE_RANGE[0]
    assert spoken_rate(200, on_breath=True) == 180
    assert spoken_rate(115, on_breath=False) == 115
