"""Renders sentences in the background, in the order they were asked for."""

import contextlib
import queue
import threading
from collections.abc import Callable
from typing import Protocol

from voiceguide.core.errors import SpeechError
from voiceguide.performer import Rendered
from voiceguide.sound.clip import Clip


class Renders(Protocol):
    """A ``Voice``, of this machine or another."""

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The sentence as sound; waits for it. Raises SpeechError."""

    def prepare(self, texts: tuple[str, ...], words_per_minute: int) -> None:
        """Render these ahead, without waiting."""


class BackgroundRenderer:
    """One thread in front of a ``Voice``; what is rendered comes back through ``call``.

    Args:
        voice: renders, blocking, from its cache where it can.
        call: runs a function on the loop's thread.
    """

    def __init__(self, voice: Renders, call: Callable[[Callable[[], None]], None]) -> None:
        self._voice = voice
        self._call = call
        self._jobs: queue.SimpleQueue[tuple[str, int, Rendered] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="renderer", daemon=True)
        self._thread.start()

    def render(self, text: str, words_per_minute: int, done: Rendered) -> None:
        """Render a sentence; ``done`` is called on the loop's thread."""
        self._jobs.put((text, words_per_minute, done))

    def prepare(self, texts: tuple[str, ...], words_per_minute: int) -> None:
        """Have these rendered while nothing else is asked for."""
        with contextlib.suppress(SpeechError):  # it is told when the sentence is needed
            self._voice.prepare(texts, words_per_minute)

    def close(self) -> None:
        """Stop after the present sentence."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            text, words_per_minute, done = job
            outcome: Clip | SpeechError
            try:
                outcome = self._voice.render(text, words_per_minute)
            except SpeechError as error:
                outcome = error
            self._call(_Outcome(done, outcome))


class _Outcome:
    """A finished rendering, to be handed over on the loop's thread."""

    def __init__(self, done: Rendered, outcome: Clip | SpeechError) -> None:
        self._done = done
        self._outcome = outcome

    def __call__(self) -> None:
        self._done(self._outcome)
