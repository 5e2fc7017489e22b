"""Remembers stretches of a timeline for a while."""

from collections import deque


class Stretches:
    """Stretches from sample to sample; those that touch are joined.

    Args:
        memory_samples: a stretch is forgotten this long after its end.
    """

    def __init__(self, memory_samples: int) -> None:
        self._memory = memory_samples
        self._found: deque[tuple[int, int]] = deque()

    def add(self, first: int, end: int) -> None:
        """Add a stretch from ``first`` up to, and not including, ``end``; stretches come in
        order.
        """
        while self._found and self._found[0][1] < first - self._memory:
            self._found.popleft()
        if self._found and first <= self._found[-1][1]:
            before = self._found.pop()
            first, end = min(before[0], first), max(before[1], end)
        self._found.append((first, end))

    def overlap(self, first: int, end: int) -> bool:
        """Whether any stretch overlaps this one."""
        return any(one < end and first < other for one, other in self._found)
