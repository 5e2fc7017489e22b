"""Changes the pace of speech, and keeps its pitch."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.sound.clip import Clip

_PAUSE_SECONDS = 0.12
"""A longer gap between two words is a pause."""
_SLOWEST, _FASTEST, _UNHEARD = 0.75, 1.35, 0.03
_FRAME_SECONDS = 0.04
"""Two periods of a deep voice, and no longer than a speech sound."""


def evened(clip: Clip, seconds: float) -> Clip:
    """The sentence with its pace changed so that its words, without the pauses, last so long. It is
    unchanged where the difference is not audible, or where its words are not known.
    """
    if not clip.words:
        return clip
    speed = min(max(sum(breaths(clip.words)) / seconds, _SLOWEST), _FASTEST)
    return clip if abs(speed - 1) < _UNHEARD else at_pace(clip, speed)


def breaths(words: Sequence[SpokenWord]) -> list[float]:
    """The seconds of speech between each pause and the next; at least one word is given."""
    lengths, began = [], words[0].start_seconds
    for one, after in pairwise(words):
        if after.start_seconds - one.end_seconds > _PAUSE_SECONDS:
            lengths.append(one.end_seconds - began)
            began = after.start_seconds
    return [*lengths, words[-1].end_seconds - began]


def at_pace(clip: Clip, speed: float) -> Clip:
    """The clip ``speed`` times as fast (0.5–2), with its words at their new times.

    The method is waveform similarity overlap-add (WSOLA), by the library audiotsm.
    """
    if abs(speed - 1) < 0.005 or not len(clip.samples):
        return clip
    from audiotsm import wsola
    from audiotsm.io.array import ArrayReader, ArrayWriter

    frame = 2 * round(_FRAME_SECONDS * clip.sample_rate_hz / 2)
    # Padded, or the last frames would be left out.
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
