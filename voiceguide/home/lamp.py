"""Shows what the guide does with lights, on a thread of its own."""

import threading
import time
from collections.abc import Callable
from math import inf
from typing import Protocol

from voiceguide.core.effects import Hush, Say
from voiceguide.core.events import CommandHeard, SpeechEnded, SpeechFailed
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State
from voiceguide.edge.system.log import Log
from voiceguide.home.looks import HEARD_SECONDS, LOOKS, Colour, look_of
from voiceguide.loop import Moment

_log = Log("home")


class Light(Protocol):
    """Something that shines."""

    def show(self, colour: Colour, level: float) -> None:
        """Shine at this brightness, 0–1, and in this colour if it has colours."""

    def close(self) -> None:
        """Go dark."""


class Lamp:
    """Follows a session.

    Args:
        now: a monotonic clock in seconds.
    """

    def __init__(self, lights: list[Light], now: Callable[[], float] = time.monotonic) -> None:
        self._lights = lights
        self._now = now
        self._saying: set[int] = set()
        self._stands = Snapshot(State.CHOOSING)
        self._heard_at = -HEARD_SECONDS
        self._lock = threading.Condition()
        self._news = False
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="lamp", daemon=True)
        self._thread.start()

    def watch(self, moment: Moment) -> None:
        """Take in one moment; only on the loop's thread, and never waits."""
        with self._lock:
            match moment.event:
                case CommandHeard() if moment.was_obeyed:
                    self._heard_at = self._now()
                case SpeechEnded(utterance_id) | SpeechFailed(utterance_id):
                    self._saying.discard(utterance_id)
            for effect in moment.effects:
                match effect:
                    case Hush():
                        self._saying.clear()
                    case Say(utterance_id):
                        self._saying.add(utterance_id)
            self._stands = moment.after
            self._news = True
            self._lock.notify()

    def close(self) -> None:
        """Go dark."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join(1.0)

    def _work(self) -> None:
        shown, since = "", 0.0
        last: tuple[Colour, float] | None = None
        try:
            while not self._closing:
                with self._lock:
                    self._news = False
                    now = self._now()
                    ago = now - self._heard_at
                    name = look_of(self._stands, bool(self._saying), ago)
                if name != shown:
                    shown, since = name, now
                look = LOOKS[name]
                level = (look.colour, look.level_at(now - since))
                if level != last:
                    last = level
                    for light in self._lights:
                        light.show(*level)
                wait = look.next_seconds(now - since)
                if name == "heard":
                    wait = min(wait, max(0.0, HEARD_SECONDS - ago))
                with self._lock:
                    if not self._closing and not self._news:
                        self._lock.wait(None if wait == inf else wait)
        except Exception:
            _log.exception("lights", "failed")
        finally:
            for light in self._lights:
                light.close()
