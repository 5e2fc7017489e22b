"""The ears and the voice served to others: a real server process, asked by the library's client."""

import asyncio
from contextlib import suppress

import numpy as np
import pytest

pytest.importorskip("wyoming")

from support.wyoming_world import serving
from wyoming.asr import Transcribe
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncTcpClient
from wyoming.event import Event
from wyoming.info import Describe, Info
from wyoming.ping import Ping
from wyoming.tts import Synthesize

from voiceguide.__main__ import main
from voiceguide.edge.voice.voice import Voice
from voiceguide.edge.wyoming.wyoming_sound import SoundError, collected, sound_events
from voiceguide.sound.speech import to_int16


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("served")) as server:
        yield server


@pytest.fixture(scope="module")
def person(tmp_path_factory):
    with Voice("gmw/en-us+m3", cache_dir=tmp_path_factory.mktemp("person")) as voice:
        yield voice


def talk(server, events, last):
    """Everything the server says up to an event of this type, or an error."""

    async def main():
        client = AsyncTcpClient("127.0.0.1", server.port, read_timeout=300.0)
        await client.connect()
        for event in events:
            await client.write_event(event)
        heard = []
        while (event := await client.read_event()) is not None:
            heard.append(event)
            if event.type in (last, "error"):
                break
        with suppress(ConnectionError):  # a server that has hung up on nonsense reads no more
            await client.disconnect()
        return heard

    return asyncio.run(main())


def said(person, words, terms=None):
    clip = person.render(words, 150)
    yield Transcribe(transcript_terms=terms).event()
    yield from sound_events(to_int16(clip.samples), clip.sample_rate_hz)


def test_it_tells_what_it_has(server):
    assert server.said == [f"Serving ears and voice at {server.uri}"]
    info = Info.from_event(talk(server, [Describe().event()], "info")[0])
    assert info.asr[0].models[0].name == "voiceguide-en-1"
    assert info.tts[0].voices[0].languages == ["en"]
    assert talk(server, [Ping("are you there").event()], "pong")[0].data["text"] == "are you there"


@pytest.mark.parametrize("words", ["next", "repeat the zone"])
def test_a_command_is_written(server, person, words):
    assert talk(server, said(person, words), "transcript")[-1].data["text"] == words


def test_only_what_is_live_is_written(server, person):
    heard = talk(server, said(person, "repeat", ["stop", "Lights in the hall"]), "transcript")
    assert heard[-1].data["text"] == ""
    heard = talk(server, said(person, "repeat", ["stop", "repeat"]), "transcript")
    assert heard[-1].data["text"] == "repeat"


def test_talk_is_an_empty_transcript(server, person):
    heard = talk(server, said(person, "I had a cup of coffee with milk today"), "transcript")
    assert heard[-1].data["text"] == ""


def test_a_sentence_is_spoken_as_fast_as_is_asked(server):
    lengths = []
    for rate in (None, 110, 220):
        asked = Synthesize("Hooked fingers, along the jaw.", context={"words_per_minute": rate})
        heard = talk(server, [(asked if rate else Synthesize(asked.text)).event()], "audio-stop")
        assert heard[0].type == "audio-start"
        lengths.append(collected(heard).seconds)
    assert lengths[1] > lengths[0] > lengths[2] > 0.5


def test_a_text_without_a_word_is_said_in_silence(server):
    heard = talk(server, [Synthesize("…").event()], "audio-stop")
    assert heard[0].type == "audio-start"
    assert collected(heard).seconds < 0.5


@pytest.mark.parametrize(
    "events",
    [
        [Synthesize("word " * 1000).event()],
        [Event("synthesize", {"text": "hello", "context": {"words_per_minute": "quick"}})],
        [Synthesize("word").event(), Event("synthesize", {"text": ["hello"]})],
        [Event("synthesize", {})],
        [Event("synthesize", {"text": "hello", "context": [1]})],
        [Event("transcribe", {"transcript_terms": "stop"})],
        [Event("ping", {"text": 5})],
        [AudioStart(5, 2, 1).event(), AudioChunk(5, 2, 1, b"12").event()],
        [AudioStart(16000, 2, 1).event(), Event("audio-chunk", {"rate": "x"}, b"1")],
        [AudioStart(16000, 2, 1).event(), *[AudioChunk(16000, 2, 1, bytes(320_000)).event()] * 7],
    ],
)
def test_nonsense_is_an_error_and_ends_only_that_conversation(server, events):
    heard = talk(server, events, "nothing")
    assert heard[-1].type == "error"
    assert 0 < len(heard[-1].data["text"]) < 300
    assert talk(server, [Describe().event()], "info")


@pytest.mark.parametrize(
    "events",
    [
        [AudioStart(16000, 2, 1).event(), AudioStop().event()],
        [AudioStop().event()],
        [AudioChunk(16000, 2, 1, bytes(3200)).event(), AudioStop().event()],
    ],
)
def test_without_a_word_there_is_an_empty_transcript(server, events):
    heard = talk(server, [Transcribe().event(), *events], "transcript")
    assert [event.data.get("text") for event in heard] == [""]


def test_a_length_above_the_limit_is_refused_before_a_byte_of_it_comes(server):
    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b'{"type": "audio-chunk", "payload_length": 4000000000}\n')
        heard = await asyncio.wait_for(reader.read(), 10.0)
        assert b"above the 262,144 bytes" in heard
        writer.close()

    asyncio.run(main())


def test_a_hundred_silent_clients_keep_nobody_out(server):
    async def main():
        silent = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(100)]
        # The first have been shown out, the last are still there.
        assert await asyncio.wait_for(silent[0][0].read(), 10.0) == b""
        for _, writer in silent:
            writer.close()

    talk_meanwhile = Describe().event()
    asyncio.run(main())
    assert talk(server, [talk_meanwhile], "info")


def test_what_is_not_the_protocol_is_hung_up_on(server):
    async def main():
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        assert b"no JSON" in await asyncio.wait_for(reader.read(), 10.0)
        writer.close()

    asyncio.run(main())


def test_a_second_server_at_the_same_place_is_one_sentence(server, capfd):
    assert main(["serve", "--wyoming", f"127.0.0.1:{server.port}"]) == 2
    told = capfd.readouterr().err
    assert told.startswith("voiceguide: nobody can be served at 127.0.0.1")
    assert told.count("\n") == 1


@pytest.mark.parametrize(("width", "channels"), [(1, 1), (2, 2), (4, 1), (4, 2)])
def test_other_widths_and_channels_are_the_same_sound(width, channels):
    wave = np.sin(np.arange(1600) / 10)
    top = 2 ** (8 * width - 1) - 1
    data = (wave * 0.9 * top).astype(f"<i{width}")
    raw = ((data.astype(int) + 128).astype(np.uint8) if width == 1 else data)[:, None]
    chunk = AudioChunk(16000, width, channels, np.repeat(raw, channels, axis=1).tobytes())
    clip = collected([chunk.event()])
    # Two channels are added up by the library, as in loud stereo: clipped, but in step.
    assert np.corrcoef(clip.samples, wave)[0, 1] > 0.9
    with pytest.raises(SoundError):
        collected([chunk.event(), AudioChunk(8000, 2, 1, b"12").event()])


def test_asked_to_end_it_ends(server):
    """The last test here: the server serves no more."""
    assert server.end(gently=True) == 0
