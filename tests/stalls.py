"""Whether the machine itself stood still: what plays in real time cannot be judged on it then."""

import threading
import time
from types import TracebackType

TURN_SECONDS = 0.01
STALL_SECONDS = 0.06
"""Twice what the speaker's device keeps: such a stop is heard whatever the guide does."""
MANY = 3


class Stalls:
    """A thread that only sleeps, and counts how often it was woken much too late."""

    def __init__(self) -> None:
        self.late: list[float] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Stalls":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def __str__(self) -> str:
        return f"this machine stood still {len(self.late)} times, {max(self.late):.2f} s at most"

    @property
    def many(self) -> bool:
        """Whether it happened too often for a judgement."""
        return len(self.late) >= MANY

    def _watch(self) -> None:
        before = time.monotonic()
        while not self._over.wait(TURN_SECONDS):
            now = time.monotonic()
            if now - before > TURN_SECONDS + STALL_SECONDS:
                self.late.append(now - before)
            before = now
