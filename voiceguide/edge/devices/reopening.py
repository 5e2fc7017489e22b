"""Opens and closes devices off the loop's thread, for either may take long, or never end."""

import math
import threading
import time
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices.devices import CLOSE_SECONDS, open_streams

RETRY_SECONDS = 2.0
"""The time between two attempts to open a device that was lost."""
ROUSE_SECONDS = 0.2
"""The time between two attempts to open one that is needed at once …"""
STAND_SECONDS = 3.0
"""… and how long it is waited for before it counts as lost."""
SETTLE_SECONDS = 3.0
"""How long a device may take to begin after it was opened again; PulseAudio once took 1.9 s."""
HANG_SECONDS = 15.0
"""An attempt to open a device that lasts this long hangs in PortAudio, and never ends."""


class OpenDevice(Protocol):
    """A speaker or a microphone."""

    def close(self) -> bool:
        """Close it in bounded time; False where PortAudio hangs in it."""


_Opened = TypeVar("_Opened", bound=OpenDevice)


class Attempts(Generic[_Opened]):
    """Opens a device again and again in the background until it succeeds.

    Args:
        open_it: raises DeviceError where it cannot.
        every_seconds: from the beginning of one attempt to the next; also before the first one,
            unless ``at_once``.
    """

    def __init__(
        self, open_it: Callable[[], _Opened], every_seconds: float, at_once: bool = False
    ) -> None:
        self._open = open_it
        self.every_seconds = every_seconds
        self._opened: _Opened | None = None
        self._running: threading.Thread | None = None
        self._last = -math.inf if at_once else time.monotonic()
        self._given_up = False

    def result(self, again: bool = True) -> _Opened | None:
        """What has been opened since the last call.

        Starts another attempt when it is time, unless ``again`` is false.
        """
        if self.is_running or self._given_up:
            return None
        is_time = time.monotonic() - self._last >= self.every_seconds
        if self._opened is None and again and is_time:
            self._last = time.monotonic()
            self._running = threading.Thread(target=self._try, name="reopen", daemon=True)
            self._running.start()
            return None
        opened, self._opened = self._opened, None
        return opened

    @property
    def is_running(self) -> bool:
        """Whether an attempt is under way."""
        return self._running is not None and self._running.is_alive()

    @property
    def hangs(self) -> bool:
        """Whether the present attempt will never end."""
        return self.is_running and time.monotonic() - self._last > HANG_SECONDS

    def close(self) -> None:
        """Give up, and close what was opened: no stream may be left when the process ends."""
        self._given_up = True
        if self._running:
            self._running.join(CLOSE_SECONDS)
        opened, self._opened = self._opened, None
        if opened is not None:
            opened.close()

    def _try(self) -> None:
        try:
            with open_streams.reopening():
                opened = None if self._given_up else self._open()
        except DeviceError:
            return
        if opened is not None and self._given_up:
            opened.close()
        else:
            self._opened = opened


class Closing:
    """Closes devices in the background, and knows whether one never closes."""

    def __init__(self) -> None:
        self.hangs = False
        """Whether PortAudio hung in closing one."""

    def close(self, device: OpenDevice) -> None:
        """Close it without waiting for it."""

        def work() -> None:
            with open_streams.one_at_a_time:
                closed = device.close()
            if not closed:
                self.hangs = True

        threading.Thread(target=work, name="close-device", daemon=True).start()


class Settling(Protocol):
    """A speaker or a microphone."""

    name: str

    def settle(self, timeout_seconds: float) -> bool:
        """Whether it takes or gives something within that time."""

    def close(self) -> bool:
        """Let go of it."""


_Device = TypeVar("_Device", bound=Settling)


def settled(device: _Device) -> _Device:
    """The device, once it works: a suspended one opens too, but takes or gives nothing.

    Raises:
        DeviceError: it does not work.
    """
    if not device.settle(SETTLE_SECONDS):
        device.close()
        raise DeviceError(f"“{device.name}” opens, and nothing comes of it")
    return device


def problem_of(error: DeviceError, waits: bool, instead: str) -> str:
    """Why a device is not there, and what happens without it: a sentence for a person."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}: {'it is waited for' if waits else instead}."
