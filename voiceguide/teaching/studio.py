"""Where takes are recorded: a speaker, a microphone, and one timeline."""

from typing import Protocol

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Fault, Faulted
from voiceguide.edge.devices.input import Input
from voiceguide.edge.devices.output import Output
from voiceguide.sound.mixer import Mixer
from voiceguide.teaching.takes import Block


class Studio(Protocol):
    """What a lesson needs of a room, which may be real or simulated."""

    @property
    def mixer(self) -> Mixer:
        """The mixer on which sounds are placed."""

    def now_seconds(self) -> float:
        """The time of the output timeline."""

    def read(self, timeout: float) -> Block | None:
        """The next block of the microphone, 16 kHz mono; None if none came in time.

        With a timeout of 0 only a block that has come already is returned.

        Raises:
            DeviceError: the microphone is gone.
        """


class LiveStudio:
    """A real room, through real devices."""

    def __init__(self, output: Output, source: Input) -> None:
        self._output = output
        self._source = source

    @property
    def mixer(self) -> Mixer:
        """See ``Studio``."""
        return self._output.mixer

    def now_seconds(self) -> float:
        """See ``Studio``."""
        return self._output.now_seconds()

    def read(self, timeout: float) -> Block | None:
        """See ``Studio``; a lost speaker is silently tried again, for prompts are shown as well."""
        self._output.tend()
        if Faulted(Fault.MICROPHONE) in self._source.tend():
            raise DeviceError("the microphone is gone; plug it in and begin again")
        return self._source.read(timeout)
