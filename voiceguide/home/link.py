"""The speaker on a broker: publishes its state there, and takes orders."""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from voiceguide.core.session.snapshot import Snapshot
from voiceguide.edge.system.log import Log
from voiceguide.home.access import Access
from voiceguide.home.announced import Announced
from voiceguide.home.broker import Broker, Message
from voiceguide.home.fleet_room import FleetRoom
from voiceguide.home.fleet_store import FleetStore
from voiceguide.home.orders import Choices, Order, OrderError, parse_order
from voiceguide.home.topics import OFFLINE, ONLINE, Topics, discovery

_log = Log("home")

QUIET_SECONDS = 10.0
"""Nonsense is logged no more often than this, so that it cannot fill the disk."""

WITHDRAW_SECONDS = 0.5
"""How long the broker may take to confirm that a topic is cleared; else it is cleared next time."""


class HomeLink:
    """Publishes the state whenever it changes, and hands over orders.

    Nobody ever waits for the broker; a slow one gets only the newest state.

    Args:
        discovery_prefix: where Home Assistant looks; None to tell it nothing.
        choices: what can be chosen.
        take: takes an order, on the connection's thread.
        wall: gives the local time, with its offset.
        announced: remembers the topics that the broker retains. Those of an earlier id are cleared
            as soon as the broker is there, and those for Home Assistant if it is told no more.
        store: what a fleet gives this room; None if it takes nothing from one.
        given: is called, on the connection's thread, when the next start will use something new.
    """

    def __init__(
        self,
        access: Access,
        topics: Topics,
        discovery_prefix: str | None,
        version: str,
        choices: Choices,
        take: Callable[[Order], None],
        wall: Callable[[], datetime],
        announced: Announced,
        store: FleetStore | None = None,
        given: Callable[[], None] = lambda: None,
    ) -> None:
        self._topics = topics
        self._choices = choices
        self._take = take
        self._wall = wall
        self._version = version
        self._began = wall()
        self._announced = announced
        self._kept = topics.kept(discovery_prefix)
        self._greeting = [Message(topics.availability, ONLINE)]
        if discovery_prefix:
            place = topics.discovery(discovery_prefix)
            self._greeting.append(Message(place, discovery(topics, version, choices)))
        self._lock = threading.Condition()
        self._newest: dict[str, Any] | None = None
        self._sent: dict[str, Any] | None = None
        self._greets = False
        self._closing = False
        self._refused: float | None = None
        self._broker = Broker(
            access,
            f"voiceguide-{topics.speaker}",
            topics.listened,
            self._message,
            self._up,
            Message(topics.availability, OFFLINE),
        )
        self._room = FleetRoom(topics, store, self, given) if store else None
        self._broker.start()
        self._thread = threading.Thread(target=self._publish, name="home", daemon=True)
        self._thread.start()

    def show(self, shown: Snapshot) -> None:
        """Publish this state soon; any thread may call, and never waits."""
        newest = shown.as_json()
        with self._lock:
            self._newest = newest
            self._lock.notify()

    def show_again(self) -> None:
        """Publish the last state once more, because somebody expects another one."""
        with self._lock:
            self._sent = None
            self._lock.notify()

    def close(self) -> None:
        """Publish that the speaker is offline, and disconnect."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join(timeout=1.0)
        self._broker.close(Message(self._topics.availability, OFFLINE))

    def listen(self, topics: tuple[str, ...]) -> None:
        """See `RoomLine`."""
        self._broker.listen(topics)

    def leave(self, topics: tuple[str, ...]) -> None:
        """See `RoomLine`."""
        self._broker.leave(topics)

    def tell(self, topic: str, text: str) -> None:
        """See `RoomLine`."""
        self._broker.keep(Message(topic, text), surely=True)

    def _up(self) -> None:
        if self._room:
            self._room.up()
        with self._lock:
            self._greets, self._sent = True, None
            self._lock.notify()

    def _publish(self) -> None:
        while True:
            with self._lock:
                while not (self._closing or self._greets or self._owed()):
                    self._lock.wait()
                if self._closing:
                    return
                greets, self._greets = self._greets, False
                news = self._newest if self._owed() else None
                self._sent = self._newest
            if greets:
                self._withdraw()
                for message in self._greeting:
                    self._broker.keep(message, surely=True)
            if news:
                self._broker.keep(Message(self._topics.state, self._text(news)))

    def _withdraw(self) -> None:
        """Clear the topics that the broker retains from earlier and that are used no more."""
        earlier = tuple(each for each in self._announced.topics if each not in self._kept)
        # Written before anything is announced, so that a kill in between forgets nothing.
        self._announced.remember((*self._kept, *earlier))
        if self._broker.keep_all([Message(topic, "") for topic in earlier], WITHDRAW_SECONDS):
            self._announced.remember(self._kept)

    def _owed(self) -> bool:
        return self._newest is not None and self._newest != self._sent

    def _text(self, news: dict[str, Any]) -> str:
        told = news | {
            "version": self._version,
            "began_at": self._began.isoformat(timespec="seconds"),
            "at": self._wall().isoformat(timespec="seconds"),
        }
        return json.dumps(told, ensure_ascii=False)

    def _message(self, topic: str, payload: bytes) -> None:
        if self._room and self._room.took(topic, payload):
            return
        below = topic.removeprefix(f"{self._topics.own}/")
        try:
            order = parse_order(below, payload, self._choices)
        except OrderError as error:
            self.refuse(f"{topic}: {error}")
        else:
            self._take(order)

    def refuse(self, why: str) -> None:
        """Log an order that was not obeyed, and publish the state again."""
        now = time.monotonic()
        if self._refused is None or now - self._refused >= QUIET_SECONDS:
            self._refused = now
            _log.warning("order", "refused", reason=why)
        self.show_again()
