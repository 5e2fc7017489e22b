"""The person speaks when the screenplay says so, and again when not obeyed."""

from itertools import pairwise
from pathlib import Path

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.table import State
from voiceguide.rehearsal.person import AGAIN_SECONDS, MOST_TRIES, Person
from voiceguide.rehearsal.screenplay import parse_screenplay

BOOK = Phrasebook("en", (Phrase("next", Command.NEXT), Phrase("slower", Command.SLOWER)))


def person(text, seed=0):
    return Person(parse_screenplay(text, "play", Path()), BOOK, seed)


def says(someone, until, length=0.5):
    """Everything said before a time, in 50 ms steps."""
    said = []
    step = 0
    while (now := step * 0.05) < until:
        while due := someone.due(now + 0.05):
            at, line = due
            said.append((at, line.words))
            someone.uttered(max(at, now) + length)
        step += 1
    return said


def test_words_at_times_come_at_their_times_in_order():
    assert says(person("3 slower\n1.02 next"), 10) == [(1.02, "next"), (3.0, "slower")]


def test_nobody_speaks_two_things_at_once():
    (_, first), (at, second) = says(person("1 next\n1.1 slower"), 10, length=0.8)
    assert (first, second) == ("next", "slower")
    assert at == 1.0 + 0.8 + 0.4


def test_a_state_is_answered_after_the_guide_has_spoken():
    someone = person("when waiting +2: next")
    someone.entered(State.WAITING, 1.0)
    someone.guide_spoke("Rinse.", 1.5, 4.0)
    (at, _), *_ = says(someone, 7)
    assert 5.7 <= at <= 6.3


def test_an_answer_comes_sooner_when_the_guide_breaks_off():
    someone = person("when waiting +2: next")
    someone.entered(State.WAITING, 0.0)
    someone.guide_spoke("A very long sentence.", 0.2, 9.0)
    someone.guide_hushed(1.0)
    (at, _), *_ = says(someone, 6)
    assert 2.7 <= at <= 3.3


def test_what_is_not_obeyed_is_said_again_a_few_times():
    someone = person("when waiting +1: next")
    someone.entered(State.WAITING, 0.0)
    times = [at for at, _ in says(someone, 60)]
    assert len(times) == MOST_TRIES
    gaps = [b - a for a, b in pairwise(times)]
    assert all(abs(gap - AGAIN_SECONDS - 0.5) < 0.06 for gap in gaps)


def test_what_is_obeyed_is_not_said_again():
    someone = person("when pacing +1: slower")
    someone.entered(State.PACING, 0.0)
    assert len(says(someone, 2)) == 1
    someone.was_obeyed(Command.SLOWER)
    assert says(someone, 20) == []


def test_another_command_being_obeyed_does_not_satisfy_them():
    someone = person("when pacing +1: slower")
    someone.entered(State.PACING, 0.0)
    says(someone, 2)
    someone.was_obeyed(Command.NEXT)
    assert says(someone, 20)


def test_leaving_the_state_ends_it_and_entering_it_begins_anew():
    someone = person("when waiting +1: next")
    someone.entered(State.WAITING, 0.0)
    someone.entered(State.TELLING, 0.5)
    assert says(someone, 5) == []
    someone.entered(State.WAITING, 5.0)
    assert says(someone, 7)


def test_an_occasion_is_answered_only_then():
    someone = person("when pacing #2 +1: slower")
    someone.entered(State.PACING, 0.0)
    assert says(someone, 3) == []
    someone.entered(State.TELLING, 3.0)
    someone.entered(State.PACING, 3.0)
    assert [words for _, words in says(someone, 5)] == ["slower"]


def test_chatter_is_said_once():
    someone = person("when waiting +1: lovely weather")
    someone.entered(State.WAITING, 0.0)
    assert len(says(someone, 60)) == 1


def test_words_of_the_guide_are_answered_once_from_their_end_or_their_start():
    someone = person('after "the rinse" +1: next\nduring "the rinse" +0.5: slower')
    someone.guide_spoke("Now the rinse, slowly.", 2.0, 4.0)
    someone.guide_spoke("Now the rinse, slowly.", 8.0, 10.0)
    assert says(someone, 20) == [(2.5, "slower"), (5.0, "next")]


def test_the_same_seed_is_the_same_person():
    def times(seed):
        someone = person("when waiting +2: next", seed)
        someone.entered(State.WAITING, 0.0)
        return says(someone, 30)

    assert times(1) == times(1)
    assert times(1) != times(2)
