"""Which rendered clips say their text: near-human voices garble a lone word now and then."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from bench.ears.clips import Clip
from bench.voice.judge import Judge, plain_words

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound

AROUND = EAR_RATE_HZ // 2
"""Samples of silence around a clip."""


def said_plainly(clips: Iterable[Clip]) -> frozenset[Path]:
    """The files whose text Whisper tiny writes word for word; prints how many those are."""
    judge = Judge()
    heard = {clip.path: _transcript(judge, clip.path) == plain_words(clip.text) for clip in clips}
    plain = frozenset(path for path, is_plain in heard.items() if is_plain)
    print(f"Whisper tiny writes the text of {len(plain)} of {len(heard)} near-human clips.")
    return plain


def _transcript(judge: Judge, path: Path) -> str:
    return plain_words(judge.transcript(np.pad(read_sound(path, EAR_RATE_HZ).samples, AROUND)))
