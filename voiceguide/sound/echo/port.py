"""The port of the echo cancellers, and the one that leaves the work to the sound system."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

INT16_FULL_SCALE = 32768.0
USUALLY_SOFTER_DB = 10.0
"""Without any canceller, the guide comes back at most about this much softer than it is played;
where it is softer, a canceller is at work."""


@dataclass(frozen=True, slots=True)
class Measure:
    """The energies of one block, summed over its samples."""

    recorded: float = 0.0
    explained: float = 0.0
    """The sum of what was recorded times the expected echo."""
    echo: float = 0.0
    """The energy of the expected echo."""
    left: float = 0.0
    """The energy of what was recorded, without the expected echo."""


class Canceller(Protocol):
    """Takes what was played out of what was recorded, block by block. Deterministic.

    `Front` gives it the played samples at the time when they come back; `EchoCanceller` is
    voiceguide's own.
    """

    measure: Measure | None
    """How well the last block's echo was known; None where there can be none."""

    def cancel(
        self, recorded: NDArray[np.int16], played: Samples, *, learns: bool = True
    ) -> NDArray[np.int16]:
        """The recorded block without the echo of what was played until its end.

        Args:
            played: the samples sent to the loudspeaker while the block was recorded, with its shape
                and rate, within ±1.
            learns: False for sound from which nothing can be learnt, such as a chord; nothing is
                measured then.
        """

    @property
    def span(self) -> int:
        """How many played samples ``realign`` needs."""

    def realign(self, played_before: Samples, later_samples: int) -> None:
        """Expect what is played ``later_samples`` later in the blocks from now on.

        Args:
            played_before: what was played until now, as it would have been given with this delay;
                ``span`` samples.
        """

    def learnt(self) -> Any:
        """All that was learnt so far, for ``relearn``; nobody else looks into it."""

    def relearn(self, learnt: Any) -> None:
        """Go back to what was learnt then."""


class SystemCanceller:
    """Changes nothing: the sound system has taken the echo out already.

    How well it does that shows by how much softer the guide comes back than it is played.
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
        """Do nothing: no delay matters here."""

    def learnt(self) -> None:
        """Nothing is learnt."""

    def relearn(self, learnt: None) -> None:
        """Do nothing: nothing was learnt."""
