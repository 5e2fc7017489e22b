"""Reminds a person who says nothing, and decides how long the guide lingers at the end."""

from voiceguide.core import wording
from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.countdown import Countdown
from voiceguide.core.session.course import Course
from voiceguide.core.session.faults import Faults
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import RESTING, State
from voiceguide.core.timeline.progress import TOLD_TIMER_SECONDS

REMIND_SECONDS = 20.0
"""The first reminder comes no sooner than this; each further one takes twice as long."""
REMIND_FACTOR = 1.5
"""In a wait, the first reminder comes after this multiple of the time that the wait usually takes.
"""
TAUGHT_TIMES = 2
"""How many reminders of a session name the word that ends a wait."""
PAUSED_REMIND_SECONDS = 60.0
CLOSING_SECONDS = 2.0
"""How long the guide lingers after the last words of a routine that came to its end."""
UNDO_SECONDS = 12.0
"""How long the guide lingers after "stop" or a skipped end, so that it can be taken back."""
DEAF_FACTOR = 1.5
"""While no word can be heard, a wait ends after this multiple of its usual time."""
DEAF_SECONDS = 15.0
"""While no word can be heard, a question is answered by itself after this time."""
CUE_SECONDS = 0.4
"""From the cue of a reminder to its words."""


class Reminders:
    """Sets the alarms of a state in which the guide waits, and says the reminders.

    Args:
        stays: whether the guide is still there when a session is over.
    """

    def __init__(
        self,
        turn: Turn,
        course: Course,
        alarms: Alarms,
        mouth: Mouth,
        faults: Faults,
        countdown: Countdown,
        *,
        stays: bool,
    ) -> None:
        self._turn = turn
        self._course = course
        self._alarms = alarms
        self._mouth = mouth
        self._faults = faults
        self._countdown = countdown
        self._stays = stays
        self._after_seconds = REMIND_SECONDS
        self._taught = 0

    def forget(self) -> None:
        """Name the word that ends a wait again, because another session begins."""
        self._taught = 0

    def begin_anew(self) -> None:
        """Begin with short waits again, because another state is entered."""
        paused = self._course.state is State.PAUSED
        self._after_seconds = PAUSED_REMIND_SECONDS if paused else REMIND_SECONDS

    def linger(self) -> None:
        """End soon after the last words, or later where a word led here that can be taken back."""
        until = self._alarms.at(Alarm.LINGER) or 0.0
        self._alarms.set(Alarm.LINGER, max(until, self._turn.now + CLOSING_SECONDS))

    def linger_for_undo(self) -> None:
        """End no sooner than "undo" can no longer be expected."""
        self._alarms.set(Alarm.LINGER, self._turn.now + UNDO_SECONDS)

    def wait(self, timer_left: float | None) -> str:
        """Wait as the present step says.

        Args:
            timer_left: what is left of its timer, in seconds; None for all of it.

        Returns:
            The sentence that tells of the wait.
        """
        wait = self._course.step.wait
        if wait and wait.timer_seconds:
            left = timer_left or wait.timer_seconds
            self._alarms.set(Alarm.TIMER, self._turn.now + left)
            if wait.timer_seconds >= TOLD_TIMER_SECONDS:
                self._countdown.begin(wait.timer_seconds, self._turn.now + left)
            return wording.seconds_left(round(left))
        if wait:
            self._after_seconds = max(REMIND_SECONDS, REMIND_FACTOR * wait.about_seconds)
        self.set_alarm()
        return self._words()

    def count_down(self) -> bool:
        """Whether a timer runs."""
        return Alarm.TIMER in self._alarms

    def be_patient(self) -> None:
        """Wait twice as long for the next word, because the person needs more time."""
        self._after_seconds *= 2

    def set_alarm(self) -> None:
        """Set the alarm of a reminder; while no word can be heard, that of the end of the wait.

        A guide that stays gives no reminder while it asks for a routine, for perhaps nobody called.
        """
        state = self._course.state
        unasked = state in (State.CHOOSING, State.DAY, State.REMINDING)
        if state in RESTING or (self._stays and unasked):
            return
        after = self._after_seconds
        if self._faults.is_deaf and state is State.PAUSED:
            after = PAUSED_REMIND_SECONDS
        elif self._faults.is_deaf:
            wait = self._course.step.wait if state is State.WAITING else None
            after = max(DEAF_SECONDS, wait.about_seconds * DEAF_FACTOR) if wait else DEAF_SECONDS
        self._alarms.set(Alarm.REMIND, self._turn.now + after)

    def remind(self) -> None:
        """Remind a person who has been silent for long; the next reminder takes twice as long."""
        self._after_seconds *= 2
        self.say_words()
        self._taught += self._course.state is State.WAITING

    def say_words(self) -> None:
        """Say the words of a reminder, and wait anew for as long as it was."""
        now = self._turn.now
        self._turn.do(PlayCue(Cue.ATTENTION, now))
        self._mouth.note(self._words(), now + CUE_SECONDS)
        self.set_alarm()

    def _words(self) -> str:
        fixed = {
            State.CHOOSING: wording.WHICH_REMINDER,
            State.DAY: wording.DAY_REMINDER,
            State.REMINDING: wording.DAY_REMINDER,
            State.HOUR: wording.HOUR_REMINDER,
            State.OFFERING: wording.OFFER_REMINDER,
            State.READY: wording.READY,
            State.PAUSED: wording.PAUSED_REMINDER,
        }.get(self._course.state)
        teaches = self._taught < TAUGHT_TIMES
        return fixed or wording.reminder(self._course.step, teaches=teaches)
