"""Counts down a hold or a timer: tells when half is over and what is left, and ticks the last
seconds."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.timeline.pace import LOOKAHEAD_SECONDS

COUNTED_SECONDS = 3
"""How many of the last seconds have a tick."""
LEAST_SECONDS = 5.0
"""A shorter hold or timer is not counted."""
LEAST_HALVED_SECONDS = 20.0
"""The guide does not tell when half of a shorter one is over."""
TOLD_SECONDS = (300, 120, 60, 30, 10)
"""At how many seconds the guide tells what is left, unless that comes soon after the half."""
BELOW_HALF = 0.6
"""What is left must be at most this share of the half to be told."""
LATE_SECONDS = 1.5
"""After a longer delay than this, as by an answer, it is not told: it would no longer be true."""


def marks(whole_seconds: float) -> tuple[float, ...]:
    """At how many seconds before its end a hold or timer this long is told of, the most first."""
    half = whole_seconds / 2
    halves = (half,) if whole_seconds >= LEAST_HALVED_SECONDS else ()
    last = (float(COUNTED_SECONDS),) if whole_seconds >= LEAST_SECONDS else ()
    return (*halves, *(left for left in TOLD_SECONDS if left <= BELOW_HALF * half), *last)


def last_ticks(end_seconds: float, now: float) -> tuple[PlayCue, ...]:
    """The ticks of the last seconds before ``end_seconds``, as far as they are still to come."""
    times = (end_seconds - each for each in range(COUNTED_SECONDS, 0, -1))
    return tuple(PlayCue(Cue.COUNT, at) for at in times if at > now)


@dataclass(eq=False)
class Countdown:
    """Counts one thing at a time, until the state is left."""

    _turn: Turn
    _alarms: Alarms
    _mouth: Mouth
    _whole: float = 0.0
    _end: float = 0.0
    _mark: float = 0.0
    """How many seconds will be left when the alarm is due."""

    def begin(self, whole_seconds: float, end_seconds: float) -> None:
        """Count something that ends at ``end_seconds`` and takes ``whole_seconds`` in all."""
        self._whole, self._end = whole_seconds, end_seconds
        self._set_mark(end_seconds - self._turn.now)

    def stop(self) -> None:
        """Stop counting."""
        self._alarms.drop(Alarm.MARK)

    def tell(self) -> None:
        """Tell what is left, as the alarm is due."""
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
        """Set the alarm for the first mark that comes when less than this is left."""
        for mark in marks(self._whole):
            if mark < left - 1e-6:
                self._mark = mark
                # The ticks are placed on their exact samples, so their alarm is due ahead of them.
                ahead = LOOKAHEAD_SECONDS if mark <= COUNTED_SECONDS else 0.0
                self._alarms.set(Alarm.MARK, max(self._turn.now, self._end - mark - ahead))
                return
