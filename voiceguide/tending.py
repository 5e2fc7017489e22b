"""Speaker and microphone that come and go: a session keeps its timeline and its thread.

A lost speaker is replaced by a silent one on the same mixer, so that time goes on; a lost
microphone gives no blocks. Both are tried again every few seconds, off the loop's thread.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Event, Fault, Faulted, Recovered
from voiceguide.edge.devices import open_streams
from voiceguide.edge.microphone import Block, Microphone
from voiceguide.edge.speaker import NullSpeaker, Speaker
from voiceguide.sound.mixer import Mixer

RETRY_SECONDS = 2.0
"""Between two attempts to open a device that was lost."""
HANG_SECONDS = 15.0
"""An attempt to open a device that lasts so long hangs in PortAudio and will never end."""
DRAIN_SECONDS = 2.0
"""The last sound is waited for no longer than this."""

_Opened = TypeVar("_Opened")


class _Attempts(Generic[_Opened]):
    """Opens something again and again in the background until it succeeds."""

    def __init__(self, open_it: Callable[[], _Opened]) -> None:
        self._open = open_it
        self._opened: _Opened | None = None
        self._running: threading.Thread | None = None
        self._last = time.monotonic()

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


class _Closing:
    """Closes lost devices in the background, and knows of those that never close."""

    def __init__(self) -> None:
        self.hangs = False
        """Whether PortAudio hung in closing one."""

    def close(self, lost: Speaker | Microphone) -> None:
        """Close it without waiting for it."""

        def work() -> None:
            if not lost.close():
                self.hangs = True

        threading.Thread(target=work, name="close-device", daemon=True).start()


class Output:
    """Where the mixer is played, and the clock of the session."""

    def __init__(
        self,
        speaker: Speaker | NullSpeaker,
        name: str | None,
        problem: str | None,
        waits: bool = False,
    ):
        self._speaker = speaker
        self._name = name
        self._closing = _Closing()
        self._attempts: _Attempts[Speaker] | None = None
        if problem and waits:
            self._attempts = _Attempts(lambda: Speaker(name, mixer=self.mixer))
        self.problem = problem
        """Why nothing can be heard, in one sentence; None where something can."""

    @property
    def mixer(self) -> Mixer:
        """The one timeline, whatever device plays it."""
        return self._speaker.mixer

    def now_seconds(self) -> float:
        """Seconds of the output timeline."""
        return self._speaker.now_seconds()

    @property
    def underflows(self) -> int:
        """Gaps that the present device played because a block came too late."""
        return self._speaker.underflows

    def tend(self) -> list[Event]:
        """What happened to the device since the last call."""
        if isinstance(self._speaker, Speaker):
            if self._speaker.alive():
                return []
            lost, self._speaker = self._speaker, NullSpeaker(mixer=self.mixer)
            self._attempts = _Attempts(lambda: Speaker(self._name, mixer=self.mixer))
            self._closing.close(lost)
            return [Faulted(Fault.SPEAKER)]
        found = self._attempts.result() if self._attempts else None
        if found is None:
            return []
        silent, self._speaker = self._speaker, found
        silent.close()
        return [Recovered(Fault.SPEAKER)]

    @property
    def hangs(self) -> bool:
        """Whether PortAudio hangs in this device: only a new process has sound again."""
        return self._closing.hangs or (self._attempts is not None and self._attempts.hangs)

    def drain(self) -> None:
        """Wait until everything that was placed has sounded."""
        waited = threading.Event()
        until = time.monotonic() + DRAIN_SECONDS
        while self.mixer.busy and time.monotonic() < until:
            waited.wait(0.02)
        waited.wait(self._speaker.latency_seconds + 0.05)

    def close(self) -> None:
        """Let go of the device."""
        self._speaker.close()


class Input:
    """Where blocks come from, as long as there is a microphone."""

    def __init__(
        self,
        microphone: Microphone | None,
        name: str | None,
        problem: str | None,
        waits: bool = False,
    ):
        self._microphone = microphone
        self._name = name
        self._closing = _Closing()
        self._attempts: _Attempts[Microphone] | None = None
        if problem and waits:
            self._attempts = _Attempts(lambda: Microphone(name))
        self._silence = threading.Event()
        self.problem = problem
        """Why nothing can be heard, in one sentence; None where something can."""

    def read(self, timeout: float) -> Block | None:
        """The following block, or None when none came in time."""
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
            self._attempts = _Attempts(lambda: Microphone(self._name))
            self._closing.close(lost)
            return [Faulted(Fault.MICROPHONE)]
        found = self._attempts.result() if self._attempts else None
        if found is None:
            return []
        self._microphone = found
        return [Recovered(Fault.MICROPHONE)]

    @property
    def hangs(self) -> bool:
        """Whether PortAudio hangs in this device: only a new process has sound again."""
        return self._closing.hangs or (self._attempts is not None and self._attempts.hangs)

    def close(self) -> None:
        """Let go of the device."""
        if self._microphone:
            self._microphone.close()


def open_output(name: str | None, *, waits: bool = False) -> Output:
    """The speaker of this name, or the default one; a silent stand-in where there is none.

    Args:
        waits: look for one that is missing for as long as it takes, one that was named too.

    Raises:
        DeviceError: a speaker was named and cannot be opened.
    """
    try:
        return Output(Speaker(name), name, None)
    except DeviceError as error:
        if name is not None and not waits:
            raise
        problem = _sentence(error, "what is said is shown instead")
        return Output(NullSpeaker(), name, problem, waits)


def open_input(name: str | None, *, waits: bool = False) -> Input:
    """The microphone of this name, or the default one; a deaf stand-in where there is none.

    Args:
        waits: look for one that is missing for as long as it takes, one that was named too.

    Raises:
        DeviceError: a microphone was named and cannot be opened.
    """
    try:
        return Input(Microphone(name), name, None)
    except DeviceError as error:
        if name is not None and not waits:
            raise
        problem = _sentence(error, "words can be typed instead")
        return Input(None, name, problem, waits)


def _sentence(error: DeviceError, consequence: str) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}: {consequence}."
