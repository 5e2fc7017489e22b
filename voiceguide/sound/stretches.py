"""Stretches of a timeline that are remembered for a while."""

from collections import deque


class Stretches:
    """Where something was, from sample to sample; those that touch are one.

    Args:
        memory_samples: a stretch that ended longer than this before the newest is forgotten.
    """

    def __init__(self, memory_samples: int) -> None:
        self._memory = memory_samples
        self._found: deque[tuple[int, int]] = deque()

    def add(self, first: int, end: int) -> None:
        """It was from ``first`` up to, not including, ``end``; given in their order."""
        while self._found and self._found[0][1] < first - self._memory:
            self._found.popleft()
        if self._found and first <= self._found[-1][1]:
            before = self._found.pop()
            first, end = min(before[0], first), max(before[1], end)
        self._found.append((first, end))

    def overlap(self, first: int, end: int) -> bool:
        """Whether it was anywhere between these."""
        return any(one < end and first < other for one, other in self._found)
