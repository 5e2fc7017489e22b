"""Nothing a session can say is missing from what a voice is rendered ahead for.

Every play of these tests checks each of its sentences as it is said (``playing.Play``); here are
those that try hard to say something else.
"""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.playing import Play
from support.watching import happenings, routines

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import Place
from voiceguide.core.events import CommandHeard, Event
from voiceguide.core.routine.routine import Profile, Routine, Skin, When
from voiceguide.core.routine.selection import select
from voiceguide.core.routine.variants import at_hour
from voiceguide.core.session.preferences import Manner, Memory
from voiceguide.core.session.sayings import pack_sayings, session_sayings
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled

quick = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LIBRARY = load_bundled()


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return load_phrasebook()


@pytest.fixture(scope="module")
def held(book: Phrasebook) -> frozenset[str]:
    return frozenset(pack_sayings(LIBRARY, book))


@quick
@given(
    routines(),
    happenings,
    st.sampled_from([None, 120.0, 2500.0]),
    st.sampled_from([0, 2, 40, 500]),
)
def test_whatever_happens_is_told_in_sentences_that_are_known(
    routine: Routine, script: list[tuple[float, Event]], length: float | None, streak: int
):
    manner = Manner(length_seconds=length, sleep_seconds=60.0 if streak == 2 else None)
    memory = Memory(streak=streak)
    play = Play({"small": routine}, "small", memory, manner=manner)
    play.tell(CommandHeard(Command.START))
    for delay, event in script:
        play.until(play.now + delay)
        play.tell(event)
    play.until(play.now + 60)
    assert all(map(play.can_say, play.sentences()))


@pytest.mark.parametrize("key", LIBRARY)
def test_a_bundled_routine_asks_and_answers_in_sentences_that_are_known(key: str):
    section = LIBRARY[key].sections[-1]
    memory = Memory((Place(key, section.id, section.steps[0].id),), streak=3)
    play = Play(dict(LIBRARY), key, memory)
    questions = itertools.cycle(["where", "why", "how_long", "help", "help", "where", "next"])
    play.say("no", after=1)
    play.say("start", after=1)
    for question, after in zip(questions, range(1, 120), strict=False):
        play.say(question, after=3.1 if after % 3 else 17.0)
    assert len(set(play.sentences())) > 10
    assert all(map(play.can_say, play.sentences()))


@pytest.mark.parametrize(
    "profile",
    [
        *(Profile(when=when, skin=(skin,)) for when in When for skin in Skin),
        Profile(tool="gua-sha", avoid=("forehead", "eyes")),
        Profile(tool="roller", avoid=("neck",), skin=(Skin.ACNE, Skin.ROSACEA)),
        Profile(avoid=("cheeks", "jaw", "breath")),
    ],
    ids=str,
)
def test_a_pack_holds_the_session_of_every_person(
    profile: Profile, book: Phrasebook, held: frozenset[str]
):
    library = {key: select(routine, profile) for key, routine in LIBRARY.items()}
    assert set(session_sayings(library, book)) <= held


def test_what_comes_first_comes_first(book: Phrasebook):
    texts = pack_sayings(LIBRARY, book, first=("quick",))
    quick_words = [text for _, step in LIBRARY["quick"].steps() for text in step.say]
    other = [text for _, step in LIBRARY["weekly"].steps() for text in step.say]
    assert max(map(texts.index, quick_words)) < min(
        texts.index(text) for text in other if text not in quick_words
    )


def test_a_session_can_say_what_is_needed_at_either_hour(book: Phrasebook):
    routine = LIBRARY["serum-ritual"]
    texts = set(session_sayings({routine.id: routine}, book))
    for when in When:
        assert set(wording.introduction(at_hour(routine, when), 0.0, None)) <= texts
