"""Which utterances were probably a word that the guide has asked for, and was not understood."""

from dataclasses import replace

import pytest

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.heard import Heard, Reason

GO = Phrase("go", Command.START, is_awaited=True)
NEXT = Phrase("next", Command.NEXT)
MISSED = Heard("[unk]", None, Reason.DISAGREE, 10.0, 10.5, 11.1, 0.3, 40.0, ("go", "no"))


@pytest.mark.parametrize("why", [Reason.DISAGREE, Reason.UNSURE, Reason.NO_COMMAND])
def test_a_short_clear_word_that_was_asked_for(why):
    assert replace(MISSED, why=why).was_nearly((NEXT, GO))
    assert replace(MISSED, why=why, text="go", alternatives=()).was_nearly((NEXT, GO))


@pytest.mark.parametrize(
    "other",
    [
        {"why": Reason.GUIDE},
        {"why": Reason.OWN_WORD},
        {"why": Reason.TOO_LONG},
        {"end_seconds": 11.4},
        {"snr_db": 13.0},
        {"alternatives": ("next",)},
        {"alternatives": ("go on then",)},
    ],
)
def test_talk_noise_and_the_guide_itself_are_none(other):
    assert not replace(MISSED, **other).was_nearly((NEXT, GO))


def test_what_was_not_asked_for_is_none():
    assert not MISSED.was_nearly((NEXT, replace(GO, is_awaited=False)))
