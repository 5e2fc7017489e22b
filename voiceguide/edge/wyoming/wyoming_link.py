"""A Wyoming server that somebody chose: asked with a deadline, left alone while it is away.

A server that fails or is late is away; it is looked for again after a second, then two, four, up
to a minute, in the background. So whoever asks waits for a missing server once, and not again.
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
"""A server that says more in one answer is broken."""
LONGEST_REASON = 200
"""Characters of a server's own words that reach the log."""

_log = Log("wyoming")


class AwayError(Exception):
    """The server gave no answer, or none in time; the message says why."""


class WyomingLink:
    """A server in one role, or several of which one answers. Any thread may ask; nobody is kept
    waiting past the deadline.

    Args:
        uri: ``tcp://HOST:PORT``, or several, with commas between: when one fails or refuses, the
            next is asked at once, and from then on.
        role: ``asr`` or ``tts``: what the server must be able to do.
        stand_in: who does it meanwhile, for the log: ``the voice of this machine``.
        deadline_seconds: for a whole answer.
        back_off_seconds: between the first two looks at a server that is away.
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
        """Of servers in a row; as many as there are servers, and none is there."""
        self._role = role
        self._stand_in = stand_in
        self._deadline = deadline_seconds
        self._first_back_off = back_off_seconds
        self._back_off = back_off_seconds
        self._looking = False
        self.is_there = True
        """Whether the next question is worth asking; taken to be so at first."""
        self.times_away = 0
        """How often it went away, now included."""
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(target=self._run, name=f"wyoming-{role}", daemon=True)
        self._thread.start()
        # Found out before the first sentence or word needs it.
        self._start(self._look_now())

    @property
    def uri(self) -> str:
        """Of the server that is asked now."""
        return self._uris[0]

    def ask(self, events: Sequence[Event], last: str) -> "Future[list[Event]]":
        """Send these; the answer is all that comes up to the event of the type ``last``.

        The future raises AwayError; it is done at the deadline at the latest.
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
            # Once more round, so that what was cancelled can end.
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
        """From here on the next server is asked first."""
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
                    # A peer that no longer reads must not be waited for.
                    writer.transport.abort()
        except TimeoutError:
            raise AwayError(f"no answer within {self._deadline:g} s") from None
        except AwayError:
            raise
        except FrameError as error:
            raise AwayError(f"it answers what is no message: {error}") from error
        except (OSError, UnicodeError) as error:  # the latter: a host's name that is none
            raise AwayError(getattr(error, "strerror", None) or str(error)) from error
        except Exception as error:  # what it sends is not the protocol
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
        """Look for it until it is back."""
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
        """Why the server that is asked now cannot be; empty where it can."""
        until = self._loop.time() + self._deadline
        try:
            answer = await self._exchange([Describe().event()], "info", until)
            info = Info.from_event(answer[-1])
        except AwayError as error:
            return str(error)
        except Exception as error:
            return f"it describes itself in a way that cannot be understood: {error!r}"
        return "" if getattr(info, self._role) else f"it offers no {self._role}"
