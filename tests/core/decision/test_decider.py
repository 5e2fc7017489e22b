"""The rules by which a written word becomes a command, on scripted partial results."""

from dataclasses import replace

import pytest
from support.scripted_ears import BLOCK, LIMITS, NEXT, PHRASES, STOP, Ears

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.decider import Decider
from voiceguide.core.decision.heard import Reading, Reason
from voiceguide.core.decision.votes import Ask, BlockHeard, Vote
from voiceguide.edge.files.phrase_file import load_phrasebook


def test_a_word_is_obeyed_once_soon_after_it_ended() -> None:
    ears = Ears()
    ears.silence(0.5)
    end = ears.say("next")
    ears.silence(2.0, "next")
    assert ears.obeyed == ["next"]
    heard = ears.heard[0]
    assert heard.end_seconds == pytest.approx(end, abs=0.011)
    assert heard.decided_seconds - end == pytest.approx(LIMITS.quiet_seconds, abs=BLOCK)
    assert heard.snr_db == pytest.approx(40, abs=0.1)


def test_a_word_that_begins_a_longer_phrase_waits_longer() -> None:
    ears = Ears(votes=[("repeat", 1.0)])
    end = ears.say("repeat")
    ears.silence(2.0, "repeat")
    assert ears.obeyed == ["repeat"]
    waited = ears.heard[0].decided_seconds - end
    assert waited == pytest.approx(LIMITS.prefix_quiet_seconds, abs=BLOCK)


def test_the_longer_phrase_is_not_cut_after_its_first_word() -> None:
    ears = Ears(votes=[("repeat the zone", 1.0)])
    ears.say("repeat")
    ears.silence(0.2, "repeat")
    ears.say("repeat the zone", 0.5)
    ears.silence(1.0, "repeat the zone")
    assert ears.obeyed == ["repeat the zone"]


def test_a_prefix_of_the_same_command_need_not_wait() -> None:
    ears = Ears(votes=[("skip", 1.0)])
    end = ears.say("skip")
    ears.silence(1.0, "skip")
    assert ears.heard[0].decided_seconds - end == pytest.approx(LIMITS.quiet_seconds, abs=BLOCK)


@pytest.mark.parametrize("text", ["[unk]", "[unk] next", "next stop", "the zone"])
def test_only_a_whole_phrase_is_obeyed(text: str) -> None:
    ears = Ears(votes=[(text, 1.0)])
    ears.say(text)
    ears.silence(1.5, text)
    assert ears.obeyed == []
    assert [one.text for one in ears.heard][:1] == [text]
    assert ears.heard[0].why == "not a command"


def test_disagreeing_hearings_are_asked_again_and_then_refused() -> None:
    ears = Ears(votes=[("next", 0.9), ("[unk]", 0.9), ("stop", 0.9), ("next", 0.3)])
    ears.say("next")
    ears.silence(0.55, "next")
    ears.silence(0.5)
    assert ears.obeyed == []
    assert len(ears.asks) == LIMITS.tries
    assert ears.heard[0].why == "the hearings disagree"
    assert ears.heard[0].alternatives == ("[unk]", "stop")


def test_a_costly_command_needs_more_than_a_cheap_one() -> None:
    between = LIMITS.confidence + LIMITS.costly_more / 2
    for text, obeyed in (("next", ["next"]), ("stop", [])):
        ears = Ears(votes=[(text, between)])
        ears.say(text)
        ears.silence(1.0, text)
        assert ears.obeyed == obeyed


def test_less_is_enough_beside_a_noise() -> None:
    assert LIMITS.score_for(NEXT) == LIMITS.confidence
    assert LIMITS.score_for(NEXT, LIMITS.noisy_db - 3) == LIMITS.noisy_confidence
    between = LIMITS.score_for(NEXT, (LIMITS.noisy_db + LIMITS.clear_db) / 2)
    assert between == pytest.approx((LIMITS.confidence + LIMITS.noisy_confidence) / 2)
    assert LIMITS.score_for(STOP, 10.0) == LIMITS.noisy_confidence + LIMITS.costly_more
    assert LIMITS.score_for(NEXT, LIMITS.faint_db) == LIMITS.noisy_confidence
    assert LIMITS.score_for(NEXT, 0.0) == pytest.approx(LIMITS.drowned_confidence)


def test_less_is_enough_for_what_the_guide_has_just_asked_for() -> None:
    between = (LIMITS.awaited_confidence + LIMITS.confidence) / 2
    for awaited, obeyed in ((True, ["next"]), (False, [])):
        ears = Ears(votes=[("next", between)])
        ears.decider.listen_for([replace(NEXT, is_awaited=awaited), *PHRASES[1:]])
        ears.say("next")
        ears.silence(1.0, "next")
        assert ears.obeyed == obeyed


LIKELY = LIMITS.opinion_neutral * 4
UNLIKELY = LIMITS.opinion_neutral / 4


@pytest.mark.parametrize(
    ("opinion", "score", "obeyed"),
    [
        ({"next": LIKELY}, LIMITS.confidence - 0.1, ["next"]),
        ({"next": LIMITS.opinion_neutral}, LIMITS.confidence - 0.1, []),
        ({"next": LIMITS.opinion_neutral}, LIMITS.confidence + 0.07, ["next"]),
        ({"next": UNLIKELY}, LIMITS.confidence + 0.1, []),
        ({"stop": 0.9, "next": 0.0}, 1.0, []),
        ({"stop": 0.1}, LIMITS.confidence + 0.1, ["next"]),
        ({}, LIMITS.confidence + 0.1, ["next"]),
    ],
)
def test_the_second_opinion_speaks_for_or_against_a_phrase_that_it_knows(
    opinion: dict[str, float], score: float, obeyed: list[str]
) -> None:
    ears = Ears(votes=[("next", score)], opinion=opinion)
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == obeyed


def likely_only(text: str, likely: float) -> dict[str, float]:
    """An opinion that knows every live phrase."""
    return dict.fromkeys((phrase.text for phrase in PHRASES), 0.0) | {text: likely}


def test_a_very_likely_phrase_is_obeyed_though_no_hearing_wrote_it() -> None:
    ears = Ears(votes=[("[unk]", 1.0)], opinion=likely_only("next", 0.99))
    end = ears.say("[unk]")
    ears.silence(1.0)
    assert ears.obeyed == ["next"]
    assert ears.heard[0].end_seconds == pytest.approx(end, abs=0.011)
    assert ears.heard[0].why == Reason.AGREED_SECOND_LOOK
    assert ears.heard[0].confidence >= LIMITS.second_look_confidence


@pytest.mark.parametrize(
    "opinion",
    [
        likely_only("next", 0.4),
        likely_only("stop", 0.45),
        likely_only("what can i say", 0.35),
        {"next": 0.99},
    ],
    ids=["not likely enough", "not enough for a costly one", "long", "others are not known"],
)
def test_nothing_else_is_obeyed_that_no_hearing_wrote(opinion: dict[str, float]) -> None:
    ears = Ears(votes=[("[unk]", 1.0)], opinion=opinion)
    ears.say("[unk]")
    ears.silence(1.0)
    assert ears.obeyed == []
    assert ears.heard[0].why == Reason.NO_COMMAND


def test_the_second_opinion_says_nothing_of_a_call() -> None:
    call = Phrase("hey guide", Command.WAKE)
    for text, obeyed in (("[unk]", []), ("hey guide", ["hey guide"])):
        for likely in (0.0, 0.999):
            ears = Ears(votes=[(text, 0.95)], opinion=likely_only("hey guide", likely))
            ears.decider.listen_for([call, *PHRASES])
            ears.say(text)
            ears.silence(1.0, text)
            assert ears.obeyed == obeyed


@pytest.mark.parametrize(("likely", "obeyed"), [(0.99, ["next"]), (0.3, []), (None, [])])
def test_a_voice_that_hardly_stands_out_is_obeyed_where_the_second_opinion_is_sure(
    likely: float | None, obeyed: list[str]
) -> None:
    opinion = {} if likely is None else likely_only("next", likely)
    ears = Ears(opinion=opinion, noise_db=-20.0 - LIMITS.snr_db + 1)
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == obeyed
    assert obeyed or ears.heard[0].why == Reason.TOO_QUIET


@pytest.mark.parametrize(
    ("votes", "likely", "obeyed"),
    [
        ([("repeat", 0.9)], 0.8, ["repeat"]),
        ([("repeat", 0.9)], 0.3, []),
        ([("next", 1.0)], 0.9, ["repeat"]),
        ([("next", 1.0)], 0.3, []),
    ],
)
def test_what_was_written_counts_little_where_the_second_opinion_is_sure_of_another(
    votes: list[tuple[str, float]], likely: float, obeyed: list[str]
) -> None:
    ears = Ears(votes=votes, opinion=likely_only("repeat", likely))
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == obeyed
    if obeyed:
        assert ears.heard[0].why == Reason.AGREED_SECOND_LOOK


def test_the_hearings_go_on_where_the_second_opinion_is_sure_of_what_was_not_written() -> None:
    ears = Ears(votes=[])
    ears.say("next")
    ears.silence(1.0, "next")
    for likely, undecided in ((0.8, True), (0.1, False)):
        ask = replace(ears.asks[0], opinion=likely_only("repeat", likely))
        assert ears.decider.undecided(ask, [], 4) == undecided


def test_a_short_phrase_needs_more_where_there_is_a_second_opinion() -> None:
    for text, obeyed in (("next", []), ("repeat", ["repeat"])):
        ears = Ears(votes=[(text, LIMITS.confidence)], opinion={text: LIMITS.opinion_neutral})
        ears.say(text)
        ears.silence(1.0, text)
        assert ears.obeyed == obeyed


def test_what_was_obeyed_reached_its_bar_with_the_second_opinion() -> None:
    personal = replace(LIMITS, personal={"next": 0.4})
    ears = Ears(votes=[("next", 0.2)], opinion={"next": 0.3}, decider=Decider(personal))
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == ["next"]
    assert 0.4 <= ears.heard[0].confidence <= 1.0


def test_an_awaited_phrase_is_not_beaten_by_one_that_needs_more() -> None:
    ears = Ears(votes=[("next", 0.6)], opinion=likely_only("skip the zone", 0.1) | {"next": 0.1})
    ears.decider.listen_for([replace(NEXT, is_awaited=True), *PHRASES[1:]])
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == ["next"]


def test_it_may_not_be_obeyed_if_it_lasted_longer_than_it_can() -> None:
    ears = Ears(votes=[("[unk]", 1.0)], opinion=likely_only("next", 0.99))
    ears.say("[unk]", LIMITS.longest_seconds(NEXT) + 0.1)
    ears.silence(1.0)
    assert ears.obeyed == []
    assert ears.heard[0].why == Reason.TOO_LONG


def test_a_phrase_that_the_second_opinion_does_not_know_is_not_taken_for_another() -> None:
    votes = [("next", 1.0), ("next", 1.0), ("next", 1.0), ("stop", 0.9)]
    for opinion, obeyed in (({"stop": 0.99}, ["next"]), ({"stop": 0.99, "next": 0.0}, ["stop"])):
        ears = Ears(votes=votes, opinion=opinion)
        ears.say("next")
        ears.silence(1.0, "next")
        assert ears.obeyed == obeyed


def test_a_longer_phrase_needs_less_where_there_is_a_second_opinion() -> None:
    for text, obeyed in (("skip the zone", ["skip the zone"]), ("skip", [])):
        ears = Ears(votes=[(text, 0.8)], opinion={text: LIMITS.opinion_neutral})
        ears.say(text)
        ears.silence(1.0, text)
        assert ears.obeyed == obeyed


def test_what_the_guide_has_just_asked_for_is_likelier() -> None:
    opinion = {"next": 0.2, "stop": 0.1}
    for awaited, obeyed in ((True, ["next"]), (False, [])):
        ears = Ears(votes=[("next", 0.5), ("[unk]", 1.0)], opinion=opinion)
        ears.decider.listen_for([replace(NEXT, is_awaited=awaited), *PHRASES[1:]])
        ears.say("next")
        ears.silence(1.0, "next")
        assert ears.obeyed == obeyed


def test_a_phrase_that_is_not_live_speaks_against_those_that_are() -> None:
    for opinion, obeyed in (({"next": 0.2}, ["next"]), ({"next": 0.02, "yes": 0.9}, [])):
        ears = Ears(votes=[("next", LIMITS.confidence)], opinion=opinion)
        ears.say("next")
        ears.silence(1.0, "next")
        assert ears.obeyed == obeyed


def test_what_the_second_opinion_alone_speaks_against_is_not_heard_again() -> None:
    ears = Ears(votes=[], opinion={"next": 0.0})
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == []
    assert ears.heard[0].why == Reason.UNSURE
    unlikely, likely = (replace(ears.asks[0], opinion={"next": p}) for p in (0.0, 0.9))
    assert not ears.decider.undecided(unlikely, [], 4)
    assert ears.decider.undecided(likely, [], 4)


def test_the_second_opinion_counts_all_phrases_of_a_command() -> None:
    halves = {"repeat": LIKELY / 2, "repeat that": LIKELY / 2}
    for opinion, obeyed in ((halves, ["repeat"]), ({"repeat": LIKELY / 2, "stop": 0.5}, [])):
        ears = Ears(votes=[("repeat", LIMITS.confidence - 0.4)], opinion=opinion)
        ears.say("repeat")
        ears.silence(1.0, "repeat")
        assert ears.obeyed == obeyed


def test_the_second_opinion_chooses_among_commands_that_the_hearings_wrote() -> None:
    votes = [("next", 0.9), ("stop", 0.85), ("next", 0.9), ("stop", 0.85)]
    for opinion, obeyed in (({"next": 0.1, "stop": 0.9}, ["stop"]), ({"next": 0.9}, ["next"])):
        ears = Ears(votes=votes, opinion=opinion)
        ears.say("[unk]")
        ears.silence(1.0)
        assert ears.obeyed == obeyed


def test_training_never_makes_it_harder() -> None:
    personal = replace(LIMITS, personal={"next": 0.6})
    assert personal.score_for(NEXT) == 0.6
    assert personal.score_for(NEXT, 0.0) == 0.6
    assert personal.score_for(NEXT, LIMITS.noisy_db) == min(0.6, LIMITS.noisy_confidence)
    assert personal.score_for(STOP) == LIMITS.score_for(STOP)


def test_the_hearings_cannot_change_the_command_that_was_written() -> None:
    ears = Ears(votes=[("stop", 1.0)])
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == []


def test_longer_talk_that_is_taken_for_a_word_is_not_obeyed() -> None:
    ears = Ears(word_seconds=LIMITS.longest_seconds(NEXT) + 0.05)
    ears.say("next", 3.0)
    ears.silence(1.5, "next")
    assert ears.obeyed == []
    assert ears.heard[0].why == "part of longer talk"


def test_music_before_a_word_neither_hides_it_nor_is_heard_again() -> None:
    ears = Ears(word_seconds=0.4)
    ears.say("", 3.0)
    ended = ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == ["next"]
    (ask,) = ears.asks
    most = LIMITS.longest_seconds(NEXT) + LIMITS.lead_seconds
    assert ask.start_seconds == pytest.approx(ended - most)


def test_noise_that_hides_the_silence_only_delays() -> None:
    ears = Ears()
    ears.say("", 0.3)
    for _ in range(20):
        ears.block("next" if not ears.heard else "", True)
    assert ears.obeyed == ["next"]
    assert ears.heard[0].decided_seconds == pytest.approx(
        0.3 + BLOCK + LIMITS.stable_seconds, abs=BLOCK
    )


def test_too_quiet_is_refused() -> None:
    decider = Decider()
    decider.listen_for(PHRASES)
    faint = (Reading(-59.0, -60.0, True),) * 5
    still = (Reading(-60.0, -60.0, False),) * 5
    records = []
    for block in range(40):
        now = (block + 1) * BLOCK
        ask = decider.observe(BlockHeard(now, "next", faint if block < 8 else still))
        if ask is not None:
            assert decider.answer(ask, (Vote("next", 1.0, 0.1, 0.4),)) is None
        _, record = decider.close(now)
        if record is not None:
            records.append(record)
    assert [record.why for record in records][:1] == ["too quiet"]


def test_an_unwritten_command_gets_a_second_look_with_a_higher_bar() -> None:
    for confidence, obeyed in ((1.0, ["next"]), (LIMITS.second_look_confidence - 0.05, [])):
        ears = Ears(votes=[("next", confidence)])
        ears.say("[unk]")
        ears.silence(1.0, "[unk]")
        assert ears.obeyed == obeyed


def test_a_phrase_that_is_no_longer_live_is_not_obeyed() -> None:
    ears = Ears()
    ears.decider.listen_for(PHRASES[1:])
    ears.say("next")
    ears.silence(1.0, "next")
    assert ears.obeyed == []


def test_a_final_result_is_decided_at_once() -> None:
    ears = Ears()
    ears.say("", 0.3)
    ears.block("next", False, final=True)
    assert ears.obeyed == ["next"]


def test_silence_leaves_no_record() -> None:
    ears = Ears()
    ears.silence(3.0)
    assert ears.heard == []
    assert ears.decider.resting


def test_every_utterance_leaves_a_reason() -> None:
    unsure = Ears(votes=[("stop", LIMITS.confidence + LIMITS.costly_more - 0.05)] * 4)
    unsure.say("stop")
    unsure.silence(1.0, "stop")
    assert unsure.heard[0].why is Reason.UNSURE
    obeyed = Ears()
    obeyed.say("next")
    obeyed.silence(1.0, "next")
    assert obeyed.heard[0].why is Reason.AGREED


LIVE = load_phrasebook().phrases
PREFIXES = [
    (short, longer)
    for short in LIVE
    for longer in LIVE
    if longer.text.startswith(short.text + " ") and longer.command is not short.command
]
SUFFIXES = [
    (short, longer) for short in LIVE for longer in LIVE if longer.text.endswith(" " + short.text)
]


@pytest.mark.parametrize(("short", "longer"), PREFIXES, ids=lambda phrase: phrase.text)
def test_the_longer_of_two_phrases_wins_when_it_comes(short: Phrase, longer: Phrase) -> None:
    ears = Ears(votes=[(short.text, 1.0)])
    ears.decider.listen_for(LIVE)
    ears.say(short.text, 0.3)
    ears.silence(LIMITS.quiet_seconds + BLOCK, short.text)
    ears.votes = [(longer.text, 1.0)]
    ears.say(longer.text, 0.4)
    ears.silence(1.0, longer.text)
    commands = [one.phrase.command for one in ears.heard if one.phrase]
    assert commands == [longer.command]


@pytest.mark.parametrize(("short", "longer"), SUFFIXES, ids=lambda phrase: phrase.text)
def test_the_end_of_a_phrase_whose_beginning_was_lost_is_not_taken_for_another(
    short: Phrase, longer: Phrase
) -> None:
    ears = Ears(votes=[(f"[unk] {short.text}", 1.0)])
    ears.decider.listen_for(LIVE)
    ears.say(f"[unk] {short.text}", 0.6)
    ears.silence(1.0, f"[unk] {short.text}")
    assert ears.obeyed == []


def test_hearings_that_can_change_nothing_are_not_made() -> None:
    decider = Decider()
    decider.listen_for(LIVE)
    by_text = {phrase.text: phrase for phrase in LIVE}

    def undecided(written: str | None, *votes: tuple[str, float]) -> bool:
        ask = Ask(0.0, 1.0, 1.0, by_text[written] if written else None, guide_sounds=False)
        return decider.undecided(ask, [Vote(text, sure, 0.2, 0.6) for text, sure in votes], 4)

    assert undecided("next")
    assert undecided("next", ("[unk]", 1.0))
    assert not undecided("next", ("[unk]", 1.0), ("[unk]", 1.0))
    assert not undecided("next", ("yes", 1.0), ("yes", 1.0)), "yes was not what was written"
    assert undecided(None)
    assert not undecided(None, ("[unk]", 1.0)), "a second look must be surer"
    assert undecided(None, ("next", 0.5))
    assert not undecided("stop", ("stop", 0.4), ("stop", 0.4), ("stop", 0.4))


def test_the_end_of_a_word_that_was_obeyed_leaves_nothing() -> None:
    ears = Ears()
    ears.say("next")
    ears.silence(LIMITS.quiet_seconds, "next")
    assert ears.obeyed == ["next"]
    ears.votes = [("[unk]", 1.0)]
    ears.say("[unk]", 0.2)
    ears.silence(1.5, "[unk]")
    assert [one.text for one in ears.heard] == ["next"]
    assert len(ears.asks) == 1


def test_a_word_that_begins_as_the_recogniser_closes_the_one_before_is_heard_whole() -> None:
    ears = Ears(votes=[("[unk]", 1.0)])
    ears.say("[unk]", 0.3)
    ears.silence(0.5, "[unk]")
    onset = ears.now
    ears.block("[unk]", True)
    ears.block("[unk]", True, final=True)
    ears.votes = [("next", 1.0)]
    ears.say("next", 0.3)
    ears.silence(0.5, "next")
    assert ears.obeyed == ["next"]
    assert ears.asks[-1].start_seconds <= onset
