"""What a server of ours offers to other programs: ears, a voice, and how it describes them.

What comes in is judged as by the live guide: under the grammar of the phrases, with the same
decision.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from wyoming.info import AsrModel, AsrProgram, Attribution, Info, TtsProgram, TtsVoice

from voiceguide import __version__
from voiceguide.core.commands import Phrase
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.hearing import hear_with
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample

_ABOUT = Attribution(name="voiceguide", url="")


class ServedEars:
    """Transcribes whole utterances. Any thread may ask; one is served at a time."""

    def __init__(
        self, recogniser: Recogniser, phrases: Sequence[Phrase], decoys: Sequence[str] = ()
    ) -> None:
        """Raises ModelError where the model lacks a word of a phrase."""
        recogniser.check(phrases)
        self._recogniser = recogniser
        self._phrases = tuple(phrases)
        self._decoys = decoys
        self._lock = threading.Lock()

    def transcribe(self, clip: Clip, terms: Sequence[str] = ()) -> str:
        """The phrases that were said, in their order; empty where none was.

        Args:
            terms: the phrases that are live. Those that are not ours are ignored; where none is
                ours, all phrases are live.
        """
        wanted = {term.lower() for term in terms}
        live = tuple(phrase for phrase in self._phrases if phrase.text in wanted)
        with self._lock:
            ears = Ears(self._recogniser, self._decoys)
            ears.listen_for(live or self._phrases)
            heard = hear_with(ears, resample(clip, EAR_RATE_HZ).samples)
        return " ".join(one.phrase.text for one in heard if one.phrase)


@dataclass(frozen=True, slots=True)
class Served:
    """What this server offers."""

    ears: ServedEars
    voice: Voice
    language: str
    model_name: str
    voice_name: str
    words_per_minute: int

    def info(self) -> Info:
        """The answer to ``describe``."""
        common = {"attribution": _ABOUT, "installed": True, "version": __version__}
        return Info(
            asr=[
                AsrProgram(
                    name="voiceguide",
                    description="Short spoken commands of a routine, and nothing else",
                    models=[
                        AsrModel(
                            name=self.model_name,
                            description="Vosk under a grammar of the live phrases",
                            languages=[self.language],
                            **common,
                        )
                    ],
                    **common,
                )
            ],
            tts=[
                TtsProgram(
                    name="voiceguide",
                    description="The guide's voice",
                    voices=[
                        TtsVoice(
                            name=self.voice_name,
                            description="The guide's voice",
                            languages=[self.language],
                            **common,
                        )
                    ],
                    **common,
                )
            ],
        )
