"""Carries what is to be shown from the loop's thread to every open page.

Each page gets the newest message first, and then the newest one whenever it is ready for more. A
slow page misses messages in between, and nobody ever waits for it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

HEARTBEAT_SECONDS = 10.0
"""How often an open page is told that the guide is still there."""


class Feed:
    """One writer, many readers.

    Args:
        now: gives the seconds of the session; sent with every message, so that pages can animate
            in time.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._shown = "null"
        self._version = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed: asyncio.Event | None = None
        self._closed = False
        self.readers = 0
        """How many pages are open now; counted by the code that answers them."""

    def publish(self, shown: dict[str, Any]) -> None:
        """Show this from now on; any thread may call."""
        text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
        if text != self._shown:
            self._shown = text
            self._tell()

    def close(self) -> None:
        """End the feed of every reader; any thread may call."""
        self._closed = True
        self._tell()

    async def bind(self) -> None:
        """Use the running event loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    async def messages(self) -> AsyncIterator[str]:
        """Server-sent events, the present state first."""
        version = -1
        while not self._closed:
            if version != self._version:
                version = self._version
                yield self._event()
            elif not await self._wait():
                yield ": still here\n\n"

    def _event(self) -> str:
        # JSON has no line breaks, so one line of data holds it.
        return f'data: {{"now":{self._now():.3f},"shown":{self._shown}}}\n\n'

    async def _wait(self) -> bool:
        assert self._changed
        try:
            await asyncio.wait_for(self._changed.wait(), HEARTBEAT_SECONDS)
        except TimeoutError:
            return False
        return True

    def _tell(self) -> None:
        self._version += 1
        if self._loop and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        # Readers that wait on the old event wake up; later ones wait on the new one.
        assert self._changed
        self._changed.set()
        self._changed = asyncio.Event()
