"""The systems to compare: our ears, the same model under plain Vosk, PocketSphinx."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from bench.ears.clips import everything, live_phrases, meaning
from bench.ears.people import Member
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.hearing import LEAD_SECONDS, TAIL_SECONDS, hear_recording
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.lexicon.pronouncing import pronounce
from voiceguide.sound.clip import Samples
from voiceguide.sound.quiet import quiet_like

OURS, PLAIN, SPHINX = "ears", "plain Vosk", "PocketSphinx"
PLAIN_BLOCK = 4000
"""How many samples are fed at a time, as in Vosk's example for a microphone."""


@dataclass(frozen=True, slots=True)
class System:
    """One system: a kind of ears and the models it hears with."""

    name: str
    kind: str
    members: tuple[Member, ...] = ()
    """The models; several if they are the folds of a cross-validation."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A command that was obeyed."""

    wanted: str
    seconds: float
    """When it was obeyed, from the first sample of the sound."""
    score: float = 1.0
    """Its score; without bars, how far the score is over the bar that it would have to reach."""


class Hearing(Protocol):
    """Ears that hear whole recordings."""

    def hear(self, sound: Samples) -> list[Decision]:
        """The commands that are obeyed in 16 kHz sound, in order."""


def open_system(kind: str, model: Path | None, live: str, any_score: bool = False) -> Hearing:
    """Load a system.

    With ``any_score`` a system that has scores obeys everything that it hears, however unsure.
    """
    phrases = live_phrases(live)
    if kind == SPHINX:
        return Sphinx(phrases, everything().decoys)
    if model is None:
        raise ValueError(f"{kind} needs a model")
    if kind == PLAIN:
        return PlainVosk(model, phrases)
    return OurEars(model, phrases, any_score)


class OurEars:
    """The guide's own ears."""

    def __init__(self, model: Path, phrases: tuple[Phrase, ...], any_score: bool) -> None:
        self._recogniser = _loaded(model)
        self._phrases = phrases
        self._decoys = everything().decoys
        self._thresholds = without_bars(Thresholds()) if any_score else None

    def hear(self, sound: Samples) -> list[Decision]:
        """See ``Hearing``."""
        heard = hear_recording(
            self._recogniser, self._phrases, sound, self._decoys, self._thresholds
        )
        return [
            Decision(
                meaning(one.phrase),
                one.decided_seconds,
                one.confidence - (usual_bar(one) if self._thresholds else 0.0),
            )
            for one in heard
            if one.phrase is not None
        ]


def usual_bar(heard: Heard) -> float:
    """The score that a command which was obeyed had to reach while the guide is silent."""
    usual = Thresholds()
    if heard.phrase is None:
        raise ValueError("nothing was obeyed")
    bar = usual.score_for(heard.phrase, heard.snr_db)
    second = heard.why is Reason.AGREED_SECOND_LOOK
    return max(bar, usual.second_look_confidence) if second else bar


@cache
def _loaded(model: Path) -> Recogniser:
    """A model with the words of everything that can be said; loaded once in a process."""
    recogniser = Recogniser(model)
    recogniser.check(everything().phrases)
    return recogniser


def without_bars(usual: Thresholds) -> Thresholds:
    """The thresholds with every score that a command must reach set to 0."""
    bars: dict[str, Any] = {
        field.name: 0.0 for field in fields(usual) if field.name.endswith("confidence")
    }
    return replace(usual, **bars)


class PlainVosk:
    """A grammar, ``AcceptWaveform`` and its final results, as in Vosk's usual example."""

    def __init__(self, model: Path, phrases: tuple[Phrase, ...]) -> None:
        import vosk

        vosk.SetLogLevel(-1)
        self._vosk = vosk
        self._model = vosk.Model(model_path=str(model))
        known = [phrase for phrase in phrases if all(map(self._knows, phrase.text.split()))]
        self._wanted = {phrase.text: meaning(phrase) for phrase in known}
        self._grammar = json.dumps([*self._wanted, "[unk]"])

    def hear(self, sound: Samples) -> list[Decision]:
        """See ``Hearing``: the commands in its final results."""
        recogniser = self._vosk.KaldiRecognizer(self._model, EAR_RATE_HZ, self._grammar)
        padded = surrounded(sound)
        found: list[Decision] = []
        for start in range(0, len(padded), PLAIN_BLOCK):
            block = padded[start : start + PLAIN_BLOCK]
            end = (start + len(block)) / EAR_RATE_HZ - LEAD_SECONDS
            if recogniser.AcceptWaveform(block.tobytes()):
                found += self._obeyed(recogniser.Result(), end)
        end = len(padded) / EAR_RATE_HZ - LEAD_SECONDS
        return found + self._obeyed(recogniser.FinalResult(), end)

    def _knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def _obeyed(self, result: str, seconds: float) -> list[Decision]:
        wanted = self._wanted.get(json.loads(result)["text"])
        return [Decision(wanted, seconds)] if wanted else []


class Sphinx:
    """PocketSphinx with its own US English model and endpointer, the phrases as a grammar.

    Its grammars cannot reject, so the decoys are in the grammar too, one word each.
    """

    def __init__(self, phrases: tuple[Phrase, ...], decoys: Sequence[str]) -> None:
        from pocketsphinx import Decoder

        self._decoder = Decoder(lm=None, loglevel="FATAL")
        self._wanted = {phrase.text: meaning(phrase) for phrase in phrases}
        said = {word for text in self._wanted for word in text.split()}
        others = [word for word in decoys if word not in said]
        missing = [w for w in {*said, *others} if self._decoder.lookup_word(w) is None]
        for word, pronunciation in pronounce(missing).items():
            self._decoder.add_word(word, pronunciation.spoken[0], False)
        lines = " | ".join((*self._wanted, *others))
        self._decoder.add_jsgf_string("book", f"#JSGF V1.0; grammar book; public <said> = {lines};")
        self._decoder.activate_search("book")

    def hear(self, sound: Samples) -> list[Decision]:
        """See ``Hearing``: the commands in each stretch that its endpointer takes for speech."""
        from pocketsphinx import Endpointer

        endpointer = Endpointer(sample_rate=EAR_RATE_HZ)
        size = endpointer.frame_bytes // 2
        padded = surrounded(sound)
        found: list[Decision] = []
        going = False
        for start in range(0, len(padded) - size + 1, size):
            block = padded[start : start + size]
            end = (start + size) / EAR_RATE_HZ - LEAD_SECONDS
            speech = endpointer.process(block.tobytes())
            if speech is None:
                continue
            if not going:
                self._decoder.start_utt()
                going = True
            self._decoder.process_raw(speech, no_search=False, full_utt=False)
            if not endpointer.in_speech:
                going = False
                found += self._ended(end)
        if going:
            found += self._ended(len(padded) / EAR_RATE_HZ - LEAD_SECONDS)
        return found

    def _ended(self, seconds: float) -> Iterator[Decision]:
        self._decoder.end_utt()
        written = self._decoder.hyp()
        wanted = self._wanted.get(written.hypstr) if written else None
        if wanted:
            yield Decision(wanted, seconds)


def surrounded(sound: Samples) -> NDArray[np.int16]:
    """The recording with the same stretches of its own quiet around it that our ears get."""
    lead, tail = (round(s * EAR_RATE_HZ) for s in (LEAD_SECONDS, TAIL_SECONDS))
    quiet = quiet_like(sound, lead + tail)
    whole = np.concatenate((quiet[:lead], sound, quiet[lead:]))
    return (np.clip(whole, -1.0, 1.0) * 32767).round().astype(np.int16)
