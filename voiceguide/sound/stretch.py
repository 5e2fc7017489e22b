"""Speech at another pace and the same pitch."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.sound.clip import Clip

_PAUSE_SECONDS = 0.12
"""A longer gap between two words is a pause."""
_SLOWEST, _FASTEST, _UNHEARD = 0.75, 1.35, 0.03
_FRAME_SECONDS = 0.04
"""Two periods of a deep voice, and no longer than a sound."""


def evened(clip: Clip, seconds: float) -> Clip:
    """A sentence whose words sound for so long, its pauses not counted, where that differs by more
    than is heard; as it is where nobody knows its words.
    """
    if not clip.words:
        return clip
    speed = min(max(sum(breaths(clip.words)) / seconds, _SLOWEST), _FASTEST)
    return clip if abs(speed - 1) < _UNHEARD else at_pace(clip, speed)


def breaths(words: Sequence[SpokenWord]) -> list[float]:
    """Seconds of speech between one pause and the next; there is at least one word."""
    lengths, began = [], words[0].start_seconds
    for one, after in pairwise(words):
        if after.start_seconds - one.end_seconds > _PAUSE_SECONDS:
            lengths.append(one.end_seconds - began)
            began = after.start_seconds
    return [*lengths, words[-1].end_seconds - began]


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
