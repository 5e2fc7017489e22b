"""Changes the sample rate of a whole clip or of a stream (libsoxr, high quality)."""

from typing import cast

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceguide.sound.clip import Clip, Samples


def resample(clip: Clip, sample_rate_hz: int) -> Clip:
    """The same sound at ``sample_rate_hz``; the very same clip where it has that rate already."""
    if sample_rate_hz < 1:
        raise ValueError(f"sample_rate_hz must be at least 1, not {sample_rate_hz}")
    if clip.sample_rate_hz == sample_rate_hz:
        return clip
    samples = soxr.resample(
        np.asarray(clip.samples, dtype=np.float32), clip.sample_rate_hz, sample_rate_hz, "HQ"
    )
    return Clip(cast(Samples, samples), sample_rate_hz, clip.words)


class StreamResampler:
    """Resamples the int16 mono blocks of a stream, without seams between them.

    At first it gives fewer samples than the ratio says, until its filter is full. Where both rates
    are equal, blocks pass unchanged.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = (
            None
            if from_hz == to_hz
            else soxr.ResampleStream(from_hz, to_hz, 1, dtype="int16", quality="HQ")
        )

    def feed(self, block: NDArray[np.int16]) -> NDArray[np.int16]:
        """The samples at the new rate that ``block`` completes; may be empty."""
        if self._stream is None:
            return block
        return cast(NDArray[np.int16], self._stream.resample_chunk(block))
