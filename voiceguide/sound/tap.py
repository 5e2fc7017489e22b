"""Notices a tap: steady, broad sound that began while the ears listened, and then is gone.

Within two seconds, talk, clatter and music leave gaps in every band, and water leaves none. So the
low edge of the last two seconds counts, band by band. Where it rises in nearly all bands together
and stays there, a tap was opened; where it has been back near the room's own quiet for some
seconds, it was closed. Water that ran from the beginning counts as the room's own noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class TapSettings:
    """Figures of the tap watch; ``scripts/bench_tap`` chose them."""

    edge_seconds: float = 2.0
    """How much sound the low edge is taken of, for a beginning …"""
    end_edge_seconds: float = 1.0
    """… and for an end."""
    edge_share: float = 0.15
    """In each band, this share of the sound is below the low edge."""
    first_seconds: float = 3.0
    """What sounds in the first seconds is the room's own noise."""
    first_band: int = 5
    """Bands below this one (400 Hz) are ignored: fans and traffic sound there."""
    rise_db: float = 7.0
    """It may be water where the low edge rises by this over the room's own, as a mean of the bands
    …"""
    spread: float = 0.75
    """… if this share of the bands rise by half of that, for in talk some stay low …"""
    steady_db: float = 10.0
    """… and if the high edge is no more than this above the low one, as a mean of the bands …"""
    begin_seconds: float = 1.5
    """… for so long."""
    gone_share: float = 0.35
    """Water is gone when no more than this share of its rise is left …"""
    gone_db: float = 4.0
    """… or no more than this …"""
    gone_seconds: float = 3.5
    """… for so long."""
    room_rise_db_per_second: float = 0.4
    """How fast the room's own noise may rise."""
    room_fall_share: float = 0.2
    """The share of the distance by which it falls in a second."""


class Latest:
    """The latest rows of figures, without moving all of them for each new one."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._added = 0
        self._rows: NDArray[np.float64] | None = None
        """Each row twice, so that the latest ones always stand together, in their order."""

    def with_next(self, row: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Add a row; the latest rows, the newest last, shape (count, n). None until there are so
        many. They hold until the next call.
        """
        if self._rows is None:
            self._rows = np.zeros((2 * self._count, len(row)))
        at = self._added % self._count
        self._rows[at] = self._rows[at + self._count] = row
        self._added += 1
        if self._added < self._count:
            return None
        return self._rows[at + 1 : at + 1 + self._count]


class TapWatch:
    """Follows the level of each band. Deterministic: the blocks are its clock.

    Args:
        block_seconds: the length of a block.
    """

    def __init__(self, block_seconds: float, settings: TapSettings | None = None) -> None:
        self._limits = settings or TapSettings()
        self._block = block_seconds
        self._last = Latest(self._blocks(self._limits.edge_seconds))
        self._room: NDArray[np.float64] | None = None
        self._heard_seconds = 0.0
        self._rise_db = 0.0
        """How far the water that runs rose over the room's own noise."""
        self._so_for = 0.0
        """For how long it has looked as if ``runs`` changes."""
        self.runs = False
        """Whether water runs that began while the ears listened."""
        self.times_closed = 0
        """How often such water stopped."""

    def take(self, levels_db: NDArray[np.float64]) -> None:
        """Take in a block in which the guide does not sound: the level in each band of
        ``NoiseMeter``.
        """
        limits = self._limits
        sound = self._last.with_next(levels_db[limits.first_band :])
        self._heard_seconds += self._block
        if sound is None:
            return
        if self.runs and self._room is not None:
            # Over less sound, so that water that comes back at once is the same water.
            recent = sound[-self._blocks(limits.end_edge_seconds) :]
            self._look_for_end(self._edges(recent)[0] - self._room)
            return
        low, high = self._edges(sound)
        if self._room is None or self._heard_seconds < limits.first_seconds:
            self._room = low
            return
        is_steady = float((high - low).mean()) <= limits.steady_db
        self._look_for_beginning(low - self._room, is_steady)

    def _blocks(self, seconds: float) -> int:
        return max(3, round(seconds / self._block))

    def _edges(self, sound: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The low and the high edge of these blocks, in each band."""
        low = round(self._limits.edge_share * (len(sound) - 1))
        high = len(sound) - 1 - low
        parts = np.partition(sound, (low, high), axis=0)
        return parts[low].copy(), parts[high].copy()

    def _look_for_beginning(self, above: NDArray[np.float64], is_steady: bool) -> None:
        limits = self._limits
        rises = is_steady and float(above.mean()) >= limits.rise_db
        if rises and float(np.mean(above >= limits.rise_db / 2)) >= limits.spread:
            self._so_for += self._block
            if self._so_for >= limits.begin_seconds - 1e-9:
                self.runs, self._rise_db, self._so_for = True, float(above.mean()), 0.0
            return
        self._so_for = 0.0
        assert self._room is not None
        up = np.minimum(above, limits.room_rise_db_per_second * self._block)
        down = above * limits.room_fall_share * self._block
        self._room += np.where(above > 0, up, down)

    def _look_for_end(self, above: NDArray[np.float64]) -> None:
        limits = self._limits
        mean = float(above.mean())
        self._rise_db = max(mean, self._rise_db - 0.5 * self._block)
        if mean > max(limits.gone_db, limits.gone_share * self._rise_db):
            self._so_for = 0.0
            return
        self._so_for += self._block
        if self._so_for >= limits.gone_seconds - 1e-9:
            self.runs, self._so_for = False, 0.0
            self.times_closed += 1
