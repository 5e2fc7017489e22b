"""Keeps the page from taking the interpreter away from the sound, whatever strangers send.

One interpreter runs one thread at a time, and the loudspeaker's needs it every few milliseconds.
What the page does is paid from a budget; once that is used up everything of the page waits until
it is back, and the sound does not.
"""

import asyncio
import selectors
import time
from collections.abc import Callable

SHARE = 0.05
"""Of one core: what the page may use for long …"""
BURST_SECONDS = 0.25
"""… and at once, as when somebody opens it."""


class PacedSelector(selectors.DefaultSelector):
    """Waits for sockets as the system does, and longer where its thread has worked too much.

    Args:
        worked: seconds for which this thread has worked.
        now: seconds that never go back.
        rest: waits for so many seconds.
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
        """What is ready; after a rest where one is due."""
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
