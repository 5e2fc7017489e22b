"""Answers a noise that is too loud: the guide turns itself up, and tells the person once."""

from dataclasses import dataclass

from voiceguide.core import wording_faults
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.faults import Faults
from voiceguide.core.session.interludes import Interludes
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import RESTING, State

AGAIN_SECONDS = 180.0
"""The person is told again only after this much quiet, for people open a tap often."""


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
    _interludes: Interludes
    is_loud: bool = False
    _was_told: bool = False
    _quiet_since: float = float("-inf")

    def became(self, is_loud: bool) -> None:
        """Turn the guide up over the noise, or back after it."""
        if is_loud == self.is_loud:
            return
        now, self.is_loud = self._turn.now, is_loud
        if is_loud:
            if not self._was_told or now - self._quiet_since >= AGAIN_SECONDS:
                may = self._may_be_told
                self._interludes.owe(wording_faults.LOUD, self._note_told, may_be_told=may)
            self._dials.turn_up()
            return
        self._interludes.take_back(wording_faults.LOUD)
        self._quiet_since = now
        self._dials.turn_back()
        self._mouth.withdraw(wording_faults.LOUD)
        if Alarm.STROKE in self._alarms:
            self._strokes.set_alarm()

    def _may_be_told(self) -> bool:
        """Whether to tell the person now that it is too loud to hear them."""
        is_over = self._course.state in (State.STOPPING, State.CLOSING, *RESTING)
        return not self._faults.is_deaf and not is_over

    def _note_told(self) -> None:
        self._was_told = True
