"""Measures how loud it is, how loud the noise is, and whether somebody speaks."""

import itertools
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
        self._floors = np.zeros(self._settings.bands)
        self._smooth = np.zeros(self._settings.bands)
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
        starts = np.arange(hops) * self._hop
        frames = sound[starts[:, None] + np.arange(self._window)]
        self._pending = sound[hops * self._hop :]
        spectrum = np.abs(np.fft.rfft(frames * self._taper, self._fft)) ** 2 * self._scale
        powers = (spectrum @ self._weights).astype(np.float64)
        lowest = 10 ** (LOWEST_DBFS / 10) / self._settings.bands
        levels = 10 * np.log10(powers + lowest)
        self.bands_db = 10 * np.log10(powers.mean(axis=0) + lowest)
        if not self._hops:
            self._floors, self._smooth = levels[0].copy(), levels[0].copy()
        floors = np.empty_like(levels)
        found: list[tuple[float, bool]] = []
        for level, floor in zip(levels, floors, strict=True):
            found.append(self._follow(level))
            floor[:] = self._floors
        # All hops at once, for each call costs time, however small the array.
        sums = 10 * np.log10(np.sum(10 ** (np.stack((levels, floors)) / 10), axis=2))
        return tuple(
            Reading(level, floor, active)
            for level, floor, (activity, active) in zip(*sums.tolist(), found, strict=True)
        )

    def _follow(self, levels: NDArray[np.float64]) -> tuple[float, bool]:
        """Learn from the bands of one hop in dB: how far they rise above their floors, and whether
        that is speech.
        """
        settings = self._settings
        self._smooth += (levels - self._smooth) / 3
        above = self._smooth - self._floors
        activity = float(np.minimum(np.maximum(above, 0.0), 30.0).sum()) / settings.bands
        active = activity >= settings.active_db
        self._hops += 1
        if self._hops <= settings.first_hops:
            # A single hop of noise is far from the mean, so the floors begin with a plain average.
            self._floors += above / self._hops
            above = np.zeros_like(above)
            active = False
        self._active_hops = self._active_hops + 1 if active else 0
        if self._active_hops * HOP_SECONDS > settings.settle_seconds:
            up = np.minimum(above, settings.settle_db_per_second * HOP_SECONDS)
        elif active:
            up = np.minimum(above, settings.rise_db_per_second * HOP_SECONDS)
        else:
            up = above * settings.follow_share
        self._floors += np.where(above < 0, above * settings.fall_share, up)
        return activity, active
