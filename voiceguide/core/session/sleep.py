"""A guide that stays: when it falls asleep, and what it forgets between two sessions."""

import math

from voiceguide.core import wording
from voiceguide.core.session.answers import Answers
from voiceguide.core.session.state import Alarm
from voiceguide.core.session.undo import UndoStack
from voiceguide.core.table import ASKING, State
from voiceguide.core.timeline.progress import Position

CALLED_SECONDS = 45.0
"""Nobody says which routine: it was not called at all, or they have changed their mind."""
LEFT_SECONDS = 3600.0
"""A session that waits for a word so long was left; its place is kept."""


class Resting(Answers):
    """Falls asleep, where the session's manner says that it may."""

    def set_sleep(self) -> None:
        """Ask to be called when the present state has lasted too long without a word."""
        limit = self._patience()
        if limit is not None:
            self.alarms[Alarm.SLEEP] = self.now + limit

    def stay_awake(self) -> bool:
        """Whether a word was heard meanwhile, or a timer runs; then the alarm is set anew."""
        limit = self._patience() or 0.0
        since = self.now if Alarm.TIMER in self.alarms else self.heard_at
        if since + limit <= self.now + 1e-9:
            return False
        self.alarms[Alarm.SLEEP] = since + limit
        return True

    def was_interrupted(self) -> bool:
        """Whether the place kept last is that of a session that something broke off: somebody
        still stands there, and it is offered without their calling.
        """
        return self.memory.age_seconds <= (self.manner.sleep_seconds or math.inf)

    def forget_session(self) -> None:
        """What was said and chosen in the last session does not count in the next."""
        self.routine = self.named = self.wanted = None
        self.position = Position()
        self.rest_mark = self.ends_at = self.rested_at = self.led_on_at = None
        self.undone = UndoStack()

    def tell_broken(self) -> None:
        """What broke while nobody listened is told before anything else."""
        for fault in sorted(self.broken - wording.PASSING):
            self.notice(wording.FAULTS[fault])

    def _patience(self) -> float | None:
        """Seconds without a word after which it sleeps; None for never."""
        after = self.manner.sleep_seconds
        if after is None:
            return None
        if self.state is State.CHOOSING:
            return min(CALLED_SECONDS, after)
        if self.state in (*ASKING, State.IDLE):
            return after
        if self.state in (State.WAITING, State.PAUSED):
            return max(LEFT_SECONDS, after)
        return None
