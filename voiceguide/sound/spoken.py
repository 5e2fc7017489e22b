"""Remembers which words of the narration sounded when, on the output timeline."""

from collections import deque

from voiceguide.core.decision.guide_sound import SpokenWord


class SpokenWords:
    """The words of the last seconds; positions are samples, and times are in seconds."""

    def __init__(self, sample_rate_hz: int, memory_seconds: float) -> None:
        self._rate = sample_rate_hz
        self._memory = memory_seconds
        self._words: deque[SpokenWord] = deque()

    def place(self, start: int, words: tuple[SpokenWord, ...]) -> None:
        """Add words; their clip begins at ``start``."""
        second = start / self._rate
        self._words.extend(
            SpokenWord(word.text, word.start_seconds + second, word.end_seconds + second)
            for word in words
        )

    def cut(self, position: int) -> None:
        """Remove the words that begin at ``position`` or later."""
        now = position / self._rate
        self._words = deque(word for word in self._words if word.start_seconds < now)

    def until(self, position: int) -> tuple[SpokenWord, ...]:
        """The words that began before ``position``; old ones are forgotten."""
        now = position / self._rate
        while self._words and self._words[0].end_seconds < now - self._memory:
            self._words.popleft()
        return tuple(word for word in self._words if word.start_seconds < now)
