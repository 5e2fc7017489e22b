"""The session's alarms: when it wants to be called, and why."""

from enum import Enum


class Alarm(Enum):
    """Why the session wants to be called at a time."""

    STROKE = "stroke"
    """An onset must be fixed, or the strokes of a side end."""
    KEEP = "keep"
    """A stroke ends, and is remembered as done."""
    REMIND = "remind"
    """Nobody has answered for a long time."""
    TIMER = "timer"
    """The wait of a step ends."""
    MARK = "mark"
    """The person is told what is left of a hold or a timer."""
    LINGER = "linger"
    """The last words have faded."""
    TOLD = "told"
    """A step without sentences has been told."""
    SLEEP = "sleep"
    """Nobody has said a word for a long time."""
    OWN_TIMER = "own timer"
    """The timer that a person asked for ends."""


LASTING = frozenset({Alarm.OWN_TIMER})
"""Alarms that stay when a state is left."""


class Alarms:
    """Keeps at most one time for each alarm; leaving a state clears all but ``LASTING``."""

    def __init__(self) -> None:
        self._times: dict[Alarm, float] = {}

    def __contains__(self, alarm: Alarm) -> bool:
        return alarm in self._times

    def at(self, alarm: Alarm) -> float | None:
        """When this alarm is due; None where it is not set."""
        return self._times.get(alarm)

    def set(self, alarm: Alarm, at_seconds: float) -> None:
        """Set this alarm to this time, whatever it was set to."""
        self._times[alarm] = at_seconds

    def drop(self, alarm: Alarm) -> None:
        """Clear this alarm, if it is set."""
        self._times.pop(alarm, None)

    def clear(self) -> None:
        """Clear all alarms, except those that belong to no state."""
        self._times = {alarm: at for alarm, at in self._times.items() if alarm in LASTING}

    def next_seconds(self) -> float | None:
        """When the first alarm is due; None where none is set."""
        return min(self._times.values(), default=None)

    def due(self, now: float) -> list[tuple[Alarm, float]]:
        """The alarms that are due by now with their times, the earliest first."""
        due = [(alarm, at) for alarm, at in self._times.items() if at <= now + 1e-9]
        return sorted(due, key=lambda pair: pair[1])
