"""Counts down a hold or a timer: tells its half and what is left, and ticks its last seconds."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.timeline.pace import LOOKAHEAD_SECONDS

COUNTED_SECONDS = 3
"""The last seconds, each of which has its tick."""
LEAST_SECONDS = 5.0
"""What is shorter is over before anybody counts."""
LEAST_HALVED_SECONDS = 20.0
"""What is shorter has no half that is told."""
TOLD_SECONDS = (300, 120, 60, 30, 10)
"""Time left at which that is said, where it is less than half by so much that both are not said at
once …"""
BELOW_HALF = 0.6
"""… at most this share of the half."""
LATE_SECONDS = 1.5
"""What is told later than this (an answer was spoken meanwhile) is no half any more."""


def marks(whole_seconds: float) -> tuple[float, ...]:
    """How much is left each time that something is told of what takes so long, the most first."""
    half = whole_seconds / 2
    halves = (half,) if whole_seconds >= LEAST_HALVED_SECONDS else ()
    last = (float(COUNTED_SECONDS),) if whole_seconds >= LEAST_SECONDS else ()
    return (*halves, *(left for left in TOLD_SECONDS if left <= BELOW_HALF * half), *last)


def last_ticks(end_seconds: float, now: float) -> tuple[PlayCue, ...]:
    """The ticks of the last seconds of what ends then, as far as they are to come."""
    times = (end_seconds - each for each in range(COUNTED_SECONDS, 0, -1))
    return tuple(PlayCue(Cue.COUNT, at) for at in times if at > now)


@dataclass(eq=False)
class Countdown:
    """Counts one thing at a time; leaving the state ends it."""

    _turn: Turn
    _alarms: Alarms
    _mouth: Mouth
    _whole: float = 0.0
    _end: float = 0.0
    _mark: float = 0.0
    """How much will be left when the alarm is due."""

    def begin(self, whole_seconds: float, end_seconds: float) -> None:
        """Count what ends then, and takes so long from its beginning."""
        self._whole, self._end = whole_seconds, end_seconds
        self._set_mark(end_seconds - self._turn.now)

    def stop(self) -> None:
        """It stands still."""
        self._alarms.drop(Alarm.MARK)

    def tell(self) -> None:
        """Tell what is due."""
        now, mark = self._turn.now, self._mark
        left = self._end - now
        if mark <= COUNTED_SECONDS:
            self._turn.do(*last_ticks(self._end, now))
            return
        if not self._mouth.is_busy and left > COUNTED_SECONDS:
            is_half = mark == self._whole / 2 and mark - left < LATE_SECONDS
            words = wording.HALFWAY if is_half else wording.seconds_left(round(left))
            self._mouth.note(words, now)
        self._set_mark(min(left, mark))

    def _set_mark(self, left: float) -> None:
        """Ask to be called for the first mark that comes after so much is left."""
        for mark in marks(self._whole):
            if mark < left - 1e-6:
                self._mark = mark
                # The last seconds are placed on their exact samples, so they are asked for ahead.
                ahead = LOOKAHEAD_SECONDS if mark <= COUNTED_SECONDS else 0.0
                self._alarms.set(Alarm.MARK, max(self._turn.now, self._end - mark - ahead))
                return
