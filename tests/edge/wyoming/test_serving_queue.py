"""Fairness under overload, and several servers of which one answers."""

import asyncio
import threading

import pytest

pytest.importorskip("wyoming")

from wyoming.error import Error
from wyoming.event import Event, async_read_event, async_write_event
from wyoming.info import AsrModel, AsrProgram, Attribution, Info

from voiceguide.edge.wyoming.serving_queue import OverloadedError, ServingQueue
from voiceguide.edge.wyoming.wyoming_link import AwayError, WyomingLink

PATIENCE_SECONDS = 60.0


def test_each_has_its_turn_in_order_and_who_would_wait_too_long_is_refused():
    now = [0.0]
    done = []

    async def main():
        queue = ServingQueue("ears", 0.5, 0.1, lambda: now[0])

        async def job(number):
            async with queue.turn():
                now[0] += 0.2
                await asyncio.sleep(0)
                done.append(number)

        jobs = [asyncio.create_task(job(number)) for number in range(6)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError, match=r"6 wait for the ears .* take 0\.6 s; ask"):
            queue.admit()
        queue.admit(2.0)  # one that was let in before
        await asyncio.gather(*jobs)
        queue.admit()
        assert queue.refused == 1
        # A job took 0.2 s, so fewer may wait from now on.
        jobs = [asyncio.create_task(job(number)) for number in range(6, 10)]
        await asyncio.sleep(0)
        with pytest.raises(OverloadedError):
            queue.admit()
        await asyncio.gather(*jobs)

    asyncio.run(main())
    assert done == list(range(10))


def test_a_job_that_fails_or_is_given_up_lets_the_next_begin():
    async def main():
        queue = ServingQueue("voice", 0.5, 0.1)

        async def broken():
            async with queue.turn():
                await asyncio.sleep(0)
                raise ValueError("broken")

        given_up = asyncio.create_task(broken())
        second = asyncio.create_task(broken())
        await asyncio.sleep(0)
        given_up.cancel()
        with pytest.raises(ValueError, match="broken"):
            await second
        async with queue.turn():
            queue.admit()

    asyncio.run(main())


class Room:
    """A server that answers, refuses, or is not there, as its last letter says; on one thread."""

    def __init__(self):
        self.asked = []
        self.refuses = set()
        self.ports = {}
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()

    def serve(self, name):
        async def talk(reader, writer):
            event = await async_read_event(reader)
            if event and event.type == "describe":
                await async_write_event(INFO.event(), writer)
            elif event:
                self.asked.append(name)
                refused = name in self.refuses
                answer = Error("overloaded: ask another").event() if refused else Event("pong")
                await async_write_event(answer, writer)
            writer.close()

        async def start():
            return await asyncio.start_server(talk, "127.0.0.1", 0)

        server = asyncio.run_coroutine_threadsafe(start(), self.loop).result(PATIENCE_SECONDS)
        self.ports[name] = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return server

    def close(self, *servers):
        for server in servers:
            self.loop.call_soon_threadsafe(server.close)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


ABOUT = Attribution(name="x", url="")
MODEL = AsrModel("m", ABOUT, True, "", "1", ["en"])
INFO = Info(asr=[AsrProgram("p", ABOUT, True, "", "1", [MODEL])])


def test_a_room_falls_over_to_the_next_server_and_stays_there():
    world = Room()
    servers = [world.serve("one"), world.serve("two")]
    uris = [world.ports["one"], world.ports["two"]]
    link = WyomingLink(",".join(uris), "asr", "we", PATIENCE_SECONDS)

    def ask():
        return [e.type for e in link.ask([Event("ping")], "pong").result(PATIENCE_SECONDS)]

    assert ask() == ["pong"]
    world.refuses.add("one")
    assert ask() == ["pong"]
    assert link.uri == uris[1]
    assert ask() == ["pong"]
    assert world.asked == ["one", "one", "two", "two"]
    assert link.is_there
    world.refuses.add("two")  # nobody is left
    with pytest.raises(AwayError, match="ask another"):
        link.ask([Event("ping")], "pong").result(PATIENCE_SECONDS)
    assert link.times_away == 1
    link.close()
    world.close(*servers)
