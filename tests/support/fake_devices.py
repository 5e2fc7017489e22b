"""A speaker and a microphone that can be pulled out, and how a test waits for what they do."""

from contextlib import nullcontext
from threading import Event
from typing import ClassVar

import numpy as np

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Faulted
from voiceguide.edge.devices.reopening import STAND_SECONDS
from voiceguide.edge.devices.speaker import BRISK, OutputClock
from voiceguide.sound.mixer import Mixer

CLIP = np.ones(100, np.float32)


class FakeSpeaker:
    """A speaker that can be pulled out."""

    hangs = False
    latency_seconds = 0.0

    opening = nullcontext()
    made: ClassVar[list["FakeSpeaker"]] = []

    def __init__(self, name=None, *, mixer=None, clock=None, plays=True, demands=BRISK):
        self.demands = demands
        with FakeSpeaker.opening:
            pass
        if not FakeSpeaker.there:
            raise DeviceError("there is no speaker")
        self.plays = plays
        self.mixer = mixer or Mixer(8000)
        self.clock = clock or OutputClock(self.mixer)
        self.closed = Event()
        FakeSpeaker.made.append(self)

    name = "bath"
    silent_seconds = 0.0
    works = True

    def settle(self, timeout_seconds):
        return FakeSpeaker.works

    def alive(self):
        return FakeSpeaker.there

    def now_seconds(self):
        return self.clock.now_seconds()

    def close(self):
        self.closed.set()
        return not FakeSpeaker.hangs


class FakeMicrophone:
    """A microphone that can be pulled out."""

    def __init__(self, name=None, channel=None):
        if not FakeMicrophone.there:
            raise DeviceError("there is no microphone")

    name = "bath"
    works = True

    def settle(self, timeout_seconds):
        return FakeMicrophone.works

    def alive(self):
        return FakeMicrophone.there

    def read(self, timeout):
        return "block"

    def close(self):
        return True


def tend_until(device, event):
    """Attempts run in threads: ask until one is done."""
    for _ in range(200_000):
        if event in device.tend():
            return
    raise AssertionError(f"{event} never came")


def tend_until_it_is(output, kind):
    """Tend it until such a speaker plays; gives what was told meanwhile."""
    told = []
    for _ in range(200_000):
        told += output.tend()
        if type(output._speaker) is kind:
            return told
        if output._attempts and output._attempts._running:
            output._attempts._running.join(10)
    raise AssertionError(f"there was never a {kind.__name__}")


def lose(device, clock, fault):
    """Pull it out for so long that it is told."""
    assert device.tend() == []
    clock[0] += STAND_SECONDS + 0.1
    told = device.tend() or device.tend()
    assert told == [Faulted(fault)]
