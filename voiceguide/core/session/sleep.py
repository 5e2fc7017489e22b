"""Decides when a guide that stays falls asleep."""

import math

from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.course import Course
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import ASKING, State

CALLED_SECONDS = 45.0
"""How long the guide waits for the name of a routine: perhaps nobody called it after all."""
LATELY_SECONDS = 600.0
"""A routine that was left longer ago than this is offered after the routine of the day."""
LEFT_SECONDS = 3600.0
"""How long a session waits for a word before it ends, as if the person had left; its place is kept.
"""


class Sleep:
    """Counts the time without a word.

    Args:
        after_seconds: see ``Manner.sleep_seconds``.
    """

    def __init__(
        self, turn: Turn, course: Course, alarms: Alarms, after_seconds: float | None
    ) -> None:
        self._turn = turn
        self._course = course
        self._alarms = alarms
        self._after_seconds = after_seconds
        self._heard_at = 0.0
        """When the last word was obeyed."""

    def stays(self) -> bool:
        """Whether the guide stays when a session is over."""
        return self._after_seconds is not None

    def heard(self) -> None:
        """Note that a word is being obeyed."""
        self._heard_at = self._turn.now

    def set_alarm(self) -> None:
        """Set the alarm for when the present state has lasted too long without a word."""
        limit = self._patience()
        if limit is not None:
            self._alarms.set(Alarm.SLEEP, self._turn.now + limit)

    def stay_awake(self) -> bool:
        """Whether to stay awake, because a word was heard meanwhile or a timer runs; if so, the
        alarm is set anew.
        """
        now, limit = self._turn.now, self._patience() or 0.0
        since = now if Alarm.TIMER in self._alarms else self._heard_at
        if since + limit <= now + 1e-9:
            return False
        self._alarms.set(Alarm.SLEEP, since + limit)
        return True

    def was_interrupted(self, day_routine_id: str | None) -> bool:
        """Whether the last session was broken off a short while ago; if it was of another routine
        than that of the day, within ``LATELY_SECONDS``.

        The person is probably still there, so the guide offers to go on without being called.

        Args:
            day_routine_id: the routine of the day, if there is one today.
        """
        memory, patience = self._course.memory, self.patience_seconds
        if day_routine_id and memory.latest and memory.latest.routine_id != day_routine_id:
            patience = min(patience, LATELY_SECONDS)
        return memory.age_seconds <= patience

    @property
    def patience_seconds(self) -> float:
        """How long ago a session may have been broken off for the person to be still there."""
        return self._after_seconds or math.inf

    def _patience(self) -> float | None:
        """Seconds without a word after which the guide falls asleep; None for never."""
        after, state = self._after_seconds, self._course.state
        if after is None:
            return None
        if state in (State.CHOOSING, State.DAY, State.REMINDING):
            return min(CALLED_SECONDS, after)
        if state in (*ASKING, State.IDLE):
            return after
        if state in (State.WAITING, State.PAUSED):
            return max(LEFT_SECONDS, after)
        return None
