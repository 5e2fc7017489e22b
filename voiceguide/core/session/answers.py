"""Answers questions, and says sentences once more; the session stays where it is."""

from dataclasses import dataclass

from voiceguide.core import wording, wording_breath
from voiceguide.core.commands import Phrasebook
from voiceguide.core.help import help_words
from voiceguide.core.session.asides import Asides
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.length import Length
from voiceguide.core.session.marks import Marks
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.own_timer import OwnTimer
from voiceguide.core.session.reminders import Reminders
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import UNASKED, State
from voiceguide.core.timeline.progress import Position, following
from voiceguide.core.timeline.ranges import RATE_RANGE, RATE_STEP

SLOWER_BY = 2 * RATE_STEP
"""How many words a minute slower a sentence is said again after "what was that"."""


@dataclass(eq=False)
class Answers:
    """Answers that interrupt; afterwards everything goes on where it was."""

    _turn: Turn
    _course: Course
    _dials: Dials
    _length: Length
    _own_timer: OwnTimer
    _marks: Marks
    _reminders: Reminders
    _asides: Asides
    _mouth: Mouth
    _book: Phrasebook
    _help_page: int = 0

    def begin_anew(self) -> None:
        """Begin help anew with what matters most, as another state is entered."""
        self._help_page = 0

    def say_again(self) -> None:
        self._turn.hush()
        self._mouth.again()

    def nothing_to_undo(self) -> None:
        self._asides.answer(wording.NOTHING_TO_UNDO)

    def help_anew(self) -> None:
        """The first page of help, whatever was said of it before."""
        self.begin_anew()
        self.help()

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
        if self._course.state in UNASKED and not self._course.wanted:
            self._asides.answer(wording.DAY_REMINDER)  # it is the hour alone that is told of
            return
        left = wording.how_long(self.seconds_left())
        self._asides.answer(left, *self._own_timer.told_left())

    def whats_next(self) -> None:
        course = self._course
        after: Position | None = Position()
        if course.state is not State.READY:
            after = following(course.current, course.position)
        name = None
        if after:
            opens = after.opens_section
            name = (after.section if opens else after.step)(course.current).name
        self._asides.answer(*wording.coming_up(name))

    def supplies(self) -> None:
        needed = wording.needs(self._course.current) or (wording.NEEDS_NOTHING,)
        self._asides.answer(*needed)

    def how_many(self) -> None:
        """Tell how many strokes are left; before the strokes, how many there are."""
        step, at = self._course.step, self._marks.caught()
        if at.state is State.PACING and step.stroke:
            index, done = divmod(at.position.strokes_done, step.count)
            side = step.sides[min(index, len(step.sides) - 1)]
            self._asides.answer(wording.resumed(step, side, step.count - done))
        elif at.state is State.PACING and step.breathe and at.position.strokes_done:
            self._asides.answer(wording_breath.breaths_done(at.position.strokes_done))
        else:
            self._asides.answer(wording.times(step) or wording.NO_COUNT)

    def how_much(self) -> None:
        """Tell how much to take for this step, or else for the last step of its zone that needs
        any.
        """
        course = self._course
        steps = course.section.steps[: course.position.step_index + 1]
        told = next(filter(None, (step.amounts for step in reversed(steps))), ())
        self._asides.answer(*(told or (wording.NO_AMOUNT,)))

    def which_side(self) -> None:
        step, at = self._course.step, self._marks.caught()
        index = at.position.strokes_done // (step.count or 1)
        self._asides.answer(wording.side_of(step, index))

    def what(self) -> None:
        rate = self._dials.preferences.words_per_minute
        self._asides.say_slowly(max(RATE_RANGE[0], rate - SLOWER_BY))

    def start_timer(self) -> None:
        self._asides.answer(self._own_timer.start())

    def stop_timer(self) -> None:
        self._own_timer.stop()
        self._asides.answer(wording.TIMER_OFF)

    def hold_on(self) -> None:
        self._reminders.be_patient()
        self._asides.answer(wording.TAKE_TIME)

    def welcome(self) -> None:
        self._asides.answer(wording.WELCOME)

    def seconds_left(self) -> float:
        """Planned seconds from here to the end of the last word; only asked of a routine that is
        chosen or offered.
        """
        course = self._course
        if course.state in UNASKED and course.wanted:
            return self._length.offered(course.as_told(course.wanted, course.when))
        until_end = self._length.clock_left()
        if until_end is not None:
            return until_end
        mark = self._marks.caught()
        at = mark.position
        if course.state is State.OFFERING:
            at = course.kept_position(course.current.id) or at
        is_told = mark.state in (State.PACING, State.WAITING)
        left = self._length.steps.left(at, is_told)
        wait = course.step.wait
        if mark.timer_left and wait and wait.timer_seconds:
            left -= wait.timer_seconds - mark.timer_left
        return left
