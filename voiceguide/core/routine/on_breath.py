"""What of a routine rides on the breath, and how its breaths follow another pattern."""

from dataclasses import replace

from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.routine import Routine, Step


def rides_on_breath(routine: Routine) -> bool:
    """Whether it has strokes that can ride on the breath."""
    return any(step.stroke and step.on_breath for _, step in routine.steps())


def with_breath(routine: Routine, breath: Breath | None) -> Routine:
    """The routine with this pattern for every breath.

    A step of breaths with a length in seconds gets as many breaths as come nearest to that length.
    """
    if breath is None:
        return routine
    sections = tuple(
        replace(section, steps=tuple(_refilled(step, breath) for step in section.steps))
        for section in routine.sections
    )
    return replace(routine, sections=sections)


def _refilled(step: Step, breath: Breath) -> Step:
    if step.breathe is None or step.breathe.seconds is None:
        return step
    count = max(1, round(step.breathe.seconds / breath.seconds))
    return replace(step, breathe=replace(step.breathe, count=count))
