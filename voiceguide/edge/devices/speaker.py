"""The speaker: one output stream that plays what the mixer renders while it is open."""

import math
import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from voiceguide.core.errors import DeviceError
from voiceguide.edge.devices.devices import (
    HoldsStream,
    Pulse,
    find_device,
    sound_library,
)
from voiceguide.sound.mixer import Mixer

LEAD_IN_SECONDS = 0.2
"""Silence played before the first clip: many devices swallow what comes while they wake up."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What is asked of a device."""

    latency_seconds: float
    """How much sound the device buffers. Half of it is rendered at a time: by itself PortAudio asks
    for a quarter, and each time wakes several threads."""
    fault_seconds: float
    """No callback for this long is a fault, although PortAudio still calls the stream active."""


BRISK = Demands(latency_seconds=0.04, fault_seconds=2.5)
"""The usual demands: with a fade of 50 ms everything is silent within 100 ms. To render 20 ms at a
time costs a quarter less than 15 ms. Where a device runs dry on a busy machine, PulseAudio takes
nothing for 2 s; that gap ends by itself."""
CALM = Demands(latency_seconds=0.12, fault_seconds=2.5)
"""The demands on a machine that has too much to do, where the device would run dry."""


class OutputClock:
    """Seconds of the output timeline between two callbacks; never runs backwards."""

    _FURTHEST_SECONDS = 0.25
    """How far it runs on without a callback before it waits, as the timeline does."""

    def __init__(self, mixer: Mixer) -> None:
        self._rate = mixer.sample_rate_hz
        self._mark = (mixer.position, time.monotonic())
        self._latest = 0.0
        self._lock = threading.Lock()

    def mark(self, position: int) -> None:
        """Note that ``position`` is the next sample to be rendered now; for the callback."""
        self._mark = (position, time.monotonic())

    def stand(self, position: int) -> None:
        """Stand at this sample until ``mark`` is called again."""
        self._mark = (position, math.inf)

    def now_seconds(self) -> float:
        """The output timeline's time now."""
        with self._lock:
            self._latest = max(self._latest, self.at(time.monotonic()))
            return self._latest

    def at(self, monotonic_seconds: float) -> float:
        """The output timeline's time at a recent moment of ``time.monotonic``."""
        position, since = self._mark
        if since == math.inf:
            return position / self._rate
        elapsed = min(monotonic_seconds - since, self._FURTHEST_SECONDS)
        return position / self._rate + elapsed


class Speaker(HoldsStream):
    """Plays ``mixer`` on a device from construction to ``close``; silence when it is empty.

    The mixer runs at the device's own rate. A mixer that is given to the constructor keeps its
    timeline, and a clock its time: that is how another device, or a ``NullSpeaker``, takes over
    from a lost one.
    """

    def __init__(
        self,
        device_name: str | None = None,
        *,
        mixer: Mixer | None = None,
        clock: OutputClock | None = None,
        plays: bool = True,
        demands: Demands = BRISK,
    ) -> None:
        """Open the device whose name contains ``device_name``; None for the system's default.

        A device that does not play yet has time to wake up: it takes over the timeline when it is
        told to, and not before its lead-in silence is over.

        Raises:
            DeviceError: there is no such device, or it cannot be opened.
        """
        library = sound_library()
        device = find_device("output", device_name)
        self.name = device.name
        self.mixer = mixer or Mixer(device.sample_rate_hz)
        self.clock = clock or OutputClock(self.mixer)
        self.underflows = 0
        """How many blocks came too late for the device; each is heard as a gap."""
        self._lead_in = round(LEAD_IN_SECONDS * self.mixer.sample_rate_hz)
        self._waits = not plays
        self.plays = plays
        """Whether it takes samples off the timeline; otherwise it gives silence to the device."""
        self._settled = threading.Event()
        self._pulse = Pulse(demands.fault_seconds)
        self._mono = np.zeros(4096, dtype=np.float32)
        try:
            stream = library.OutputStream(
                device=device.index,
                samplerate=self.mixer.sample_rate_hz,
                channels=min(2, device.output_channels),
                dtype="float32",
                latency=demands.latency_seconds,
                blocksize=round(demands.latency_seconds / 2 * self.mixer.sample_rate_hz),
                callback=self._callback,
            )
            stream.start()
        except (library.PortAudioError, ValueError) as error:
            raise DeviceError(f"the speaker “{device.name}” cannot be opened: {error}") from error
        self._hold(stream)

    @property
    def latency_seconds(self) -> float:
        """The time from a sample's rendering to its sound, as the device says."""
        return float(self._stream.latency)

    def now_seconds(self) -> float:
        """The output timeline's time: the mixer's position, smooth between two callbacks."""
        return self.clock.now_seconds()

    def settle(self, timeout_seconds: float = 1.0) -> bool:
        """Wait, before the first clip, until the lead-in silence has been played.

        False where it has not been within that time: a virtual device may start later.
        """
        return self._settled.wait(timeout_seconds)

    def alive(self) -> bool:
        """Whether the device still takes samples; to be asked a few times a second."""
        return self._pulse.alive()

    @property
    def silent_seconds(self) -> float:
        """For how long the device has taken nothing, as ``alive`` found."""
        return self._pulse.silent_seconds

    def _callback(self, out: Any, frames: int, _time: Any, status: Any) -> None:
        if status.output_underflow:
            self.underflows += 1
        if frames > len(self._mono):
            self._mono = np.zeros(frames, dtype=np.float32)
        settled = self._settled.is_set()
        if self.plays and (settled or not self._waits):
            mono = self._mono[:frames]
            self.mixer.render_into(mono)
            out[:] = mono[:, np.newaxis]
        else:
            out.fill(0.0)
        if self.plays:
            self.clock.mark(self.mixer.position)
        self._pulse.beat()
        if not settled:
            self._lead_in -= frames
            if self._lead_in <= 0:
                self._settled.set()
