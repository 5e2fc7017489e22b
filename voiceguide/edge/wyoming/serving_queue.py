"""Serves many clients one at a time, in their order, and refuses those who would wait too long."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

NEWEST_COUNTS = 0.2
"""Weight of the newest job in the average of what a job takes."""


class OverloadedError(Exception):
    """A job would be done too late; the message says why, and is sent to the client."""


class ServingQueue:
    """Lets one job run at a time; for one event loop.

    Args:
        what: what clients wait for, for the message: ``ears``.
        patience_seconds: a client that would wait longer is refused before any work is done.
        job_seconds: what a job is taken to need until one has been done.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        what: str,
        patience_seconds: float,
        job_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._what = what
        self._patience = patience_seconds
        self._job_seconds = job_seconds
        self._clock = clock
        self._turn = asyncio.Lock()  # first come, first served
        self._waiting = 0
        self.refused = 0
        """How many clients were refused."""

    def admit(self, times: float = 1.0) -> None:
        """Let a client begin.

        Args:
            times: by how much the patience is multiplied; more for a client that has begun already.

        Raises:
            OverloadedError: the answer would come too late.
        """
        wait = self._waiting * self._job_seconds
        if wait > times * self._patience:
            self.refused += 1
            raise OverloadedError(
                f"overloaded: {self._waiting} wait for the {self._what} of this server, an answer "
                f"would take {wait:.1f} s; ask another server"
            )

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and hold it."""
        self._waiting += 1
        try:
            async with self._turn:
                began = self._clock()
                yield
                took = self._clock() - began
                self._job_seconds += NEWEST_COUNTS * (took - self._job_seconds)
        finally:
            self._waiting -= 1
