"""What outlives a process: the wall clock, and the expected contents of each person's journal."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isclose

from simulation.strokes import Broken

from voiceguide.core.commands import TIMER_MINUTES
from voiceguide.core.effects import (
    ForgetPlace,
    KeepPlace,
    KeepPreferences,
    KeepProgramme,
    KeepTimer,
    Kept,
    Place,
)
from voiceguide.core.routine.programme import Standing
from voiceguide.core.session.preferences import Memory, Preferences

FIRST_DAY = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(slots=True)
class Known:
    """The expected contents of one person's journal."""

    places: dict[str, Place] = field(default_factory=dict)
    preferences: KeepPreferences | None = None
    standing: Standing | None = None


@dataclass(slots=True)
class Outside:
    """What outlives the process.

    Args:
        wall_seconds: the time on the wall clock at which the present life began, in seconds since
            the first midnight.
    """

    wall_seconds: float = 0.0
    persons: dict[str, Known] = field(default_factory=dict)
    timer_ends: float | None = None
    """When the person's own timer is over, by the wall clock."""
    to_keep: list[Kept] = field(default_factory=list)
    """What is put into the journals before the first start."""
    is_unsure: bool = False
    """Whether the disk failed, so that the journals may hold less than is expected."""

    def wall(self, now: float) -> datetime:
        """The wall clock so many seconds into the present life."""
        return FIRST_DAY + timedelta(seconds=self.wall_seconds + now)

    def known(self, person: str) -> Known:
        """The expected contents of a person's journal."""
        return self.persons.setdefault(person, Known())

    def note(self, effect: Kept, now: float) -> None:
        """Expect what was just kept."""
        if isinstance(effect, KeepTimer):
            left = effect.seconds_left
            self.timer_ends = None if left is None else self.wall(now).timestamp() + left
            return
        known = self.known(effect.person)
        match effect:
            case KeepPlace(place):
                known.places.pop(place.routine_id, None)
                known.places[place.routine_id] = place
                self.is_unsure = False
            case ForgetPlace(routine_id):
                known.places.pop(routine_id, None)
            case KeepPreferences():
                known.preferences = effect
            case KeepProgramme(standing):
                known.standing = standing if standing.programme_id else None

    def check(self, person: str, memory: Memory, preferences: Preferences | None) -> None:
        """Check that a journal holds what was kept of its person, in order, and nothing else."""
        known = self.known(person)
        if memory.places != tuple(known.places.values()):
            raise _not_whole(person, memory.places, known.places)
        if memory.standing != known.standing:
            raise _not_whole(person, memory.standing, known.standing)
        told = preferences and (
            *(preferences.tempo, preferences.words_per_minute),
            *(preferences.gain_db, preferences.breath_tempo),
        )
        kept = known.preferences
        if told != (kept and (kept.tempo, kept.words_per_minute, kept.gain_db, kept.breath_tempo)):
            raise _not_whole(person, preferences, kept)

    def check_timer(self, memory: Memory) -> None:
        """Check that the home's journal holds what is left of the timer."""
        ends = self.timer_ends
        left = None if ends is None else ends - self.wall(0).timestamp()
        if left is None or not 0 < left < 60 * TIMER_MINUTES[-1]:
            left = memory.timer_left if left else None  # it is over, or the clock was set
        if memory.timer_left != left and not isclose(memory.timer_left or 0, left or 0):
            raise _not_whole("the home", memory.timer_left, left)


def _not_whole(whose: str, found: object, wanted: object) -> Broken:
    return Broken("the journal is whole", f"of {whose or 'no name'}: {found}, not {wanted}")
