"""A noise too loud to hear a word in: the guide turns itself up, and tells the person, once."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.faults import Faults
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import RESTING, State

AGAIN_SECONDS = 180.0
"""It is told again only after it was quiet for this long: a tap is opened often."""


@dataclass(eq=False)
class Loudness:
    """Follows the noise of a session."""

    _turn: Turn
    _course: Course
    _dials: Dials
    _strokes: Strokes
    _faults: Faults
    _alarms: Alarms
    _mouth: Mouth
    is_loud: bool = False
    _is_owed: bool = False
    """Whether the person has not been told of it yet."""
    _was_told: bool = False
    _quiet_since: float = float("-inf")

    def became(self, is_loud: bool) -> None:
        """Turn up over noise, once, and back where it is gone."""
        if is_loud == self.is_loud:
            return
        now, self.is_loud = self._turn.now, is_loud
        if is_loud:
            self._is_owed = not self._was_told or now - self._quiet_since >= AGAIN_SECONDS
            self._dials.turn_up()
            return
        self._is_owed = False
        self._quiet_since = now
        self._dials.turn_back()
        self._mouth.withdraw(wording.LOUD)
        if Alarm.STROKE in self._alarms:
            self._strokes.set_alarm()

    def tell(self) -> None:
        """Say that it is too loud, where that cuts off no sentence and no stroke."""
        if self._may_tell and not self._mouth.is_busy and not self._strokes.are_going_on:
            self._say()

    def tell_between_strokes(self) -> bool:
        """The same at the alarm of a stroke, once the present one has ended; whether strokes
        wait for that.
        """
        pace = self._strokes.pace
        if not pace or not self._may_tell or not pace.can_rest:
            return False
        end = pace.end_seconds()
        if end is not None and end > self._turn.now + 1e-9:
            self._alarms.set(Alarm.STROKE, end)
        else:
            self._say()
            self._strokes.keep()
        return True

    def tell_after(self, utterance_id: int) -> None:
        """The same behind the sentence that is just ending."""
        if self._may_tell and self._mouth.notice_after(utterance_id, wording.LOUD):
            self._note_told()

    @property
    def _may_tell(self) -> bool:
        """Whether the person should now be told that it is too loud to hear them."""
        is_over = self._course.state in (State.STOPPING, State.CLOSING, *RESTING)
        return self._is_owed and not self._faults.is_deaf and not is_over

    def _say(self) -> None:
        self._note_told()
        self._strokes.stand_still()
        self._mouth.notice(wording.LOUD)

    def _note_told(self) -> None:
        self._is_owed = False
        self._was_told = True
