"""Writes lines out of the process on a thread of its own, so that a stopped terminal, a full pipe
or a slow disk never holds up the session.
"""

import logging
import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from contextlib import suppress

MOST_WAITING = 2_000
"""How many lines wait for a slow reader; older ones are dropped and counted."""
FLUSH_SECONDS = 1.0
BURST, PER_SECOND = 40.0, 0.5
"""How many lines of one kind are written in a burst, and how many a second after it."""
MOST_KINDS = 500
LONGEST_LINE = 4_000
"""How many characters of a message are written; what strangers send may be longer."""


class Outlet:
    """Runs functions one after the other on a thread of its own; a bounded number waits.

    Args:
        held: whether they wait until ``release`` is called, or it is closed.
    """

    def __init__(self, name: str, held: bool = False) -> None:
        self._waiting: deque[Callable[[], object]] = deque(maxlen=MOST_WAITING)
        self._changed = threading.Condition()
        self._busy = False
        self._held = held
        self._closed = False
        self.dropped = 0
        """How many functions were never run, since too many waited."""
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def put(self, function: Callable[[], object]) -> None:
        """Have a function run soon; any thread may call, and none waits."""
        with self._changed:
            self.dropped += len(self._waiting) == MOST_WAITING
            self._waiting.append(function)
            self._changed.notify_all()

    def release(self) -> None:
        """Let what was put run from now on."""
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait for what was put, for this long at most; tells whether it has run."""
        self.release()
        with self._changed:
            return self._changed.wait_for(lambda: not (self._waiting or self._busy), seconds)

    def close(self) -> None:
        """Run what still waits, for a moment at most, and then nothing more."""
        self.flush()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or (self._waiting and not self._held))
                if self._closed:
                    return
                function = self._waiting.popleft()
                self._busy = True
            # A terminal that is gone must not end the thread, and there is nowhere to log it.
            with suppress(Exception):
                function()
            with self._changed:
                self._busy = False
                self._changed.notify_all()


class BackgroundHandler(logging.Handler):
    """Hands records to another handler, in the background; a line that repeats is counted.

    Args:
        target: writes them.
        now: seconds that never go back.
    """

    def __init__(self, target: logging.Handler, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.target = target
        """Writes them."""
        self._now = now
        self._kinds: OrderedDict[str, _Kind] = OrderedDict()
        self._outlet = Outlet("log")

    def emit(self, record: logging.LogRecord) -> None:
        """Have a record written soon, or counted where many like it were written just now."""
        message = record.getMessage()
        if record.levelno > logging.DEBUG:
            kind = self._kind(f"{record.name} {re.sub('[0-9]+', '', message[:80])}")
            more = kind.take(self._now())
            if more is None:
                return
            if more:
                message = f"{message} (and {more:,} more like it)"
        if len(message) > LONGEST_LINE:
            message = f"{message[:LONGEST_LINE]} …"
        record.msg, record.args = message, None
        self._outlet.put(lambda: self.target.handle(record))

    @property
    def dropped(self) -> int:
        """Lines that were never written, since others waited."""
        return self._outlet.dropped

    def flush(self) -> None:
        """Wait a moment for what was logged to be written."""
        self._outlet.flush()

    def _kind(self, key: str) -> "_Kind":
        kind = self._kinds.pop(key, None) or _Kind(self._now())
        self._kinds[key] = kind
        if len(self._kinds) > MOST_KINDS:
            self._kinds.popitem(last=False)
        return kind


class _Kind:
    """A token bucket for one kind of line."""

    def __init__(self, now: float) -> None:
        self._left = BURST
        self._at = now
        self._unsaid = 0

    def take(self, now: float) -> int | None:
        """How many lines were left out since the last one; None where this one is left out too."""
        self._left = min(BURST, self._left + (now - self._at) * PER_SECOND)
        self._at = now
        if self._left < 1:
            self._unsaid += 1
            return None
        self._left -= 1
        unsaid, self._unsaid = self._unsaid, 0
        return unsaid
