"""The microphone: gives blocks of 16 kHz samples from a bounded queue."""

import queue
import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import BLOCK_SECONDS, EAR_RATE_HZ
from voiceguide.edge.devices.devices import (
    Device,
    HoldsStream,
    Pulse,
    find_device,
    sound_library,
)
from voiceguide.sound.channels import ChannelChooser, ChannelsFound
from voiceguide.sound.resample import StreamResampler

QUEUE_SECONDS = 5.0
"""How much sound waits for a stalled reader; whatever comes after it is dropped and counted."""
MOST_CHANNELS = 8
"""A device with more channels is a sound server's, which makes as many as it is asked for."""
FAULT_SECONDS = 1.0


Block = NDArray[np.int16]
"""Mono samples at 16 kHz, shape (n,)."""


class Microphone(HoldsStream):
    """Listens from construction to ``close``; one thread reads.

    The device's callback only copies. A device that cannot give 16 kHz mono is opened at its own
    rate, and the reader resamples it without seams.
    """

    def __init__(self, device_name: str | None = None, channel: int | None = None) -> None:
        """Open the device whose name contains ``device_name``; None for the system's default.

        Args:
            channel: the channel to listen to, counted from 1; None for the best.

        Raises:
            DeviceError: there is no such device, it cannot be opened, or it lacks that channel.
        """
        library = sound_library()
        device = find_device("input", device_name)
        self.name = device.name
        self.drops = 0
        """How many blocks were lost because nobody read in time."""
        self.overflows = 0
        """How often the device itself lost samples."""
        self._queue: queue.Queue[NDArray[np.int16]] = queue.Queue(
            round(QUEUE_SECONDS / BLOCK_SECONDS)
        )
        self._pulse = Pulse(FAULT_SECONDS)
        self._begun = threading.Event()
        if channel is not None and channel > device.input_channels:
            raise DeviceError(
                f"the microphone “{device.name}” has no channel {channel}: it has "
                f"{device.input_channels}; choose another sound.input_channel"
            )
        self._least_channels = channel or 1
        stream, rate = self._open(library, device)
        self._hold(stream)
        self._chooser = ChannelChooser(rate, None if channel is None else channel - 1)
        self._resampler = StreamResampler(rate, EAR_RATE_HZ)

    def _open(self, library: Any, device: Device) -> tuple[Any, int]:
        own = device.sample_rate_hz
        # Asked for one channel, sound servers and drivers give the mean of all, or the first one.
        whole = device.input_channels if device.input_channels <= MOST_CHANNELS else 2
        whole = max(whole, self._least_channels)
        ways = [(EAR_RATE_HZ, whole), (own, whole), (own, device.input_channels)]
        if self._least_channels == 1:
            ways += [(EAR_RATE_HZ, 1), (own, 1)]
        problem: Exception | None = None
        for rate, channels in dict.fromkeys(ways):
            try:
                stream = library.InputStream(
                    device=device.index,
                    samplerate=rate,
                    channels=channels,
                    dtype="int16",
                    blocksize=round(BLOCK_SECONDS * rate),
                    callback=self._callback,
                )
                stream.start()
            except (library.PortAudioError, ValueError) as error:
                problem = error
            else:
                return stream, rate
        raise DeviceError(
            f"the microphone “{device.name}” cannot be opened: {problem}"
        ) from problem

    def read(self, timeout: float) -> Block | None:
        """The next block (about 50 ms), or None when none came within ``timeout`` seconds."""
        try:
            data = self._queue.get(timeout=timeout)
        except queue.Empty:
            return None
        return self._resampler.feed(self._chooser.take(data))

    def channels(self) -> ChannelsFound:
        """What is known of its channels so far."""
        return self._chooser.found()

    def settle(self, timeout_seconds: float) -> bool:
        """Wait until the device has given something; False where it has not within that time."""
        return self._begun.wait(timeout_seconds)

    def alive(self) -> bool:
        """Whether the device gave anything within the last second."""
        return self._pulse.alive()

    def _callback(self, data: Any, _frames: int, _time: Any, status: Any) -> None:
        self._pulse.beat()
        self._begun.set()
        if status.input_overflow:
            self.overflows += 1
        try:
            self._queue.put_nowait(data.copy())
        except queue.Full:
            self.drops += 1
