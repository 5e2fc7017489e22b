"""A connection to an MQTT broker that comes back by itself, and that nobody waits for."""

import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from voiceguide.core.errors import SettingsError
from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.system.log import Log
from voiceguide.home.access import Access

try:
    from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
    from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties
    from paho.mqtt.reasoncodes import ReasonCode
    from paho.mqtt.subscribeoptions import SubscribeOptions
except ImportError as error:
    raise SettingsError(
        f"[mqtt] needs a library of its own; install it with: {how_to_add('home')}"
    ) from error

_log = Log("home")

KEEPALIVE_SECONDS = 30
"""The broker takes a speaker for dead after one and a half times this without a sign of life."""
BACK_OFF_SECONDS = (1, 60)
"""The first wait before a new attempt, and the longest; it doubles."""
SHORT_SECONDS = 10.0
"""A connection that lasts less than this does not count: the next wait is longer all the same."""
SHORT_LIVES = 2
"""After this many of them in a row somebody else probably has the same name. Of two clients of one
name a broker throws out the older one, which comes back, and so on; not every broker says why."""
SENT_AT_ONCE = 100
"""Messages that wait for the broker's answer together."""
LARGEST_BYTES = 16_384
"""The broker must send nothing larger: a message is held in memory whole."""


@dataclass(frozen=True, slots=True)
class Note:
    """A message, and where it goes."""

    topic: str
    text: str | bytes


class _Client(Client):  # type: ignore[misc] # an extra: unknown to mypy
    """Keeps why an attempt failed, which paho tells nobody."""

    failure = ""

    def reconnect(self) -> MQTTErrorCode:
        try:
            return super().reconnect()
        except OSError as error:
            self.failure = str(error)
            # Paho leaves a socket whose handshake failed to the garbage collector, and holds the
            # error until the next attempt.
            traceback.clear_frames(error.__traceback__)
            raise


class Broker:
    """One connection, on a thread of its own.

    Args:
        name: of this client; a second one of the same name throws the first out.
        topics: what is subscribed to.
        took: takes topic and payload of every message, on the connection's thread.
        is_up: is called there whenever the connection has been made (again).
        will: what the broker tells the others when this client is gone without a word.
        with_kept: whether messages that the broker kept from earlier are wanted.

    Raises:
        SettingsError: a certificate cannot be used.
    """

    def __init__(
        self,
        access: Access,
        name: str,
        topics: tuple[str, ...],
        took: Callable[[str, bytes], None],
        is_up: Callable[[], None] = lambda: None,
        will: Note | None = None,
        with_kept: bool = False,
    ) -> None:
        self._access = access
        self._topics = topics
        self._took = took
        self._is_up = is_up
        self._with_kept = with_kept
        self._told = ""
        self._up_at = 0.0
        self._short_lives = 0
        self._lets_nobody_in = False
        self._has_answered = threading.Event()
        self._refused: set[int] = set()
        """The numbers of messages that the broker did not want, until somebody asks."""
        self._client = client = _Client(CallbackAPIVersion.VERSION2, name, protocol=MQTTv5)
        client.on_connect = self._connected
        client.on_connect_fail = self._failed
        client.on_disconnect = self._disconnected
        client.on_message = self._message
        client.on_publish = self._answered
        client.reconnect_delay_set(*BACK_OFF_SECONDS)
        if access.username:
            client.username_pw_set(access.username, access.password)
        if access.tls:
            client.tls_set_context(access.tls_context())
        if will:
            client.will_set(will.topic, will.text, qos=1, retain=True)

    def start(self) -> None:
        """Begin to connect; returns at once."""
        access = self._access
        properties = Properties(PacketTypes.CONNECT)
        properties.MaximumPacketSize = LARGEST_BYTES
        self._client.connect_async(
            access.host,
            access.number,
            KEEPALIVE_SECONDS,
            clean_start=True,
            properties=properties,
        )
        self._client.loop_start()

    @property
    def is_connected(self) -> bool:
        """Whether the broker has let this client in and has not hung up."""
        return bool(self._client.is_connected())

    def has_come(self, seconds: float) -> bool:
        """Whether the broker has let this client in, once it has answered or the time is over."""
        self._has_answered.wait(seconds)
        return self.is_connected

    @property
    def trouble(self) -> str:
        """Why there is no connection; empty where there is one or nothing has gone wrong yet."""
        return self._told

    def keep(self, note: Note, *, surely: bool = False) -> None:
        """Have the broker keep this and tell it to all; dropped while there is no connection.

        Args:
            surely: send it until the broker has said that it has it. What is soon out of date
                must not be.
        """
        if self.is_connected:
            self._client.publish(note.topic, note.text, qos=1 if surely else 0, retain=True)

    def keep_all(self, notes: Sequence[Note], seconds: float) -> bool:
        """Have the broker keep these messages, and wait until it says that it has them.

        Returns:
            Whether it has said so in time.
        """
        if not self.is_connected:
            return not notes
        until = time.monotonic() + seconds
        for note in notes:
            sent = self._client.publish(note.topic, note.text, qos=1, retain=True)
            if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return False
            sent.wait_for_publish(max(0.0, until - time.monotonic()))
            if not sent.is_published():
                return False
        return True

    def listen(self, topics: Sequence[str]) -> None:
        """Subscribe to these besides, with what is kept there, until the connection ends."""
        if self.is_connected and topics:
            options = SubscribeOptions(qos=1)
            self._client.subscribe([(topic, options) for topic in topics])

    def leave(self, topics: Sequence[str]) -> None:
        """Subscribe to these no more."""
        if self.is_connected and topics:
            self._client.unsubscribe(list(topics))

    def send(self, notes: Sequence[Note], seconds: float, *, retain: bool = True) -> list[Note]:
        """Send these, as many at a time as the broker takes, and wait until it has them.

        Returns:
            Those that it refused, or has not said in time to have.
        """
        until = time.monotonic() + seconds
        under_way: list[tuple[Note, Any]] = []
        for at in range(0, len(notes), SENT_AT_ONCE):
            some = notes[at : at + SENT_AT_ONCE]
            sent = [(e, self._client.publish(e.topic, e.text, qos=1, retain=retain)) for e in some]
            for _, one in sent:
                if one.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                    one.wait_for_publish(max(0.0, until - time.monotonic()))
            under_way += sent
        lost = [
            note
            for note, one in under_way
            if one.rc != MQTTErrorCode.MQTT_ERR_SUCCESS
            or not one.is_published()
            or one.mid in self._refused
        ]
        self._refused.clear()
        return lost

    def close(self, farewell: Note | None = None, seconds: float = 1.0) -> None:
        """Hang up after a last message, which is waited for no longer than this."""
        if farewell and self.is_connected:
            sent = self._client.publish(farewell.topic, farewell.text, qos=1, retain=True)
            if sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                sent.wait_for_publish(seconds)
        self._client.disconnect()
        # Where the name of the broker is just being looked up, that may last half a minute.
        stopping = threading.Thread(target=self._client.loop_stop, daemon=True)
        stopping.start()
        stopping.join(seconds)

    def _connected(
        self, client: Client, _data: object, _flags: ConnectFlags, why: ReasonCode, _more: Any
    ) -> None:
        self._lets_nobody_in = why.is_failure
        if why.is_failure:
            self._say(f"the broker {self._access.place} refuses: {why}")
            self._has_answered.set()
            return
        self._say("")
        self._up_at = time.monotonic()
        # 2: messages from before are not sent; an order that somebody had kept there would be
        # obeyed again after each loss of the connection.
        handling = 0 if self._with_kept else 2
        options = SubscribeOptions(qos=1, retainHandling=handling)
        if self._topics:
            client.subscribe([(topic, options) for topic in self._topics])
        self._is_up()
        self._has_answered.set()

    def _failed(self, client: _Client, _data: object) -> None:
        place, why = self._access.place, client.failure
        self._say(f"the broker {place} cannot be reached ({why}); it is tried again and again")

    def _disconnected(
        self, client: Client, _data: object, _flags: DisconnectFlags, why: ReasonCode, _more: Any
    ) -> None:
        if not why.is_failure:
            return
        was_short = time.monotonic() - self._up_at < SHORT_SECONDS
        self._short_lives = self._short_lives + 1 if was_short else 0
        least, most = BACK_OFF_SECONDS
        client.reconnect_delay_set(min(most, least * 2 ** min(self._short_lives, 10)), most)
        if self._lets_nobody_in:
            return  # that it hangs up after it refused is no news, and says less
        trouble = f"the broker {self._access.place} is gone ({why})"
        if self._short_lives >= SHORT_LIVES:
            trouble += "; if another speaker has the same id, give each its own ([mqtt] id)"
        self._say(trouble)

    def _answered(
        self, _client: Client, _data: object, number: int, why: ReasonCode, _more: Any
    ) -> None:
        if why.is_failure:
            self._refused.add(number)

    def _message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        try:
            self._took(message.topic, message.payload)
        except Exception:
            # An error would end the connection's thread for good.
            _log.exception("message", "failed", topic=message.topic)

    def _say(self, trouble: str) -> None:
        """Log a problem once, and its end."""
        if trouble == self._told:
            return
        if trouble:
            _log.warning("broker", "away", reason=trouble)
        else:
            _log.warning("broker", "back", address=self._access.place)
        self._told = trouble
