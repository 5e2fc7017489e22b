"""Vosk in this process: a loaded model and its recognisers.

Sound comes as bytes, so that the recogniser's own process does without numpy and its memory.
"""

import json
import os
import random
import sys
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from voiceguide.core.decision.votes import UNKNOWN
from voiceguide.core.errors import ModelError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.recogniser_port import SAMPLE_BYTES, Result
from voiceguide.edge.lexicon.joined import as_known, as_words
from voiceguide.edge.libraries.packages import why_not


class VoskModel:
    """A loaded model."""

    def __init__(self, folder: Path) -> None:
        """Load the model in this folder.

        Raises:
            ModelError: Vosk is missing, or the model is incomplete or of another kind. A damaged
                one may end the process instead; `probe_model` finds that out.
        """
        try:
            import vosk
        except (ImportError, OSError) as error:
            raise ModelError(why_not("the recogniser Vosk", error)) from error
        vosk.SetLogLevel(-1)
        _let_go_quietly(vosk)
        self._vosk = vosk
        with _stderr_caught() as complaints:
            try:
                self._model = vosk.Model(model_path=str(folder))
            except Exception as error:
                raise ModelError(_broken(folder, complaints())) from error
        self._known: dict[str, str] = {}
        """How phrases stand in a grammar; the same ones come again and again."""

    def knows(self, word: str) -> bool:
        """Whether the vocabulary has this word."""
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def known(self, words: Iterable[str]) -> frozenset[str]:
        """Those of these words that the vocabulary has."""
        return frozenset(filter(self.knows, words))

    def stream(self, grammar: Iterable[str]) -> "VoskStream":
        """A recogniser that can write only these phrases (and what is in between)."""
        known = [self._as_known(text) for text in grammar]
        listed = json.dumps(known, ensure_ascii=False)
        return VoskStream(self._vosk.KaldiRecognizer(self._model, EAR_RATE_HZ, listed))

    def _as_known(self, text: str) -> str:
        if text not in self._known:
            self._known[text] = as_known(text, self.knows)
        return self._known[text]


class VoskStream:
    """One Vosk recogniser with its grammar."""

    def __init__(self, recogniser: Any) -> None:
        self._recogniser = recogniser
        self._recogniser.SetWords(True)
        self._fed_samples = 0

    def hear(self, sound: bytes) -> tuple[str, bool]:
        """See ``recogniser_port.Stream``."""
        self._fed_samples += len(sound) // SAMPLE_BYTES
        if self._recogniser.AcceptWaveform(sound):
            return as_words(json.loads(self._recogniser.Result())["text"]), True
        return as_words(json.loads(self._recogniser.PartialResult())["partial"]), False

    def reset(self) -> None:
        """Forget what was heard."""
        self._recogniser.Reset()

    def whole(self, sound: bytes) -> Result:
        """Hear one stretch from its beginning to its end."""
        self._recogniser.Reset()
        # Vosk counts the times of words from the first sample it ever got, across resets.
        before_seconds = self._fed_samples / EAR_RATE_HZ
        self._fed_samples += len(sound) // SAMPLE_BYTES
        closed = self._recogniser.AcceptWaveform(sound)
        # Where Vosk has closed the stretch, its final result would begin only after it.
        found = json.loads(self._recogniser.Result() if closed else self._recogniser.FinalResult())
        words = found.get("result", [])
        if not words:
            return Result("", 0.0, 0.0, 0.0)
        words = [word for word in words if word["word"] != UNKNOWN] or words
        return Result(
            text=as_words(found["text"]),
            confidence=min(1.0, min(word["conf"] for word in words)),
            start_seconds=max(0.0, words[0]["start"] - before_seconds),
            end_seconds=max(0.0, words[-1]["end"] - before_seconds),
        )


def _let_go_quietly(vosk: Any) -> None:
    """Keep Vosk's objects from raising as they are deleted, where nobody can catch it: one that was
    never whole does, and one that outlives the library as the process ends.
    """
    for kind in (vosk.Model, vosk.KaldiRecognizer):
        own = kind.__del__
        if getattr(own, "is_quiet", False):
            continue

        # The names of this module may be gone by then, so everything needed is a default value.
        def let_go(self: Any, own: Any = own, quietly: Any = suppress) -> None:
            with quietly(Exception):
                own(self)

        let_go.is_quiet = True  # type: ignore[attr-defined]
        kind.__del__ = let_go


def try_model(folder: str) -> None:
    """Load a model and hear a second of noise with it; may crash the process."""
    stream = VoskModel(Path(folder)).stream(["one", UNKNOWN])
    dice = random.Random(0)
    noise = array("h", (round(dice.gauss(0, 1000)) for _ in range(EAR_RATE_HZ)))
    stream.whole(noise.tobytes())


def _broken(folder: Path, complaint: str) -> str:
    return f"the model {folder} cannot be read ({complaint}); copy or fetch it again."


@contextmanager
def _stderr_caught() -> Iterator[Any]:
    """Catch what C++ code writes to file descriptor 2; yields what gives its first line."""
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
