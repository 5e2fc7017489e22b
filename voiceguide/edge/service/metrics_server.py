"""Serves metrics for Prometheus over HTTP, on the loopback address alone."""

import contextlib
import re
import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from voiceguide.core.errors import SettingsError
from voiceguide.edge.service.door import Door, Guest
from voiceguide.edge.system.log import Log

_log = Log("service")

ADDRESS = "127.0.0.1"
MOST_CONNECTIONS = 8
SILENCE_SECONDS = 5.0
"""The longest that a request and its answer may take."""
_OWN_HOST = re.compile(r"(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsServer:
    """Serves ``/metrics`` from construction to ``close``.

    Args:
        port: 0 for any that is free.

    Raises:
        SettingsError: the port is taken.
    """

    def __init__(self, port: int, metrics: Callable[[], str]) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = SILENCE_SECONDS

            def do_GET(self) -> None:  # the library's name
                # A page on the web may point a name at this address (DNS rebinding).
                if not _OWN_HOST.fullmatch(self.headers.get("Host") or "localhost"):
                    self.send_error(421)
                    return
                if self.path.split("?")[0] != "/metrics":
                    self.send_error(404)
                    return
                try:
                    body = metrics().encode()
                except Exception:
                    _log.exception("metrics", "failed")
                    self.send_error(500)
                    return
                self.send_response(200)
                self.send_header("Content-Type", CONTENT_TYPE)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # as above
                pass

        try:
            self._server = _Server((ADDRESS, port), Handler)
        except OSError as error:
            raise SettingsError(
                f"metrics cannot be served on port {port} ({error.strerror}); "
                "choose another log.metrics_port"
            ) from error
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="metrics", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    """Has a thread for each connection, and few connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:
        self._door = Door(MOST_CONNECTIONS, MOST_CONNECTIONS, SILENCE_SECONDS)
        self._guests: dict[Any, Guest] = {}
        self._lock = threading.Lock()
        super().__init__(*arguments)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer on a thread of its own, where there is room for one."""
        with self._lock:
            guest = self._door.enter(client_address[0], lambda: _end(request), request.fileno())
            if guest is not None:
                self._guests[request] = guest
        if guest is None:
            _end(request)
            super().shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        with self._lock:
            guest = self._guests.pop(request, None)
            if guest is not None:
                self._door.leave(guest)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Called by the library twice a second."""
        with self._lock:
            self._door.sweep()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore what one client does wrong."""


def _end(request: Any) -> None:
    """Wake up the thread that reads from or writes to this connection."""
    with contextlib.suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)
