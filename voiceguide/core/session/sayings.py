"""Every sentence that a session can say, collected with the functions that say it.

A pack of rendered sentences must hold all of these. A test lets sessions do everything that they
can, and proves that no sentence is missing here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import product

from voiceguide.core import wording, wording_breath, wording_faults
from voiceguide.core.commands import TIMER_MINUTES, Phrasebook
from voiceguide.core.help import help_words
from voiceguide.core.live_commands import heard_commands
from voiceguide.core.routine.breath import PHASE_RANGE, Way
from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import Routine, Section, Side, Step
from voiceguide.core.routine.selection import select
from voiceguide.core.routine.variants import at_hour, hours_of, profiles
from voiceguide.core.session.countdown import TOLD_SECONDS, marks
from voiceguide.core.session.length import FILLING
from voiceguide.core.table import State
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.progress import Position, following, told

LONGEST_TIMER_SECONDS = 3600
DAYS = (7, 28)
"""The lengths of the bundled programmes in days: a pack has a sentence for each of their days."""


def session_sayings(
    library: Mapping[str, Routine],
    book: Phrasebook,
    *,
    first: Iterable[str] = (),
    programmes: Iterable[Programme] = (),
) -> tuple[str, ...]:
    """Everything that a session with these routines can say, each sentence once.

    Args:
        library: the routines, selected for the person.
        book: the phrases that help names.
        first: the routines whose sentences are returned first, those that are needed soonest.
        programmes: the programmes that can be followed, besides the bundled ones.
    """
    texts = [*_all(library, book, first)]
    texts += day_sayings(len(programme.days) for programme in programmes)
    for routine in library.values():
        hours = hours_of(routine)
        if len(hours) > 1:  # the clock, or an answer, will decide between them
            for when in sorted(hours):
                texts += _routine(at_hour(routine, when))
    return tuple(dict.fromkeys(texts))


def pack_sayings(
    library: Mapping[str, Routine], book: Phrasebook, *, first: Iterable[str] = ()
) -> tuple[str, ...]:
    """Everything that sessions with these routines can say, whoever the person is."""
    early = [key for key in first if key in library]
    ordered = [*early, *(key for key in library if key not in early)]
    texts = [*_all(library, book, early)]
    for key in ordered:
        texts += routine_sayings(library[key])
    return tuple(dict.fromkeys(texts))


def routine_sayings(routine: Routine) -> Iterator[str]:
    """Every sentence of a routine, whatever the time, the skin, the tool and the avoided zones."""
    kinds = profiles(routine.sections)
    untimed = dict.fromkeys(replace(kind, when=None) for kind in kinds)
    for profile in (*kinds, *untimed):
        yield from _routine(select(routine, profile), zones_may_lack=True)
    yield from _routine(routine, zones_may_lack=True)


def _all(
    library: Mapping[str, Routine],
    book: Phrasebook,
    first: Iterable[str],
) -> Iterator[str]:
    yield from (wording.WHICH, wording.READY, wording.LAST_ONE)
    early = [key for key in first if key in library]
    for key in early:
        yield from _narration(library[key])
    yield from general_sayings(book)
    ordered = [*early, *(key for key in library if key not in early)]
    for key in ordered:
        yield from _routine(library[key])
    yield from (wording.title(routine.name) for routine in library.values())


@lru_cache(maxsize=4)  # hundreds of sentences, the same for every routine
def general_sayings(book: Phrasebook) -> tuple[str, ...]:
    """What can be said in any routine, each sentence once."""
    return tuple(dict.fromkeys(_general(book)))


def _general(book: Phrasebook) -> Iterator[str]:
    yield from _sentences()
    yield from wording_faults.FAULTS.values()
    yield from wording_faults.RECOVERIES.values()
    # Of each command help names the first phrase alone.
    first = {phrase.command: phrase for phrase in reversed(book.phrases)}
    taught = replace(book, phrases=tuple(first.values()))
    for state in State:
        if state in (State.CHOOSING, State.IDLE, State.ASLEEP, State.ENDED):
            continue
        seen: list[str] = []
        for rides in (False, True):
            heard = heard_commands(state, rides_on_breath=rides)
            for page in range(len(heard) + 1):
                seen += help_words(state, heard, taught, (), page)
        yield from dict.fromkeys(seen)
    yield from lengths()
    yield from phases()
    yield from day_sayings(DAYS)
    for days in range(2, 400):
        yield from wording.streak(days)
    for whole in TIMER_MINUTES:
        yield wording.timer(60 * whole)
    for left in range(1, TOLD_SECONDS[0] + 1):
        yield wording.seconds_left(left)


def day_sayings(counts: Iterable[int]) -> list[str]:
    """The sentences for each day of programmes with these numbers of days."""
    return [wording.day(day, count) for count in counts for day in range(1, count + 1)]


def lengths() -> Iterator[str]:
    """The sentences for every length of a routine, and of what is left of one."""
    for length in (0, *(60 * whole for whole in range(1, 2 * wording.LONGEST_MINUTES))):
        yield wording.how_long(length)


def phases() -> Iterator[str]:
    """The sentences for every phase of a breath, whatever pattern the person wants."""
    halves = range(1, 2 * wording_breath.MOST_COUNTS + 1)
    longest = 2 * round(PHASE_RANGE[1])
    for way, is_more, half in product(Way, (False, True), (*halves, longest)):
        yield wording_breath.phase(way, half / 2, is_more and way is not Way.HOLD)


def _sentences() -> Iterator[str]:
    """The sentences of the wording files that are said as they stand, without a value put in."""
    for file in (wording, wording_breath, wording_faults):
        yield from (
            value for name, value in vars(file).items() if name.isupper() and isinstance(value, str)
        )


def _narration(routine: Routine) -> Iterator[str]:
    """What is said when nobody asks anything."""
    beat = Beat(breath=routine.breath)
    yield from wording.introduction(routine, 0.0, routine.breath)
    at: Position | None = Position() if routine.sections else None
    while at is not None:
        step = at.step(routine)
        yield from told(routine, at, beat)
        yield from filter(None, (wording.side_words(step, index) for index in range(2)))
        if step.stroke and step.stroke.count_aloud:
            yield from map(wording.counted, range(1, step.stroke.count))
        if step.wait:
            yield from (wording.reminder(step, teaches=teaches) for teaches in (True, False))
            if step.wait.timer_seconds:
                yield from map(wording.seconds_left, map(round, marks(step.wait.timer_seconds)))
        at = following(routine, at)
    yield from routine.closing or (wording.CLOSING,)


def _routine(routine: Routine, *, zones_may_lack: bool = False) -> Iterator[str]:
    yield from _narration(routine)
    sections: list[Section] = [*routine.sections]
    if zones_may_lack or not any(step.breathe for _, step in routine.steps()):
        sections.append(FILLING)
    yield wording.at_beginning(routine)
    yield from routine.why
    for index, section in enumerate(sections, 1):
        yield wording.zone(section)
        yield from wording.announced(section)
        yield from wording.offer(routine, section)
        yield from section.why
        for count in range(1 if zones_may_lack else len(routine.sections), len(sections) + 1):
            for number in range(1, index + 1) if zones_may_lack else (index,):
                if number <= count:
                    yield wording.zone_number(number, count)
        for step in section.steps:
            yield from _step(step)


def _step(step: Step) -> Iterator[str]:
    yield from step.told
    yield from step.short
    yield from step.amounts
    yield from filter(None, (wording.times(step),))
    yield from step.why
    yield wording.title(step.name)
    if step.wait:
        yield from (wording.reminder(step, teaches=teaches) for teaches in (True, False))
        if step.wait.timer_seconds:
            whole = min(LONGEST_TIMER_SECONDS, round(step.wait.timer_seconds))
            yield from map(wording.seconds_left, range(1, whole + 1))
    for side in dict.fromkeys((*step.sides, Side.BOTH)):
        for left in range(1, step.count + 1):
            yield wording.resumed(step, side, left)
        if step.hold:
            yield wording.resumed(step, side, 1)
    if step.stroke:
        total = step.stroke.count * len(step.sides)
        yield from (wording.strokes_done(done, total) for done in range(total + 1))
        # Strokes on the breath may be counted once the person has changed the pattern.
        if step.stroke.count_aloud:
            yield from map(wording.counted, range(1, step.stroke.count + 1))
    if step.breathe:
        yield from map(wording_breath.breaths_done, range(1, wording_breath.MOST_BREATHS + 11))
        yield from filter(None, (wording_breath.BREATHE_ON,))
