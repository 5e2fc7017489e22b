"""Measures how loud it is, how loud the noise is, and whether somebody speaks."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.heard import Reading
from voiceguide.core.rates import HOP_SECONDS

LOWEST_DBFS = -95.0
"""The lowest level that is read: half a step of 16-bit sound, so that silence has a finite
level."""


@dataclass(frozen=True, slots=True)
class NoiseSettings:
    """How the meter follows the noise; ``scripts/bench_ears`` chose the figures."""

    lowest_hz: float = 150.0
    highest_hz: float = 5500.0
    bands: int = 16
    """Logarithmic bands between these two. Speech seldom covers all of them, steady noise always
    does."""
    active_db: float = 4.5
    """A hop counts as speech where its bands lie this far above their floors, on average."""
    first_hops: int = 30
    """The floors begin as the mean of so many hops; none of these counts as speech."""
    fall_share: float = 0.10
    """The share of the distance by which a floor falls in a hop, where the sound is below it."""
    follow_share: float = 0.015
    """The share by which it rises, while nobody speaks."""
    rise_db_per_second: float = 1.0
    """How fast a floor rises under speech."""
    settle_seconds: float = 2.0
    """Sound without a pause for this long is no speech: somebody opened a tap."""
    settle_db_per_second: float = 25.0
    """How fast the floor then rises."""


class NoiseMeter:
    """Reads sound hop by hop and learns the noise under it; deterministic, no clock."""

    def __init__(self, sample_rate_hz: int, settings: NoiseSettings | None = None) -> None:
        self._settings = settings or NoiseSettings()
        self._hop = round(sample_rate_hz * HOP_SECONDS)
        self._window = 2 * self._hop
        self._fft = 1 << (self._window - 1).bit_length()
        self._taper = np.hanning(self._window).astype(np.float32)
        edges = np.geomspace(
            self._settings.lowest_hz, self._settings.highest_hz, self._settings.bands + 1
        )
        bins = np.fft.rfftfreq(self._fft, 1 / sample_rate_hz)
        weights = [
            ((bins >= low) & (bins < high)).astype(np.float32)
            for low, high in itertools.pairwise(edges)
        ]
        # A narrow band that falls between two bins takes the nearest one.
        for weight, (low, high) in zip(weights, itertools.pairwise(edges), strict=True):
            if not weight.any():
                weight[np.argmin(np.abs(bins - (low + high) / 2))] = 1.0
        self._weights = np.stack(weights, axis=1)
        self._scale = 1.0 / (self._fft / 2 * float(np.sum(self._taper**2)))
        self._pending = np.zeros(self._window - self._hop, np.float32)
        self._floors: list[float] = []
        self._smooth: list[float] = []
        self._active_hops = 0
        self._hops = 0
        self.bands_db = np.full(self._settings.bands, LOWEST_DBFS)
        """The level of each band in the hops that were read last."""

    def read(self, samples: NDArray[np.float32]) -> tuple[Reading, ...]:
        """The readings of the hops that these samples complete; they are within ±1, shape (n,)."""
        sound = np.concatenate((self._pending, samples))
        hops = (len(sound) - self._window) // self._hop + 1
        if hops <= 0:
            self._pending = sound
            return ()
        halves = sound[: (hops + 1) * self._hop].reshape(-1, self._hop)
        frames = np.concatenate((halves[:-1], halves[1:]), axis=1)
        self._pending = sound[hops * self._hop :]
        spectrum = np.abs(np.fft.rfft(frames * self._taper, self._fft)) ** 2 * self._scale
        lowest = 10 ** (LOWEST_DBFS / 10) / self._settings.bands
        powers = (spectrum @ self._weights).astype(np.float64) + lowest
        levels = 10 * np.log10(powers)
        self.bands_db = 10 * np.log10(powers.sum(axis=0) / hops)
        if not self._hops:
            self._floors = self._smooth = levels[0].tolist()
        active: list[bool] = []
        floors: list[list[float]] = []
        for level in levels.tolist():
            active.append(self._follow(level))
            floors.append(self._floors)
        # All hops at once, for each call costs time, however small the array.
        quiet = np.exp(np.array(floors) * (math.log(10) / 10))
        sums = 10 * np.log10(np.stack((powers.sum(axis=1), quiet.sum(axis=1))))
        return tuple(itertools.starmap(Reading, zip(*sums.tolist(), active, strict=True)))

    def _follow(self, levels: list[float]) -> bool:
        """Learn from the bands of one hop in dB; whether they are speech."""
        # Lists, and no calls: with so few numbers one of numpy's would cost more than all of this.
        settings = self._settings
        self._smooth = smooth = [
            old + (new - old) / 3 for old, new in zip(self._smooth, levels, strict=True)
        ]
        floors = self._floors
        above = [level - floor for level, floor in zip(smooth, floors, strict=True)]
        activity = sum([(rise if rise < 30.0 else 30.0) for rise in above if rise > 0])
        active = activity / settings.bands >= settings.active_db
        self._hops += 1
        if self._hops <= settings.first_hops:
            # A single hop of noise is far from the mean, so the floors begin with a plain average.
            self._active_hops = 0
            hops = self._hops
            self._floors = [floor + rise / hops for floor, rise in zip(floors, above, strict=True)]
            return False
        self._active_hops = self._active_hops + 1 if active else 0
        fall, share = settings.fall_share, settings.follow_share
        if active:
            settled = self._active_hops * HOP_SECONDS > settings.settle_seconds
            speed = settings.settle_db_per_second if settled else settings.rise_db_per_second
            most = speed * HOP_SECONDS
            self._floors = [
                floor + (rise * fall if rise < 0 else rise if rise < most else most)
                for floor, rise in zip(floors, above, strict=True)
            ]
        else:
            self._floors = [
                floor + rise * (fall if rise < 0 else share)
                for floor, rise in zip(floors, above, strict=True)
            ]
        return active
