"""The planned timeline of a routine: what is said and done when, from "go" to the last word.

It is how a session goes in which the person answers every wait after the usual time, and says
nothing else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.on_breath import with_breath
from voiceguide.core.routine.routine import Routine, Side, Step
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.progress import Position, closing, least_tempo, timeline, told
from voiceguide.core.timeline.speech import Speech, estimate_speech_seconds, spoken_rate
from voiceguide.core.wording import side_words

CLOSING_ID = "closing"
"""The section and step id of the last words."""


class StretchKind(StrEnum):
    """What a stretch of the timeline is."""

    SAY = "say"
    STROKE = "stroke"
    BREATH = "breath"
    HOLD = "hold"
    WAIT = "wait"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One stretch of the timeline."""

    start_seconds: float
    """When it begins, counted from "go"."""
    duration_seconds: float
    kind: StretchKind
    section_id: str
    step_id: str
    label: str
    """The sentence, or what is done, such as ``left 2 of 5``; empty for a gap."""

    @property
    def end_seconds(self) -> float:
        """When it is over."""
        return self.start_seconds + self.duration_seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole timeline; each stretch begins where the one before it ends."""

    items: tuple[PlanItem, ...]

    @property
    def total_seconds(self) -> float:
        """From "go" to the end of the last word."""
        return self.items[-1].end_seconds if self.items else 0.0

    def section_seconds(self, section_id: str) -> float:
        """How long a section takes."""
        return self._sum(item for item in self.items if item.section_id == section_id)

    def step_seconds(self, section_id: str, step_id: str) -> float:
        """How long a step takes."""
        return self._sum(
            item for item in self.items if item.section_id == section_id and item.step_id == step_id
        )

    @staticmethod
    def _sum(some: Iterator[PlanItem]) -> float:
        return sum(item.duration_seconds for item in some)


def make_plan(
    routine: Routine,
    *,
    tempo: float = 1.0,
    words_per_minute: int = 150,
    speech: Speech | None = None,
    breath: Breath | None = None,
) -> Plan:
    """The timeline of a routine that was selected for a person.

    Args:
        routine: as ``select`` returns it.
        tempo: of the strokes; 2.0 halves their time.
        words_per_minute: the speech rate that was chosen, to estimate how long sentences take.
        speech: gives how long a sentence takes; if left out, it is estimated.
        breath: what strokes and holds ride on; if left out, the breath of the routine.
    """
    routine = with_breath(routine, breath)
    rate = spoken_rate(words_per_minute, (breath or routine.breath) is not None)
    timed = speech or (lambda text: estimate_speech_seconds(text, rate))
    tempo = max(tempo, least_tempo(routine, timed))
    beat = Beat(tempo, breath or routine.breath, asked=breath)
    made: list[PlanItem] = []
    now = 0.0
    steps = timeline(routine, beat, timed) if routine.sections else ()
    for position, stretches in steps:
        section, step = position.section(routine), position.step(routine)
        labels = _labels(routine, position, beat)
        for kind, seconds in stretches:
            made.append(_item(now, seconds, kind, section.id, step.id, labels))
            now += seconds
    for kind, sentence, seconds in closing(routine, beat, timed):
        made.append(_item(now, seconds, kind, CLOSING_ID, CLOSING_ID, iter([sentence])))
        now += seconds
    return Plan(tuple(made))


def _item(
    start: float,
    seconds: float,
    kind: str,
    section_id: str,
    step_id: str,
    labels: Iterator[str],
) -> PlanItem:
    # The lead-in, in which the hands find their place, is shown as a gap.
    known = StretchKind.GAP if kind == "lead" else StretchKind(kind)
    label = "" if known is StretchKind.GAP else next(labels)
    return PlanItem(start, seconds, known, section_id, step_id, label)


def _labels(routine: Routine, position: Position, beat: Beat) -> Iterator[str]:
    """A label for each item of a step that is not a gap, in order."""
    step = position.step(routine)
    yield from told(routine, position, beat)
    if step.wait:
        yield step.name
    for index, side in enumerate(step.sides):
        words = side_words(step, index)
        if words:
            yield words
        yield from _strokes(step, side)


def _strokes(step: Step, side: Side) -> Iterator[str]:
    where = f"{side.value} " if side in (Side.LEFT, Side.RIGHT) else ""
    if step.hold:
        yield f"{where}hold"
    for number in range(1, step.count + 1):
        yield f"{where}{number} of {step.count}"
