"""Whether the machine itself stood still: what plays in real time cannot be judged on it then."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

TURN_SECONDS = 0.01
STALL_SECONDS = 0.06
"""Twice what the speaker's device keeps: such a stop is heard whatever the guide does."""
MANY = 3
"""From so many on nothing can be judged: virtual sound that ran dry takes nothing for seconds."""


@contextmanager
def stalls() -> Iterator[list[float]]:
    """A thread that only sleeps; the list has how long it slept, in seconds, each time that it was
    woken much too late."""
    late: list[float] = []
    over = threading.Event()

    def watch() -> None:
        before = time.monotonic()
        while not over.wait(TURN_SECONDS):
            now = time.monotonic()
            if now - before > TURN_SECONDS + STALL_SECONDS:
                late.append(now - before)
            before = now

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield late
    finally:
        over.set()
        thread.join()


@contextmanager
def judged_unless_it_stood_still() -> Iterator[list[float]]:
    """What fails in here on a machine that stood still again and again is left out."""
    with stalls() as late:
        try:
            yield late
        except AssertionError:
            if len(late) >= MANY:
                pytest.skip(
                    f"this machine stood still {len(late)} times, {max(late):.2f} s at most"
                )
            raise
