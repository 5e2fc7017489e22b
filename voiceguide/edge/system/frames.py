"""The frames that the guide and its worker processes exchange.

A frame is a length of four bytes, big endian, and that many bytes of JSON: an object. Sound may
follow a frame that says how many bytes of it there are.
"""

import json
import os
import signal
import struct
from typing import Any, BinaryIO, Protocol

Frame = dict[str, Any]

READY: Frame = {"ready": True}
"""What a worker writes once it can take jobs."""

_LENGTH = struct.Struct(">I")
_LONGEST_FRAME = 1 << 20


class FrameSource(Protocol):
    """A stream that frames are read from."""

    def read(self, byte_count: int, /) -> bytes | None:
        """Up to this many bytes; empty at the end."""


def write_frame(stream: BinaryIO, frame: Frame, sound: bytes = b"") -> None:
    """Send one frame and the sound that follows it."""
    body = json.dumps(frame).encode()
    stream.write(_LENGTH.pack(len(body)) + body + sound)
    stream.flush()


def read_frame(stream: FrameSource) -> Frame | None:
    """The next frame; None at the end of the stream, or where what comes is no frame."""
    head = read_exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    body = None if length > _LONGEST_FRAME else read_exactly(stream, length)
    if body is None:
        return None
    try:
        frame = json.loads(body)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) else None


def read_exactly(stream: FrameSource, byte_count: int) -> bytes | None:
    """This many bytes, in however many pieces they come; None where the stream ends before."""
    parts: list[bytes] = []
    while byte_count:
        part = stream.read(byte_count)
        if not part:
            return None
        parts.append(part)
        byte_count -= len(part)
    return b"".join(parts)


def worker_streams() -> tuple[BinaryIO, BinaryIO]:
    """The streams of jobs and replies, for a worker process that calls this first of all.

    They are its standard input and output, which lead nowhere from then on: what a library prints
    must not get among the replies. Ctrl-C is ignored, for the parent answers it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Unbuffered, so that a select on the jobs misses nothing that a buffer holds.
    jobs = os.fdopen(os.dup(0), "rb", buffering=0)
    replies = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    return jobs, replies
