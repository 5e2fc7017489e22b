"""Questions, and what is said once more: nothing moves."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.commands import Phrasebook
from voiceguide.core.help import help_words
from voiceguide.core.session.asides import Asides
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.length import Length
from voiceguide.core.session.marks import Marks
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State


@dataclass(eq=False)
class Answers:
    """Answers in between; then everything goes on where it was."""

    _turn: Turn
    _course: Course
    _dials: Dials
    _length: Length
    _marks: Marks
    _asides: Asides
    _mouth: Mouth
    _book: Phrasebook
    _help_page: int = 0

    def begin_anew(self) -> None:
        """Another state is entered: help begins with what matters most there."""
        self._help_page = 0

    def say_again(self) -> None:
        self._turn.hush()
        self._mouth.again()

    def nothing_to_undo(self) -> None:
        self._asides.answer(wording.NOTHING_TO_UNDO)

    def help(self) -> None:
        course = self._course
        names = tuple(routine.name for routine in course.library.values())
        page, self._help_page = self._help_page, self._help_page + 1
        live = self._dials.commands(course.state)
        self._asides.answer(*help_words(course.state, live, self._book, names, page))

    def why(self) -> None:
        course = self._course
        reasons = [course.step.why, course.section.why, course.current.why]
        if course.state is State.READY:
            reasons.reverse()
        self._asides.answer(*next(filter(None, reasons), (wording.NO_REASON,)))

    def where(self) -> None:
        course = self._course
        if course.state is State.READY:
            self._asides.answer(wording.at_beginning(course.current))
            return
        at = self._marks.caught()
        done = at.position.strokes_done if at.state is State.PACING else None
        self._asides.answer(*wording.where(course.current, course.section, course.step, done))

    def how_long(self) -> None:
        self._asides.answer(wording.how_long(self.seconds_left()))

    def seconds_left(self) -> float:
        """Planned seconds from here to the end of the last word; only asked of a routine."""
        until_end = self._length.clock_left()
        if until_end is not None:
            return until_end
        mark, course = self._marks.caught(), self._course
        at = mark.position
        if course.state is State.OFFERING:
            at = course.kept_position(course.current.id) or at
        is_told = mark.state in (State.PACING, State.WAITING)
        left = self._length.steps.left(at, is_told)
        wait = course.step.wait
        if mark.timer_left and wait and wait.timer_seconds:
            left -= wait.timer_seconds - mark.timer_left
        return left
