"""The load on a server: a room asks the next server where one refuses, and its figures add up."""

import asyncio
import runpy
from contextlib import AsyncExitStack

import pytest
from support.brokers import free_port
from support.places import ROOT

pytest.importorskip("wyoming")

from wyoming.asr import Transcribe, Transcript
from wyoming.error import Error
from wyoming.event import async_read_event, async_write_event

BENCH = runpy.run_path(str(ROOT / "scripts/bench_serve"))
REFUSAL, ANSWER = Error("overloaded").event(), Transcript("next").event()


async def served(stack, answer):
    """The port of a server that answers so; None never answers."""

    async def serve(reader, writer):
        await async_read_event(reader)
        if answer:
            await async_write_event(answer, writer)
        await reader.read()  # until the room hangs up
        writer.close()

    port = free_port()
    await stack.enter_async_context(await asyncio.start_server(serve, "127.0.0.1", port))
    return port


@pytest.mark.parametrize(
    ("answers", "how"),
    [
        ((ANSWER,), "answered"),
        ((REFUSAL,), "refused"),
        ((REFUSAL, ANSWER), "answered"),
        ((REFUSAL, None), "late"),
    ],
)
def test_a_room_asks_the_next_server_where_one_refuses(answers, how):
    async def ask():
        async with AsyncExitStack() as stack:
            ports = [await served(stack, answer) for answer in answers]
            patience = 0.2 if how == "late" else 60.0
            return await BENCH["ask"]([Transcribe().event()], "transcript", patience, ports)

    told, seconds = asyncio.run(ask())
    assert told == how
    assert seconds >= 0.2 or how != "late"


def test_a_server_that_is_not_there_refuses():
    told, _ = asyncio.run(BENCH["ask"]([Transcribe().event()], "transcript", 60.0, [free_port()]))
    assert told == "refused"


def test_rooms_are_numbers_apart_by_commas():
    assert BENCH["numbers"]("5,20,50") == [5, 20, 50]
