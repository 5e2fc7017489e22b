"""Reads messages of the Wyoming protocol from strangers: no length and no field is taken on trust.

The library's own reader takes as many bytes as a message announces, and any field in its head. Here
everything has a bound, checked before a byte of it is read.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from wyoming.event import Event

MOST_DEPTH = 16
"""How deep objects and lists may be nested; those of the protocol need five."""


class FrameError(Exception):
    """What came is no valid message; the text says why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many bytes a message may have."""

    data_bytes: int
    payload_bytes: int


FROM_CLIENTS = Limits(data_bytes=1 << 16, payload_bytes=1 << 18)
"""A chunk of sound has some kilobytes; 256 KiB are 8 s of it."""
FROM_SERVERS = Limits(data_bytes=1 << 22, payload_bytes=1 << 20)
"""A server with hundreds of voices describes them in some hundreds of kilobytes."""


async def read_event(reader: asyncio.StreamReader, limits: Limits) -> Event | None:
    """The next message; None where the other side hung up between two messages.

    Raises:
        FrameError: what comes is no message, or is larger than the limits.
        OSError: the connection broke.
    """
    try:
        line = await reader.readline()
    except ValueError:
        raise FrameError("the head of a message is too long") from None
    if not line:
        return None
    head = _object(line, "the head of a message")
    kind = head.get("type")
    if not isinstance(kind, str) or not 0 < len(kind) <= 100:
        raise FrameError("a message has no type")
    data = head.get("data") or {}
    if not isinstance(data, dict):
        raise FrameError(f"the data of {kind!r} is no object")
    try:
        if length := _length(head, "data_length", limits.data_bytes):
            data = data | _object(await reader.readexactly(length), f"the data of {kind!r}")
        length = _length(head, "payload_length", limits.payload_bytes)
        payload = await reader.readexactly(length) if length else None
    except asyncio.IncompleteReadError:
        raise FrameError(f"the message {kind!r} broke off") from None
    return Event(kind, data, payload)


def _length(head: dict[str, Any], key: str, most: int) -> int:
    length = head.get(key)
    if length is None:
        return 0
    if isinstance(length, bool) or not isinstance(length, int) or length < 0:
        raise FrameError(f"{key} is no number of bytes")
    if length > most:
        raise FrameError(f"{key} is above the {most:,} bytes that are taken")
    return length


def _object(raw: bytes, what: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise FrameError(f"{what} is no JSON") from None
    if not isinstance(found, dict) or _depth(found) > MOST_DEPTH:
        raise FrameError(f"{what} is no object")
    return found


def _depth(found: Any) -> int:
    depth, layer = 0, [found]
    while layer and depth <= MOST_DEPTH:
        depth += 1
        inner = (each.values() if isinstance(each, dict) else each for each in layer)
        layer = [one for each in inner for one in each if isinstance(one, (dict, list))]
    return depth


def text_of(event: Event, key: str, most: int) -> str:
    """A text of an event's data.

    Raises:
        FrameError: there is none, or it has more than ``most`` characters.
    """
    text = event.data.get(key)
    if not isinstance(text, str):
        raise FrameError(f"{event.type!r} has no {key}")
    if len(text) > most:
        raise FrameError(f"the {key} of {event.type!r} has {len(text):,} letters; {most:,} go")
    return text


def number_of(event: Event, key: str, least: int, most: int) -> int:
    """A whole number of an event's data.

    Raises:
        FrameError: there is none within these bounds.
    """
    value = event.data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FrameError(f"the {key} of {event.type!r} must be a number from {least} to {most}")
    return value


def texts_of(event: Event, key: str, most: int) -> tuple[str, ...]:
    """A list of texts of an event's data; none where it is not there.

    Raises:
        FrameError: it is something else, or longer than ``most``.
    """
    found = event.data.get(key)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise FrameError(f"the {key} of {event.type!r} is no list of texts")
    if len(found) > most:
        raise FrameError(f"the {key} of {event.type!r} has {len(found):,} entries; {most:,} go")
    return tuple(found)
