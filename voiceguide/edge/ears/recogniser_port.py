"""What the ears need of a recogniser, whether it runs in this process or in one of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

SAMPLE_BYTES = 2
"""Recognisers take mono sound at the ears' rate: signed samples of so many bytes each, in the
processor's byte order."""


class RecogniserLostError(Exception):
    """The recogniser died or hangs; it will not answer any more."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was written of a stretch of sound."""

    text: str
    confidence: float
    """0–1, the lowest of its known words."""
    start_seconds: float
    """Onset of the first known word, counted from the beginning of the stretch."""
    end_seconds: float
    """End of the last one."""


class Stream(Protocol):
    """One recogniser with its grammar. Each call raises RecogniserLostError when it is gone."""

    def hear(self, sound: bytes) -> tuple[str, bool]:
        """Hear a block: what is written so far, and whether the recogniser closed the utterance."""

    def reset(self) -> None:
        """Forget what was heard."""

    def whole(self, sound: bytes) -> Result:
        """Hear one stretch from its beginning to its end."""


class Model(Protocol):
    """A loaded model. Each call raises RecogniserLostError when it is gone."""

    def known(self, words: Iterable[str]) -> frozenset[str]:
        """Those of these words that the vocabulary has."""

    def stream(self, grammar: Iterable[str]) -> Stream:
        """A recogniser that can write only these phrases (and what is in between)."""


Load = Callable[[Path], Model]
"""Loads the model in a folder; raises ModelError where it cannot be used."""
