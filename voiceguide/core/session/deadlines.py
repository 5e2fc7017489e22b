"""What the session wants to be called for by the clock: reminders, timers, the end of lingering."""

from voiceguide.core import wording
from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.session.state import Alarm
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.table import RESTING, State

CLOSING_SECONDS = 2.0
"""How long it lingers after the last words of a routine that came to its end by itself."""
PAUSED_REMIND_SECONDS = 60.0
DEAF_FACTOR = 1.5
"""Without ears a wait for a word ends after this many times the usual time."""
DEAF_SECONDS = 15.0
"""Without ears a question answers itself after this time."""
TIMER_MARKS_SECONDS = (300, 120, 60, 30, 10)
"""Time left at which a timer says so, where that is at most two thirds of it."""
CUE_SECONDS = 0.4
"""A reminder leaves the cue before it this long."""


class Deadlines(Strokes):
    """Sets the alarms, and says what those say that only speak."""

    def set_linger(self) -> None:
        """End a while after the last words, longer where a word led here: it can be undone."""
        until = self.alarms.get(Alarm.LINGER, 0.0)
        self.alarms[Alarm.LINGER] = max(until, self.now + CLOSING_SECONDS)

    def set_reminder(self) -> None:
        """Schedule a reminder; without ears, the time after which the wait ends by itself.

        A guide that stays says nothing into a room where perhaps nobody called it.
        """
        if self.state in RESTING or (self.stays() and self.state is State.CHOOSING):
            return
        after = self.remind_after
        if self.deaf and self.state is State.PAUSED:
            after = PAUSED_REMIND_SECONDS
        elif self.deaf:
            wait = self.step.wait if self.state is State.WAITING else None
            after = max(DEAF_SECONDS, wait.about_seconds * DEAF_FACTOR) if wait else DEAF_SECONDS
        self.alarms[Alarm.REMIND] = self.now + after

    def set_timer_mark(self) -> None:
        """Ask to be called when the timer has something to say."""
        whole = self.step.wait.timer_seconds if self.step.wait else None
        end = self.alarms.get(Alarm.TIMER)
        if whole is None or end is None:
            return
        for left in TIMER_MARKS_SECONDS:
            if left <= whole * 2 / 3 and end - left > self.now:
                self.alarms[Alarm.MARK] = end - left
                return

    def tell_timer_mark(self) -> None:
        """Say how much of the timer is left."""
        left = round(self.alarms.get(Alarm.TIMER, self.now) - self.now)
        self.do(*self.mouth.note(wording.seconds_left(left), self.now))
        self.set_timer_mark()

    def remind(self) -> None:
        """Remind somebody who has been silent for long, and wait twice as long."""
        self.do(PlayCue(Cue.ATTENTION, self.now))
        self.do(*self.mouth.note(self.reminder(), self.now + CUE_SECONDS))
        self.remind_after *= 2
        self.set_reminder()

    def reminder(self) -> str:
        """What is said when a person has been silent for long."""
        return {
            State.CHOOSING: wording.WHICH_REMINDER,
            State.OFFERING: wording.OFFER_REMINDER,
            State.READY: wording.READY,
            State.PAUSED: wording.PAUSED_REMINDER,
        }.get(self.state) or wording.reminder(self.step)
