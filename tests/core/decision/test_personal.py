"""From verdicts to scores: how far a bar falls, and what keeps it up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.decision.personal import (
    COSTLY_FLOOR,
    FLOOR,
    Verdict,
    Why,
    essential,
    floor_of,
    lowered,
    percentile,
    propose,
    usual_score,
    withdraw,
)
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.edge.files.phrase_file import load_phrasebook

LIMITS = Thresholds()
NEXT = Phrase("next", Command.NEXT)
STOP = Phrase("stop", Command.STOP)
GO = Phrase("go", Command.START)
START = Phrase("start", Command.START)
SCORES = st.floats(0.0, 1.0, allow_nan=False)


def right(phrase, *scores):
    """A take for each score, heard as what was said."""
    return [Verdict(phrase, index, None, ((phrase, score),)) for index, score in enumerate(scores)]


def missed(phrase, take=9):
    return Verdict(phrase, take, 6.0, ())


def taken(said, other, score, take=5):
    return Verdict(said, take, 12.0, ((other, score),))


def test_a_clear_voice_keeps_the_usual_scores():
    bar = propose(right(NEXT, 0.99, 0.95, 0.9), LIMITS)["next"]
    assert bar.why is Why.CLEAR
    assert bar.score == usual_score(NEXT, LIMITS)


def test_a_word_that_scores_low_needs_less():
    bar = propose(right(NEXT, 0.65, 0.66, 0.9), LIMITS)["next"]
    assert bar.lowered
    assert bar.score == pytest.approx(0.60)


@pytest.mark.parametrize(("phrase", "floor"), [(NEXT, FLOOR), (STOP, COSTLY_FLOOR)])
def test_no_score_falls_below_the_floor(phrase, floor):
    bar = propose(right(phrase, 0.1, 0.1, 0.1), LIMITS)[phrase.text]
    assert bar.score == floor == floor_of(phrase, LIMITS)


def test_a_miss_says_nothing_about_the_score():
    bar = propose([*right(NEXT, 0.65, 0.66, 0.9), missed(NEXT)], LIMITS)["next"]
    assert bar.score == pytest.approx(0.60)


def test_one_take_is_too_few_and_a_word_hardly_heard_stays():
    assert propose([*right(NEXT, 0.5), missed(NEXT)], LIMITS)["next"].why is Why.UNHEARD
    assert propose(right(NEXT, 0.55), LIMITS)["next"].why is Why.FEW
    assert propose([missed(NEXT, 0), missed(NEXT, 1)], LIMITS)["next"].why is Why.UNHEARD


def test_a_bar_that_another_word_would_pass_stays_up():
    takes = [*right(NEXT, 0.6, 0.62), taken(STOP, NEXT, 0.56), *right(STOP, 0.9, 0.9)]
    bars = propose(takes, LIMITS)
    assert bars["next"].why is Why.CONFUSED
    assert bars["next"].taken_for_it == "stop"
    assert bars["next"].score == LIMITS.confidence
    # What scored less than the new bar is not obeyed as it.
    below = [*right(NEXT, 0.6, 0.62), taken(STOP, NEXT, 0.5)]
    assert propose(below, LIMITS)["next"].lowered


def test_another_phrase_of_the_same_command_is_no_confusion():
    takes = [*right(GO, 0.6, 0.62), taken(START, GO, 0.56), *right(START, 0.9, 0.9)]
    assert propose(takes, LIMITS)["go"].lowered


def test_what_is_mistaken_afterwards_goes_back_to_usual():
    bars = propose([*right(NEXT, 0.6, 0.62), *right(GO, 0.6, 0.6)], LIMITS)
    assert set(lowered(bars)) == {"next", "go"}
    assert set(lowered(withdraw(bars, [taken(STOP, NEXT, 0.6)], (), LIMITS))) == {"go"}
    # The noise was heard as "start", which asks for the same as "go".
    of_noise = withdraw(bars, [], (START,), LIMITS)
    assert set(lowered(of_noise)) == {"next"}
    assert of_noise["go"].why is Why.NOISE


@given(st.lists(SCORES, min_size=2, max_size=9), st.lists(SCORES, max_size=4))
def test_a_bar_lies_between_floor_and_usual(scores, others):
    takes = [*right(NEXT, *scores), *(taken(STOP, NEXT, score) for score in others)]
    bar = propose(takes, LIMITS)["next"]
    assert FLOOR <= bar.score <= LIMITS.confidence
    if bar.lowered:
        assert all(score < bar.score for score in others)
        assert bar.score <= percentile(scores, 5) or bar.score == FLOOR


@given(st.lists(SCORES, min_size=1), st.floats(0, 100))
def test_a_percentile_lies_within(values, percent):
    assert min(values) <= percentile(values, percent) + 1e-9
    assert percentile(values, percent) <= max(values) + 1e-9
    assert percentile(values, 0) == min(values)
    assert percentile(values, 100) == max(values)


def test_right_is_once_and_nothing_else():
    assert Verdict(GO, 0, None, ((START, 0.9),)).right
    assert not Verdict(GO, 0, None, ((GO, 0.9), (GO, 0.9))).right
    both = Verdict(GO, 0, None, ((GO, 0.9), (STOP, 0.9)))
    assert not both.right
    assert both.wrong == (STOP,)


def test_what_is_trained_is_what_the_guide_asks_for():
    texts = [phrase.text for phrase in essential(load_phrasebook())]
    assert len(texts) == 11
    assert {"go", "next", "repeat", "pause", "continue", "stop", "yes", "no"} <= set(texts)
    assert essential(Phrasebook("xx", (Phrase("weiter", Command.NEXT),))) == (
        Phrase("weiter", Command.NEXT),
    )
