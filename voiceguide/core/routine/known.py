"""What a person hears of a routine that they know: less, until they ask for everything."""

from dataclasses import dataclass, replace

from voiceguide.core.routine.routine import Routine, Step

KNOWN_TIMES = 3
"""How often a person must have finished a routine to know it."""
TIP_TIMES = 3
"""The tips of a known routine are told every third time."""
LONG_DAYS = 30
"""After this many days away, a person is told again what to be careful about."""


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """How well a person knows a routine, as they do it now (skin and tool)."""

    finished: int = 0
    """How often they finished it."""
    days_known: int = 0
    """Days since they first did it; 0 if that was today, or never."""
    days_away: int = 0
    """Days since they last did it."""

    @property
    def is_known(self) -> bool:
        """Whether they know what they need, how to begin, and what each step is."""
        return self.finished >= KNOWN_TIMES

    @property
    def hears_safety(self) -> bool:
        """Whether they are told what to be careful about: on the first day and after a month."""
        return self.days_known == 0 or self.days_away > LONG_DAYS

    @property
    def hears_tips(self) -> bool:
        """Whether they are told the tips of the steps."""
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
