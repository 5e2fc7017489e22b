"""The last few seconds of a stream of samples, by absolute position."""

import numpy as np

from voiceguide.sound.clip import Samples


class SampleHistory:
    """A ring of the newest ``capacity`` samples; anything older or never added reads as silence."""

    def __init__(self, capacity: int) -> None:
        self._ring: Samples = np.zeros(capacity, np.float32)
        self._end = 0
        self.silent_from = 0
        """The position since which nothing but silence was added."""

    def add(self, samples: Samples) -> None:
        """Add the next samples."""
        capacity = len(self._ring)
        newest = samples[-capacity:]
        at = (self._end + len(samples) - len(newest)) % capacity
        first = min(len(newest), capacity - at)
        self._ring[at : at + first] = newest[:first]
        self._ring[: len(newest) - first] = newest[first:]
        self._end += len(samples)
        self.silent_from = self._end

    def add_silence(self, count: int) -> None:
        """Add so many samples of silence; hardly any work once the whole ring is silent."""
        silent = self.silent_from
        if self._end - silent < len(self._ring):
            self.add(np.zeros(count, np.float32))
        else:
            self._end += count
        self.silent_from = silent

    def read(self, start: int, stop: int) -> Samples:
        """A copy of the samples between two positions, shape (stop − start,)."""
        out: Samples = np.zeros(max(0, stop - start), np.float32)
        first = max(start, self._end - len(self._ring), 0)
        last = min(stop, self.silent_from)
        if first < last:
            at, into = first % len(self._ring), first - start
            head = min(last - first, len(self._ring) - at)
            out[into : into + head] = self._ring[at : at + head]
            out[into + head : last - start] = self._ring[: last - first - head]
        return out
