"""From the samples played to the sound that leaves the loudspeaker: what real devices do to it.

Two devices have two clocks (drift), buffers of their own (delay), which a busy system now and then
sets anew (jumps), and a small loudspeaker bends what it plays (distortion).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

TAPS = 32
"""Of the filter that reads between two samples."""
PEAK_OVER_ACTIVE_DB = 12.0
"""Speech peaks about this much over its active level; there distortion is as told."""
SECOND, THIRD = 0.6, 0.8
"""Shares of the second and the third harmonic of a tone; their squares add up to 1."""


@dataclass(frozen=True, slots=True)
class Devices:
    """A speaker and a microphone; the defaults are one sound card."""

    delay_seconds: float = 0.04
    """What is played leaves the loudspeaker this much later, as on a common sound card."""
    drift_ppm: float = 0.0
    """The speaker's clock is this much slower than the microphone's, in millionths."""
    jumps: tuple[tuple[float, float], ...] = ()
    """Changes of the delay: from which second on it is how many seconds, in the order of time."""
    distortion_percent: float = 0.0
    """Harmonics of a tone that is as loud as the peaks of the narration, over the tone itself."""


class Wire:
    """Delays, drifts and distorts an endless sound, block by block; deterministic.

    Args:
        narration_db: active level of narration as it is played.
        sample_rate_hz: of the sound.
    """

    def __init__(self, devices: Devices, narration_db: float, sample_rate_hz: int) -> None:
        if any(later[0] < sooner[0] for sooner, later in pairwise(devices.jumps)):
            raise ValueError("the jumps of the delay must be in the order of time")
        self._devices = devices
        self._rate = sample_rate_hz
        self._peak = 10 ** ((narration_db + PEAK_OVER_ACTIVE_DB) / 20)
        self._kept = np.zeros(0, np.float64)
        """What was played, from ``_kept_from`` on."""
        self._kept_from = 0
        self._position = 0

    def delay_seconds(self, at_seconds: float) -> float:
        """How late the speaker is at a time; a drift can not make it less than nothing."""
        delay = self._devices.delay_seconds
        for start, changed in self._devices.jumps:
            if at_seconds >= start:
                delay = changed
        return max(0.0, delay + self._devices.drift_ppm * 1e-6 * at_seconds)

    def feed(self, block: Samples) -> Samples:
        """What leaves the loudspeaker while this block is played."""
        self._kept = np.concatenate((self._kept, self._distorted(block.astype(np.float64))))
        now = self._position / self._rate
        self._position += len(block)
        places = np.arange(self._position - len(block), self._position, dtype=np.float64)
        places -= self.delay_seconds(now) * self._rate
        # Within a block the clock runs off by so little that a straight line describes it.
        after = self.delay_seconds(now + len(block) / self._rate)
        if abs(after - self.delay_seconds(now)) < 1e-3:
            drift = (after - self.delay_seconds(now)) * self._rate
            places -= drift * np.arange(len(block)) / len(block)
        out = self._read(places).astype(np.float32)
        self._forget(int(places[0]) - self._rate)
        return out

    def _distorted(self, sound: NDArray[np.float64]) -> NDArray[np.float64]:
        share = self._devices.distortion_percent / 100
        if not share:
            return sound
        unit = np.clip(sound / self._peak, -1.5, 1.5)
        bent = sound / self._peak + share * (2 * SECOND * unit**2 - 4 * THIRD * unit**3)
        return bent * self._peak

    def _read(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """The kept sound at any places, between its samples too; silence where nothing is kept."""
        if not (places % 1).any():
            return self._at(places.astype(np.intp))
        whole = np.floor(places).astype(np.intp)
        offsets = np.arange(-TAPS // 2 + 1, TAPS // 2 + 1)
        distance = (places - whole)[:, None] - offsets
        filter_ = np.sinc(distance) * np.cos(np.pi * distance / (TAPS + 2)) ** 2
        read: NDArray[np.float64] = (self._at(whole[:, None] + offsets) * filter_).sum(axis=1)
        return read

    def _at(self, positions: NDArray[np.intp]) -> NDArray[np.float64]:
        index = positions - self._kept_from
        inside = (index >= 0) & (index < len(self._kept))
        return np.where(inside, self._kept[np.clip(index, 0, len(self._kept) - 1)], 0.0)

    def _forget(self, before: int) -> None:
        drop = before - self._kept_from
        if drop > self._rate:
            self._kept = self._kept[drop:]
            self._kept_from = before
