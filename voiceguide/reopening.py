"""Opening and closing devices off the loop's thread: either may take long, or never end."""

import math
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices import open_streams

RETRY_SECONDS = 2.0
"""Between two attempts to open a device that was lost."""
HANG_SECONDS = 15.0
"""An attempt to open a device that lasts so long hangs in PortAudio and will never end."""

_Opened = TypeVar("_Opened")


class Device(Protocol):
    """A speaker or a microphone."""

    def close(self) -> bool:
        """Let go of it in bounded time; False when PortAudio hangs in it."""


class Attempts(Generic[_Opened]):
    """Opens something again and again in the background until it succeeds."""

    def __init__(self, open_it: Callable[[], _Opened], at_once: bool = False) -> None:
        self._open = open_it
        self._opened: _Opened | None = None
        self._running: threading.Thread | None = None
        self._last = -math.inf if at_once else time.monotonic()

    def result(self) -> _Opened | None:
        """What has been opened since the last call; starts another attempt when it is time."""
        if self._running and self._running.is_alive():
            return None
        if self._opened is None and time.monotonic() - self._last >= RETRY_SECONDS:
            self._last = time.monotonic()
            self._running = threading.Thread(target=self._try, name="reopen", daemon=True)
            self._running.start()
            return None
        opened, self._opened = self._opened, None
        return opened

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt is over, and nothing was opened."""
        ended = self._running is not None and not self._running.is_alive()
        return ended and self._opened is None

    @property
    def hangs(self) -> bool:
        """Whether the present attempt will never end."""
        running = self._running is not None and self._running.is_alive()
        return running and time.monotonic() - self._last > HANG_SECONDS

    def _try(self) -> None:
        try:
            with open_streams.reopening():
                self._opened = self._open()
        except DeviceError:
            self._opened = None


class Closing:
    """Closes devices in the background, and knows of those that never close."""

    def __init__(self) -> None:
        self.hangs = False
        """Whether PortAudio hung in closing one."""

    def close(self, device: Device) -> None:
        """Close it without waiting for it."""

        def work() -> None:
            with open_streams.one_at_a_time():
                closed = device.close()
            if not closed:
                self.hangs = True

        threading.Thread(target=work, name="close-device", daemon=True).start()
