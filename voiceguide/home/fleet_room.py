"""A room of a fleet: fetches the files and settings that its keeper gives it, and reports on it."""

import json
from collections.abc import Callable
from typing import Protocol

from voiceguide.edge.system.log import Log
from voiceguide.home.fleet_store import FleetStore
from voiceguide.home.topics import Topics
from voiceguide.home.wanted import HAS, PARTS, WANTED, Wanted, WantedError, parse_wanted

_log = Log("home")

AT_ONCE = 50
"""How many pieces are asked for at a time: half a megabyte, which the slowest room can hold."""


class RoomLine(Protocol):
    """What a room needs of its connection."""

    def listen(self, topics: tuple[str, ...]) -> None:
        """Subscribe to these topics, with what is retained there."""

    def leave(self, topics: tuple[str, ...]) -> None:
        """Unsubscribe from these topics."""

    def tell(self, topic: str, text: str) -> None:
        """Publish this as a retained message."""


class FleetRoom:
    """The room's side of a fleet; used on the connection's thread only.

    Args:
        line: the connection.
        changed: is called when the next start of the guide will use something new.
    """

    def __init__(
        self, topics: Topics, store: FleetStore, line: RoomLine, changed: Callable[[], None]
    ) -> None:
        self._topics = topics
        self._store = store
        self._line = line
        self._changed = changed
        self._topic = f"{topics.own}/{WANTED}"
        self._wanted = Wanted()
        self._asked: frozenset[str] = frozenset()
        """The topics of the pieces that were asked for and have not come."""
        self._refused = ""

    def up(self) -> None:
        """Ask again for everything that has not come, because there is a new connection."""
        self._asked = frozenset()
        self._line.listen((self._topic,))

    def took(self, topic: str, payload: bytes) -> bool:
        """Take a message; return False if it does not concern the fleet."""
        if topic == self._topic:
            self._want(payload)
        elif topic.startswith(f"{self._topics.prefix}/{PARTS}/"):
            self._piece(topic, payload)
        else:
            return False
        return True

    def _want(self, payload: bytes) -> None:
        self._drop()
        try:
            self._wanted = parse_wanted(payload)
        except WantedError as error:
            self._refuse(str(error))
            return
        self._refused = ""
        self._go_on()

    def _piece(self, topic: str, payload: bytes) -> None:
        if topic not in self._asked:
            return
        sha256, number = topic.split("/")[-2:]
        for content in self._wanted.files.values():
            if content.sha256 == sha256 and payload:
                try:
                    self._store.keep(content, int(number), payload)
                except (OSError, WantedError) as error:
                    self._refuse(f"a piece cannot be kept: {error}")
                    return
        self._asked -= {topic}
        self._line.leave((topic,))
        if not self._asked:
            self._go_on()

    def _go_on(self) -> None:
        """Ask for the next missing pieces; if none is missing, apply what was given."""
        wanted = self._wanted
        if not wanted.as_json() and not self._store.digest:
            return
        if wanted.digest == self._store.digest:
            if self._store.left_out:
                self._refuse(self._store.left_out)
            else:
                self._tell("applied")
            return
        missing = [
            f"{self._topics.prefix}/{PARTS}/{content.sha256}/{number}"
            for content in {each.sha256: each for each in wanted.files.values()}.values()
            for number in self._store.missing(content)
        ]
        if missing:
            self._asked = frozenset(missing[:AT_ONCE])
            self._tell("fetching", missing=len(missing))
            self._line.listen(tuple(missing[:AT_ONCE]))
            return
        try:
            self._store.apply(wanted)
        except (WantedError, OSError) as error:
            self._refuse(str(error))
            return
        _log.info("fleet", "applied", digest=wanted.digest, files=len(wanted.files))
        self._tell("applied")
        self._changed()

    def _drop(self) -> None:
        if self._asked:
            self._line.leave(tuple(self._asked))
        self._asked = frozenset()

    def _refuse(self, why: str) -> None:
        if why != self._refused:
            _log.warning("fleet", "refused", reason=why)
        self._refused = why
        self._drop()
        self._tell("refused", why=why[:300])

    def _tell(self, state: str, **more: object) -> None:
        told = {"wanted": self._wanted.digest, "state": state, **more}
        self._line.tell(f"{self._topics.own}/{HAS}", json.dumps(told, ensure_ascii=False))
