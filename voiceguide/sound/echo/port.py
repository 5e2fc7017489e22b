"""The port of the echo canceller, and the one that leaves the echo to the sound system's own."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

INT16_FULL_SCALE = 32768.0
USUALLY_SOFTER_DB = 10.0
"""Without any canceller a guide comes back at most about this much softer than it is played; what
is softer still, a canceller has taken out."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Energies of one block: sums over its samples."""

    recorded: float = 0.0
    explained: float = 0.0
    """Of what was recorded times the expected echo."""
    echo: float = 0.0
    """Of the expected echo."""
    left: float = 0.0
    """Of what was recorded without the expected echo."""


class Canceller(Protocol):
    """Takes what was played out of what was recorded, block by block; deterministic.

    `Front` gives it the very samples at the time at which they come back; `EchoCanceller` is ours.
    """

    measure: Measure | None
    """How well the last block's echo was known; None where there can be none."""

    def cancel(
        self, recorded: NDArray[np.int16], played: Samples, *, learns: bool = True
    ) -> NDArray[np.int16]:
        """The recorded block without the echo of what was played until its end.

        ``played`` are the samples sent to the loudspeaker while the block was recorded, shape
        and rate as ``recorded``, within ±1. Without ``learns`` nothing is learnt or measured of
        it: for sound that teaches nothing, as a chord does.
        """

    @property
    def span(self) -> int:
        """Samples of what was played that ``realign`` wants."""

    def realign(self, played_before: Samples, later_samples: int) -> None:
        """What is played comes ``later_samples`` later in the blocks from now on than it did.

        ``played_before`` is what was played until now as it would have been given.
        """

    def learnt(self) -> Any:
        """What has been learnt so far, for ``relearn``; nobody else looks into it."""

    def relearn(self, learnt: Any) -> None:
        """Go back to what had been learnt then."""


class SystemCanceller:
    """Leaves every block as it is: the sound system has taken the echo out already.

    How well it has done so shows by how much softer than played the guide comes back.
    """

    span = 0

    def __init__(self) -> None:
        self.measure: Measure | None = None

    def cancel(
        self, recorded: NDArray[np.int16], played: Samples, *, learns: bool = True
    ) -> NDArray[np.int16]:
        """The block as it is."""
        if not learns or not played.any():
            self.measure = None
            return recorded
        expected = float(np.sum(played.astype(np.float64) ** 2)) * 10 ** (-USUALLY_SOFTER_DB / 10)
        left = float(np.sum((recorded / INT16_FULL_SCALE) ** 2))
        self.measure = Measure(recorded=expected, left=left)
        return recorded

    def realign(self, played_before: Samples, later_samples: int) -> None:
        """Nothing depends on when it comes back."""

    def learnt(self) -> None:
        """Nothing."""

    def relearn(self, learnt: None) -> None:
        """Nothing was learnt."""
