"""How narration becomes softer while somebody speaks over it: a lease, not a switch.

Whoever hears somebody says so again and again; when nobody does any more, the narration comes back
by itself, on the timeline's own samples. So there is nothing to restore on any path: ears that
break, a microphone that is unplugged or a thread that dies end the ducking like silence does.
"""

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

DEPTH_DB = 12.0
FALL_SECONDS = 0.03
"""To be down within 60 ms of the call, the speaker's buffer included."""
HOLD_SECONDS = 0.5
"""It stays down for this long after the last call: longer than the silence inside a word and the
0.15–0.3 s after it in which it is decided."""
RISE_SECONDS = 0.2
"""Then back: after 0.7 s in all."""
LONGEST_SECONDS = 3.0
"""Longer than any command. It does not wait for who talks on: that may be a radio."""


class Duck:
    """The gain of narration on the output timeline; all positions are its samples.

    What it gives depends on the calls and their positions only, and not on the blocks asked for.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._fall = FALL_SECONDS * sample_rate_hz
        self._rise = RISE_SECONDS * sample_rate_hz
        self._hold = round(HOLD_SECONDS * sample_rate_hz)
        self._longest = round(LONGEST_SECONDS * sample_rate_hz)
        self._from = 0
        self._depth = 0.0
        """The depth at ``_from``, 0 for none and 1 for all of it."""
        self._until = 0
        """It falls from ``_from`` until here, and rises after it."""
        self._began = 0
        self._called: int | None = None

    def hold(self, position: int) -> None:
        """Somebody is heard: be down from ``position`` on, for a while."""
        if self._called is None or position - self._called > self._hold:
            self._began = position
        self._called = position
        until = min(position + self._hold, self._began + self._longest)
        if until > position:
            self._from, self._depth, self._until = position, self._at(position), until

    def release(self, position: int) -> None:
        """Come back from ``position`` on."""
        if self._until > position:
            self._from, self._depth, self._until = position, self._at(position), position

    def gain_db(self, position: int) -> float:
        """The gain at a position at or after the last call, 0 to −12 dB."""
        return -DEPTH_DB * self._at(position) if self._reaches(position) else 0.0

    def gains(self, start: int, stop: int) -> Samples | None:
        """A factor for each sample between two positions; None when all of them are 1."""
        if not self._reaches(start):
            return None
        positions = np.arange(start, stop, dtype=np.float64)
        depth = self._curve(positions)
        return np.asarray(np.power(10.0, -DEPTH_DB / 20 * depth), np.float32)

    def _reaches(self, position: int) -> bool:
        """Whether anything is softer at a position, or can be after it, without another call."""
        return self._called is not None and position < self._until + self._rise

    def _at(self, position: int) -> float:
        return float(self._curve(np.array([position], np.float64))[0])

    def _curve(self, positions: NDArray[np.float64]) -> NDArray[np.float64]:
        """The depth at each position."""
        fallen = np.minimum(self._depth + (positions - self._from) / self._fall, 1.0)
        deepest = min(self._depth + (self._until - self._from) / self._fall, 1.0)
        risen = np.maximum(deepest - (positions - self._until) / self._rise, 0.0)
        depth: NDArray[np.float64] = np.where(positions < self._until, fallen, risen)
        return depth
