"""Takes the guide's own voice out of what the microphone records.

A partitioned-block frequency-domain Kalman filter (G. Enzner and P. Vary, "Frequency-domain
adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86,
2006; partitioned as in F. Kuech et al., ICASSP 2014). It learns the linear way from the samples
played to the samples recorded, and trusts it less the louder whatever else is heard: a person who
speaks over the guide neither unlearns it nor is damaged, because only what can be explained by
the played sound is subtracted. What the filter itself expects to have left over (the post-filter of
the same paper, here one gain a block) is then turned down, to the level of the noise in the room.
"""

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.sound.clip import Samples
from voiceguide.sound.echo.port import INT16_FULL_SCALE, Measure

NOISE_FALL = 0.3
"""Share of the distance that the noise estimate falls in a block when it is quieter."""
NOISE_RISE = 1.005
"""Factor by which it rises in any other block: 0.4 dB a second at 50 ms."""


class EchoCanceller:
    """One way from loudspeaker to microphone; deterministic, costs about 1 % of a core.

    Args:
        block_samples: length of every block.
        partitions: blocks that the echo may last, its delay included.
        forget: share of the learned way that is trusted to hold for another block.
    """

    def __init__(
        self, block_samples: int = BLOCK_SAMPLES, partitions: int = 8, forget: float = 0.9997
    ) -> None:
        self._block = block_samples
        self._forget = forget
        bins = block_samples + 1
        self._weights = np.zeros((partitions, bins), np.complex128)
        self._doubt = np.ones((partitions, bins))
        """Variance of the error of each weight."""
        self._played = np.zeros((partitions, bins), np.complex128)
        """Spectra of the latest blocks played, the newest first."""
        self._last = np.zeros(block_samples)
        self._is_still = True
        """Nothing was played in all of the latest blocks."""
        self._other = np.full(bins, 1e-4)
        """Power of what is recorded besides the echo."""
        self._noise: float | None = None
        """Power of the noise of the room, a sample."""
        self._gain = 1.0
        self.measure: Measure | None = None
        """How well the last block's echo was known; None where there can be none."""

    def cancel(
        self, recorded: NDArray[np.int16], played: Samples, *, learns: bool = True
    ) -> NDArray[np.int16]:
        """The recorded block without the echo of what was played until its end.

        ``played`` are the samples sent to the loudspeaker while the block was recorded, shape
        and rate as ``recorded``, within ±1. Without ``learns`` the way stays as it was learnt,
        and nothing is measured: for sound that teaches nothing, as a chord does.

        Raises:
            ValueError: a block is not of the length that was announced.
        """
        if len(recorded) != self._block or len(played) != self._block:
            raise ValueError(f"blocks of {len(recorded)} and {len(played)}, not {self._block}")
        if self._is_still and not played.any():
            self._follow_noise(recorded / INT16_FULL_SCALE)
            return recorded
        self._is_still = False
        now = played.astype(np.float64)
        spectrum = np.fft.rfft(np.concatenate((self._last, now)))
        self._last = now
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = spectrum
        microphone = recorded / INT16_FULL_SCALE
        if not self._played.any():
            self._follow_noise(microphone)
            self._gain = 1.0
            self.measure = None
            self._is_still = True
            return recorded
        echo = np.fft.irfft((self._weights * self._played).sum(axis=0))[self._block :]
        left = microphone - echo
        unexplained = self._unexplained()
        self.measure = None
        if learns:
            self.measure = Measure(
                recorded=float(microphone @ microphone),
                explained=float(microphone @ echo),
                echo=float(echo @ echo),
                left=float(left @ left),
            )
            self._learn(np.fft.rfft(np.concatenate((np.zeros(self._block), left))))
        cleaned = self._turn_down(left, unexplained)
        scaled = np.clip(np.rint(cleaned * INT16_FULL_SCALE), -32768, 32767)
        out: NDArray[np.int16] = scaled.astype(np.int16)
        return out

    def realign(self, played_before: Samples, later_samples: int) -> None:
        """What is played comes ``later_samples`` later in the blocks from now on than it did.

        The learned way is moved by as much, so that it stays the same way. ``played_before`` is
        what was played until now as it would have been given, ``span`` samples of it.

        Raises:
            ValueError: ``played_before`` is not of that length.
        """
        if len(played_before) != self.span:
            raise ValueError(f"{len(played_before)} samples played before, not {self.span}")
        partitions = len(self._weights)
        blocks = played_before.astype(np.float64).reshape(partitions + 1, self._block)
        newest_first = np.concatenate((blocks[:-1], blocks[1:]), axis=1)[::-1]
        self._played = np.fft.rfft(newest_first, axis=1)
        self._is_still = False
        self._last = blocks[-1]
        if not later_samples:
            return
        response = np.fft.irfft(self._weights, axis=1)[:, : self._block].ravel()
        moved = np.zeros_like(response)
        kept = len(response) - abs(later_samples)
        if kept > 0 and later_samples > 0:
            moved[:kept] = response[later_samples:]
        elif kept > 0:
            moved[-kept:] = response[:kept]
        halves = np.zeros((partitions, 2 * self._block))
        halves[:, : self._block] = moved.reshape(partitions, self._block)
        self._weights = np.fft.rfft(halves, axis=1)
        rows = np.clip(
            np.arange(partitions) + round(later_samples / self._block), 0, partitions - 1
        )
        self._doubt = self._doubt[rows]

    @property
    def span(self) -> int:
        """Samples of what was played that the present block may still hold, and a block more."""
        return (len(self._weights) + 1) * self._block

    def learnt(self) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """What has been learnt so far, for ``relearn``."""
        return self._weights.copy(), self._doubt.copy()

    def relearn(self, learnt: tuple[NDArray[np.complex128], NDArray[np.float64]]) -> None:
        """Go back to what had been learnt then."""
        self._weights, self._doubt = learnt[0].copy(), learnt[1].copy()

    def _unexplained(self) -> float:
        """Power a sample of the echo that the filter may have left, by its own doubt."""
        power = float((np.abs(self._played) ** 2 * self._doubt).sum())
        return power / (self._block * 2 * (self._block + 1))

    def _turn_down(self, left: NDArray[np.float64], unexplained: float) -> NDArray[np.float64]:
        """Bring a block that is nothing but leftover echo down to the noise of the room."""
        power = float(np.mean(left**2)) + 1e-12
        noise = self._follow_noise(left)
        before = self._gain
        self._gain = float(np.sqrt(max(1 - unexplained / power, min(1.0, noise / power))))
        return left * np.linspace(before, self._gain, self._block)

    def _follow_noise(self, sound: NDArray[np.float64]) -> float:
        power = float(np.mean(sound**2)) + 1e-12
        if self._noise is None:
            self._noise = power
        elif power < self._noise:
            self._noise += NOISE_FALL * (power - self._noise)
        else:
            self._noise *= NOISE_RISE
        return self._noise

    def _learn(self, left: NDArray[np.complex128]) -> None:
        """Improve the weights by what they left over."""
        self._other = 0.5 * self._other + 0.5 * np.abs(left) ** 2
        power = np.abs(self._played) ** 2
        gain = (
            self._doubt
            * np.conj(self._played)
            / ((power * self._doubt).sum(axis=0) + 2 * self._other + 1e-6)
        )
        response = np.fft.irfft(self._weights + gain * left, axis=1)
        # A partition explains one block of the response; the other half is circular nonsense.
        response[:, self._block :] = 0.0
        self._weights = np.fft.rfft(response, axis=1)
        keep = self._forget**2
        self._doubt *= keep * (1 - 0.5 * (gain * self._played).real)
        self._doubt += (1 - keep) * np.abs(self._weights) ** 2
        np.maximum(self._doubt, 1e-9, out=self._doubt)
