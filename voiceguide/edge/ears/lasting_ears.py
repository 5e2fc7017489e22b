"""Ears that outlive their recogniser: it runs in a process of its own, and is started again.

What was being said when it died is lost, and nothing is heard until another one runs: neither words
nor the noise. `state` says so, and the person must be told.
"""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Heard
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import ModelError
from voiceguide.edge.ears.ears import Ears, open_ears
from voiceguide.edge.ears.listener import EarState
from voiceguide.edge.ears.recogniser_port import RecogniserLostError
from voiceguide.edge.ears.recogniser_process import RecogniserProcess
from voiceguide.edge.system.log import Log

SHORT_LIFE_SECONDS = 60.0
"""A recogniser that dies sooner than this may die of something that will kill the next one too."""
MOST_SHORT_LIVES = 2
"""After so many short lives in a row no other recogniser is started."""

_log = Log("ears")


@dataclass(frozen=True, slots=True)
class Opened:
    """Ears, and the process their recogniser runs in."""

    ears: Ears
    process: RecogniserProcess


class LastingEars:
    """Like ``Ears``, for a live microphone.

    Args:
        open_both: opens ears with a fresh recogniser. It may take long: after the first time it is
            called on a thread of its own.
        now: a clock in seconds that never goes back.

    Raises:
        ModelError: the first recogniser cannot be used.
    """

    def __init__(
        self, open_both: Callable[[], Opened], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._open = open_both
        self._now = now
        try:
            opened = open_both()
        except RecogniserLostError as error:
            raise ModelError(f"the recogniser cannot be used: {error}; start again") from error
        self._ears, self._process = opened.ears, opened.process
        self._began = now()
        self._short_lives = 0
        self._live: tuple[Phrase, ...] = ()
        self._coming: Future[Opened] | None = None
        self._closed = threading.Event()
        self.state = EarState.WELL
        self.times_lost = 0
        """How many recognisers have died."""

    @property
    def loud(self) -> bool:
        """Whether it is too loud to hear the person; False where nothing is heard at all."""
        return self.state is EarState.WELL and self._ears.loud

    @property
    def noise_dbfs(self) -> float:
        """See ``Ears``."""
        return self._ears.noise_dbfs

    @property
    def snr_db(self) -> float:
        """See ``Ears``."""
        return self._ears.snr_db

    @property
    def taps_closed(self) -> int:
        """See ``Ears``."""
        return self._ears.taps_closed

    @property
    def spoken_over(self) -> bool:
        """See ``Ears``."""
        return self.state is EarState.WELL and self._ears.spoken_over

    @property
    def is_roused(self) -> bool:
        """See ``Ears``."""
        return self._ears.is_roused

    @property
    def may_be_called(self) -> bool:
        """See ``Ears``."""
        return self.state is EarState.WELL and self._ears.may_be_called

    @property
    def process_id(self) -> int | None:
        """The process of the recogniser; None while none runs."""
        return self._process.pid

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Obey only these phrases from now on. Raises ModelError."""
        self._live = phrases
        if self.state is EarState.WELL:
            try:
                self._ears.listen_for(phrases)
            except RecogniserLostError as error:
                self._lose(error)

    def hear(
        self, block: NDArray[np.int16], end_seconds: float, guide: Sounding = SILENT
    ) -> tuple[Heard, ...]:
        """Take in sound; see ``Ears``. Nothing is decided while there is no recogniser."""
        if self._coming and self._coming.done():
            self._come_back(self._coming)
        if self.state is not EarState.WELL:
            return ()
        try:
            # While the guide sleeps, the recogniser is asked so seldom that its death would go
            # unnoticed.
            if not self._process.is_running:
                raise RecogniserLostError("the recogniser's process died")
            return self._ears.hear(block, end_seconds, guide)
        except RecogniserLostError as error:
            self._lose(error)
            return ()

    def close(self) -> None:
        """End the process."""
        self._closed.set()
        self._process.close()

    def _lose(self, error: Exception) -> None:
        self._process.close()
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
        coming: Future[Opened] = Future()
        self._coming = coming
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

    def _come_back(self, coming: "Future[Opened]") -> None:
        self._coming = None
        error = coming.exception()
        if error is not None:
            _log.error("recogniser", "not restarted", reason=error)
            self.state = EarState.LOST
            return
        opened = coming.result()
        self._ears, self._process = opened.ears, opened.process
        self._began = self._now()
        self.state = EarState.WELL
        self.listen_for(self._live)


def open_lasting_ears(
    folder: Path,
    decoys: Sequence[str] = (),
    thresholds: Thresholds | None = None,
    phrases: Sequence[Phrase] = (),
    pronunciations: Mapping[str, Sequence[str]] | None = None,
) -> LastingEars:
    """The ears of `open_ears`, with a recogniser in a process of its own.

    Raises:
        ModelError: the model cannot be used.
    """

    def opened() -> Opened:
        process = RecogniserProcess()
        try:
            ears = open_ears(folder, decoys, thresholds, phrases, pronunciations, process.load)
        except BaseException:
            process.close()
            raise
        return Opened(ears, process)

    return LastingEars(opened)
