"""Remembers where the session stood before a pause or a command, and leads back there."""

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace

from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.course import Course
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.persons import Persons
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.turn import Turn
from voiceguide.core.session.undo import Mark, UndoStack
from voiceguide.core.table import State


class Marks:
    """Makes marks, keeps them, and goes back to them."""

    def __init__(
        self,
        turn: Turn,
        course: Course,
        persons: Persons,
        strokes: Strokes,
        alarms: Alarms,
        mouth: Mouth,
    ) -> None:
        self._turn = turn
        self._course = course
        self._persons = persons
        self._strokes = strokes
        self._alarms = alarms
        self._mouth = mouth
        self._undo = UndoStack()
        self._rest: Mark | None = None
        """Where the session stood when a pause or a stop interrupted it."""
        self._reopened: Mark | None = None
        """The mark that the state being entered goes back to, instead of beginning anew."""
        self.was = _for_each_state(self._was)
        """Guards that tell whether a pause or a stop interrupted this state."""
        self.undo_leads_to = _for_each_state(self._undo_leads_to)
        """Guards that tell whether "undo" would go back to this state."""

    def mark(self) -> Mark:
        """A mark of where the session stands now; changes nothing."""
        course = self._course
        position, held = self._strokes.stopped_at()
        timer = self._alarms.at(Alarm.TIMER)
        return Mark(
            state=course.state,
            routine=course.routine,
            person=course.person,
            position=position,
            sentence_index=self._mouth.sentence_index,
            held_seconds=held,
            timer_left=None if timer is None else max(1.0, timer - self._turn.now),
            rest_mark=self._rest,
            kept=course.memory.place(course.routine.id) if course.routine else None,
        )

    def caught(self) -> Mark:
        """A mark of where the person is: in a pause, of where the pause began."""
        if self._course.state is not State.PAUSED:
            return self.mark()
        assert self._rest
        return self._rest

    @property
    def has_rest(self) -> bool:
        """Whether a pause or a stop interrupted anything."""
        return self._rest is not None

    def take_reopened(self) -> Mark | None:
        """Take the mark that the state being entered goes back to, if any."""
        mark, self._reopened = self._reopened, None
        return mark

    def forget(self) -> None:
        """Forget all marks: the session is over."""
        self._rest = None
        self._undo = UndoStack()

    # What can be taken back.

    def push(self, before: Mark | Preferences) -> None:
        """Remember how things stood before a change: a move, or a change of preferences."""
        self._undo.push(self._turn.now, before)

    def top(self) -> Mark | Preferences | None:
        """What "undo" would go back to."""
        return self._undo.top(self._turn.now)

    def drop_move(self) -> None:
        """Forget the newest move, because it was taken back in another way."""
        self._undo.drop_move()

    def pop_setting(self) -> Preferences:
        """Take the preferences that "undo" goes back to; only after ``setting_to_undo``."""
        before = self._undo.pop()
        assert isinstance(before, Preferences)
        return before

    # Guards: pure, they may run twice.

    def nothing_to_undo(self) -> bool:
        return self.top() is None

    def setting_to_undo(self) -> bool:
        return isinstance(self.top(), Preferences)

    # Moves: run before the state is left.

    def go_on(self) -> None:
        assert self._rest
        self._reopened = self._rest
        self._course.position = self._rest.position

    def undo_move(self) -> None:
        mark = self._undo.pop()
        assert isinstance(mark, Mark)
        self._reopened = mark
        if mark.person != self._course.person:
            self._persons.take(mark.person)
        self._course.routine = mark.routine
        self._course.position = mark.position
        self._rest = mark.rest_mark
        if mark.kept:
            self._course.keep_place(mark.kept)

    def keep_rest(self) -> None:
        """Remember where the session stands as a pause or a stop interrupts it."""
        self._rest = self.mark()
        self._course.position = self._rest.position

    def forget_rest(self) -> None:
        self._rest = None

    def _was(self, state: State) -> bool:
        return self._rest is not None and self._rest.state is state

    def _undo_leads_to(self, state: State) -> bool:
        top = self.top()
        return isinstance(top, Mark) and top.state is state


def _for_each_state(guard: Callable[[State], bool]) -> SimpleNamespace:
    """The guard for each state, by the name that the table uses: ``marks.was.pacing``."""
    return SimpleNamespace(**{state.value: partial(guard, state) for state in State})
