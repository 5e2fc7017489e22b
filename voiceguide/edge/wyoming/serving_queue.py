"""Whose turn it is where many ask: one at a time, in their order, and nobody waits for too long."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

NEWEST_COUNTS = 0.2
"""How much the newest job counts in what a job takes; the ones before count the rest."""


class OverloadedError(Exception):
    """Another job would be done too late; the message says why, and goes to whoever asked."""


class ServingQueue:
    """Jobs on one processor core; on one event loop.

    Args:
        what: is waited for, for the message: ``ears``.
        patience_seconds: who would wait longer than this is refused before any work is done.
        job_seconds: what a job takes, until one has been done.
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
        self._turn = asyncio.Lock()  # in the order of asking
        self._waiting = 0
        self.refused = 0
        """How many were."""

    def admit(self, times: float = 1.0) -> None:
        """Let somebody begin.

        Args:
            times: of the patience that count; more for one that has begun already.

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
        """Wait for one's turn, and have it."""
        self._waiting += 1
        try:
            async with self._turn:
                began = self._clock()
                yield
                took = self._clock() - began
                self._job_seconds += NEWEST_COUNTS * (took - self._job_seconds)
        finally:
            self._waiting -= 1
