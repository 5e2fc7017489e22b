"""Speech slower or faster by voice: heard in the very next sentence; strokes stay as they are."""

import pytest
from support.playing import Play

from voiceguide.core.effects import Prepare, Say, SetSpeechRate
from voiceguide.core.timeline.ranges import RATE_STEP


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
