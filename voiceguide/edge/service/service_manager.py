"""Tells systemd that the guide is ready, alive or ending (sd_notify(3)), where systemd started
it."""

import os
import socket
import time
from collections.abc import Callable, Mapping, MutableMapping

from voiceguide.edge.system.log import Log

_log = Log("service")

BEATS = 3
"""How many signs of life are sent in a watchdog period: one may be late, and one lost."""


class ServiceManager:
    """Speaks to the service manager that started this process, if one did.

    Args:
        environment: holds ``NOTIFY_SOCKET``, ``WATCHDOG_USEC`` and ``WATCHDOG_PID`` as systemd sets
            them. They are removed, so that no child process speaks in our place.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        environment: MutableMapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        environment = os.environ if environment is None else environment
        address = environment.pop("NOTIFY_SOCKET", "")
        # A leading @ stands for the zero byte of Linux's abstract socket names.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._beat_seconds = _watchdog_seconds(environment) / BEATS
        for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
            environment.pop(name, None)
        self._clock = clock
        self._next_beat = clock()

    @property
    def is_there(self) -> bool:
        """Whether a service manager listens."""
        return bool(self._address)

    def ready(self) -> None:
        """Tell that the guide can be spoken to."""
        self._send("READY=1")

    def status(self, text: str) -> None:
        """Set the line that ``systemctl status`` shows."""
        self._send("STATUS=" + text.replace("\n", " "))

    def beat(self) -> None:
        """Tell that the caller is alive; it may be called at any rate."""
        if self._beat_seconds and self._clock() >= self._next_beat:
            self._next_beat = self._clock() + self._beat_seconds
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Tell that the guide ends by itself."""
        self._send("STOPPING=1")

    def _send(self, message: str) -> None:
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
                # A manager that is too busy to listen must not hold up the session.
                out.setblocking(False)
                out.sendto(message.encode(), self._address)
        except OSError as error:
            _log.warning("manager", "deaf", message=message, reason=error)


def _watchdog_seconds(environment: Mapping[str, str]) -> float:
    """The watchdog's period; 0 where none watches this very process."""
    try:
        period = int(environment.get("WATCHDOG_USEC", "0")) / 1e6
        watched = int(environment.get("WATCHDOG_PID", os.getpid()))
    except ValueError:
        return 0.0
    return period if watched == os.getpid() and period > 0 else 0.0
