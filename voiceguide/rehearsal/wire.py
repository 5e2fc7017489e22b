"""What real devices do to sound: from the samples that are played to what leaves the loudspeaker.

Two devices have two clocks (drift) and buffers of their own (delay), which a busy system now and
then sets up again (jumps); and a small loudspeaker distorts what it plays.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

TAPS = 32
"""Length of the filter that interpolates between samples."""
_OFFSETS = np.arange(-TAPS // 2 + 1, TAPS // 2 + 1)
"""The samples that it reads, counted from the last one before a place."""
_WINDOW = 2 * np.pi / (TAPS + 2)
_WINDOWS = np.where(_OFFSETS % 2, -1, 1) * np.stack(
    (np.ones(TAPS), np.cos(_WINDOW * _OFFSETS), np.sin(_WINDOW * _OFFSETS))
)
"""The filter's window as a sum of three terms, (3, TAPS): a constant, and the cosine and the sine
of a place's angle; the sign is that of the sinc at each tap."""
_NO_PART = 1e-20
"""Stands for a place exactly on a sample, where the filter would divide 0 by 0."""
PEAK_OVER_ACTIVE_DB = 12.0
"""How far the peaks of speech are over its active level; the distortion is given for the peaks."""
SECOND, THIRD = 0.6, 0.8
"""Shares of the second and the third harmonic in the distortion; their squares add up to 1."""


@dataclass(frozen=True, slots=True)
class Devices:
    """A speaker and a microphone; the defaults are one sound card."""

    delay_seconds: float = 0.04
    """Delay from playing a sample until it leaves the loudspeaker; usual for a sound card."""
    drift_ppm: float = 0.0
    """By how many millionths the speaker's clock is slower than the microphone's."""
    jumps: tuple[tuple[float, float], ...] = ()
    """Changes of the delay as (time, new delay), in seconds and in the order of time."""
    distortion_percent: float = 0.0
    """Level of the harmonics over that of a tone as loud as the peaks of the narration."""


class Wire:
    """Delays, drifts and distorts an endless sound, block by block; deterministic.

    Args:
        narration_db: active level of the narration as it is played.
        sample_rate_hz: of the sound.
    """

    def __init__(self, devices: Devices, narration_db: float, sample_rate_hz: int) -> None:
        if any(later[0] < sooner[0] for sooner, later in pairwise(devices.jumps)):
            raise ValueError("the jumps of the delay must be in the order of time")
        self._devices = devices
        self._rate = sample_rate_hz
        self._peak = 10 ** ((narration_db + PEAK_OVER_ACTIVE_DB) / 20)
        self._kept = np.zeros(0, np.float64)
        """What was played from sample ``_kept_from`` on; only the first ``_count`` of it count."""
        self._kept_from = 0
        self._count = 0
        self._position = 0

    def delay_seconds(self, at_seconds: float) -> float:
        """The delay at a time; drift cannot make it negative."""
        delay = self._devices.delay_seconds
        for start, changed in self._devices.jumps:
            if at_seconds >= start:
                delay = changed
        return max(0.0, delay + self._devices.drift_ppm * 1e-6 * at_seconds)

    def feed(self, block: Samples) -> Samples:
        """The block that leaves the loudspeaker while this block is played."""
        self._keep(self._distorted(block.astype(np.float64)))
        start, count = self._position, len(block)
        self._position += count
        delay = self.delay_seconds(start / self._rate)
        grown = self.delay_seconds(self._position / self._rate) - delay
        # Within a block the drift is so small that it can be taken as linear.
        drift = grown * self._rate if abs(grown) < 1e-3 else 0.0
        late = delay * self._rate
        if not drift and late.is_integer():
            first = start - int(late)
            out = self._run(first, count)
        else:
            places = np.arange(start, start + count) - late - drift * np.arange(count) / count
            first = int(places[0])
            out = self._read(places)
        self._forget(first - self._rate)
        return out.astype(np.float32)

    def _keep(self, sound: NDArray[np.float64]) -> None:
        end = self._count + len(sound)
        if end > len(self._kept):
            self._kept = np.concatenate((self._kept, np.zeros(end + 2 * self._rate)))
        self._kept[self._count : end] = sound
        self._count = end

    def _distorted(self, sound: NDArray[np.float64]) -> NDArray[np.float64]:
        share = self._devices.distortion_percent / 100
        if not share:
            return sound
        unit = np.clip(sound / self._peak, -1.5, 1.5)
        bent = sound / self._peak + share * (2 * SECOND * unit**2 - 4 * THIRD * unit**3)
        return bent * self._peak

    def _run(self, first: int, count: int) -> NDArray[np.float64]:
        """`count` samples of the kept sound, from `first` on."""
        out = np.zeros(count)
        start = first - self._kept_from
        begin, end = max(start, 0), min(start + count, self._count)
        if begin < end:
            out[begin - start : end - start] = self._kept[begin:end]
        return out

    def _read(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """The kept sound at any points between its samples; silence where nothing is kept."""
        whole = np.floor(places)
        past = np.maximum(places - whole, _NO_PART)
        first = int(whole[0]) + int(_OFFSETS[0])
        span = self._run(first, int(whole[-1] - whole[0]) + TAPS)
        if not span.any():
            return np.zeros(len(places))
        rows = sliding_window_view(span, TAPS)[(whole - whole[0]).astype(np.intp)]
        # sin π(x − k) is ±sin πx, and cos² of half an angle is half of 1 and of the angle's cosine,
        # that of a difference: so two sines and a cosine do for a sample, not two for each tap.
        # Past the middle the sine is taken from the other end, where it loses no digits.
        sine = np.sin(np.pi * np.minimum(past, 1 - past)) / (2 * np.pi)
        angle = _WINDOW * past
        window = np.stack((np.ones_like(past), np.cos(angle), np.sin(angle)), axis=1) @ _WINDOWS
        read: NDArray[np.float64] = (rows * window / (past[:, None] - _OFFSETS)).sum(axis=1) * sine
        return read

    def _forget(self, before: int) -> None:
        drop = before - self._kept_from
        if drop > self._rate:
            self._count -= drop
            self._kept[: self._count] = self._kept[drop : drop + self._count]
            self._kept_from = before
