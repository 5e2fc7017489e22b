"""A position in a routine: what the guide says there, what comes before and after it; pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from voiceguide.core import wording, wording_breath
from voiceguide.core.effects import Place
from voiceguide.core.routine.on_breath import rides_on_breath
from voiceguide.core.routine.routine import Routine, Section, Step
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.gaps import EARCON_SECONDS, GAP_SECONDS, closing_gap, step_items
from voiceguide.core.timeline.ranges import TEMPO_RANGE
from voiceguide.core.timeline.speech import Speech

TOLD_TIMER_SECONDS = 20.0
"""A timer shorter than this is not announced: it is only a pause."""
SPARE_SECONDS = 1.0
"""How much sooner a routine is planned to end that has a limit, for lengths of sentences are
estimates."""
PREPARED_STEPS = 3
"""For how many steps sentences are rendered ahead, the present one included."""


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
    """The step before this one; the first step itself if there is none."""
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
    """This position by ids, so that it survives a change of the routine's file."""
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
    """Every sentence told at a step: of the zone that begins there, of the step, of its timer, and
    how to breathe if the breath is a new one.
    """
    step = position.step(routine)
    zone = wording.announced(position.section(routine)) if position.opens_section else ()
    counted = (step.wait.timer_seconds if step.wait else None) or 0.0
    timer = (wording.timer(counted),) if counted >= TOLD_TIMER_SECONDS else ()
    return zone + step.told + timer + _breathed(routine, position, beat)


def _breathed(routine: Routine, position: Position, beat: Beat) -> tuple[str, ...]:
    """How to breathe in a step of breaths; nothing where the person was told so before."""
    step = position.step(routine)
    breath = beat.breath_of(step)
    if breath is None or not step.breathe:
        return ()
    here = (position.section_index, position.step_index)
    known = beat.breath if rides_on_breath(routine) else None  # the introduction tells of it
    for section_index, section in enumerate(routine.sections):
        for step_index, before in enumerate(section.steps):
            if before.breathe and (section_index, step_index) < here:
                known = beat.pattern(before)
    if known is None:
        return (wording_breath.BREATH_SOUNDS, *wording_breath.breathed(breath))
    return () if known == beat.pattern(step) else wording_breath.breathed(breath)


def coming(routine: Routine, position: Position, beat: Beat) -> tuple[str, ...]:
    """The sentences to render ahead: those of this step and of the next few."""
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
    """Each step with its items in time, as `step_items` has them.

    The gap before a sentence is shorter where the sentence answers a word.
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
    """The closing words in time, after the last step: (gap | say, sentence, seconds)."""
    last = next((section.steps[-1] for section in reversed(routine.sections)), None)
    gap = EARCON_SECONDS if last and _waits_for_word(last) else closing_gap(last, beat)
    for sentence in routine.closing or (wording.CLOSING,):
        yield "gap", sentence, gap
        yield "say", sentence, speech(sentence)
        gap = GAP_SECONDS


def _waits_for_word(step: Step) -> bool:
    return step.wait is not None and step.wait.timer_seconds is None


def least_tempo(routine: Routine, speech: Speech) -> float:
    """The slowest tempo at which the routine keeps within its limit; 0 where it has no limit."""
    if routine.within_seconds is None or not routine.sections:
        return 0.0
    steps = [made for _, made in timeline(routine, Beat(), speech)]
    strokes = sum(seconds for made in steps for kind, seconds in made if kind == "stroke")
    spoken = sum(seconds for _, _, seconds in closing(routine, Beat(), speech))
    others = sum(seconds for made in steps for _, seconds in made) - strokes + spoken
    room = routine.within_seconds - SPARE_SECONDS - others
    return min(strokes / room, TEMPO_RANGE[1]) if room > 0 else TEMPO_RANGE[1]


class StepLengths:
    """How long each step of a routine is planned to take; computed once, looked up often."""

    def __init__(self, routine: Routine, beat: Beat, speech: Speech) -> None:
        self._routine = routine
        self._beat = beat
        self._telling: dict[tuple[int, int], float] = {}
        self._from: dict[tuple[int, int], float] = {}
        """Seconds from the start of each step to the end of the last word."""
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
        """Length of the whole routine, to the end of the last word."""
        return self._from[0, 0]

    def left(self, position: Position, is_told: bool = False) -> float:
        """Seconds from this position to the end of the last word, without the strokes that are
        already done here, and without the sentences of the step if `is_told`.
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
