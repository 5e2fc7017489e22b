"""Which channel of a microphone is listened to: the best one, and never the mean of several.

Two capsules in opposite phase cancel each other out in a mean; an array whose first channel holds
the processed voice loses 14 dB in it; one dead channel of two loses 6.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORGET_SECONDS = 2.0
"""Levels from this long ago count a third."""
BETTER = 4.0
"""Power by which another channel must be stronger before it is changed to: 6 dB."""
CLIPPED = 32_000
"""Samples above this are at the end of their range."""
CLIPPED_SHARE = 0.02
OPPOSITE = -0.5
"""Correlation below which two channels are in opposite phase."""
FAINT = 1.0 / 400
"""Power, of the strongest channel's, below which a channel is of no use: 26 dB less."""


@dataclass(frozen=True, slots=True)
class ChannelsFound:
    """What the channels of a microphone have been like."""

    count: int
    chosen: int
    """Counted from 0."""
    dead: tuple[int, ...]
    """Those that give nothing, or hardly anything beside the strongest."""
    is_opposite: bool
    """Whether two of them are in opposite phase."""

    def text(self) -> str:
        """In words; empty where there is nothing to tell."""
        if self.count < 2:
            return ""
        words = [f"{self.count} channels, number {self.chosen + 1} is used"]
        if self.is_opposite:
            words.append("two of them are in opposite phase")
        if self.dead:
            numbers = ", ".join(str(each + 1) for each in self.dead)
            words.append(f"number {numbers} gives nothing")
        return "; ".join(words) if len(words) > 1 or self.count > 2 else ""


class ChannelChooser:
    """Takes one channel out of blocks that belong together.

    Args:
        rate_hz: samples a second.
        fixed: the channel to take, counted from 0; None for the best.
    """

    def __init__(self, rate_hz: int, fixed: int | None = None) -> None:
        self._rate = rate_hz
        self._fixed = fixed
        self._chosen = fixed or 0
        self._power: NDArray[np.float64] | None = None
        self._total: NDArray[np.float64] | None = None
        self._products = 0.0

    def take(self, block: NDArray[np.int16]) -> NDArray[np.int16]:
        """The channel that is listened to, shape (n,), of a block of shape (n, channels)."""
        if block.shape[1] > 1 and len(block):
            self._weigh(block)
        return np.ascontiguousarray(block[:, min(self._chosen, block.shape[1] - 1)])

    def found(self) -> ChannelsFound:
        """What the channels have been like so far."""
        total = self._total
        if total is None:
            return ChannelsFound(1, self._chosen, (), False)
        faint = total < max(1.0, float(total.max())) * FAINT
        loudest = np.sqrt(np.sort(total)[-2:].prod())
        return ChannelsFound(
            len(total),
            self._chosen,
            tuple(int(each) for each in np.flatnonzero(faint)),
            bool(loudest > 1.0 and self._products / loudest < OPPOSITE),
        )

    def _weigh(self, block: NDArray[np.int16]) -> None:
        centred = block - block.mean(axis=0)
        power = np.square(centred).mean(axis=0)
        keep = np.exp(-len(block) / self._rate / FORGET_SECONDS)
        clipped = (np.abs(block.astype(np.int32)) >= CLIPPED).mean(axis=0) > CLIPPED_SHARE
        # What is clipped is loud, and of no use.
        useful = np.where(clipped, 0.0, power)
        if self._power is None or self._total is None:
            self._power, self._total = useful, np.zeros(len(power))
        self._power = keep * self._power + (1 - keep) * useful
        self._total = self._total + power
        first, second = np.argsort(self._total)[-2:]
        self._products += float((centred[:, first] * centred[:, second]).mean())
        if self._fixed is None:
            best = int(np.argmax(self._power))
            now = self._power[self._chosen]
            if self._power[best] > BETTER * now:
                self._chosen = best
