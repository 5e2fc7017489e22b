"""Who is guided: each person in the home has places, pace and routines of their own."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from voiceguide.core.session.course import Course
from voiceguide.core.session.days import Days
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.preferences import GUEST, Guided


class Persons:
    """Holds everybody who may be guided, and changes from one person to another.

    Args:
        first: the person who is guided until somebody says who they are.
        others: everybody else.
    """

    def __init__(
        self, course: Course, days: Days, dials: Dials, first: Guided, others: Iterable[Guided]
    ) -> None:
        self._course = course
        self._days = days
        self._dials = dials
        self._all = {person.id: person for person in (first, *others)}
        self._first = first.id
        course.person = first.id

    def there_is(self, person_id: str) -> bool:
        """Whether somebody with this id can be guided."""
        return person_id in self._all

    def take(self, person_id: str) -> None:
        """Guide this person from now on.

        What the person before them has done and set is kept. Of a guest nothing is kept, and each
        time somebody says that they are a guest, it is a new one.
        """
        course, dials = self._course, self._dials
        if course.person == person_id != GUEST:
            return
        if course.person != GUEST:
            left = self._all[course.person]
            self._all[left.id] = replace(left, memory=course.memory, preferences=dials.preferences)
        person = self._all[person_id]
        course.become(person)
        dials.become(person.preferences)

    def take_interrupted(self, seconds: float) -> None:
        """Guide the person whose session was broken off last, if that was within this time."""
        course = self._course
        memories = {key: each.memory for key, each in self._all.items()}
        ages = {
            key: memory.age_seconds
            for key, memory in (memories | {course.person: course.memory}).items()
            if memory.latest
        }
        newest = min(ages, key=lambda key: ages[key], default=course.person)
        if ages.get(newest, seconds) < seconds:
            self.take(newest)

    def named_programme(self, person_id: str) -> str:
        """The id of the programme that the settings name for a person; empty for none."""
        person = self._all.get(person_id)
        return person.programme if person else ""

    def may_choose_programme(self) -> bool:
        """Whether the person who is guided may: a guest follows none, and a programme that the
        settings name cannot be changed here.
        """
        person = self._course.person
        return person != GUEST and not self.named_programme(person)

    def has_day(self, person_id: str) -> bool:
        """Whether this person still has a day of a programme to do today."""
        if person_id == self._course.person:
            return self._days.has_day()
        person = self._all.get(person_id)
        if person is None:
            return False
        return self._days.day_of(person.memory.standing, person.library) is not None

    def timer_left(self) -> float | None:
        """Seconds that were left of the home's timer when its journal was read; None for none."""
        nobody = self._all.get("")
        return (nobody or self._all[self._course.person]).memory.timer_left

    def forget(self) -> None:
        """Forget who is there: nobody has said who they are any more."""
        self.take(self._first)

    def remember(self, person_id: str, **changes: Any) -> None:
        """Change fields of a person's `Memory`."""
        course = self._course
        if course.person == person_id:
            course.memory = replace(course.memory, **changes)
        elif person_id in self._all:
            person = self._all[person_id]
            memory = replace(person.memory, **changes)
            self._all[person_id] = replace(person, memory=memory)
