"""Chooses the channel of a microphone to listen to: the best one, never the mean of several.

In a mean, two capsules in opposite phase cancel each other out, an array whose first channel holds
the processed voice loses 14 dB, and one dead channel of two costs 6 dB.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FORGET_SECONDS = 2.0
"""Levels count a third after this time."""
BETTER = 4.0
"""How many times as strong another channel must be before it is chosen instead: 6 dB."""
CLIPPED = 32_000
"""A sample above this is clipped."""
CLIPPED_SHARE = 0.02
OPPOSITE = -0.5
"""Below this correlation two channels are in opposite phase."""
FAINT = 1.0 / 400
"""A channel with less than this share of the strongest one's power is useless: 26 dB less."""


@dataclass(frozen=True, slots=True)
class ChannelsFound:
    """What is known of the channels of a microphone."""

    count: int
    chosen: int
    """The channel that is listened to, counted from 0."""
    dead: tuple[int, ...]
    """The channels that give nothing, or hardly anything beside the strongest."""
    is_opposite: bool
    """Whether two of them are in opposite phase."""

    def text(self) -> str:
        """The same in words; empty where nothing is unusual."""
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
    """Takes one channel out of the blocks of a stream.

    Args:
        rate_hz: samples a second in each channel.
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
        """The chosen channel, shape (n,), of a block of shape (n, channels)."""
        if block.shape[1] > 1 and len(block):
            self._weigh(block)
        return np.ascontiguousarray(block[:, min(self._chosen, block.shape[1] - 1)])

    def found(self) -> ChannelsFound:
        """What is known of the channels so far."""
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
        sound = block.T.astype(np.float64)
        sound -= sound.sum(axis=1, keepdims=True) / len(block)
        products = sound @ sound.T / len(block)
        power = products.diagonal()
        keep = math.exp(-len(block) / self._rate / FORGET_SECONDS)
        useful = power
        if block.max() >= CLIPPED or block.min() <= -CLIPPED:
            clipped = (np.abs(block.astype(np.int32)) >= CLIPPED).mean(axis=0) > CLIPPED_SHARE
            # A clipped channel is loud, and useless.
            useful = np.where(clipped, 0.0, power)
        if self._power is None or self._total is None:
            self._power, self._total = useful, np.zeros(len(power))
        self._power = keep * self._power + (1 - keep) * useful
        self._total = self._total + power
        first, second = np.argsort(self._total)[-2:]
        self._products += float(products[first, second])
        if self._fixed is None:
            best = int(np.argmax(self._power))
            now = self._power[self._chosen]
            if self._power[best] > BETTER * now:
                self._chosen = best
