"""Catches the lines that ALSA and PortAudio write past Python.

They mean nothing to the person, and would tear the panel apart, so they go to the log at DEBUG.
"""

import contextlib
import logging
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

from voiceguide.edge.system.log import Log

_log = Log("native")


@contextlib.contextmanager
def kept_off_the_terminal() -> Iterator[None]:
    """While this lasts, what is written to descriptor 2 is logged; ``sys.stderr`` still shows.

    It does nothing where ``sys.stderr`` is another descriptor.
    """
    try:
        is_ours = sys.stderr is not None and sys.stderr.fileno() == 2
    except (OSError, ValueError):
        is_ours = False
    if not is_ours:
        yield
        return
    sys.stderr.flush()
    shown, ours = os.dup(2), sys.stderr
    incoming, outgoing = os.pipe()
    os.dup2(outgoing, 2)
    os.close(outgoing)
    sys.stderr = os.fdopen(shown, "w", buffering=1, encoding=ours.encoding, errors=ours.errors)
    for handler in _stream_handlers(ours):
        handler.setStream(sys.stderr)
    threading.Thread(target=_read, args=(incoming,), name="native-lines", daemon=True).start()
    try:
        yield
    finally:
        # The thread reads to the end of the pipe, which comes when nobody has it open any more.
        moved, sys.stderr = sys.stderr, ours
        moved.flush()
        os.dup2(shown, 2)
        for handler in _stream_handlers(moved):
            handler.setStream(ours)


def _stream_handlers(stream: object) -> Iterator["logging.StreamHandler[Any]"]:
    for handler in logging.getLogger().handlers:
        target = getattr(handler, "target", handler)
        if isinstance(target, logging.StreamHandler) and target.stream is stream:
            yield target


def _read(incoming: int) -> None:
    with os.fdopen(incoming, "r", errors="replace") as lines:
        for line in lines:
            _log.debug("library", "wrote", text=line.rstrip())
