"""A programme: which routine belongs to which day, and how far a person has come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Programme:
    """Routines for a row of days."""

    id: str
    name: str
    summary: str
    days: tuple[str, ...]
    """The id of each day's routine."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a programme; days that were missed do not count."""

    programme_id: str
    done: int = 0
    """How many of its days are done."""
    done_on: str = ""
    """On which day the last of them was done (ISO); empty before the first."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a programme that is still to be done."""

    number: int
    """1-based."""
    count: int
    """How many days the programme has."""
    routine_id: str


def followed(standing: Standing | None, named: str) -> Standing | None:
    """Where somebody stands whose settings name a programme: what they did of it counts, what they
    did of another does not.

    Args:
        standing: in the programme that was followed last.
        named: that programme's id; empty where the settings name none.
    """
    if not named or (standing and standing.programme_id == named):
        return standing
    return Standing(named)


def today_of(programme: Programme, standing: Standing, today: str) -> Day | None:
    """What is to be done today (ISO); None once it is done, or where nothing is left."""
    count = len(programme.days)
    if standing.done >= count or standing.done_on == today:
        return None
    return Day(standing.done + 1, count, programme.days[standing.done])
