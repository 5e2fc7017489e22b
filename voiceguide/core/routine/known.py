"""What a person hears of a routine that they know: less, until they ask for everything."""

from dataclasses import dataclass, replace

from voiceguide.core.routine.routine import Routine, Step

KNOWN_TIMES = 3
"""Whoever has finished a routine this often knows it."""
TIP_TIMES = 3
"""Of a routine that is known, tips are told every so many times."""
LONG_DAYS = 30
"""After this many days away, what to take care of is told again."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """How well a person knows a routine, as they do it now (skin and tool)."""

    finished: int = 0
    """How often they came to its end."""
    days_known: int = 0
    """Since they first did it; 0: never, or today."""
    days_away: int = 0
    """Since they last did it."""

    @property
    def is_known(self) -> bool:
        """Whether what is needed and how to begin need no telling."""
        return self.finished >= KNOWN_TIMES

    @property
    def hears_safety(self) -> bool:
        """Whether what to take care of is told: on the first day, and after long."""
        return self.days_known == 0 or self.days_away > LONG_DAYS

    @property
    def hears_tips(self) -> bool:
        """Whether cautions and advice of the steps are told."""
        return not self.is_known or self.finished % TIP_TIMES == 0


def as_known(routine: Routine, acquaintance: Acquaintance) -> Routine:
    """The routine as this person hears it; the same sections and steps."""
    if not acquaintance.hears_safety:
        routine = replace(routine, safety=())
    if not acquaintance.is_known:
        return routine
    sections = tuple(
        replace(section, steps=tuple(_briefly(step, acquaintance) for step in section.steps))
        for section in routine.sections
    )
    return replace(routine, sections=sections, is_known=True)


def _briefly(step: Step, acquaintance: Acquaintance) -> Step:
    tip = step.tip if acquaintance.hears_tips else ()
    brief = replace(step, amount=step.amounts, amount_number=None, short_number=None, tip=tip)
    return replace(brief, say=step.brief)
