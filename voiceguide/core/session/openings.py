"""What is said before a routine begins: the greeting, the questions, what is offered."""

from dataclasses import dataclass

from voiceguide.core import wording, wording_faults
from voiceguide.core.commands import Command
from voiceguide.core.session.asides import Asides
from voiceguide.core.session.course import Course
from voiceguide.core.session.days import Days
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.faults import Faults
from voiceguide.core.session.length import Length
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.timeline.progress import Position


@dataclass(eq=False)
class Openings:
    """Says what every session begins with."""

    _turn: Turn
    _course: Course
    _days: Days
    _dials: Dials
    _length: Length
    _faults: Faults
    _asides: Asides
    _mouth: Mouth

    def ask_which(self) -> None:
        """Ask for a routine."""
        self._course.routine = None
        if self._turn.command in (Command.WAKE, Command.PERSON):
            # Whoever knows a routine names it at once.
            room = 1 if self._course.knows_a_routine else None
            greeting = (wording.HELLO,)
            self._mouth.narrate([wording.WHICH_REMINDER], greeting=greeting, room_after=room)
        else:
            self._mouth.narrate([wording.WHICH], greeting=self._greeting())
        self._tell_what_broke()

    def offer_day(self) -> None:
        """Offer the routine of the day."""
        course, day = self._course, self._days.day
        assert day
        course.routine = None
        course.want(day.routine_id, None)
        name = course.library[day.routine_id].name
        offer = wording.day_offer(day.number, day.count, name)
        self._mouth.narrate(offer, greeting=(wording.HELLO,) if self._is_met() else ())
        self._tell_what_broke()

    def tell_reminder(self) -> None:
        """Remind a person at the hour that they asked for."""
        course, day = self._course, self._days.day
        course.routine = course.wanted = None
        self._dials.soften()
        words = [wording.REMINDER]
        if day:
            course.want(day.routine_id, None)
            name = course.library[day.routine_id].name
            words += [wording.day(day.number, day.count), wording.title(name)]
        self._mouth.narrate([*words, wording.REMINDER_QUESTION])

    def ask_hour(self) -> None:
        """Ask for the time of day."""
        self._course.routine = None
        self._mouth.narrate([wording.IS_EVENING], greeting=self._greeting())
        self._tell_what_broke()

    def offer_place(self) -> None:
        """Offer to go on where the routine was left."""
        course = self._course
        at = course.offered
        offer = wording.offer(course.current, at.section(course.current))
        self._mouth.narrate(offer, greeting=self._greeting())
        self._tell_what_broke()
        self._dials.prepare_from(at)

    def introduce(self) -> None:
        """Tell what the chosen routine is."""
        course = self._course
        breath = self._dials.preferences.breathed
        words = wording.introduction(course.current, self._length.planned(), breath)
        greeting = self._greeting()
        # Whoever knows it says "go" as soon as they hear its name.
        room = len(greeting) + 1 if course.current.is_known else None
        self._mouth.narrate(words, greeting=greeting, room_after=room)
        self._tell_what_broke()
        self._dials.prepare_from(Position())

    def _greeting(self) -> tuple[str, ...]:
        """The first words of a session, unless a call began it."""
        return (wording.HELLO,) if self._turn.opens else ()

    def _is_met(self) -> bool:
        """Whether a person has just come, or has just said who they are."""
        return self._turn.opens or self._turn.command in (Command.WAKE, Command.PERSON)

    def _tell_what_broke(self) -> None:
        """Tell a person who calls all that is broken, before anything else; and whoever answers a
        reminder, which perhaps nobody heard, what nobody was told of yet.
        """
        calls = self._turn.command is Command.WAKE
        for fault in self._faults.broken if calls else self._faults.untold:
            if fault not in wording_faults.PASSING:
                self._faults.told(fault)
                self._asides.notice(wording_faults.FAULTS[fault])
        for sentence in self._faults.take_owed():
            self._asides.notice(sentence)
