"""The recogniser, Vosk: loading a model without crashing, and hearing under a grammar."""

import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.votes import UNKNOWN
from voiceguide.core.errors import ModelError
from voiceguide.edge.lexicon.graph_build import can_grow
from voiceguide.edge.lexicon.own_words import model_with_words
from voiceguide.edge.lexicon.pronouncing import pronounce
from voiceguide.edge.libraries.packages import why_not
from voiceguide.edge.models.model_probe import probe_model

SAMPLE_RATE_HZ = 16_000
"""What every recogniser here is fed with."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """What was written of a stretch of sound."""

    text: str
    confidence: float
    """0–1, the lowest of its known words."""
    start_seconds: float
    """Onset of the first known word, from the beginning of the stretch."""
    end_seconds: float
    """End of the last one."""


class Recogniser:
    """A loaded model and the recognisers made from it.

    A model that carries what its graph was built from learns the words it lacks (`check`).
    """

    def __init__(
        self, folder: Path, pronunciations: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        """Load a model folder.

        Args:
            folder: the model.
            pronunciations: a person's own, ``{"serum": ["S EH R AH M"]}``; they are added to
                those the model has when `check` sees the word.

        Raises:
            ModelError: Vosk is missing, or the model is broken, half there or of another kind.
        """
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise ModelError(why_not("the recogniser Vosk", error)) from error
        self.folder = folder
        self._vosk = vosk
        self._own = dict(pronunciations or {})
        self._learnt: dict[str, Sequence[str]] = {}
        vosk.SetLogLevel(-1)
        _let_go_quietly(vosk)
        self._model = self._loaded(folder)

    def _loaded(self, folder: Path) -> Any:
        # A damaged file can end the whole process inside Kaldi, so another process goes first.
        probe_model(folder)
        with _stderr_caught() as complaints:
            try:
                return self._vosk.Model(model_path=str(folder))
            except Exception as error:
                raise ModelError(_broken(folder, complaints())) from error

    def knows(self, word: str) -> bool:
        """Whether the model's vocabulary has this word."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def check(self, phrases: Iterable[str]) -> None:
        """Return when the model's vocabulary has every word of these phrases.

        Words that it lacks are learnt, if it can: that takes a second the first time, and streams
        made before do not know them.

        Raises:
            ModelError: names the first word that is still not there, and its phrase.
        """
        texts = list(phrases)
        self._learn(word for text in texts for word in text.split())
        for phrase in texts:
            for word in phrase.split():
                if not self.knows(word):
                    raise ModelError(
                        f"the model {self.folder.name} does not know the word {word!r} of the "
                        f"phrase {phrase!r}; use another word for it, or another model."
                    )

    def _learn(self, words: Iterable[str]) -> None:
        missing = [
            word
            for word in dict.fromkeys(words)
            if word not in self._learnt and (word in self._own or not self.knows(word))
        ]
        if not missing or not can_grow(self.folder / "graph"):
            return
        found = pronounce(missing, self._own)
        if not found:
            return
        for word, pronunciation in found.items():
            how = "guessed" if pronunciation.guessed else "known"
            _log.info("learnt %r, pronunciation %s: %s", word, how, pronunciation.spoken[0])
        learnt = self._learnt | {word: one.spoken for word, one in found.items()}
        self._model = self._loaded(model_with_words(self.folder, learnt))
        self._learnt = learnt

    def stream(self, grammar: Iterable[str]) -> "Stream":
        """A recogniser that can write only these phrases (and what is in between)."""
        return Stream(self._vosk.KaldiRecognizer(self._model, SAMPLE_RATE_HZ, _listed(grammar)))


class Stream:
    """One Vosk recogniser with its grammar."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._recogniser.SetWords(True)
        self._fed_samples = 0

    def hear(self, block: NDArray[np.int16]) -> tuple[str, bool]:
        """Feed a block: what is written so far, and whether the recogniser closed it."""
        self._fed_samples += len(block)
        if self._recogniser.AcceptWaveform(block.tobytes()):
            return str(json.loads(self._recogniser.Result())["text"]), True
        return str(json.loads(self._recogniser.PartialResult())["partial"]), False

    def reset(self) -> None:
        """Forget what was heard."""
        self._recogniser.Reset()

    def whole(self, samples: NDArray[np.int16]) -> Result:
        """Hear one stretch from its beginning to its end."""
        self._recogniser.Reset()
        # Vosk counts a word's times from the first sample it ever got, over every reset.
        before_seconds = self._fed_samples / SAMPLE_RATE_HZ
        self._fed_samples += len(samples)
        closed = self._recogniser.AcceptWaveform(samples.tobytes())
        # A closed stretch must be fetched as such: the final result would begin after it.
        found = json.loads(self._recogniser.Result() if closed else self._recogniser.FinalResult())
        words = found.get("result", [])
        if not words:
            return Result("", 0.0, 0.0, 0.0)
        words = [word for word in words if word["word"] != UNKNOWN] or words
        return Result(
            text=found["text"],
            confidence=min(1.0, min(word["conf"] for word in words)),
            start_seconds=max(0.0, words[0]["start"] - before_seconds),
            end_seconds=max(0.0, words[-1]["end"] - before_seconds),
        )


def _let_go_quietly(vosk: Any) -> None:
    """Have its objects end without a word: one that was never whole, or that outlives what it is
    made of at the end of the process, raises where nobody can catch it."""
    for kind in (vosk.Model, vosk.KaldiRecognizer):
        own = kind.__del__
        if getattr(own, "is_quiet", False):
            continue

        def let_go(self: Any, own: Any = own) -> None:
            with suppress(Exception):
                own(self)

        let_go.is_quiet = True  # type: ignore[attr-defined]
        kind.__del__ = let_go


def try_model(folder: str) -> None:
    """Load a model, make a recogniser and hear a second of noise with it; may crash."""
    import vosk

    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(
        vosk.Model(model_path=folder), SAMPLE_RATE_HZ, _listed(["one", UNKNOWN])
    )
    recogniser.SetWords(True)
    noise = np.random.default_rng(0).normal(0, 1000, SAMPLE_RATE_HZ)
    recogniser.AcceptWaveform(noise.astype(np.int16).tobytes())
    recogniser.FinalResult()


def _listed(grammar: Iterable[str]) -> str:
    return json.dumps(list(grammar), ensure_ascii=False)


def _broken(folder: Path, complaint: str) -> str:
    return f"the model {folder} cannot be read ({complaint}); copy or fetch it again."


@contextmanager
def _stderr_caught() -> Iterator[Any]:
    """Keep what C++ code writes to file descriptor 2; yields a reader of its first complaint."""
    sys.stderr.flush()
    with tempfile.TemporaryFile() as caught:
        kept = os.dup(2)

        def first_complaint() -> str:
            caught.seek(0)
            lines = caught.read().decode(errors="replace").splitlines()
            return next((line.split(") ", 1)[-1] for line in lines if line), "no reason given")

        try:
            os.dup2(caught.fileno(), 2)
            yield first_complaint
        finally:
            os.dup2(kept, 2)
            os.close(kept)
