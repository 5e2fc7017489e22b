"""The thread between microphone and ears."""

import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.listening import Heard

EAR_RATE_HZ = 16_000
READ_SECONDS = 0.2
"""How long a read waits before the thread looks whether it should end."""
REBASE_SECONDS = 0.3
"""The ears' time is counted in samples and set anew when it is this far off the timeline:
blocks were dropped, or the microphone was away."""
ECHO_SECONDS = 0.25
"""What was played this long before a block's end may be heard in it: output buffer and room."""

Block = NDArray[np.int16]


class Source(Protocol):
    """A microphone: 16 kHz mono blocks of about 50 ms."""

    def read(self, timeout: float) -> Block | None:
        """The following block, or None when none came in time."""


class Hearing(Protocol):
    """The ears."""

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Only these are live from now on."""

    def hear(
        self, block: Block, end_seconds: float, playing_db: float | None = None
    ) -> tuple[Heard, ...]:
        """What this block decided."""


class Listener:
    """Feeds the ears and hands over what they decide, accepted or not.

    Args:
        now: seconds of the output timeline.
        playing_db: level in dBFS of what was played between two such times.
        heard: takes each decision, on this thread.
        failed: is told when the ears themselves break; the thread then ends.
        taken: takes every block with its end time (a recorder, a level meter).
    """

    def __init__(
        self,
        source: Source,
        ears: Hearing,
        now: Callable[[], float],
        playing_db: Callable[[float, float], float],
        heard: Callable[[Heard], None],
        failed: Callable[[Exception], None],
        taken: Callable[[Block, float], None] | None = None,
    ) -> None:
        self._source = source
        self._ears = ears
        self._now = now
        self._playing_db = playing_db
        self._heard = heard
        self._failed = failed
        self._taken = taken
        self._end = 0.0
        self._wanted: tuple[Phrase, ...] | None = None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Only these are live from the following block on; any thread may call."""
        self._wanted = phrases

    def use(self, source: Source) -> None:
        """Read from another microphone from now on (it came back, or was chosen anew)."""
        self._source = source

    def close(self) -> None:
        """End the thread; waits for the present block."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2 * READ_SECONDS)

    def _listen(self) -> None:
        try:
            while not self._closing.is_set():
                block = self._source.read(READ_SECONDS)
                if block is not None:
                    self._take(block)
        except Exception as error:  # whatever kills the ears must be heard by the person
            self._failed(error)

    def _take(self, block: Block) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self._ears.listen_for(wanted)
        now = self._now()
        self._end += len(block) / EAR_RATE_HZ
        if abs(now - self._end) > REBASE_SECONDS:
            self._end = now
        if self._taken:
            self._taken(block, self._end)
        playing = self._playing_db(self._end - ECHO_SECONDS, self._end)
        for heard in self._ears.hear(block, self._end, playing):
            self._heard(heard)
