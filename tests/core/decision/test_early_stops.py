"""Hearings that are left out because they can change nothing change nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted_ears import PHRASES

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.decider import Decider
from voiceguide.core.decision.heard import Reading
from voiceguide.core.decision.votes import UNKNOWN, Ask, BlockHeard, Vote

HEARINGS = 4
TEXTS = ["next", "next", "next", "repeat", "stop", UNKNOWN]
SHARES = st.floats(0.4, 1.0)
VOTES = st.lists(
    st.builds(Vote, st.sampled_from(TEXTS), SHARES, st.just(0.2), st.just(0.6)),
    min_size=HEARINGS,
    max_size=HEARINGS,
)
NOTHING = dict.fromkeys((phrase.text for phrase in PHRASES), 0.0)
OPINIONS = st.one_of(
    st.dictionaries(st.sampled_from(TEXTS[:-1]), st.floats(0.0, 0.25)),
    st.builds(lambda text, likely: NOTHING | {text: likely}, st.sampled_from(TEXTS[:-1]), SHARES),
)


def after_a_word() -> Decider:
    """Somebody has said something, and is silent."""
    decider = Decider()
    decider.listen_for(PHRASES)
    for now, level in enumerate((-60.0, -20.0, -20.0, -60.0)):
        readings = (Reading(level, -60.0, level > -60.0),) * 20
        decider.observe(BlockHeard(now * 0.2, "", readings))
    return decider


def obeyed(ask: Ask, votes: list[Vote]) -> str | None:
    heard = after_a_word().answer(ask, tuple(votes))
    return heard.text if heard else None


def test_one_word_is_obeyed_here_at_all() -> None:
    ask = Ask(0.0, 0.6, 0.6, PHRASES[0], guide_sounds=False)
    assert obeyed(ask, [Vote("next", 1.0, 0.2, 0.6)] * HEARINGS) == "next"


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.sampled_from([None, *PHRASES[:2]]), VOTES, OPINIONS)
def test_the_first_hearings_decide_as_all_would(
    written: Phrase | None, votes: list[Vote], opinion: dict[str, float]
) -> None:
    decider = after_a_word()
    ask = Ask(0.0, 0.6, 0.6, written, guide_sounds=False, opinion=opinion)
    first = 0
    while first < HEARINGS and decider.undecided(ask, votes[:first], HEARINGS):
        first += 1
    assert obeyed(ask, votes[:first]) == obeyed(ask, votes)
