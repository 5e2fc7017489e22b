"""Takes the guide's own voice out of what the microphone records.

A partitioned-block frequency-domain Kalman filter (G. Enzner and P. Vary, "Frequency-domain
adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86,
2006; partitioned as in F. Kuech et al., ICASSP 2014). It learns the linear way from the samples
played to the samples recorded, and trusts it less the louder whatever else is heard: a person who
speaks over the guide neither unlearns it nor is damaged, because only what can be explained by
the played sound is subtracted.
"""

import numpy as np
from numpy.typing import NDArray

from voiceguide.sound.clip import Samples

INT16_FULL_SCALE = 32768.0


class EchoCanceller:
    """One way from loudspeaker to microphone; deterministic, costs about 1 % of a core.

    Args:
        block_samples: length of every block.
        partitions: blocks that the echo may last, its delay included.
        forget: share of the learned way that is trusted to hold for another block.
    """

    def __init__(
        self, block_samples: int = 800, partitions: int = 8, forget: float = 0.9997
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
        self._other = np.full(bins, 1e-4)
        """Power of what is recorded besides the echo."""

    def cancel(self, recorded: NDArray[np.int16], played: Samples) -> NDArray[np.int16]:
        """The recorded block without the echo of what was played until its end.

        ``played`` are the samples sent to the loudspeaker while the block was recorded, shape
        and rate as ``recorded``, within ±1.

        Raises:
            ValueError: a block is not of the length that was announced.
        """
        if len(recorded) != self._block or len(played) != self._block:
            raise ValueError(f"blocks of {len(recorded)} and {len(played)}, not {self._block}")
        now = played.astype(np.float64)
        spectrum = np.fft.rfft(np.concatenate((self._last, now)))
        self._last = now
        self._played = np.roll(self._played, 1, axis=0)
        self._played[0] = spectrum
        if not self._played.any():
            return recorded
        microphone = recorded / INT16_FULL_SCALE
        echo = np.fft.irfft((self._weights * self._played).sum(axis=0))[self._block :]
        left = microphone - echo
        self._learn(np.fft.rfft(np.concatenate((np.zeros(self._block), left))))
        cleaned: NDArray[np.int16] = np.clip(
            np.rint(left * INT16_FULL_SCALE), -32768, 32767
        ).astype(np.int16)
        return cleaned

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
