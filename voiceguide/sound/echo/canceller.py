"""Takes the guide's own voice out of what the microphone records.

A partitioned-block frequency-domain Kalman filter (G. Enzner and P. Vary, "Frequency-domain
adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86,
2006; partitioned as in F. Kuech et al., ICASSP 2014). It learns the linear path from the samples
played to the samples recorded, and learns less the louder anything else is. So a person who speaks
over the guide does not spoil what was learnt; nor is the person's voice damaged, since only what
the played sound explains is subtracted. What the filter expects to have left over (the post-filter
of the same paper, here one gain a block) is then turned down to the level of the noise in the room.
"""

import math

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.rates import BLOCK_SAMPLES
from voiceguide.sound.clip import Samples
from voiceguide.sound.echo.port import INT16_FULL_SCALE, Measure

NOISE_FALL = 0.3
"""The share of the distance by which the estimate of the noise falls in a quieter block."""
NOISE_RISE = 1.005
"""The factor by which it rises in any other block: 0.4 dB a second with blocks of 50 ms."""


class EchoCanceller:
    """Learns one path from loudspeaker to microphone. Deterministic; takes about 1 % of a core.

    Args:
        block_samples: the length of every block.
        partitions: how many blocks the echo may last, its delay included.
        forget: the share of the learnt path that is trusted to hold for another block.
    """

    def __init__(
        self, block_samples: int = BLOCK_SAMPLES, partitions: int = 8, forget: float = 0.9997
    ) -> None:
        self._block = block_samples
        self._forget = forget
        bins = block_samples + 1
        self._weights = np.zeros((partitions, bins), np.complex128)
        self._doubt = np.ones((partitions, bins))
        """The variance of the error of each weight."""
        self._played = np.zeros((partitions, bins), np.complex128)
        """The spectra of the latest blocks played, the newest first …"""
        self._power = np.zeros((partitions, bins))
        """… and their power."""
        self._ramp = np.linspace(0.0, 1.0, block_samples)
        self._last = np.zeros(block_samples)
        self._is_still = True
        """Whether nothing was played in any of the latest blocks."""
        self._other = np.full(bins, 1e-4)
        """The power of everything recorded besides the echo."""
        self._noise: float | None = None
        """The power of the room's noise, a sample."""
        self._gain = 1.0
        self.measure: Measure | None = None
        """How well the last block's echo was known; None where there can be none."""

    def cancel(
        self, recorded: NDArray[np.int16], played: Samples, *, learns: bool = True
    ) -> NDArray[np.int16]:
        """The recorded block without the echo of what was played until its end.

        Args:
            played: the samples sent to the loudspeaker while the block was recorded, with its shape
                and rate, within ±1.
            learns: False for sound from which nothing can be learnt, such as a chord: the path
                stays as it was learnt, and nothing is measured.

        Raises:
            ValueError: a block has another length than ``block_samples``.
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
        self._played[1:] = self._played[:-1]
        self._played[0] = spectrum
        self._power[1:] = self._power[:-1]
        self._power[0] = _power(spectrum)
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
        """Move the learnt path: what is played will come ``later_samples`` later in the blocks.

        Args:
            played_before: what was played until now, as it would have been given with this delay;
                ``span`` samples.

        Raises:
            ValueError: ``played_before`` has another length.
        """
        if len(played_before) != self.span:
            raise ValueError(f"{len(played_before)} samples played before, not {self.span}")
        partitions = len(self._weights)
        blocks = played_before.astype(np.float64).reshape(partitions + 1, self._block)
        newest_first = np.concatenate((blocks[:-1], blocks[1:]), axis=1)[::-1]
        self._played = np.fft.rfft(newest_first, axis=1)
        self._power = _power(self._played)
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
        """How many played samples the present block may still echo, and one block more."""
        return (len(self._weights) + 1) * self._block

    def learnt(self) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
        """All that was learnt so far, for ``relearn``."""
        return self._weights.copy(), self._doubt.copy()

    def relearn(self, learnt: tuple[NDArray[np.complex128], NDArray[np.float64]]) -> None:
        """Go back to what was learnt then."""
        self._weights, self._doubt = learnt[0].copy(), learnt[1].copy()

    def _unexplained(self) -> float:
        """The power, a sample, of the echo that the filter may have left, by its own doubt."""
        power = float(np.vdot(self._power, self._doubt))
        return power / (self._block * 2 * (self._block + 1))

    def _turn_down(self, left: NDArray[np.float64], unexplained: float) -> NDArray[np.float64]:
        """Turn a block that is nothing but leftover echo down to the noise of the room."""
        power = _mean_power(left)
        noise = self._follow_noise(left)
        before = self._gain
        self._gain = math.sqrt(max(1 - unexplained / power, min(1.0, noise / power)))
        return left * (before + (self._gain - before) * self._ramp)

    def _follow_noise(self, sound: NDArray[np.float64]) -> float:
        power = _mean_power(sound)
        if self._noise is None:
            self._noise = power
        elif power < self._noise:
            self._noise += NOISE_FALL * (power - self._noise)
        else:
            self._noise *= NOISE_RISE
        return self._noise

    def _learn(self, left: NDArray[np.complex128]) -> None:
        """Improve the weights by what they left."""
        self._other = 0.5 * self._other + 0.5 * _power(left)
        expected = np.einsum("pb,pb->b", self._power, self._doubt)
        step = self._doubt / (expected + 2 * self._other + 1e-6)
        gain = step * np.conj(self._played)
        response = np.fft.irfft(self._weights + gain * left, axis=1)
        # A partition explains one block of the response; the other half is circular wrap-around.
        response[:, self._block :] = 0.0
        self._weights = np.fft.rfft(response, axis=1)
        keep = self._forget**2
        self._doubt *= keep * (1 - 0.5 * step * self._power)
        self._doubt += (1 - keep) * _power(self._weights)
        np.maximum(self._doubt, 1e-9, out=self._doubt)


def _power(spectrum: NDArray[np.complex128]) -> NDArray[np.float64]:
    """The square of each magnitude, without the root that ``abs`` takes."""
    power: NDArray[np.float64] = spectrum.real**2 + spectrum.imag**2
    return power


def _mean_power(sound: NDArray[np.float64]) -> float:
    return float(sound @ sound) / len(sound) + 1e-12
