"""The timer that a person asks for by voice: it runs beside the steps, whatever the state."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.effects import Cue, KeepTimer
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.interludes import Interludes
from voiceguide.core.session.turn import Turn


@dataclass(eq=False)
class OwnTimer:
    """Keeps one timer; another that is asked for takes its place."""

    _turn: Turn
    _alarms: Alarms
    _interludes: Interludes
    wanted_minutes: int = 0
    """The minutes that the last "timer" asked for."""
    _is_owed: bool = False
    """Whether it has ended, and the person was not told yet."""

    @property
    def end_seconds(self) -> float | None:
        """When it ends; None where none runs."""
        return self._alarms.at(Alarm.OWN_TIMER)

    @property
    def is_on(self) -> bool:
        """Whether a timer runs, or the end of one must still be told."""
        return self._is_owed or Alarm.OWN_TIMER in self._alarms

    def told_left(self) -> tuple[str, ...]:
        """Sentences that tell what is left of it; empty where none runs."""
        end = self.end_seconds
        if end is None:
            return ()
        return (wording.ON_TIMER, wording.timer_left(end - self._turn.now))

    def take_up(self, seconds_left: float | None) -> None:
        """Go on with the timer that an earlier session left."""
        if seconds_left is not None:
            self._alarms.set(Alarm.OWN_TIMER, self._turn.now + seconds_left)

    def start(self) -> str:
        """Start the timer that was asked for, and return the sentence that says so."""
        seconds = 60.0 * self.wanted_minutes
        self._forget_end()
        self._alarms.set(Alarm.OWN_TIMER, self._turn.now + seconds)
        self._turn.do(KeepTimer(seconds))
        return wording.timer(seconds)

    def stop(self) -> None:
        """End the timer without a word."""
        self._forget_end()
        self._alarms.drop(Alarm.OWN_TIMER)
        self._turn.do(KeepTimer(None))

    def ring(self) -> None:
        """Tell that the timer has ended, as soon as there is room for it."""
        self._is_owed = True
        self._interludes.owe(wording.TIMER_OVER, self._note_told, cue=Cue.ATTENTION)

    def _note_told(self) -> None:
        self._is_owed = False
        self._turn.do(KeepTimer(None))

    def _forget_end(self) -> None:
        self._is_owed = False
        self._interludes.answer_instead(wording.TIMER_OVER)
