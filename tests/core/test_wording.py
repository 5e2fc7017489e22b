"""What the guide itself says: short, and free of words that it would have to obey."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from support.playing import small_routine

from voiceguide.core import wording, wording_breath, wording_faults
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.help import UNTAUGHT, UNTAUGHT_AT, help_words
from voiceguide.core.lint import MAX_WORDS, breath_words, commands_within, sentences
from voiceguide.core.live_commands import live_commands
from voiceguide.core.numbers import number
from voiceguide.core.routine.routine import Side
from voiceguide.core.table import LIVE, State
from voiceguide.core.wording import side_words
from voiceguide.edge.files.phrase_file import load_phrasebook

ROUTINE = small_routine()
NECK, JAW = ROUTINE.sections
UP, GLIDE, PRESS = NECK.steps[1], JAW.steps[0], JAW.steps[1]

TEACHING: dict[str, tuple[State, set[Command]]] = {
    wording.WHICH: (State.CHOOSING, {Command.HELP}),
    wording.DAY_QUESTION: (State.DAY, {Command.YES, Command.NO}),
    wording.REMINDER_QUESTION: (
        State.REMINDING,
        {Command.YES, Command.LATER, Command.NOT_TODAY},
    ),
    wording.DAY_REMINDER: (State.DAY, {Command.YES, Command.NO}),
    wording.HOUR_REMINDER: (State.HOUR, {Command.YES, Command.NO}),
    wording.IS_EVENING: (State.HOUR, {Command.YES, Command.NO}),
    wording.WHICH_REMINDER: (State.CHOOSING, {Command.HELP}),
    wording.offer(ROUTINE, NECK)[1]: (State.OFFERING, {Command.YES, Command.NO}),
    wording.OFFER_REMINDER: (State.OFFERING, {Command.YES, Command.NO}),
    wording.READY: (State.READY, {Command.START, Command.OKAY}),
    wording.TURN: (State.WAITING, {Command.NEXT, Command.NOT_YET}),
    wording.DONE: (State.WAITING, {Command.NEXT, Command.DONE}),
    wording.PAUSED_REMINDER: (State.PAUSED, {Command.RESUME, Command.OKAY}),
}
"""The sentences whose purpose is to teach a command, where they do, and which."""


@pytest.fixture(scope="module")
def book() -> Phrasebook:
    return load_phrasebook("en")


def plain() -> Iterator[str]:
    """Every sentence, or a sample of every kind, that is not meant to teach a command."""
    said = vars(wording) | vars(wording_breath) | vars(wording_faults)
    for name, value in said.items():
        if name.isupper() and isinstance(value, str) and value not in TEACHING:
            yield value
    yield from wording_faults.FAULTS.values()
    yield from wording_faults.RECOVERIES.values()
    yield from map(number, range(121))
    yield from map(wording.counted, range(21))
    for seconds in (5, 10, 30, 43, 60, 90, 120, 300, 1500, 3600):
        yield wording.seconds_left(seconds)
        yield wording.timer(seconds)
        yield wording.how_long(seconds)
    for left, step, side in product((1, 3, 25), (UP, PRESS), Side):
        yield wording.resumed(step, side, left)
    for index in (0, 1):
        yield side_words(GLIDE, index)
    yield from wording.where(ROUTINE, NECK, UP, 3)
    yield from wording.where(ROUTINE, JAW, PRESS, None)
    for breaths in (1, 7, 30, 31, 250):
        yield wording_breath.breaths_done(breaths)
    yield wording.at_beginning(ROUTINE)
    for days in (2, 20, 365):
        yield from wording.streak(days)
    yield wording.zone(JAW)
    yield wording.offer(ROUTINE, JAW)[0]
    yield from wording.introduction(ROUTINE, 720)[:2]


@pytest.mark.parametrize("text", dict.fromkeys(plain()))
def test_a_sentence_that_teaches_nothing_holds_no_command(text: str, book: Phrasebook):
    # Those that count what is "done" are said where strokes are paced, and "done" is not live.
    assert set(commands_within(text, book)) <= {"done"}


@pytest.mark.parametrize("text", TEACHING)
def test_a_teaching_sentence_names_only_what_works_where_it_is_said(text: str, book: Phrasebook):
    state, taught = TEACHING[text]
    named = {phrase.command for word in commands_within(text, book) if (phrase := book.find(word))}
    assert named == taught
    assert taught <= live_commands(state)


@pytest.mark.parametrize("text", [*dict.fromkeys(plain()), *TEACHING])
def test_a_sentence_fits_in_one_breath(text: str):
    for sentence in sentences(text):
        assert breath_words(sentence) <= MAX_WORDS


def help_pages(state: State, book: Phrasebook, names: tuple[str, ...] = ("quick",)) -> list[str]:
    live = live_commands(state)
    answers = [help_words(state, live, book, names, page) for page in range(8)]
    assert all(len(answer) == 1 for answer in answers)
    return [answer[0] for answer in answers]


def named_in(answer: str) -> list[str]:
    return re.split(r",? or |, ", answer.removesuffix(".").partition(": ")[2])


@pytest.mark.parametrize("state", [state for state in LIVE if state is not State.CHOOSING])
def test_help_names_only_what_can_be_said_now_and_in_the_end_all_of_it(
    state: State, book: Phrasebook
):
    named = set()
    for answer in help_pages(state, book):
        assert breath_words(answer) <= MAX_WORDS
        phrases = [book.find(text) for text in named_in(answer)]
        assert all(phrase and phrase.command in live_commands(state) for phrase in phrases)
        named |= {phrase.command for phrase in phrases if phrase}
    # Help is known by whom it answers, routines have their own question, a name is said by whom it
    # belongs to, and "yes" is taught only where something was asked.
    unnamed = {Command.HELP, Command.CHOOSE, Command.PERSON}
    unnamed |= {Command.YES} if state is State.READY else set()
    unnamed |= {UNTAUGHT_AT[state]} if state in UNTAUGHT_AT else set()
    assert live_commands(state) - unnamed - UNTAUGHT == named - UNTAUGHT


@pytest.mark.parametrize("state", [State.CHOOSING, State.IDLE])
def test_help_names_the_routines_where_one_is_asked_for_each_by_itself(
    state: State, book: Phrasebook
):
    names = tuple(f"routine {letter}" for letter in "abcdefgh")
    live = live_commands(state)
    pages = [help_words(state, live, book, names, page) for page in range(3)]
    assert pages[0][1:] + pages[1][1:] == tuple(map(wording.title, names))
    assert pages[0][0] == wording.CHOICE
    assert pages[1][0] == wording.MORE_CHOICE
    assert pages[2] == pages[0]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (10, "less than a minute"),
        (44, "less than a minute"),
        (45, "about one minute"),
        (89, "about one minute"),
        (91, "about two minutes"),
        (1200, "about twenty minutes"),
        (1500, "about twenty-five minutes"),
        (32 * 60, "about thirty minutes"),
        (33 * 60, "about thirty-five minutes"),
        (120 * 60, "about one hundred twenty minutes"),
        (125 * 60, "more than two hours"),
    ],
)
def test_lengths_are_said_as_people_say_them(seconds: float, words: str):
    assert wording.minutes(seconds) == words


def test_what_is_left_after_an_interruption_names_the_side():
    assert wording.resumed(UP, Side.BOTH, 3) == "Three more."
    assert wording.resumed(GLIDE, Side.LEFT, 1) == "One more on the left."
    assert wording.resumed(PRESS, Side.RIGHT, 1) == "Hold it once more on the right."


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "Five seconds left."),
        (10, "Ten seconds left."),
        (33, "Thirty-five seconds left."),
        (59, "One minute left."),
        (60, "One minute left."),
        (71, "One minute left."),
        (120, "Two minutes left."),
    ],
)
def test_what_is_left_of_a_timer_is_told_in_few_sentences(seconds: int, words: str):
    assert wording.seconds_left(seconds) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (2, "That makes two days in a row."),
        (31, "That makes thirty-one days in a row."),
        (32, "That makes more than a month without a gap."),
        (75, "That makes more than two months without a gap."),
        (800, "That makes more than a year without a gap."),
    ],
)
def test_a_long_streak_is_told_in_months(days: int, words: str):
    assert wording.streak(days) == (words,)
