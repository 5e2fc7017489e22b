"""Our ears and our voice for other programs, over the Wyoming protocol (`voiceguide serve`).

What comes in is judged as by the live guide: under the grammar of the phrases, with the same
decision. What is no command is an empty transcript.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event
from wyoming.info import AsrModel, AsrProgram, Attribution, Describe, Info, TtsProgram, TtsVoice
from wyoming.ping import Ping, Pong
from wyoming.server import AsyncEventHandler
from wyoming.tts import Synthesize

from voiceguide import __version__
from voiceguide.core.commands import Phrase
from voiceguide.core.errors import SettingsError, SpeechError
from voiceguide.core.timeline.pacing import RATE_RANGE
from voiceguide.edge.ears.ears import Ears
from voiceguide.edge.ears.hearing import hear_with
from voiceguide.edge.ears.recogniser import SAMPLE_RATE_HZ, Recogniser
from voiceguide.edge.voice.voice import Voice
from voiceguide.edge.wyoming.wyoming_sound import Collected, SoundError, sound_events
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample
from voiceguide.sound.speech import to_int16

RATE_KEY = "words_per_minute"
"""In the context of a request: how fast our voice speaks. Other servers ignore it."""
MOST_CLIENTS = 16
_ABOUT = Attribution(name="voiceguide", url="")

_log = logging.getLogger("voiceguide.serve")


class ServedEars:
    """Transcripts of whole utterances; safe to use from several threads, one at a time."""

    def __init__(
        self, recogniser: Recogniser, phrases: Sequence[Phrase], decoys: Sequence[str] = ()
    ) -> None:
        """Raises ModelError when the model lacks a word of a phrase."""
        recogniser.check(phrase.text for phrase in phrases)
        self._recogniser = recogniser
        self._phrases = tuple(phrases)
        self._decoys = decoys
        self._lock = threading.Lock()

    def transcribe(self, clip: Clip, terms: Sequence[str] = ()) -> str:
        """The phrases that were said, in their order; empty when there was none.

        Args:
            terms: the phrases that are live; those that are not ours are left out. Without any
                of ours all are live.
        """
        wanted = {term.lower() for term in terms}
        live = tuple(phrase for phrase in self._phrases if phrase.text in wanted)
        with self._lock:
            ears = Ears(self._recogniser, self._decoys)
            ears.listen_for(live or self._phrases)
            heard = hear_with(ears, resample(clip, SAMPLE_RATE_HZ).samples)
        return " ".join(one.phrase.text for one in heard if one.phrase)


@dataclass(frozen=True, slots=True)
class Served:
    """What is offered."""

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


class _Conversation(AsyncEventHandler):  # type: ignore[misc] # no types without the extra
    """One client."""

    def __init__(
        self, served: Served, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        super().__init__(reader, writer)
        self._served = served
        self._terms: tuple[str, ...] = ()
        self._sound: Collected | None = None

    async def handle_event(self, event: Event) -> bool:
        """Answer one event; False ends the conversation. What is not known is left alone."""
        try:
            await self._handle(event)
        except (SoundError, SpeechError, ValueError, KeyError, TypeError) as error:
            await self.write_event(Error(text=str(error) or repr(error)).event())
            return False
        return True

    async def _handle(self, event: Event) -> None:
        if Describe.is_type(event.type):
            await self.write_event(self._served.info().event())
        elif Ping.is_type(event.type):
            await self.write_event(Pong(text=Ping.from_event(event).text).event())
        elif Transcribe.is_type(event.type):
            asked = Transcribe.from_event(event)
            terms = [*(asked.transcript_names or ()), *(asked.transcript_terms or ())]
            self._terms = tuple(str(term) for term in terms)
        elif AudioStart.is_type(event.type):
            self._sound = Collected()
        elif AudioChunk.is_type(event.type) and self._sound is not None:
            self._sound.add(event)
        elif AudioStop.is_type(event.type) and self._sound is not None:
            clip, self._sound = self._sound.clip(), None
            text = await asyncio.to_thread(self._served.ears.transcribe, clip, self._terms)
            await self.write_event(Transcript(text, language=self._served.language).event())
        elif Synthesize.is_type(event.type):
            await self._speak(Synthesize.from_event(event))

    async def _speak(self, asked: Synthesize) -> None:
        slowest, fastest = RATE_RANGE
        rate = (asked.context or {}).get(RATE_KEY, self._served.words_per_minute)
        rate = max(slowest, min(fastest, int(rate)))
        clip = await asyncio.to_thread(self._served.voice.render, asked.text, rate)
        for each in sound_events(to_int16(clip.samples), clip.sample_rate_hz):
            await self.write_event(each)


def serve(
    served: Served, host: str, port: int, ready: Callable[[int], None], stop: threading.Event
) -> None:
    """Serve until ``stop`` is set; ``ready`` is told the port.

    Raises:
        SettingsError: nobody can be served there.
    """
    asyncio.run(_serve(served, host, port, ready, stop))


async def _serve(
    served: Served, host: str, port: int, ready: Callable[[int], None], stop: threading.Event
) -> None:
    clients: set[asyncio.StreamWriter] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(clients) >= MOST_CLIENTS:
            _log.warning("a client more than %d is turned away", MOST_CLIENTS)
            writer.close()
            return
        clients.add(writer)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await _Conversation(served, reader, writer).run()
        except Exception:
            # What one client sends must not end the others.
            _log.exception("a conversation failed")
        finally:
            clients.discard(writer)

    try:
        server = await asyncio.start_server(talk, host, port)
    except OSError as error:
        raise SettingsError(
            f"nobody can be served at {host}:{port} ({error.strerror or error}); "
            "choose another HOST:PORT"
        ) from error
    async with server:
        ready(server.sockets[0].getsockname()[1])
        while not stop.is_set():
            await asyncio.sleep(0.1)
        for writer in tuple(clients):
            writer.close()
