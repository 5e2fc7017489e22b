"""The rules by which a sleeping guide is called: the words alone, and silence after them."""

import pytest
from support.scripted_ears import BLOCK, LIMITS, Ears

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Reason

CALL = Phrase("hey guide", Command.WAKE)


def asleep(score: float = 1.0, **kind: float) -> Ears:
    ears = Ears(votes=[(CALL.text, score)], word_seconds=0.6, **kind)
    ears.decider.listen_for((CALL,))
    ears.silence(0.5)
    return ears


def test_a_call_is_obeyed_after_a_longer_silence_than_a_command() -> None:
    ears = asleep()
    end = ears.say(CALL.text, 0.6)
    ears.silence(1.0, CALL.text)
    assert ears.obeyed == [CALL.text]
    waited = ears.heard[0].decided_seconds - end
    assert waited == pytest.approx(LIMITS.wake_quiet_seconds, abs=BLOCK)
    assert waited > LIMITS.quiet_seconds + BLOCK


def test_who_talks_on_did_not_call() -> None:
    ears = asleep()
    ears.say(CALL.text, 0.6)
    for _ in range(20):
        ears.block(CALL.text, True)
    assert not ears.asks and not ears.obeyed


def test_beside_a_noise_that_hides_its_end_an_unchanged_text_is_enough() -> None:
    ears = asleep(noise_db=-34.0)
    ears.say(CALL.text, 0.6)
    for _ in range(round(LIMITS.stable_seconds / BLOCK)):
        ears.block(CALL.text, True)
    assert ears.asks


@pytest.mark.parametrize("before", [LIMITS.wake_beyond_seconds + 0.1, 2.0])
def test_a_call_with_talk_before_it_is_none(before: float) -> None:
    ears = asleep()
    ears.say(CALL.text, before + 0.6)
    ears.silence(1.0, CALL.text)
    assert not ears.obeyed
    assert [one.why for one in ears.heard] == [Reason.TOO_LONG]


def test_a_doubtful_call_is_not_asked_about_again() -> None:
    ears = asleep(score=LIMITS.wake_confidence - 0.05)
    ears.say(CALL.text, 0.6)
    ears.silence(1.0, CALL.text)
    assert len(ears.asks) == LIMITS.wake_tries == 1
    assert not ears.obeyed
