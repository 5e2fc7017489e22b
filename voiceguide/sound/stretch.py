"""Speech at another pace and the same pitch."""

import numpy as np

from voiceguide.core.sounding import SpokenWord
from voiceguide.sound.clip import Clip

_FRAME_SECONDS = 0.04
"""Two periods of a deep voice, and no longer than a sound."""


def at_pace(clip: Clip, speed: float) -> Clip:
    """The clip ``speed`` times as fast (0.5–2), its words at their new times.

    By waveform similarity overlap-add (WSOLA), of the library audiotsm.
    """
    if abs(speed - 1) < 0.005 or not len(clip.samples):
        return clip
    from audiotsm import wsola
    from audiotsm.io.array import ArrayReader, ArrayWriter

    frame = 2 * round(_FRAME_SECONDS * clip.sample_rate_hz / 2)
    # The last frames would be left out.
    padded = np.concatenate([clip.samples, np.zeros(2 * frame, np.float32)])
    writer = ArrayWriter(1)
    wsola(1, speed, frame_length=frame).run(ArrayReader(padded[None, :]), writer)
    count = round(len(clip.samples) / speed)
    samples = np.zeros(count, np.float32)
    made = writer.data[0, :count]
    samples[: len(made)] = made
    words = tuple(
        SpokenWord(word.text, word.start_seconds / speed, word.end_seconds / speed)
        for word in clip.words
    )
    return Clip(samples, clip.sample_rate_hz, words)
