"""A position in a routine, what is told there, and the ways to the neighbouring ones. All pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.effects import Place
from voiceguide.core.routine.routine import Routine, Section, Step
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.gaps import GAP_SECONDS, step_items
from voiceguide.core.timeline.ranges import TEMPO_RANGE
from voiceguide.core.timeline.speech import Speech

TOLD_TIMER_SECONDS = 20.0
"""A shorter timer is a pause: nobody needs to hear that it runs."""
SPARE_SECONDS = 1.0
"""What a routine that is to end within some time leaves, since sentences are only estimated."""
PREPARED_STEPS = 3
"""Steps rendered ahead, the present one included."""


@dataclass(frozen=True, slots=True)
class Position:
    """A step of a routine and how far it has been done."""

    section_index: int = 0
    step_index: int = 0
    strokes_done: int = 0
    """Completed strokes of the step, all sides together."""

    def section(self, routine: Routine) -> Section:
        """The section here."""
        return routine.sections[self.section_index]

    def step(self, routine: Routine) -> Step:
        """The step here."""
        return self.section(routine).steps[self.step_index]

    @property
    def opens_section(self) -> bool:
        """Whether this is the first step of its section."""
        return self.step_index == 0


def following(routine: Routine, position: Position) -> Position | None:
    """The step after this one, or None after the last."""
    if position.step_index + 1 < len(position.section(routine).steps):
        return Position(position.section_index, position.step_index + 1)
    return following_section(routine, position)


def preceding(routine: Routine, position: Position) -> Position:
    """The step before this one; the first one has none and is its own."""
    if position.step_index > 0:
        return Position(position.section_index, position.step_index - 1)
    if position.section_index == 0:
        return Position()
    before = position.section_index - 1
    return Position(before, len(routine.sections[before].steps) - 1)


def following_section(routine: Routine, position: Position) -> Position | None:
    """The first step of the section after this one, or None after the last."""
    after = position.section_index + 1
    return Position(after) if after < len(routine.sections) else None


def place_of(routine: Routine, position: Position) -> Place:
    """This position by names, so that it survives an edited routine."""
    return Place(
        routine.id,
        position.section(routine).id,
        position.step(routine).id,
        position.strokes_done,
    )


def position_of(routine: Routine, place: Place) -> Position | None:
    """Where a kept place is now, or None if the routine no longer has it."""
    for section_index, section in enumerate(routine.sections):
        for step_index, step in enumerate(section.steps):
            if (section.id, step.id) == (place.section_id, place.step_id):
                total = step.count * len(step.sides)
                return Position(section_index, step_index, min(place.strokes_done, total))
    return None


def told(routine: Routine, position: Position) -> tuple[str, ...]:
    """Every sentence told at a step: the zone as it is entered, the step, what a timer counts."""
    step = position.step(routine)
    zone = wording.announced(position.section(routine)) if position.opens_section else ()
    counted = step.wait.timer_seconds if step.wait else None
    timed = counted is not None and counted >= TOLD_TIMER_SECONDS
    return zone + step.told + ((wording.timer(counted),) if counted and timed else ())


def coming(routine: Routine, position: Position) -> tuple[str, ...]:
    """The sentences of this step and the ones after it, as far as they are rendered ahead."""
    texts: list[str] = []
    at: Position | None = position
    for _ in range(PREPARED_STEPS):
        if at is None:
            return (*texts, *(routine.closing or (wording.CLOSING,)))
        texts += told(routine, at)
        at = following(routine, at)
    return tuple(texts)


def timeline(
    routine: Routine, beat: Beat, speech: Speech
) -> Iterator[tuple[Position, tuple[tuple[str, float], ...]]]:
    """Each step from the first to the last, with what it is made of in time: (say | gap | lead |
    stroke | breath | hold | wait, seconds).
    """
    at: Position | None = Position()
    while at is not None:
        yield at, tuple(step_items(at.step(routine), told(routine, at), beat, speech))
        at = following(routine, at)


def least_tempo(routine: Routine, speech: Speech) -> float:
    """The slowest strokes that keep the routine within its length; 0 where it has none."""
    if routine.within_seconds is None or not routine.sections:
        return 0.0
    steps = [made for _, made in timeline(routine, Beat(), speech)]
    strokes = sum(seconds for made in steps for kind, seconds in made if kind == "stroke")
    spoken = [GAP_SECONDS + speech(text) for text in routine.closing or (wording.CLOSING,)]
    others = sum(seconds for made in steps for _, seconds in made) - strokes + sum(spoken)
    room = routine.within_seconds - SPARE_SECONDS - others
    return min(strokes / room, TEMPO_RANGE[1]) if room > 0 else TEMPO_RANGE[1]


class StepLengths:
    """How long each step of a routine is planned to take: worked out once, then asked often."""

    def __init__(self, routine: Routine, beat: Beat, speech: Speech) -> None:
        self._routine = routine
        self._beat = beat
        self._telling: dict[tuple[int, int], float] = {}
        self._from: dict[tuple[int, int], float] = {}
        """From the beginning of each step to the end of the last."""
        total = 0.0
        for at, made in reversed([*timeline(routine, beat, speech)]):
            here = (at.section_index, at.step_index)
            total += sum(seconds for _, seconds in made)
            self._from[here] = total
            # Before each sentence there is a gap.
            telling = made[: 2 * len(told(routine, at))]
            self._telling[here] = sum(seconds for _, seconds in telling)

    @property
    def total(self) -> float:
        """Of the whole routine, to the end of the last step."""
        return self._from[0, 0]

    def left(self, position: Position, is_told: bool = False) -> float:
        """From this position to the end of the last step; strokes already done at this one are
        taken off, and its sentences when it was told.
        """
        here = (position.section_index, position.step_index)
        step = position.step(self._routine)
        done = position.strokes_done * self._beat.seconds_of_one(step) if step.count else 0.0
        telling = self._telling[here] if is_told else 0.0
        return max(0.0, self._from[here] - telling - done)


def seconds_left(
    routine: Routine, position: Position, beat: Beat, speech: Speech, is_told: bool = False
) -> float:
    """Planned time from this position to the end of the last step; see ``StepLengths``."""
    return StepLengths(routine, beat, speech).left(position, is_told)
