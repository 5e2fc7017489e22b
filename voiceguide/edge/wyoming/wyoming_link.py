"""A Wyoming server that somebody chose: asked with a deadline, and not asked while it is away.

A server that fails or is late counts as away. In the background it is looked for again after one
second, then two, four, and so on up to a minute. So a missing server is waited for only once.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import Future
from typing import Any
from urllib.parse import urlsplit

from wyoming.error import Error
from wyoming.event import Event, async_write_event
from wyoming.info import Describe, Info

from voiceguide.edge.system.log import Log
from voiceguide.edge.wyoming.wyoming_frames import FROM_SERVERS, FrameError, read_event

FIRST_BACK_OFF_SECONDS = 1.0
LONGEST_BACK_OFF_SECONDS = 60.0
MOST_EVENTS = 10_000
MOST_BYTES = 32_000_000
"""The most that a server may send in one answer; one that sends more is broken."""
LONGEST_REASON = 200
"""How many characters of a server's own words reach the log."""

_log = Log("wyoming")


class AwayError(Exception):
    """The server gave no answer, or none in time; the message says why."""


class WyomingLink:
    """One server in one role, or several of which one answers. Any thread may ask, and none waits
    past the deadline.

    Args:
        uri: ``tcp://HOST:PORT``, or several with commas between. Where one fails or refuses, the
            next is asked at once, and first from then on.
        role: what the server must be able to do: ``asr`` or ``tts``.
        stand_in: what stands in while it is away, for the log: ``the voice of this machine``.
        deadline_seconds: for a whole answer.
        back_off_seconds: how long after it went away the server is first looked for.
    """

    def __init__(
        self,
        uri: str,
        role: str,
        stand_in: str,
        deadline_seconds: float,
        back_off_seconds: float = FIRST_BACK_OFF_SECONDS,
    ) -> None:
        self._uris = uri.split(",")
        self._failures = 0
        """How many servers failed in a row; when all of them did, the link is away."""
        self._role = role
        self._stand_in = stand_in
        self._deadline = deadline_seconds
        self._first_back_off = back_off_seconds
        self._back_off = back_off_seconds
        self._looking = False
        self.is_there = True
        """Whether a server can be asked, as far as is known; True at first."""
        self.times_away = 0
        """How often the link went away, this time included."""
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(target=self._run, name=f"wyoming-{role}", daemon=True)
        self._thread.start()
        # So it is known before the first sentence or word needs it.
        self._start(self._look_now())

    @property
    def uri(self) -> str:
        """The server that is asked first now."""
        return self._uris[0]

    def ask(self, events: Sequence[Event], last: str) -> "Future[list[Event]]":
        """Send these events. The answer is all that comes, up to an event of the type ``last``.

        The future is done by the deadline; it raises AwayError where there is no answer.
        """
        work = self._asked(events, last)
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop)
        except RuntimeError:
            work.close()
            closed: Future[list[Event]] = Future()
            closed.set_exception(AwayError("it is asked nothing more"))
            return closed

    def close(self) -> None:
        """Ask nothing more."""

        def stop() -> None:
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            # One more turn of the loop, so that what was cancelled can end.
            self._loop.call_soon(self._loop.call_soon, self._loop.stop)

        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(stop)
        self._thread.join(timeout=1.0)

    def _run(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        def start() -> None:
            task = self._loop.create_task(work)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

        self._loop.call_soon_threadsafe(start)

    async def _asked(self, events: Sequence[Event], last: str) -> list[Event]:
        until = self._loop.time() + self._deadline
        while True:
            try:
                answer = await self._exchange(events, last, until)
            except AwayError as error:
                self._failures += 1
                self._pass_on(str(error))
                if self._failures < len(self._uris) and self._loop.time() < until:
                    continue
                if self._failures >= len(self._uris):
                    self._lost(str(error))
                raise
            self._failures = 0
            self._back_off = self._first_back_off
            return answer

    def _pass_on(self, why: str) -> None:
        """Ask the next server first from now on."""
        if len(self._uris) == 1:
            return
        self._uris.append(self._uris.pop(0))
        _log.warning("server", "passed over", role=self._role, next=self.uri, reason=why)

    async def _exchange(self, events: Sequence[Event], last: str, until: float) -> list[Event]:
        answer: list[Event] = []
        try:
            async with asyncio.timeout_at(until):
                where = urlsplit(self.uri)
                reader, writer = await asyncio.open_connection(where.hostname, where.port)
                try:
                    for event in events:
                        await async_write_event(event, writer)
                    taken = 0
                    while len(answer) < MOST_EVENTS and taken < MOST_BYTES:
                        event = await read_event(reader, FROM_SERVERS)
                        if event is None:
                            raise AwayError("it hung up")
                        if Error.is_type(event.type):
                            said = str(event.data.get("text"))[:LONGEST_REASON]
                            raise AwayError(f"it answers: {said!r}")
                        taken += len(event.payload or b"")
                        answer.append(event)
                        if event.type == last:
                            return answer
                    raise AwayError("it does not stop talking")
                finally:
                    # Do not wait for a peer that no longer reads.
                    writer.transport.abort()
        except TimeoutError:
            raise AwayError(f"no answer within {self._deadline:g} s") from None
        except AwayError:
            raise
        except FrameError as error:
            raise AwayError(f"it answers what is no message: {error}") from error
        except (OSError, UnicodeError) as error:  # the latter for a host name that cannot be one
            raise AwayError(getattr(error, "strerror", None) or str(error)) from error
        except Exception as error:  # it does not speak the protocol
            raise AwayError(f"it answers what cannot be understood: {error!r}") from error

    def _lost(self, why: str) -> None:
        if self.is_there:
            _log.warning(
                "server", "away", role=self._role, address=self.uri, reason=why,
                stand_in=self._stand_in,
            )  # fmt: skip
            self.times_away += 1
        self.is_there = False
        if not self._looking:
            self._looking = True
            self._start(self._look())

    async def _look(self) -> None:
        """Look for a server again and again until one is back."""
        while self._looking:
            await asyncio.sleep(self._back_off)
            self._back_off = min(2 * self._back_off, LONGEST_BACK_OFF_SECONDS)
            await self._look_now()

    async def _look_now(self) -> None:
        """Look for whichever of them is there."""
        why = ""
        for _ in self._uris:
            why = await self._looked_at()
            if not why:
                self._looking, self._failures = False, 0
                if not self.is_there:
                    _log.warning("server", "back", role=self._role, address=self.uri)
                self.is_there = True
                return
            self._pass_on(why)
        self._lost(why)

    async def _looked_at(self) -> str:
        """Why the first server cannot be asked; empty where it can."""
        until = self._loop.time() + self._deadline
        try:
            answer = await self._exchange([Describe().event()], "info", until)
            info = Info.from_event(answer[-1])
        except AwayError as error:
            return str(error)
        except Exception as error:
            return f"it describes itself in a way that cannot be understood: {error!r}"
        return "" if getattr(info, self._role) else f"it offers no {self._role}"
