"""Our ears and our voice for other programs, over the Wyoming protocol (`voiceguide serve`).

What is no command is an empty transcript.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.error import Error
from wyoming.event import Event, async_write_event
from wyoming.info import Describe
from wyoming.ping import Ping, Pong
from wyoming.tts import Synthesize

from voiceguide.core.errors import SettingsError, SpeechError
from voiceguide.core.timeline.ranges import RATE_RANGE
from voiceguide.edge.service.door import Door, Guest
from voiceguide.edge.system.log import Log
from voiceguide.edge.wyoming.served import Served
from voiceguide.edge.wyoming.serving_queue import OverloadedError, ServingQueue
from voiceguide.edge.wyoming.wyoming_frames import (
    FROM_CLIENTS,
    FrameError,
    number_of,
    read_event,
    text_of,
    texts_of,
)
from voiceguide.edge.wyoming.wyoming_sound import Collected, SoundError, sound_events
from voiceguide.sound.speech import to_int16

RATE_KEY = "words_per_minute"
"""The key in a request's context for how fast our voice speaks. Other servers ignore it."""
MOST_CLIENTS, MOST_OF_ONE_ADDRESS = 128, 64
EARS_PATIENCE_SECONDS, VOICE_PATIENCE_SECONDS = 0.5, 1.5
"""A room waits 0.8 s for ears and 2 s for a sentence; then its own ears and voice do it."""
TURNED_AWAY = "overloaded: too many clients are connected to this server; ask another server"
FIRST_JOB_SECONDS = 0.1
LATE = 2.0
"""A client that has begun is refused only where its answer would come twice as late as allowed."""
ACCEPTED_AT_ONCE = 100
"""Connections that the kernel holds before the door sees them; each takes a file descriptor."""
SILENCE_SECONDS = 30.0
"""A client that sends no whole message for this long is disconnected."""
WRITE_SECONDS = 10.0
"""A client that does not take an answer within this time is disconnected."""
LINGER_SECONDS = 1.0
"""How long the rest of a refused message is read and thrown away before the line is cut."""
MOST_TERMS = 2_000
LONGEST_PING = 1_000
LONGEST_TEXT = 2_000
"""The most characters that are spoken at once."""

_log = Log("serve")


class _Conversation:
    """The conversation with one client."""

    def __init__(
        self,
        served: Served,
        writer: asyncio.StreamWriter,
        hearing: ServingQueue,
        speaking: ServingQueue,
    ) -> None:
        self._served = served
        self._hearing = hearing
        self._speaking = speaking
        self._writer = writer
        self._terms: tuple[str, ...] = ()
        self._sound = Collected()

    async def run(self, reader: asyncio.StreamReader, door: Door, guest: Guest) -> None:
        """Answer one event after the other, until the client hangs up or sends what is no
        message.
        """
        try:
            while (event := await read_event(reader, FROM_CLIENTS)) is not None:
                door.heard(guest)
                guest.is_served = True
                await self._handle(event)
                guest.is_served = False
                door.heard(guest)
        except (FrameError, SoundError, SpeechError, OverloadedError) as error:
            guest.is_served = True
            await self._write(Error(text=str(error)).event())
            await self._let_it_be_read(reader)

    async def _let_it_be_read(self, reader: asyncio.StreamReader) -> None:
        """Send no more, and for a moment read and throw away what still comes. To hang up on a
        client in the middle of its message would keep it from reading the error.
        """
        self._writer.write_eof()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while await reader.read(FROM_CLIENTS.data_bytes):
                    pass

    async def _handle(self, event: Event) -> None:
        """Answer one event; an unknown one is ignored."""
        if Describe.is_type(event.type):
            await self._write(self._served.info().event())
        elif Ping.is_type(event.type):
            text = None if event.data.get("text") is None else text_of(event, "text", LONGEST_PING)
            await self._write(Pong(text=text).event())
        elif Transcribe.is_type(event.type):
            names = texts_of(event, "transcript_names", MOST_TERMS)
            self._terms = names + texts_of(event, "transcript_terms", MOST_TERMS)
        elif AudioStart.is_type(event.type):
            self._hearing.admit()
            self._sound = Collected()
        elif AudioChunk.is_type(event.type):
            self._sound.add(event)
        elif AudioStop.is_type(event.type):
            sound, self._sound = self._sound, Collected()
            await self._write(
                Transcript(await self._heard(sound), language=self._served.language).event()
            )
        elif Synthesize.is_type(event.type):
            await self._speak(event)

    async def _heard(self, sound: Collected) -> str:
        """What was said; empty where there was no sound."""
        if sound.is_empty:
            return ""
        self._hearing.admit(LATE)
        async with self._hearing.turn():
            return await asyncio.to_thread(self._served.ears.transcribe, sound.clip(), self._terms)

    async def _speak(self, event: Event) -> None:
        text = text_of(event, "text", LONGEST_TEXT)
        rate = self._served.words_per_minute
        context = event.data.get("context")
        if context is not None and not isinstance(context, dict):
            raise FrameError("the context of 'synthesize' is no object")
        if context and context.get(RATE_KEY) is not None:
            asked = number_of(Event(event.type, context), RATE_KEY, 1, 10_000)
            slowest, fastest = RATE_RANGE
            rate = max(slowest, min(fastest, asked))
        self._speaking.admit()
        async with self._speaking.turn():
            clip = await asyncio.to_thread(self._served.voice.render, text, rate)
        for each in sound_events(to_int16(clip.samples), clip.sample_rate_hz):
            await self._write(each)

    async def _write(self, event: Event) -> None:
        """Send an event; raises TimeoutError, an OSError, where the client does not take it in
        time.
        """
        async with asyncio.timeout(WRITE_SECONDS):
            await async_write_event(event, self._writer)


def serve(
    served: Served, host: str, port: int, ready: Callable[[int], None], stop: threading.Event
) -> None:
    """Serve until ``stop`` is set; ``ready`` is called with the port.

    Raises:
        SettingsError: the address cannot be used.
    """
    asyncio.run(_serve(served, host, port, ready, stop))


async def _serve(
    served: Served, host: str, port: int, ready: Callable[[int], None], stop: threading.Event
) -> None:
    door = Door(MOST_CLIENTS, MOST_OF_ONE_ADDRESS, SILENCE_SECONDS)
    writers: set[asyncio.StreamWriter] = set()
    hearing = ServingQueue("ears", EARS_PATIENCE_SECONDS, FIRST_JOB_SECONDS)
    speaking = ServingQueue("voice", VOICE_PATIENCE_SECONDS, FIRST_JOB_SECONDS)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peer = writer.get_extra_info("peername") or ("",)
        fileno = writer.get_extra_info("socket").fileno()
        guest = door.enter(peer[0], writer.transport.abort, fileno)
        if guest is None:
            _log.warning("client", "turned away", reason="too many")
            with contextlib.suppress(OSError):
                await async_write_event(Error(text=TURNED_AWAY).event(), writer)
            writer.close()
            return
        writers.add(writer)
        try:
            with contextlib.suppress(OSError):  # it went away, or was disconnected
                await _Conversation(served, writer, hearing, speaking).run(reader, door, guest)
        except Exception:
            # What one client sends must not end the others.
            _log.exception("conversation", "failed")
        finally:
            writers.discard(writer)
            door.leave(guest)
            writer.close()

    try:
        server = await asyncio.start_server(
            talk, host, port, limit=FROM_CLIENTS.data_bytes, backlog=ACCEPTED_AT_ONCE
        )
    except OSError as error:
        raise SettingsError(
            f"nobody can be served at {host}:{port} ({error.strerror or error}); "
            "choose another HOST:PORT"
        ) from error
    async with server:
        ready(server.sockets[0].getsockname()[1])
        while not stop.is_set():
            await asyncio.sleep(0.1)
            door.sweep()
        for writer in tuple(writers):
            writer.close()
