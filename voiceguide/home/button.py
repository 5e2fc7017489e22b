"""Turns the edges of a button into presses, each at its time, on a thread of its own."""

import threading
import time
from collections.abc import Callable
from math import inf

from voiceguide.core.presses import Press, Presses


class ButtonReader:
    """Takes edges on any thread, and hands over presses on a thread of its own.

    Args:
        pressed: takes each press.
        now: a monotonic clock in seconds.
    """

    def __init__(
        self, pressed: Callable[[Press], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._pressed = pressed
        self._now = now
        self._presses = Presses()
        self._lock = threading.Condition()
        self._edges: list[tuple[bool, float]] = []
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="button", daemon=True)
        self._thread.start()

    def changed(self, is_down: bool) -> None:
        """The button went down or up, just now."""
        with self._lock:
            self._edges.append((is_down, self._now()))
            self._lock.notify()

    def close(self) -> None:
        """End the thread."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join(1.0)

    def _work(self) -> None:
        while True:
            with self._lock:
                due = self._presses.next_seconds()
                if not self._edges and not self._closing:
                    self._lock.wait(None if due == inf else max(0.0, due - self._now()))
                if self._closing:
                    return
                edges, self._edges = self._edges, []
            for is_down, at in edges:
                self._hand_over(self._presses.change(is_down, at))
            self._hand_over(self._presses.pass_time(self._now()))

    def _hand_over(self, presses: list[Press]) -> None:
        for press in presses:
            self._pressed(press)
