"""A connection to an MQTT broker that is made again by itself, and that nobody waits for."""

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
"""The broker takes a speaker for dead after one and a half times this without a message."""
BACK_OFF_SECONDS = (1, 60)
"""The first and the longest wait before a new attempt; the wait doubles each time."""
SHORT_SECONDS = 10.0
"""A connection that lasts less than this counts as a failed attempt, so the next wait is longer."""
SHORT_LIVES = 2
"""After this many short connections in a row another client probably has the same name. Of two
clients with one name a broker disconnects the older one, which connects again, and so on; not every
broker says why."""
SENT_AT_ONCE = 100
"""How many messages may wait for the broker's answer at a time."""
LARGEST_BYTES = 16_384
"""The largest message that the broker may send, because one is held in memory as a whole."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to publish, and its topic."""

    topic: str
    text: str | bytes


class _Client(Client):  # type: ignore[misc] # an extra: unknown to mypy
    """Remembers why an attempt to connect failed, which paho does not tell."""

    failure = ""

    def reconnect(self) -> MQTTErrorCode:
        try:
            return super().reconnect()
        except OSError as error:
            self.failure = str(error)
            # Paho does not close a socket whose handshake failed, and keeps the error, and with it
            # the socket, until the next attempt.
            traceback.clear_frames(error.__traceback__)
            raise


class Broker:
    """One connection, on a thread of its own.

    Args:
        name: of this client; a broker disconnects a client when another with its name connects.
        topics: the topics to subscribe to.
        took: takes topic and payload of every message, on the connection's thread.
        is_up: is called on that thread whenever the connection has been made (again).
        will: the last will, which the broker publishes when this client is gone.
        with_kept: whether messages that were retained before are wanted.

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
        will: Message | None = None,
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
        """The numbers of messages that the broker refused, until ``send`` asks for them."""
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
        """Whether the broker has accepted this client and has not disconnected it."""
        return bool(self._client.is_connected())

    def has_come(self, seconds: float) -> bool:
        """Wait for the broker's first answer, and return whether it has accepted this client."""
        self._has_answered.wait(seconds)
        return self.is_connected

    @property
    def trouble(self) -> str:
        """Why there is no connection; empty if there is one, or nothing has gone wrong yet."""
        return self._told

    def keep(self, message: Message, *, surely: bool = False) -> None:
        """Publish this as a retained message; it is dropped while there is no connection.

        Args:
            surely: send it again until the broker confirms it (QoS 1); not for what is soon out of
                date.
        """
        if self.is_connected:
            self._client.publish(message.topic, message.text, qos=1 if surely else 0, retain=True)

    def keep_all(self, messages: Sequence[Message], seconds: float) -> bool:
        """Publish these as retained messages, and wait until the broker confirms them.

        Returns:
            Whether it has confirmed all of them in time.
        """
        if not self.is_connected:
            return not messages
        until = time.monotonic() + seconds
        for message in messages:
            sent = self._client.publish(message.topic, message.text, qos=1, retain=True)
            if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return False
            sent.wait_for_publish(max(0.0, until - time.monotonic()))
            if not sent.is_published():
                return False
        return True

    def listen(self, topics: Sequence[str]) -> None:
        """Subscribe to these topics too, with what is retained there; ends with the connection."""
        if self.is_connected and topics:
            options = SubscribeOptions(qos=1)
            self._client.subscribe([(topic, options) for topic in topics])

    def leave(self, topics: Sequence[str]) -> None:
        """Unsubscribe from these topics."""
        if self.is_connected and topics:
            self._client.unsubscribe(list(topics))

    def send(
        self, messages: Sequence[Message], seconds: float, *, retain: bool = True
    ) -> list[Message]:
        """Publish these, ``SENT_AT_ONCE`` at a time, and wait until the broker confirms them.

        Returns:
            Those that it refused, or has not confirmed in time.
        """
        until = time.monotonic() + seconds
        under_way: list[tuple[Message, Any]] = []
        for at in range(0, len(messages), SENT_AT_ONCE):
            some = messages[at : at + SENT_AT_ONCE]
            sent = [(e, self._client.publish(e.topic, e.text, qos=1, retain=retain)) for e in some]
            for _, one in sent:
                if one.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                    one.wait_for_publish(max(0.0, until - time.monotonic()))
            under_way += sent
        lost = [
            message
            for message, one in under_way
            if one.rc != MQTTErrorCode.MQTT_ERR_SUCCESS
            or not one.is_published()
            or one.mid in self._refused
        ]
        self._refused.clear()
        return lost

    def close(self, farewell: Message | None = None, seconds: float = 1.0) -> None:
        """Disconnect after a last message, waiting no longer than this for its confirmation."""
        if farewell and self.is_connected:
            sent = self._client.publish(farewell.topic, farewell.text, qos=1, retain=True)
            if sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS:
                sent.wait_for_publish(seconds)
        self._client.disconnect()
        # This may take half a minute while the name of the broker is being looked up.
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
        # 2: retained messages are not sent. Otherwise an order that somebody had retained would be
        # obeyed again after each new connection.
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
            return  # it was logged already that the broker refuses, and why
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
