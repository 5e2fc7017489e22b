"""Keeps the page from taking the interpreter away from the sound, whatever strangers send.

The interpreter runs one thread at a time, and that of the loudspeaker needs it every few
milliseconds. The page has a budget of computing time; once that is used up the page waits, and the
sound does not.
"""

import asyncio
import selectors
import time
from collections.abc import Callable

SHARE = 0.05
"""The share of one core that the page may use in the long run …"""
BURST_SECONDS = 0.25
"""… and the seconds that it may use at once, as when somebody opens it."""


class PacedSelector(selectors.DefaultSelector):
    """Waits for sockets, and rests where its thread has computed too much.

    Args:
        worked: gives the seconds of computing time of this thread.
        now: a monotonic clock in seconds.
        rest: waits for a number of seconds.
    """

    def __init__(
        self,
        worked: Callable[[], float] = time.thread_time,
        now: Callable[[], float] = time.monotonic,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__()
        self._worked, self._now, self._rest = worked, now, rest
        self._left = BURST_SECONDS
        self._worked_at, self._at = worked(), now()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """The sockets that are ready, after a rest if one is due."""
        worked, now = self._worked(), self._now()
        self._left += SHARE * (now - self._at) - (worked - self._worked_at)
        self._left = min(self._left, BURST_SECONDS)
        self._worked_at, self._at = worked, now
        if self._left < 0:
            self._rest(-self._left / SHARE)
        return super().select(timeout)


def paced_loop() -> asyncio.AbstractEventLoop:
    """An event loop that keeps to the budget."""
    return asyncio.SelectorEventLoop(PacedSelector())
