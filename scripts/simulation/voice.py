"""A voice without sound: renders every sentence as silence of its estimated length."""

from collections.abc import Callable
from concurrent.futures import Future
from heapq import heappop, heappush
from itertools import count

import numpy as np

from voiceguide.core.errors import SpeechError
from voiceguide.core.timeline.speech import estimate_speech_seconds
from voiceguide.sound.clip import Clip
from voiceguide.sound.voice_port import AtOnce


def silence(text: str, words_per_minute: int, rate: int) -> Clip:
    """Silence, as long as the sentence would be."""
    seconds = estimate_speech_seconds(text, words_per_minute)
    return Clip(np.zeros(max(1, round(seconds * rate)), np.float32), rate)


class SilentVoice(AtOnce):
    """Renders at once or ``delay()`` seconds after the request; raises while it is broken.

    Args:
        now: gives the seconds of the output timeline.
        delay: how long the next sentence takes.
    """

    def __init__(
        self,
        rate: int,
        now: Callable[[], float] = lambda: 0.0,
        delay: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self.is_broken = False
        self._rate = rate
        self._now = now
        self._delay = delay
        self._waiting: list[tuple[float, int, Future[Clip], str, int]] = []
        self._order = count()

    def render(self, text: str, words_per_minute: int) -> Clip:
        """See ``AtOnce``."""
        if self.is_broken:
            raise SpeechError("the voice is broken")
        return silence(text, words_per_minute, self._rate)

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """See ``VoicePort``."""
        seconds = self._delay()
        if not seconds:
            return super().submit(text, words_per_minute)
        future: Future[Clip] = Future()
        at = self._now() + seconds
        heappush(self._waiting, (at, next(self._order), future, text, words_per_minute))
        return future

    def next_seconds(self) -> float | None:
        """When the next sentence will be rendered; None where none is waiting."""
        return self._waiting[0][0] if self._waiting else None

    def finish(self, now: float) -> None:
        """Hand over the sentences that are rendered by now."""

        while self._waiting and self._waiting[0][0] <= now:
            _, _, future, text, words_per_minute = heappop(self._waiting)
            try:
                future.set_result(self.render(text, words_per_minute))
            except SpeechError as error:
                future.set_exception(error)
