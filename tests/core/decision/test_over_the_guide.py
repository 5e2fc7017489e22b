"""What is obeyed over the guide's own voice, on scripted partial results."""

from dataclasses import replace

import pytest
from support.scripted_ears import LIMITS, PHRASES, Ears

from voiceguide.core.decision.guide_sound import Sounding, SpokenWord
from voiceguide.core.decision.heard import Reason


def test_over_the_guide_the_bar_is_higher_and_what_was_written_does_not_matter() -> None:
    for confidence, obeyed in ((1.0, ["next"]), (LIMITS.over_guide_confidence - 0.05, [])):
        ears = Ears(votes=[("next", confidence)])
        ears.say("[unk] next", guide=True)
        ears.silence(1.0, "[unk] next [unk]", guide=True)
        assert ears.obeyed == obeyed


@pytest.mark.parametrize(
    ("likely", "confidence", "obeyed"),
    [
        (LIMITS.opinion_neutral / 4, 1.0, []),
        (LIMITS.opinion_neutral * 4, LIMITS.over_guide_confidence - 0.1, ["next"]),
    ],
)
def test_over_the_guide_too_the_second_opinion_speaks_for_or_against_a_phrase(
    likely: float, confidence: float, obeyed: list[str]
) -> None:
    ears = Ears(votes=[("next", confidence)], opinion={"next": likely})
    ears.say("[unk] next", guide=True)
    ears.silence(1.0, "[unk] next [unk]", guide=True)
    assert ears.obeyed == obeyed


def test_over_the_guide_the_second_opinion_alone_obeys_nothing() -> None:
    opinion = dict.fromkeys((phrase.text for phrase in PHRASES), 0.0) | {"next": 1.0}
    for guide, obeyed in ((True, []), (False, ["next"])):
        ears = Ears(votes=[("[unk]", 1.0)], opinion=opinion)
        ears.say("[unk]", guide=guide)
        ears.silence(1.0, "[unk]", guide=guide)
        assert ears.obeyed == obeyed


def test_over_the_guide_its_own_word_stays_refused_however_likely_it_is() -> None:
    ears = Ears(
        opinion={"next": 1.0}, sounding=Sounding(-20.0, 0.0, (SpokenWord("next", 0.0, 0.3),))
    )
    ears.say("[unk] next", guide=True)
    ears.silence(1.0, "[unk] next [unk]", guide=True)
    assert ears.obeyed == []
    assert ears.heard[0].why is Reason.OWN_WORD


@pytest.mark.parametrize(
    ("phrase", "obeyed"), [("repeat the zone", True), ("what can i say", False)]
)
def test_over_the_guide_a_phrase_of_more_than_three_words_waits_for_a_pause(phrase, obeyed) -> None:
    for guide in (True, False):
        ears = Ears(votes=[(phrase, 1.0)])
        ears.say(phrase, guide=guide, seconds=1.0)
        ears.silence(1.0, phrase, guide=guide)
        assert ears.obeyed == ([phrase] if obeyed or not guide else [])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), Reason.AGREED_SECOND_LOOK),
        ((SpokenWord("next", 0.0, 0.3),), Reason.OWN_WORD),
        ((SpokenWord("nest", 0.0, 0.3),), Reason.OWN_WORD),
        ((SpokenWord("serum", 0.0, 0.3),), Reason.AGREED_SECOND_LOOK),
        ((SpokenWord("next", -1.0, 0.0), SpokenWord("next", 1.5, 2.0)), Reason.AGREED_SECOND_LOOK),
    ],
)
def test_what_the_guide_says_itself_at_that_moment_is_not_obeyed(words, why) -> None:
    ears = Ears(sounding=Sounding(-20.0, 0.0, words))
    ears.say("[unk] next", guide=True)
    ears.silence(1.0, "[unk] next [unk]", guide=True)
    assert ears.heard[0].why is why


@pytest.mark.parametrize(
    ("above_db", "confidence", "trusted", "obeyed"),
    [
        (25.0, 1.0, True, ["next"]),
        (12.0, 1.0, True, []),
        (25.0, 0.8, True, []),
        (25.0, 1.0, False, []),
    ],
)
def test_its_own_word_is_obeyed_where_somebody_is_far_above_the_echo(
    above_db, confidence, trusted, obeyed
) -> None:
    words = (SpokenWord("next", 0.0, 0.3),)
    ears = Ears(
        votes=[("next", confidence)],
        sounding=Sounding(-20.0, 0.0, words, trusted=trusted),
        above_echo_db=above_db,
    )
    ears.say("next", guide=True)
    ears.silence(1.0, "next", guide=True)
    assert ears.obeyed == obeyed


@pytest.mark.parametrize(("noise_db", "after"), [(-60.0, 0.05), (-35.0, 0.10)])
def test_over_the_guide_a_noise_is_waited_out_longer(noise_db, after) -> None:
    ears = Ears(sounding=Sounding(-20.0), noise_db=noise_db)
    end = ears.say("next", guide=True)
    ears.silence(1.0, "next", guide=True)
    assert ears.obeyed == ["next"]
    assert ears.heard[0].decided_seconds - end == pytest.approx(after, abs=0.011)


def test_its_own_word_is_not_obeyed_where_the_echo_has_only_just_become_known() -> None:
    words = (SpokenWord("next", 0.0, 0.9),)
    ears = Ears(sounding=Sounding(-20.0, 0.0, words, trusted=False), above_echo_db=25.0)
    ears.silence(0.2, guide=True)
    ears.sounding = Sounding(-20.0, 0.0, words)
    ears.silence(0.2, guide=True)
    ears.say("next", guide=True)
    ears.silence(1.0, "next", guide=True)
    assert [one.why for one in ears.heard] == [Reason.OWN_WORD]


def test_an_echo_that_was_not_known_all_the_while_is_no_evidence() -> None:
    words = (SpokenWord("next", 0.0, 0.3),)
    known = Sounding(-20.0, 0.0, words)
    ears = Ears(sounding=replace(known, trusted=False), above_echo_db=25.0)
    ears.say("next", seconds=0.2, guide=True)
    ears.sounding = known
    ears.say("next", seconds=0.2, guide=True)
    ears.silence(1.0, "next", guide=True)
    assert ears.obeyed == []


@pytest.mark.parametrize(
    ("known_for", "why"), [(0.3, Reason.UNTRUSTED), (0.6, Reason.AGREED_SECOND_LOOK)]
)
def test_where_the_echo_has_only_just_become_known_little_is_obeyed(known_for, why) -> None:
    ears = Ears(votes=[("skip", 1.0)], sounding=Sounding(-20.0, trusted=False))
    ears.silence(0.2, guide=True)
    ears.sounding = Sounding(-20.0)
    ears.silence(known_for, guide=True)
    ears.say("skip", guide=True)
    ears.silence(1.0, "skip", guide=True)
    assert [one.why for one in ears.heard] == [why]


def test_a_knock_before_the_guide_speaks_does_not_make_its_echo_known() -> None:
    ears = Ears(votes=[("skip", 1.0)], sounding=Sounding(-20.0, trusted=False))
    ears.say("", seconds=0.2)
    ears.silence(0.3, guide=True)
    ears.sounding = Sounding(-20.0)
    ears.say("skip", seconds=0.2, guide=True)
    ears.silence(1.0, "skip", guide=True)
    assert [one.why for one in ears.heard] == [Reason.UNTRUSTED]


def test_a_short_gap_in_a_word_over_the_guide_changes_nothing() -> None:
    ears = Ears(votes=[("skip", 1.0)], sounding=Sounding(-20.0))
    ears.silence(1.0, guide=True)
    ears.say("", seconds=0.2, guide=True)
    ears.sounding = Sounding(-20.0, trusted=False)  # over a person it seems unknown
    ears.silence(0.1, guide=True)
    ears.sounding = Sounding(-20.0)
    ears.say("skip", seconds=0.2, guide=True)
    ears.silence(1.0, "skip", guide=True)
    assert ears.obeyed == ["skip"]


@pytest.mark.parametrize("trusted", [True, False])
def test_in_the_pause_after_the_guide_it_is_as_if_it_had_been_silent(trusted: bool) -> None:
    score = (LIMITS.confidence + LIMITS.over_guide_confidence) / 2
    ears = Ears(votes=[("repeat", score)], sounding=Sounding(-20.0, trusted=trusted))
    ears.silence(1.0, guide=True)
    ears.silence(0.3)
    ears.say("repeat")
    ears.silence(1.0, "repeat")
    assert [ask.guide_sounds for ask in ears.asks] == [False]
    assert ears.obeyed == ["repeat"]


def test_a_word_that_begins_over_the_guide_stays_said_over_it() -> None:
    ears = Ears(votes=[("next", 0.78)], sounding=Sounding(-20.0), above_echo_db=20.0)
    ears.silence(1.0, guide=True)
    ears.say("", 0.2, guide=True)
    ears.say("next", 0.3)
    ears.silence(1.0, "next")
    assert all(ask.guide_sounds for ask in ears.asks)
    assert ears.obeyed == []


def test_its_own_words_count_for_nothing_while_the_guide_is_silent() -> None:
    ears = Ears(sounding=Sounding(words=(SpokenWord("next", 0.0, 0.3),)))
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == ["next"]


@pytest.mark.parametrize(
    ("phrase", "confidence", "why"),
    [
        ("next", 1.0, Reason.AGREED_SECOND_LOOK),
        ("stop", 1.0, Reason.AGREED_SECOND_LOOK),
        ("next", 0.9, Reason.UNSURE),
        ("skip", 1.0, Reason.UNTRUSTED),
    ],
)
def test_while_the_echo_is_not_known_little_is_obeyed_over_the_guide(
    phrase, confidence, why
) -> None:
    ears = Ears(votes=[(phrase, confidence)], sounding=Sounding(-20.0, trusted=False))
    ears.say(phrase, guide=True)
    ears.silence(1.0, phrase, guide=True)
    assert ears.heard[0].why is why
    if phrase == "skip":
        ears = Ears(votes=[("skip", 1.0)], sounding=Sounding(trusted=False))
        ears.say("skip")
        ears.silence(1.0, "skip")
        assert ears.obeyed == ["skip"]  # in the pauses everything is live
