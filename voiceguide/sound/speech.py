"""Makes rendered speech uniform: the same margins and the same loudness for every sentence."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.spoken import words
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.lufs import SILENT_LUFS, loudness, pressed, true_peak_dbtp

SPEECH_LUFS = -21.0
"""The loudness of every sentence: it is comfortable, and leaves room for a cue on top."""
PEAK_LIMIT_DBTP = -1.0
"""No true peak is higher; where one would be, as in a short word, it is turned down."""
LEAD_SECONDS = 0.01
TAIL_SECONDS = 0.06
"""Silence kept before the first and after the last audible sample."""
FORMAT_VERSION = 3
"""Part of every cache key; raise it when a change here changes the sound."""

_AUDIBLE_DB = -45.0
"""A frame so far below the loudest one is silence; espeak's own pauses are digital silence."""
_FRAME_SECONDS = 0.005
_SPARE_DB = 0.6
"""How much higher the sound may be between samples than at them."""

_LEAST_SECONDS_PER_LETTER = 0.015
"""A sentence that is shorter was cut off: at 220 words a minute espeak takes 0.045 s a letter."""
_MOST_SECONDS_PER_LETTER = 1.0
"""A sentence that is longer says another text, even where a digit is a long word."""


def tidy_speech(clip: Clip) -> Clip:
    """The speech with fixed margins of silence, at the common loudness.

    Its samples are rounded to 16 bits, so that it reads back from disk unchanged. A clip in which
    nothing is audible becomes an empty one.
    """
    frame = max(1, round(_FRAME_SECONDS * clip.sample_rate_hz))
    count = -(-len(clip.samples) // frame)
    padded = np.zeros(count * frame, dtype=np.float64)
    padded[: len(clip.samples)] = clip.samples
    power = (padded.reshape(count, frame) ** 2).mean(axis=1)
    loudest = float(power.max(initial=0.0))
    if loudest == 0.0:
        return Clip(np.empty(0, dtype=np.float32), clip.sample_rate_hz)
    audible = np.flatnonzero(power > loudest * 10 ** (_AUDIBLE_DB / 10))
    speech = padded[audible[0] * frame : (audible[-1] + 1) * frame]
    lead = np.zeros(round(LEAD_SECONDS * clip.sample_rate_hz))
    tail = np.zeros(round(TAIL_SECONDS * clip.sample_rate_hz))
    edge = np.linspace(0.0, 1.0, frame)  # So the cut edges do not click.
    speech[:frame] *= edge
    speech[-frame:] *= edge[::-1]
    speech = as_loud(speech, clip.sample_rate_hz)
    cut_seconds = float(audible[0] * frame / clip.sample_rate_hz) - LEAD_SECONDS
    sound = from_int16(to_int16(np.concatenate([lead, speech, tail])))
    # A voice counts the breath after its last word as part of that word; it was cut off.
    whole_seconds = len(sound) / clip.sample_rate_hz
    moved = tuple(
        SpokenWord(
            word.text,
            min(max(0.0, word.start_seconds - cut_seconds), whole_seconds),
            min(word.end_seconds - cut_seconds, whole_seconds),
        )
        for word in clip.words
    )
    return Clip(sound, clip.sample_rate_hz, moved)


def as_loud(samples: NDArray[np.float64], sample_rate_hz: int) -> NDArray[np.float64]:
    """The speech at the common loudness, with no true peak over the limit."""
    present = loudness(Clip(samples.astype(np.float32), sample_rate_hz))
    if present == SILENT_LUFS:
        return samples
    louder = samples * 10 ** ((SPEECH_LUFS - present) / 20)
    over = true_peak_dbtp(Clip(louder.astype(np.float32), sample_rate_hz)) - PEAK_LIMIT_DBTP
    return pressed(louder, sample_rate_hz, PEAK_LIMIT_DBTP - _SPARE_DB) if over > 0 else louder


def about_when(text: str, seconds: float) -> tuple[SpokenWord, ...]:
    """Rough times for the words of a sentence that lasts so long, where the voice gives none.

    They follow from the letters, and are widened by a quarter of the sentence either way: better
    too wide than wrong.
    """
    said = words(text)
    letters = sum(map(len, said)) or 1
    ends = [sum(map(len, said[: number + 1])) / letters * seconds for number in range(len(said))]
    slack = seconds / 4
    return tuple(
        SpokenWord(word, end - len(word) / letters * seconds - slack, end + slack)
        for word, end in zip(said, ends, strict=True)
    )


def lasts_plausibly(seconds: float, text: str) -> bool:
    """Whether a sentence can last so long, so that the engine neither broke off nor went on."""
    letters = sum(character.isalnum() for character in text)
    least = _LEAST_SECONDS_PER_LETTER * letters
    return least <= seconds <= _MOST_SECONDS_PER_LETTER * letters + 1.0


def to_int16(samples: NDArray[Any]) -> NDArray[np.int16]:
    """Float samples as 16-bit ones."""
    rounded: NDArray[np.int16] = np.rint(np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16)
    return rounded


def from_int16(samples: NDArray[np.int16]) -> Samples:
    """16-bit samples as float ones; the inverse of ``to_int16``."""
    return samples.astype(np.float32) / np.float32(32767.0)
