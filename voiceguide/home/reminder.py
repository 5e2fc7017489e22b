"""Decides when a person is reminded: once a day, at their time, if the room is quiet."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from voiceguide.edge.system.log import Log

_log = Log("home")

WINDOW = timedelta(minutes=30)
"""A reminder that could not be spoken within this time is dropped."""
QUIET = timedelta(seconds=10)
"""How long nobody must have spoken: people pause when they talk, and listen on the telephone."""
LOST = timedelta(days=2)
"""If the next reminder is further away than this, the clock was set."""


class ReminderClock:
    """Tells when to remind.

    Args:
        at: the time of day.
        later: how long after "later" the person is reminded again.
        is_night: tells whether a time of day is too late, or too early, to speak unasked.
    """

    def __init__(self, at: time, later: timedelta, is_night: Callable[[time], bool]) -> None:
        self._at = at
        self._later = later
        self._is_night = is_night
        self._due: datetime | None = None
        """When the next reminder is due; None before the first look at the clock."""
        self._not_quiet_at: datetime | None = None
        """When somebody was last found to speak, or the guide to be awake; None if never."""
        self.is_put_off = False
        """Whether the person said "later" and has not been reminded again."""

    def is_due(self, now: datetime, *, is_here: bool, is_quiet: bool) -> bool:
        """Whether to remind now; asked a few times a second.

        Args:
            now: local time, with its offset.
            is_here: whether the person is at a routine already.
            is_quiet: whether the guide sleeps and nobody speaks.
        """
        if self._due is None or abs(self._due - now) > LOST:
            self._set(self._next(now))
        if not is_quiet:
            self._not_quiet_at = now
        due = self._due or now
        if now < due:
            return False
        in_time = now - due < WINDOW and not self._is_night(now.time())
        if in_time and not is_here and not self._is_at_rest(now):
            return False
        if not in_time and not is_here:
            _log.info("reminder", "left out", due=f"{due:%H:%M}", reason=self._obstacle(now))
        self._set(self._next(now))
        return in_time and not is_here

    def put_off(self, now: datetime) -> None:
        """Remind again later, because the person said "later"."""
        self._due, self.is_put_off = now + self._later, True

    def _obstacle(self, now: datetime) -> str:
        """Why a reminder was not spoken in its time."""
        if self._is_night(now.time()):
            return "night"
        return "too late" if self._is_at_rest(now) else "never quiet"

    def _is_at_rest(self, now: datetime) -> bool:
        """Whether it has been quiet for some time."""
        spoken = self._not_quiet_at
        # A clock that was set back says nothing about the quiet.
        return spoken is None or not timedelta() <= now - spoken < QUIET

    def _set(self, due: datetime) -> None:
        self._due, self.is_put_off = due, False

    def _next(self, now: datetime) -> datetime:
        today = now.replace(hour=self._at.hour, minute=self._at.minute, second=0, microsecond=0)
        return today if now < today else today + timedelta(days=1)
