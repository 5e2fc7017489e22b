"""A programme: which routine belongs to which day, and how far a person has come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Programme:
    """Routines for several days, one for each day."""

    id: str
    name: str
    summary: str
    days: tuple[str, ...]
    """The id of each day's routine."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a person is in a programme; missed days do not count."""

    programme_id: str
    done: int = 0
    """How many days of the programme are done."""
    done_on: str = ""
    """The date on which the last of them was done (ISO); empty before the first."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a programme that is still to be done."""

    number: int
    """1-based."""
    count: int
    """How many days the programme has."""
    routine_id: str


def followed(standing: Standing | None, named: str) -> Standing | None:
    """Where a person stands in the programme that their settings name.

    Args:
        standing: where they stand in the programme that they followed last. It counts if that is
            the named one; otherwise they begin with the first day.
        named: the id of the programme in the settings; empty where these name none, and then
            `standing` is returned as it is.
    """
    if not named or (standing and standing.programme_id == named):
        return standing
    return Standing(named)


def today_of(programme: Programme, standing: Standing, today: str) -> Day | None:
    """The day of the programme to do today (ISO date); None if it is done, or none is left."""
    count = len(programme.days)
    if standing.done >= count or standing.done_on == today:
        return None
    return Day(standing.done + 1, count, programme.days[standing.done])
