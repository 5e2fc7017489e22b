"""A person in real time: a microphone into which words are said, and a guide that notes things."""

import threading
import time

import numpy as np

from voiceguide.core.events import CommandHeard, Faulted, Interrupted, Recovered
from voiceguide.edge.voice.voice import Voice
from voiceguide.live.live_guide import LiveGuide
from voiceguide.sound.resample import resample
from voiceguide.sound.speech import to_int16

RATE, BLOCK = 16_000, 800
AGAIN_SECONDS = 4.0


def said(folder, *words):
    """Each of the words as sound of a synthetic person."""
    with Voice("gmw/en-us+m3", cache_dir=folder) as voice:
        return {one: to_int16(resample(voice.render(one, 150), RATE).samples) for one in words}


class Person:
    """A microphone that hears somebody say ``wanted`` again and again, in real time."""

    problem = None
    hangs = False
    lost_blocks = 0
    gaps = 0

    def __init__(self, clips):
        self._clips = clips
        self.wanted = None
        self._sound = np.zeros(0, np.int16)
        self._next_word = self._next_block = time.monotonic()
        self._noise = np.random.default_rng(0)

    def read(self, timeout):
        self._next_block += BLOCK / RATE
        threading.Event().wait(max(0.0, self._next_block - time.monotonic()))
        if self.wanted and self._next_block > self._next_word:
            self._sound = self._clips[self.wanted]
            self._next_word = self._next_block + AGAIN_SECONDS
        block, self._sound = self._sound[:BLOCK], self._sound[BLOCK:]
        quiet = self._noise.normal(0, 3, BLOCK).astype(np.int16)
        quiet[: len(block)] += block
        return quiet

    def tend(self):
        return []

    def close(self):
        pass


class Watched(LiveGuide):
    """Notes what is obeyed, what fails and what works again; ``then`` is told of each of them: of
    a command, or of a fault as ``recogniser failed`` and ``recogniser works``."""

    def prepare(self, then):
        self.obeyed, self.faults, self.records, self._then = [], [], [], then

    def _heard(self, heard):
        self.records.append(heard)
        super()._heard(heard)

    def _watch(self, moment):
        super()._watch(moment)
        match moment.event:
            case Faulted(fault):
                self.faults.append(fault)
                self._then(f"{fault.value} failed")
            case Recovered(fault):
                self._then(f"{fault.value} works")
            case CommandHeard(command):
                self.obeyed.append(command.value)
                self._then(command.value)

    def end(self):
        self._loop.post(Interrupted())
