"""Begins a live session, and ends it at a signal."""

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from voiceguide.core.events import Event, Fault, Faulted, Interrupted, RoutineLeftOut, Started
from voiceguide.sound.mixer import Mixer

LATEST_SECONDS = 0.5
"""What waits for the guide's first words waits no longer than this."""
HEAD_START_SECONDS = 0.1
"""By so much the first words are ahead of what waits for them: they have left for the speaker."""


def first_events(left_out: bool, unheard: bool, faults: Iterable[Fault]) -> Iterator[Event]:
    """What a session is told as it begins.

    Args:
        left_out: whether a routine file could not be used.
        unheard: whether there is no microphone, and nobody types.
        faults: what is broken already.
    """
    yield Started()
    if left_out:
        yield RoutineLeftOut()
    if unheard:
        yield Faulted(Fault.MICROPHONE)
    yield from map(Faulted, faults)


class Opening:
    """Has what takes long begin once the guide's first words are on their way to the speaker."""

    def __init__(self, mixer: Mixer, begin: Callable[[], None], now: Callable[[], float]) -> None:
        self._mixer = mixer
        self._begin: Callable[[], None] | None = begin
        self._now = now
        self._begin_by = now() + LATEST_SECONDS
        self._speaks = False

    def tend(self) -> None:
        """Let it begin if it is time; it begins once."""
        if self._begin is None:
            return
        now = self._now()
        if self._mixer.busy and not self._speaks:
            self._speaks = True
            self._begin_by = min(self._begin_by, now + HEAD_START_SECONDS)
        if now >= self._begin_by:
            begin, self._begin = self._begin, None
            begin()


@contextmanager
def ended_by_signals(post: Callable[[Event], None]) -> Iterator[None]:
    """Meanwhile Ctrl-C and SIGTERM end the session as a word would."""

    def interrupt(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 # a handler's signature
        post(Interrupted())

    previous = {
        number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
