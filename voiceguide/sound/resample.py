"""Changing the sample rate, of a whole clip or of a stream (libsoxr, high quality)."""

from typing import cast

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceguide.sound.clip import Clip, Samples


def resample(clip: Clip, sample_rate_hz: int) -> Clip:
    """The same sound at ``sample_rate_hz``; the very same clip when it has that rate already."""
    if sample_rate_hz < 1:
        raise ValueError(f"sample_rate_hz must be at least 1, not {sample_rate_hz}")
    if clip.sample_rate_hz == sample_rate_hz:
        return clip
    samples = soxr.resample(
        np.asarray(clip.samples, dtype=np.float32), clip.sample_rate_hz, sample_rate_hz, "HQ"
    )
    return Clip(cast(Samples, samples), sample_rate_hz, clip.words)


class StreamResampler:
    """Resamples int16 mono blocks that belong together, without a seam between them.

    Gives fewer samples than the ratio says at first (the filter fills up), and the same number
    in the long run. Blocks pass through untouched when both rates are equal.
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
