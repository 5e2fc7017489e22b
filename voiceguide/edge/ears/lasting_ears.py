"""Ears that outlive their recogniser: it runs in a process of its own, and is started again.

What was being said when it died is lost, and nothing is heard until another one runs: neither words
nor the noise. `state` says so, and the person must be told.

The first one is waited for by nobody: what is said while it loads is kept, and heard once it runs.
It may be loaded only when the guide's first words sound: both at once, either would come later.
"""

import concurrent.futures
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.audibility import Audibility
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import ModelError
from voiceguide.core.rates import BLOCK_SECONDS
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.ears.recogniser_port import RecogniserLostError
from voiceguide.edge.system.log import Log

if TYPE_CHECKING:
    from voiceguide.edge.ears.ears import Ears
    from voiceguide.edge.ears.recogniser_process import RecogniserProcess

SHORT_LIFE_SECONDS = 60.0
"""A recogniser that dies sooner than this may die of something that will kill the next one too."""
MOST_SHORT_LIVES = 2
"""After so many short lives in a row no other recogniser is started."""

KEPT_SECONDS = 10.0
"""So much of the latest sound waits for the first recogniser, if it takes that long to load."""

_log = Log("ears")


@dataclass(frozen=True, slots=True)
class Opened:
    """Ears, and the process their recogniser runs in."""

    ears: "Ears"
    process: "RecogniserProcess"


class LastingEars:
    """Like ``Ears``, for a live microphone.

    Args:
        open_both: opens ears with a fresh recogniser. It may take long: it is called on a thread of
            its own, for the first time now.
        now: a clock in seconds that never goes back.
        waits: whether it is called for the first time by ``begin`` instead.
    """

    def __init__(
        self,
        open_both: Callable[[], Opened],
        now: Callable[[], float] = time.monotonic,
        waits: bool = False,
    ) -> None:
        self._open = open_both
        self._now = now
        self._opened: Opened | None = None
        self._began = now()
        self._short_lives = 0
        self._live: tuple[Phrase, ...] = ()
        self._unheard = Audibility()
        """What is known of the noise before anything was heard."""
        self._kept: deque[tuple[NDArray[np.int16], float, Sounding]] = deque(
            maxlen=round(KEPT_SECONDS / BLOCK_SECONDS)
        )
        """What `hear` was given while the first recogniser loads."""
        self._closed = threading.Event()
        self.state = EarState.COMING
        self.times_lost = 0
        """How many recognisers have died."""
        self._first: Future[Opened] = Future()
        self._coming: Future[Opened] | None = self._first
        self._has_begun = False
        if not waits:
            self.begin()

    def begin(self) -> None:
        """Start to load the first recogniser, unless that was done before."""
        if not self._has_begun:
            self._has_begun = True
            self._start_to_open(self._first)

    def have_come(self) -> bool:
        """Whether the first recogniser runs; any thread may ask.

        Raises:
            ModelError: it cannot be used.
        """
        if not self._first.done():
            return False
        try:
            self._first.result()
        except RecogniserLostError as error:
            raise ModelError(f"the recogniser cannot be used: {error}; start again") from error
        return True

    def wait(self) -> None:
        """Wait for the first recogniser; see `have_come`."""
        self.begin()
        concurrent.futures.wait((self._first,))
        self.have_come()

    @property
    def loud(self) -> bool:
        """Whether it is too loud to hear the person; False where nothing is heard at all."""
        return self._well is not None and self._well.loud

    @property
    def noise_dbfs(self) -> float:
        """See ``Ears``."""
        return (self._opened.ears if self._opened else self._unheard).noise_dbfs

    @property
    def snr_db(self) -> float:
        """See ``Ears``."""
        return (self._opened.ears if self._opened else self._unheard).snr_db

    @property
    def taps_closed(self) -> int:
        """See ``Ears``."""
        return self._opened.ears.taps_closed if self._opened else 0

    @property
    def spoken_over(self) -> bool:
        """See ``Ears``."""
        return self._well is not None and self._well.spoken_over

    @property
    def is_roused(self) -> bool:
        """See ``Ears``."""
        return not self._opened or self._opened.ears.is_roused

    @property
    def may_be_called(self) -> bool:
        """See ``Ears``."""
        return self._well is not None and self._well.may_be_called

    @property
    def process_id(self) -> int | None:
        """The process of the recogniser; None while none runs."""
        return self._opened.process.pid if self._opened else None

    @property
    def _well(self) -> "Ears | None":
        """The ears that hear now; None where there are none."""
        return self._opened.ears if self._opened and self.state is EarState.WELL else None

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Obey only these phrases from now on. Raises ModelError."""
        self._live = phrases
        if self._well:
            try:
                self._well.listen_for(phrases)
            except RecogniserLostError as error:
                self._lose(error)

    def hear(
        self, block: NDArray[np.int16], end_seconds: float, guide: Sounding = SILENT
    ) -> tuple[Heard, ...]:
        """Take in sound; see ``Ears``. Nothing is decided while there is no recogniser; what was
        kept for the first one is heard as soon as it runs.
        """
        if self._coming and self._coming.done():
            self._come(self._coming)
        self._kept.append((block, end_seconds, guide))
        if self.state is EarState.COMING:
            return ()
        kept = tuple(self._kept)
        self._kept.clear()
        return tuple(heard for each in kept for heard in self._heard(*each))

    def close(self) -> None:
        """End the process."""
        self._closed.set()
        if self._opened:
            self._opened.process.close()

    def _heard(
        self, block: NDArray[np.int16], end_seconds: float, guide: Sounding
    ) -> tuple[Heard, ...]:
        if not (self._opened and self._well):
            return ()
        try:
            # While the guide sleeps, the recogniser is asked so seldom that its death would go
            # unnoticed.
            if not self._opened.process.is_running:
                raise RecogniserLostError("the recogniser's process died")
            return self._well.hear(block, end_seconds, guide)
        except RecogniserLostError as error:
            self._lose(error)
            return ()

    def _lose(self, error: Exception) -> None:
        assert self._opened
        self._opened.process.close()
        if self._closed.is_set():
            return
        self.times_lost += 1
        lived = self._now() - self._began
        self._short_lives = self._short_lives + 1 if lived < SHORT_LIFE_SECONDS else 0
        if self._short_lives >= MOST_SHORT_LIVES:
            _log.error("recogniser", "lost for good", reason=error, lived_seconds=lived)
            self.state = EarState.LOST
            return
        _log.error("recogniser", "lost", reason=error)
        self.state = EarState.AWAY
        self._coming = Future()
        self._start_to_open(self._coming)

    def _start_to_open(self, coming: "Future[Opened]") -> None:
        threading.Thread(
            target=self._open_into, args=(coming,), name="recogniser", daemon=True
        ).start()

    def _open_into(self, coming: "Future[Opened]") -> None:
        try:
            opened = self._open()
        except Exception as error:  # a thread must tell every surprise
            coming.set_exception(error)
            return
        coming.set_result(opened)
        if self._closed.is_set():
            opened.process.close()

    def _come(self, coming: "Future[Opened]") -> None:
        self._coming = None
        error = coming.exception()
        if error is not None and self.state is EarState.COMING:
            return  # `have_come` raises it
        if error is not None:
            _log.error("recogniser", "not restarted", reason=error)
            self.state = EarState.LOST
            return
        self._opened = coming.result()
        self._began = self._now()
        self.state = EarState.WELL
        self.listen_for(self._live)


def open_lasting_ears(
    folder: Path,
    decoys: Sequence[str] = (),
    thresholds: Thresholds | None = None,
    phrases: Sequence[Phrase] = (),
    pronunciations: Mapping[str, Sequence[str]] | None = None,
    waits: bool = False,
) -> LastingEars:
    """The ears of `open_ears`, with a recogniser in a process of its own; waits for nothing.

    Args:
        waits: see `LastingEars`.
    """

    def opened() -> Opened:
        # All that only ears need is imported on their thread too, after the guide's first words.
        from voiceguide.edge.ears.ears import open_ears
        from voiceguide.edge.ears.recogniser_process import RecogniserProcess

        process = RecogniserProcess()
        try:
            ears = open_ears(folder, decoys, thresholds, phrases, pronunciations, process.load)
        except BaseException:
            process.close()
            raise
        return Opened(ears, process)

    return LastingEars(opened, waits=waits)
