"""Ends the wait of a step that says rinse, when the tap was heard to be closed."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.session.course import Course
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State

LEAST_SECONDS = 6.0
"""A tap that is closed sooner after the wait began does not end it: it was open before, or only
tried."""


@dataclass(eq=False)
class Rinse:
    """Knows whether the tap ends the present wait.

    Args:
        _listens: whether the person wants the tap to do so.
    """

    _turn: Turn
    _course: Course
    _mouth: Mouth
    _listens: bool
    _since: float = 0.0
    _is_closed: bool = False
    _owes_words: bool = False

    def begin(self) -> None:
        """Note that a wait begins, or goes on."""
        self._since, self._is_closed = self._turn.now, False

    def closed(self) -> None:
        """Note that the tap, which was heard to be opened, has been closed for some seconds."""
        if not self._listens or self._course.state is not State.WAITING:
            return
        wait = self._course.step.wait
        waited = self._turn.now - self._since
        self._is_closed = wait is not None and wait.by_tap and waited >= LEAST_SECONDS

    def ends_wait(self) -> bool:
        """Whether the tap ends the wait now, when nothing is being said; True only once."""
        if not self._is_closed or self._course.state is not State.WAITING or self._mouth.is_busy:
            return False
        self._is_closed, self._owes_words = False, True
        return True

    def take_words(self) -> tuple[str, ...]:
        """Take the words to say before the next step, if the tap led there."""
        owes, self._owes_words = self._owes_words, False
        return (wording.TAP_CLOSED,) if owes else ()
