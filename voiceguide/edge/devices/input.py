"""A microphone that comes and goes.

A gap that ends at once is only counted. A microphone that stays away gives no blocks, and the
person is told; it is tried again every few seconds, off the loop's thread.
"""

import threading
import time

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Event, Fault, Faulted, Recovered
from voiceguide.edge.devices.microphone import Block, Microphone
from voiceguide.edge.devices.reopening import (
    RETRY_SECONDS,
    ROUSE_SECONDS,
    STAND_SECONDS,
    Attempts,
    Closing,
    problem_of,
    settled,
)

TYPED_INSTEAD = "words can be typed instead"


class Input:
    """The source of blocks, as long as there is a microphone."""

    def __init__(
        self,
        microphone: Microphone | None,
        name: str | None,
        problem: str | None,
        waits: bool = False,
        channel: int | None = None,
    ):
        self._microphone = microphone
        self._name = name
        self._channel = channel
        self._closing = Closing()
        self._attempts: Attempts[Microphone] | None = None
        if problem and waits:
            self._attempts = Attempts(self._open, RETRY_SECONDS)
        self._silence = threading.Event()
        self._lost_since: float | None = None
        """When it was lost, where nobody was told yet."""
        self.gaps = 0
        """How often it was lost, and back at once."""
        self.problem = problem
        """Why nothing can be heard, in one sentence; None where the microphone works."""

    def read(self, timeout: float) -> Block | None:
        """The next block; None where none came in time."""
        microphone = self._microphone
        if microphone is None:
            self._silence.wait(timeout)
            return None
        return microphone.read(timeout)

    @property
    def lost_blocks(self) -> int:
        """Blocks that the present device or its queue lost."""
        microphone = self._microphone
        return microphone.drops + microphone.overflows if microphone else 0

    def tend(self) -> list[Event]:
        """What happened to the device since the last call."""
        if self._microphone is not None:
            if self._microphone.alive():
                return []
            lost, self._microphone = self._microphone, None
            self._attempts = Attempts(self._open, ROUSE_SECONDS, at_once=True)
            self._lost_since = time.monotonic()
            self._closing.close(lost)
            return []
        found = self._attempts.result() if self._attempts else None
        if found is None:
            return self._tell_lost()
        self._microphone = found
        untold, self._lost_since = self._lost_since is not None, None
        self.gaps += untold
        return [] if untold else [Recovered(Fault.MICROPHONE)]

    def _tell_lost(self) -> list[Event]:
        since = self._lost_since
        if self._attempts is None or since is None or time.monotonic() - since <= STAND_SECONDS:
            return []
        self._lost_since = None
        self._attempts.every_seconds = RETRY_SECONDS
        return [Faulted(Fault.MICROPHONE)]

    def _open(self) -> Microphone:
        return settled(Microphone(self._name, self._channel))

    @property
    def hangs(self) -> bool:
        """Whether PortAudio hangs in this device: only a new process has sound again."""
        return self._closing.hangs or (self._attempts is not None and self._attempts.hangs)

    def close(self) -> None:
        """Let go of the device."""
        if self._attempts:
            self._attempts.close()
        if self._microphone:
            self._microphone.close()


def open_input(
    name: str | None,
    *,
    waits: bool = False,
    channel: int | None = None,
    instead: str = TYPED_INSTEAD,
) -> Input:
    """The microphone of this name, or the default one; a deaf stand-in where there is none.

    Args:
        waits: whether to look for a missing one for as long as it takes, even where it is named.
        channel: the channel to listen to, counted from 1; None for the best.
        instead: what happens without a microphone, in words for a person.

    Raises:
        DeviceError: a microphone was named and cannot be opened.
    """
    try:
        return Input(Microphone(name, channel), name, None, channel=channel)
    except DeviceError as error:
        if name is not None and not waits:
            raise
        return Input(None, name, problem_of(error, waits, instead), waits, channel)
