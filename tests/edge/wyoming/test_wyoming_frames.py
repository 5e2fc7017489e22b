"""Messages of strangers: what they announce is not believed, and no field is."""

import asyncio
import json
import random

import pytest

pytest.importorskip("wyoming")

from wyoming.event import Event

from voiceguide.edge.wyoming.wyoming_frames import (
    FROM_CLIENTS,
    FrameError,
    number_of,
    read_event,
    text_of,
    texts_of,
)
from voiceguide.edge.wyoming.wyoming_sound import Collected, SoundError


def read(data, limits=FROM_CLIENTS):
    async def main():
        reader = asyncio.StreamReader(limit=limits.data_bytes)
        reader.feed_data(data)
        reader.feed_eof()
        return await read_event(reader, limits)

    return asyncio.run(main())


def test_a_message_with_data_and_payload_is_read():
    data = b'{"rate": 16000}'
    head = {"type": "audio-chunk", "data": {"a": 1}, "data_length": 15, "payload_length": 4}
    event = read(json.dumps(head).encode() + b"\n" + data + b"1234")
    assert event == Event("audio-chunk", {"a": 1, "rate": 16000}, b"1234")
    assert read(b"") is None


@pytest.mark.parametrize(
    "head",
    [
        {"type": "x", "payload_length": 4_000_000_000},
        {"type": "x", "data_length": 4_000_000_000},
        {"type": "x", "payload_length": "9"},
        {"type": "x", "payload_length": -1},
        {"type": "x", "payload_length": True},
        {"type": "x", "payload_length": 1e400},
        {"type": "x", "data_length": [1]},
        {"type": "x", "data": [1]},
        {"type": "x", "data": "text"},
        {"type": 5},
        {"type": ""},
        {"type": ["describe"]},
        {"type": "x" * 200},
        {},
        [],
        5,
        None,
        "describe",
    ],
)
def test_what_is_no_message_is_one_sentence(head):
    with pytest.raises(FrameError) as caught:
        read(json.dumps(head).encode() + b"\n")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 50_000 + b"\n",
        b'{"type": "x", "data": ' + b'{"a":' * 40 + b"1" + b"}" * 40 + b"}\n",
        b"x" * 100_000 + b"\n",
        b'{"type": "x", "data_length": 5}\n{"a"',
        b'{"type": "x", "data_length": 3}\n[1]',
        b'{"type": "x", "payload_length": 5}\n12',
        b'{"type": "x", "data": {"n": ' + b"9" * 5000 + b"}}\n",
        b"\xff\xfe\n",
    ],
)
def test_depth_breaks_and_other_nonsense_too(data):
    with pytest.raises(FrameError):
        read(data)


def test_fields_are_what_they_must_be():
    event = Event("e", {"text": "hello", "rate": 5, "list": ["a"], "odd": [1], "yes": True})
    assert text_of(event, "text", 5) == "hello"
    assert number_of(event, "rate", 1, 9) == 5
    assert texts_of(event, "list", 1) == ("a",)
    assert texts_of(event, "absent", 1) == ()
    for wrong in (
        lambda: text_of(event, "text", 4),
        lambda: text_of(event, "rate", 9),
        lambda: text_of(event, "absent", 9),
        lambda: number_of(event, "rate", 6, 9),
        lambda: number_of(event, "yes", 0, 9),
        lambda: number_of(event, "text", 0, 9),
        lambda: texts_of(event, "odd", 9),
        lambda: texts_of(event, "text", 9),
        lambda: texts_of(event, "list", 0),
    ):
        with pytest.raises(FrameError):
            wrong()


def test_three_thousand_odd_chunks_are_sound_or_one_sentence():
    chance = random.Random(3)
    values = (16000, 8000, 2, 1, 0, -1, 4, 3, None, "2", [2], {}, True, 1.5, 1e308, 10**30)
    for _ in range(3000):
        data = {key: chance.choice(values) for key in ("rate", "width", "channels")}
        if chance.random() < 0.5:
            data |= {"rate": 16000, "width": chance.choice((1, 2, 4))}
        sound = Collected()
        try:
            sound.add(Event("audio-chunk", data, chance.randbytes(chance.randint(0, 40))))
        except SoundError as error:
            assert len(str(error)) < 200
        else:
            assert sound.clip().sample_rate_hz in (8000, 16000)
