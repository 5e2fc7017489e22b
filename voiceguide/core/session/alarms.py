"""What the session wants to be called for by the clock, and when."""

from enum import Enum


class Alarm(Enum):
    """Why the session wants to be called at a time."""

    STROKE = "stroke"
    """An onset must be fixed, or the strokes of a side are over."""
    KEEP = "keep"
    """A stroke is over and is remembered as done."""
    REMIND = "remind"
    """Nobody has answered for long."""
    TIMER = "timer"
    """The wait of a step is over."""
    MARK = "mark"
    """It is told how much of a hold or of a timer is left."""
    LINGER = "linger"
    """The last words have faded."""
    TOLD = "told"
    """A step that has no sentences was told."""
    SLEEP = "sleep"
    """No word was said for long."""
    OWN_TIMER = "own timer"
    """The timer that a person asked for is over."""


LASTING = frozenset({Alarm.OWN_TIMER})
"""They stay when a state is left."""


class Alarms:
    """At most one time for each reason; leaving a state clears all but ``LASTING``."""

    def __init__(self) -> None:
        self._times: dict[Alarm, float] = {}

    def __contains__(self, alarm: Alarm) -> bool:
        return alarm in self._times

    def at(self, alarm: Alarm) -> float | None:
        """When this is due; None where it is not set."""
        return self._times.get(alarm)

    def set(self, alarm: Alarm, at_seconds: float) -> None:
        """Have this at that time, and no longer at another."""
        self._times[alarm] = at_seconds

    def drop(self, alarm: Alarm) -> None:
        """Forget this one, if it is set."""
        self._times.pop(alarm, None)

    def clear(self) -> None:
        """Forget them all, but for those that belong to no state."""
        self._times = {alarm: at for alarm, at in self._times.items() if alarm in LASTING}

    def next_seconds(self) -> float | None:
        """When the first is due; None while there is none."""
        return min(self._times.values(), default=None)

    def due(self, now: float) -> list[tuple[Alarm, float]]:
        """Those due by now with their times, in the order of these."""
        due = [(alarm, at) for alarm, at in self._times.items() if at <= now + 1e-9]
        return sorted(due, key=lambda pair: pair[1])
