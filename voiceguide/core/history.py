"""What was done, day by day: one visit for each routine of a session, and the streak they make.

Pure: the wall clock's date and time come in from outside, like every other time.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from voiceguide.core.commands import Command
from voiceguide.core.effects import Effect, ForgetPlace, KeepPlace, Place
from voiceguide.core.events import CommandHeard, Event
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.routine import Routine
from voiceguide.core.table import RUNNING, State

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Visit:
    """One routine in one session."""

    began_at: datetime
    """When it began: local time with its offset, to the second."""
    routine_id: str
    seconds: float = 0.0
    """Seconds in which the guide led: told, paced and waited, without pauses."""
    zones: tuple[str, ...] = ()
    """Ids of the sections that were done to their last step, each once, in that order."""
    tempo: float = 1.0
    """The tempo of the strokes at the end."""
    finished: bool = False
    """Whether the last words were reached."""
    profile: str = ""
    """How the person does it (`Profile.key`)."""
    day_ends: int = 0
    """So many hours after midnight the person's day ends."""
    person: str = ""
    """Whose it is, by their id; not in the file, which is theirs alone."""

    @property
    def day(self) -> date:
        """The day it counts for: the one on which it began, as the person counts days."""
        return day_of(self.began_at, self.day_ends)


def day_of(moment: datetime, day_ends: int) -> date:
    """The day that a moment belongs to where days end so many hours after midnight."""
    return (moment - timedelta(hours=day_ends)).date()


class Tally:
    """Counts one visit up, from what a session does."""

    def __init__(self, routine: Routine) -> None:
        self.seconds = 0.0
        self.zones: tuple[str, ...] = ()
        self.finished = False
        self._routine = routine
        self._place: Place | None = None
        self._state: State | None = None
        self._at_seconds = 0.0

    def follow(self, routine: Routine) -> None:
        """The same routine is led at another time of day, or told in another way, from now on."""
        self._routine = routine

    def take(self, now: float, event: Event, effects: Iterable[Effect], state: State) -> bool:
        """Note one moment of the session; returns whether it is worth keeping at once.

        Args:
            now: seconds, never less than in the call before.
            state: the state after the event.
        """
        if self._state in RUNNING:
            self.seconds += max(0.0, now - self._at_seconds)
        halted = self._state in RUNNING and state not in RUNNING
        self._state, self._at_seconds = state, now
        skipped = isinstance(event, CommandHeard) and event.command is Command.SKIP_ZONE
        moved = False
        for effect in effects:
            match effect:
                case KeepPlace(place) if place.routine_id == self._routine.id:
                    moved |= self._go_to(place, skipped)
                case ForgetPlace(routine_id) if routine_id == self._routine.id:
                    self.finished = moved = True
                    if not skipped:
                        self._leave()
                    self._place = None
        return moved or halted

    def _go_to(self, place: Place, skipped: bool) -> bool:
        before, self._place = self._place, place
        if before is None or (before.section_id, before.step_id) == (
            place.section_id,
            place.step_id,
        ):
            return before is None
        ids = [section.id for section in self._routine.sections]
        # Whoever takes the time of day back may have stood where the other one has nothing.
        known = before.section_id in ids and place.section_id in ids
        if (
            known
            and not skipped
            and ids.index(place.section_id) == (ids.index(before.section_id) + 1)
        ):
            self._place = before
            self._leave()
            self._place = place
        return True

    def _leave(self) -> None:
        """The present section is over; it counts if its last step was reached."""
        place = self._place
        for section in self._routine.sections:
            if (
                place
                and (section.id, section.steps[-1].id) == (place.section_id, place.step_id)
                and section.id not in self.zones
            ):
                self.zones = (*self.zones, section.id)


def days_done(visits: Iterable[Visit]) -> frozenset[date]:
    """The days that count for a streak: those on which at least one zone was done."""
    return frozenset(visit.day for visit in visits if visit.zones)


def acquaintances(
    visits: Iterable[Visit], today: date, profile: str
) -> tuple[tuple[str, Acquaintance], ...]:
    """How well a person with this profile knows each routine that they ever did with it."""
    done: dict[str, list[Visit]] = {}
    for visit in visits:
        if visit.profile == profile:
            done.setdefault(visit.routine_id, []).append(visit)
    return tuple(
        (
            routine_id,
            Acquaintance(
                finished=sum(visit.finished for visit in times),
                days_known=max(0, (today - min(visit.day for visit in times)).days),
                days_away=max(0, (today - max(visit.day for visit in times)).days),
            ),
        )
        for routine_id, times in done.items()
    )


def streak(days: Collection[date], today: date) -> int:
    """How many days in a row up to today were done; today may still be to come."""
    last = today if today in days else today - DAY
    count = 0
    while last in days:
        count, last = count + 1, last - DAY
    return count


def longest_streak(days: Collection[date]) -> int:
    """The most days in a row there ever were."""
    ends = (day for day in days if day + DAY not in days)
    return max((streak(days, end) for end in ends), default=0)


def seconds_by_day(visits: Iterable[Visit]) -> dict[date, float]:
    """The time of each day that has any."""
    sums: dict[date, float] = {}
    for visit in visits:
        sums[visit.day] = sums.get(visit.day, 0.0) + visit.seconds
    return sums


def weeks(today: date, count: int) -> tuple[tuple[date, ...], ...]:
    """The last weeks, Monday to Sunday, the present one last and whole."""
    monday = today - timedelta(days=today.weekday() + 7 * (count - 1))
    return tuple(
        tuple(monday + timedelta(days=7 * week + day) for day in range(7)) for week in range(count)
    )
