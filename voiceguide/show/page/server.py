"""Serves the page on a thread of its own, so that nobody waits for it."""

import asyncio
import logging
import secrets
import socket
import threading
from collections.abc import Callable

import uvicorn

from voiceguide.core.errors import SettingsError
from voiceguide.edge.service.door import Door
from voiceguide.show.page.address import Address, where_bound
from voiceguide.show.page.feed import Feed
from voiceguide.show.page.pace import paced_loop
from voiceguide.show.page.protocol import LARGEST_HEAD_BYTES, protocol_behind
from voiceguide.show.page.site import Control, Records, make_site

START_SECONDS = 5.0
ACCEPTED_AT_ONCE = 8
"""How many connections are accepted in one go: with many more, the sound would wait for the
interpreter for longer than a block."""
WAITING_TO_COME_IN = 64
"""How many connections the kernel keeps until they are accepted."""
MOST_CONNECTIONS, MOST_OF_ONE_ADDRESS = 96, 64
SILENCE_SECONDS = 10.0
"""A request that is not complete within this time is given up."""


class PageServer:
    """The page while a session runs.

    Args:
        obey: takes words from the page; None for a page without commands.

    Raises:
        SettingsError: it cannot listen there.
    """

    def __init__(
        self,
        address: Address,
        feed: Feed,
        told: Records,
        obey: Callable[[str], bool] | None = None,
        skin: str = "light",
    ) -> None:
        self._feed = feed
        self.token = secrets.token_urlsafe(24) if obey else None
        """The token that allows commands; None for a page without commands."""
        self._socket = _listen(address)
        self.address = where_bound(address, self._socket.getsockname())
        control = Control(self.token, obey, self.link) if obey and self.token else None
        site = make_site(feed, self.address, told, control, skin=skin)
        self._door = Door(MOST_CONNECTIONS, MOST_OF_ONE_ADDRESS, SILENCE_SECONDS)
        config = uvicorn.Config(
            site,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ws="none",
            http=protocol_behind(self._door),
            h11_max_incomplete_event_size=LARGEST_HEAD_BYTES,
            backlog=ACCEPTED_AT_ONCE,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=1,
        )
        # Lines about what strangers send would hide those of the session.
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL)
        self._server = _Server(config)
        self._thread = threading.Thread(target=self._serve, name="page", daemon=True)

    @property
    def link(self) -> str:
        """The link to open, with the token after ``#``, a part that browsers never send."""
        return f"{self.address.url}{f'#token={self.token}' if self.token else ''}"

    @property
    def turned_away(self) -> int:
        """See `MirrorPage.turned_away`."""
        return self._door.turned_away + self._door.let_go

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """End every open page's feed and stop."""
        self._feed.close()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=START_SECONDS)
        self._socket.close()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=paced_loop) as runner:
            runner.run(self._server.serve(sockets=[self._socket]))


class _Server(uvicorn.Server):  # type: ignore[misc] # no types without the extra
    """The library's server, with a longer queue than it accepts in one go."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(WAITING_TO_COME_IN)


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((address.host, address.port))
        made.listen()
    except OSError as error:
        made.close()
        raise SettingsError(
            f"the page cannot be served at {address.host}:{address.port} ({error.strerror}); "
            "give --page another HOST:PORT"
        ) from error
    return made
