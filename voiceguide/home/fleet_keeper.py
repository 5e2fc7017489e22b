"""The keeper of a fleet: gives rooms files and settings, and asks them to do something now."""

import json
import queue
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from voiceguide.core.errors import DeviceError
from voiceguide.home.access import Access
from voiceguide.home.broker import Broker, Message
from voiceguide.home.topics import ONLINE
from voiceguide.home.wanted import (
    HAS,
    PARTS,
    WANTED,
    Wanted,
    WantedError,
    content_of,
    parse_wanted,
    pieces_of,
)

ECHO = "~echo"
"""The topic below which the keeper sends itself a message: all retained messages come before it."""
APPLIED, REFUSED = "applied", "refused"


@dataclass
class Room:
    """What the broker retains of one room."""

    alive: bool = False
    wanted: Wanted = field(default_factory=Wanted)
    has: Mapping[str, Any] = field(default_factory=dict)

    def answer_to(self, digest: str) -> str:
        """The room's answer to what it is to have: ``applied``, ``refused: WHY``, or empty."""
        if self.has.get("wanted") != digest:
            return ""
        state = self.has.get("state")
        if state == REFUSED:
            return f"{REFUSED}: {self.has.get('why', '')}"
        return APPLIED if state == APPLIED else ""


class FleetKeeper:
    """A connection that knows every room; a context manager.

    Args:
        prefix: what the topics of all rooms begin with.
        seconds: the longest wait for the broker, and again for its messages.

    Raises:
        DeviceError: the broker does not answer, or lets nobody in.
        SettingsError: the certificates cannot be used.
    """

    def __init__(self, access: Access, prefix: str, seconds: float) -> None:
        self._prefix = prefix
        self._seconds = seconds
        self._came: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
        self.rooms: dict[str, Room] = {}
        self._parts: dict[str, int] = {}
        """Of each file that the broker retains, by its SHA-256, the number of pieces."""
        self._echo = f"{ECHO}/{secrets.token_hex(4)}"
        below = ("+/availability", f"+/{WANTED}", f"+/{HAS}", f"{PARTS}/+", self._echo)
        self._broker = Broker(
            access,
            f"voiceguide-keeper-{secrets.token_hex(4)}",
            tuple(f"{prefix}/{each}" for each in below),
            lambda topic, payload: self._came.put((topic, payload)),
            with_kept=True,
        )
        self._place = access.place

    def __enter__(self) -> "FleetKeeper":
        self._broker.start()
        if not self._broker.has_come(self._seconds):
            self._broker.close()
            raise DeviceError(self._broker.trouble or f"the broker {self._place} does not answer")
        try:
            self._look_at_all()
        except DeviceError:
            self._broker.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._broker.close()

    def _look_at_all(self) -> None:
        """Take in everything that the broker retains, also files that no room wants any more."""
        until = time.monotonic() + self._seconds
        self._send([Message(f"{self._prefix}/{self._echo}", "all")], retain=False)
        while (name := self._take_next(until - time.monotonic())) != ECHO:
            if name is None:
                raise DeviceError(
                    f"the broker {self._place} did not tell of all rooms within "
                    f"{self._seconds:g} s; wait longer (--seconds), and see that it holds enough "
                    "messages for one client (Mosquitto: max_queued_messages)"
                )

    def order(self, rooms: Iterable[str], below: str, text: str) -> None:
        """Ask rooms for something now; a room that is away is not asked later.

        Raises:
            DeviceError: the broker did not take it.
        """
        self._send(
            [Message(f"{self._prefix}/{room}/{below}", text) for room in rooms], retain=False
        )

    def give(
        self,
        rooms: Iterable[str],
        changed: Callable[[Wanted], Wanted],
        files: Iterable[bytes],
        seconds: float,
    ) -> dict[str, str]:
        """Change what rooms are to have; a room that is away gets it when it comes.

        Args:
            changed: turns what a room was to have into what it is to have.
            files: the contents of new files.
            seconds: the longest wait for the answers of rooms that are there.

        Returns:
            By room ``applied``, ``refused: WHY``, or empty if it has not answered.

        Raises:
            DeviceError: the broker did not take it.
        """
        for data in files:
            self._send_parts(data)
        wanted = {name: changed(self.rooms.setdefault(name, Room()).wanted) for name in rooms}
        self._send(
            [
                Message(f"{self._prefix}/{name}/{WANTED}", each.as_json())
                for name, each in wanted.items()
            ]
        )
        digests = {name: each.digest for name, each in wanted.items()}
        owing = {name for name in digests if self.rooms[name].alive}
        until = time.monotonic() + seconds
        while owing and (name := self._take_next(until - time.monotonic())) is not None:
            if name in owing and self.rooms[name].answer_to(digests[name]):
                owing.discard(name)
        for name, each in wanted.items():
            self.rooms[name].wanted = each
        self._sweep()
        return {name: self.rooms[name].answer_to(digest) for name, digest in digests.items()}

    def _send_parts(self, data: bytes) -> None:
        """Have the broker retain a file, once for all rooms; one that it has is not sent again."""
        content = content_of(data)
        if self._parts.get(content.sha256) == content.pieces:
            return
        own = f"{self._prefix}/{PARTS}/{content.sha256}"
        self._send([Message(f"{own}/{n}", piece) for n, piece in enumerate(pieces_of(data))])
        self._send([Message(own, str(content.pieces))])  # now it is whole
        self._parts[content.sha256] = content.pieces

    def _sweep(self) -> None:
        """Remove from the broker the files that no room wants any more."""
        wanted = {
            content.sha256 for room in self.rooms.values() for content in room.wanted.files.values()
        }
        for sha256 in self._parts.keys() - wanted:
            own = f"{self._prefix}/{PARTS}/{sha256}"
            pieces = [Message(f"{own}/{n}", "") for n in range(self._parts.pop(sha256))]
            self._send([Message(own, ""), *pieces])

    def _send(self, messages: list[Message], *, retain: bool = True) -> None:
        # A large file takes time, so the wait grows with the number of messages.
        lost = self._broker.send(messages, self._seconds + 0.1 * len(messages), retain=retain)
        if lost:
            raise DeviceError(
                f"the broker {self._place} did not take {len(lost)} of {len(messages)} messages "
                f"(the first was for {lost[0].topic}); may this user write there?"
            )

    def _take_next(self, seconds: float) -> str | None:
        """Take in the next message; return the id of its room, or None if none came in time."""
        try:
            topic, payload = self._came.get(timeout=max(0.0, seconds))
        except queue.Empty:
            return None
        below = topic.removeprefix(f"{self._prefix}/")
        self._take(below, payload)
        return below.partition("/")[0]

    def _take(self, topic: str, payload: bytes) -> None:
        name, _, what = topic.partition("/")
        if name == ECHO:
            return
        if name == PARTS:
            if payload.isdigit() and len(payload) < 6:
                self._parts[what] = int(payload)
            else:
                self._parts.pop(what, None)
            return
        room = self.rooms.setdefault(name, Room())
        if what == "availability":
            room.alive = payload == ONLINE.encode()
        elif what == HAS:
            try:
                told = json.loads(payload or b"{}")
            except (ValueError, RecursionError):
                return
            room.has = told if isinstance(told, dict) else {}
        elif what == WANTED:
            try:
                room.wanted = parse_wanted(payload)
            except WantedError:
                room.wanted = Wanted()
