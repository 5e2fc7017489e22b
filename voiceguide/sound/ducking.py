"""Makes narration softer while somebody speaks over it: by a lease, not by a switch.

Whoever hears somebody speak asks for it block by block; after the last asking the narration comes
back by itself, on the timeline's own samples. So nothing ever has to be restored: ears that break,
a microphone that is unplugged or a thread that dies end the ducking just as silence does.
"""

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

DEPTH_DB = 12.0
FALL_SECONDS = 0.03
"""It is down within 60 ms of the call, the speaker's buffer included."""
HOLD_SECONDS = 0.5
"""How long it stays down after the last call: longer than the silence inside a word, and than the
0.15–0.3 s after the word in which it is decided."""
RISE_SECONDS = 0.2
"""How long it takes to come back: it is there 0.7 s after the last call."""
LONGEST_SECONDS = 3.0
"""The longest ducking, which is longer than any command: whoever talks on may be a radio."""


class Duck:
    """The gain of narration on the output timeline; all positions are samples of it.

    The gain depends only on the calls and their positions, not on the blocks that are asked for.
    """

    def __init__(self, sample_rate_hz: int) -> None:
        self._fall = FALL_SECONDS * sample_rate_hz
        self._rise = RISE_SECONDS * sample_rate_hz
        self._hold = round(HOLD_SECONDS * sample_rate_hz)
        self._longest = round(LONGEST_SECONDS * sample_rate_hz)
        self._from = 0
        self._depth = 0.0
        """The depth at ``_from``: 0 for none, 1 for all of it."""
        self._until = 0
        """It falls from ``_from`` until here, and rises after it."""
        self._began = 0
        self._called: int | None = None

    def hold(self, position: int) -> None:
        """Somebody is heard: be softer for a while from ``position`` on."""
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
        """The gain at a position, 0 to −12 dB; not before the last call."""
        return -DEPTH_DB * self._at(position) if self._reaches(position) else 0.0

    def gains(self, start: int, stop: int) -> Samples | None:
        """A factor for each sample between two positions; None where all of them are 1."""
        if not self._reaches(start):
            return None
        positions = np.arange(start, stop, dtype=np.float64)
        depth = self._curve(positions)
        return np.asarray(np.power(10.0, -DEPTH_DB / 20 * depth), np.float32)

    def _reaches(self, position: int) -> bool:
        """Whether the narration is softer at a position or after it, if no other call comes."""
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
