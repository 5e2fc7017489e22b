"""A position in a routine, what is told there, and the ways to the neighbouring ones. All pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from voiceguide.core import wording, wording_breath
from voiceguide.core.effects import Place
from voiceguide.core.routine.routine import Routine, Section, Step, rides_on_breath
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.gaps import EARCON_SECONDS, GAP_SECONDS, closing_gap, step_items
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


def told(routine: Routine, position: Position, beat: Beat) -> tuple[str, ...]:
    """Every sentence told at a step: the zone as it is entered, the step, what a timer counts,
    how to breathe where that is not as before.
    """
    step = position.step(routine)
    zone = wording.announced(position.section(routine)) if position.opens_section else ()
    counted = (step.wait.timer_seconds if step.wait else None) or 0.0
    timer = (wording.timer(counted),) if counted >= TOLD_TIMER_SECONDS else ()
    return zone + step.told + timer + _breathed(routine, position, beat)


def _breathed(routine: Routine, position: Position, beat: Beat) -> tuple[str, ...]:
    """How to breathe in a step of breaths, as it is paced; nothing where that was told before."""
    step = position.step(routine)
    breath = beat.breath_of(step)
    if breath is None or not step.breathe:
        return ()
    here = (position.section_index, position.step_index)
    known = beat.breath if rides_on_breath(routine) else None  # by the introduction
    for section_index, section in enumerate(routine.sections):
        for step_index, before in enumerate(section.steps):
            if before.breathe and (section_index, step_index) < here:
                known = beat.pattern(before)
    if known is None:
        return (wording_breath.BREATH_SOUNDS, *wording_breath.breathed(breath))
    return () if known == beat.pattern(step) else wording_breath.breathed(breath)


def coming(routine: Routine, position: Position, beat: Beat) -> tuple[str, ...]:
    """The sentences of this step and the ones after it, as far as they are rendered ahead."""
    texts: list[str] = []
    at: Position | None = position
    for _ in range(PREPARED_STEPS):
        if at is None:
            return (*texts, *(routine.closing or (wording.CLOSING,)))
        texts += told(routine, at, beat)
        at = following(routine, at)
    return tuple(texts)


def timeline(
    routine: Routine, beat: Beat, speech: Speech
) -> Iterator[tuple[Position, tuple[tuple[str, float], ...]]]:
    """Each step from the first to the last, with what it is made of in time: (say | gap | lead |
    stroke | breath | hold | wait, seconds).

    A sentence that answers a word leaves the earcon its time, else there is a gap before it.
    """
    at: Position | None = Position()
    answered = True
    while at is not None:
        step, sentences = at.step(routine), told(routine, at, beat)
        made = list(step_items(step, sentences, beat, speech))
        if answered and sentences:
            made[0] = ("gap", EARCON_SECONDS)
        yield at, tuple(made)
        answered = _waits_for_word(step)
        at = following(routine, at)


def closing(routine: Routine, beat: Beat, speech: Speech) -> Iterator[tuple[str, str, float]]:
    """The last words in time, after the last step: (gap | say, sentence, seconds)."""
    last = next((section.steps[-1] for section in reversed(routine.sections)), None)
    gap = EARCON_SECONDS if last and _waits_for_word(last) else closing_gap(last, beat)
    for sentence in routine.closing or (wording.CLOSING,):
        yield "gap", sentence, gap
        yield "say", sentence, speech(sentence)
        gap = GAP_SECONDS


def _waits_for_word(step: Step) -> bool:
    return step.wait is not None and step.wait.timer_seconds is None


def least_tempo(routine: Routine, speech: Speech) -> float:
    """The slowest strokes that keep the routine within its length; 0 where it has none."""
    if routine.within_seconds is None or not routine.sections:
        return 0.0
    steps = [made for _, made in timeline(routine, Beat(), speech)]
    strokes = sum(seconds for made in steps for kind, seconds in made if kind == "stroke")
    spoken = sum(seconds for _, _, seconds in closing(routine, Beat(), speech))
    others = sum(seconds for made in steps for _, seconds in made) - strokes + spoken
    room = routine.within_seconds - SPARE_SECONDS - others
    return min(strokes / room, TEMPO_RANGE[1]) if room > 0 else TEMPO_RANGE[1]


class StepLengths:
    """How long each step of a routine is planned to take: worked out once, then asked often."""

    def __init__(self, routine: Routine, beat: Beat, speech: Speech) -> None:
        self._routine = routine
        self._beat = beat
        self._telling: dict[tuple[int, int], float] = {}
        self._from: dict[tuple[int, int], float] = {}
        """From the beginning of each step to the end of the last word."""
        total = sum(seconds for _, _, seconds in closing(routine, beat, speech))
        for at, made in reversed([*timeline(routine, beat, speech)]):
            here = (at.section_index, at.step_index)
            total += sum(seconds for _, seconds in made)
            self._from[here] = total
            # Before each sentence there is a gap.
            telling = made[: 2 * len(told(routine, at, beat))]
            self._telling[here] = sum(seconds for _, seconds in telling)

    @property
    def total(self) -> float:
        """Of the whole routine, to the end of the last word."""
        return self._from[0, 0]

    def left(self, position: Position, is_told: bool = False) -> float:
        """From this position to the end of the last word; strokes already done at this one are
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
    """Planned time from this position to the end of the last word; see ``StepLengths``."""
    return StepLengths(routine, beat, speech).left(position, is_told)
