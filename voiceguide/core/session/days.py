"""The programme that the person follows, and the day of it that is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from voiceguide.core.effects import KeepProgramme
from voiceguide.core.routine.programme import Day, Programme, Standing, today_of
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.course import Course
from voiceguide.core.session.turn import Turn


@dataclass(eq=False)
class Days:
    """Knows which day it is, of the calendar and of a programme.

    Args:
        _programmes: the programmes that can be followed, by id.
    """

    _turn: Turn
    _course: Course
    _programmes: Mapping[str, Programme]
    date: str = ""
    """Today's date (ISO); empty before it is known."""

    @property
    def programme(self) -> Programme | None:
        """The programme that the person follows; None where there is none (any more)."""
        standing = self._course.memory.standing
        return self._programmes.get(standing.programme_id) if standing else None

    @property
    def day(self) -> Day | None:
        """The day of it that is still to be done today."""
        return self.day_of(self._course.memory.standing, self._course.library)

    def day_of(self, standing: Standing | None, library: Mapping[str, Routine]) -> Day | None:
        """The same for another person: where they stand, and the routines they can choose."""
        programme = self._programmes.get(standing.programme_id) if standing else None
        if not (programme and standing and self.date):
            return None
        day = today_of(programme, standing, self.date)
        return day if day and day.routine_id in library else None

    @property
    def is_done(self) -> bool:
        """Whether today's day of the programme is done already."""
        standing = self._course.memory.standing
        return standing is not None and bool(self.date) and standing.done_on == self.date

    def follow(self, programme_id: str) -> None:
        """Follow a programme from now on; none if the id is empty.

        A programme that the person follows already goes on where it stands.
        """
        before, chosen = self._course.memory.standing, self._programmes.get(programme_id)
        if programme_id and chosen is None:
            return
        is_midway = chosen and before and before.done < len(chosen.days)
        if is_midway and before and before.programme_id == programme_id:
            return
        self._stand(Standing(programme_id) if chosen else None)
        self._turn.do(KeepProgramme(Standing(programme_id), self._course.person))

    def count(self) -> bool:
        """Count the day as done if the routine that was just done is that of the day.

        Returns:
            Whether it was the last day of the programme.
        """
        day, standing = self.day, self._course.memory.standing
        if day is None or standing is None or day.routine_id != self._course.current.id:
            return False
        after = replace(standing, done=day.number, done_on=self.date)
        self._stand(after)
        self._turn.do(KeepProgramme(after, self._course.person))
        return day.number == day.count

    def has_day(self) -> bool:
        return self.day is not None

    def has_no_day(self) -> bool:
        return self.day is None

    def _stand(self, standing: Standing | None) -> None:
        self._course.memory = replace(self._course.memory, standing=standing)
