"""HTTP for the page, behind a `Door`: no head of a request is too long, no client is waited for."""

import asyncio
from typing import Any

from h11 import IDLE
from uvicorn.protocols.http.h11_impl import H11Protocol

from voiceguide.edge.service.door import Door, Guest

LARGEST_HEAD_BYTES = 8_192
STALL_SECONDS = 20.0
"""A connection that reads nothing for this long is closed."""
_END_OF_HEAD = b"\r\n\r\n"


def protocol_behind(door: Door) -> type[asyncio.Protocol]:
    """The library's protocol, for connections that this door lets in."""

    class Protocol(H11Protocol):  # type: ignore[misc] # no types without the extra
        """One connection."""

        _guest: Guest | None = None
        _stalled: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            address = self.client[0] if self.client else ""
            fileno = transport.get_extra_info("socket").fileno()
            self._guest = door.enter(address, transport.abort, fileno)
            if self._guest is None:
                transport.abort()
            else:
                self._watch()

        def _watch(self) -> None:
            """Check now and then whether the connection is still worth waiting for."""
            if self._guest is None:
                return
            guest = self._guest
            working = self.cycle is not None and not self.cycle.response_complete
            if working and not guest.is_served:
                door.heard(guest)
            if guest.is_served and not working:
                door.heard(guest)
            guest.is_served = working
            door.sweep()
            self.loop.call_later(1.0, self._watch)

        def connection_lost(self, exc: Exception | None) -> None:
            self.resume_writing()
            if self._guest is not None:
                door.leave(self._guest)
                self._guest = None
            super().connection_lost(exc)

        def data_received(self, data: bytes) -> None:
            if self._guest is None:
                return
            if not self._head_fits(data):
                self.send_400_response("The head of the request is too long.")
                return
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self._guest.is_served = True

        def _head_fits(self, data: bytes) -> bool:
            """Whether the head of a request stays within the bound.

            The library checks only the part of a head that is not complete, so it would accept a
            long one that arrives in one piece.
            """
            if self.conn.their_state is not IDLE:
                return True
            kept, _ = self.conn.trailing_data
            return _END_OF_HEAD in (kept + data)[:LARGEST_HEAD_BYTES] or (
                len(kept) + len(data) <= LARGEST_HEAD_BYTES
            )

        def pause_writing(self) -> None:
            super().pause_writing()
            if self._stalled is None:
                self._stalled = self.loop.call_later(STALL_SECONDS, self.transport.abort)

        def resume_writing(self) -> None:
            if self._stalled is not None:
                self._stalled.cancel()
                self._stalled = None
            super().resume_writing()

    return Protocol
