"""Finds fewer happenings that still break the same rule: leaves out halves, then single ones."""

from collections.abc import Callable, Sequence

MOST_TRIES = 200


def shrink(numbers: Sequence[int], still_fails: Callable[[Sequence[int]], bool]) -> list[int]:
    """Leave out every number that the failure does not need, in at most ``MOST_TRIES`` tries."""
    left = list(numbers)
    size, tries = max(1, len(left) // 2), 0
    while left and tries < MOST_TRIES:
        at, before = 0, len(left)
        while at < len(left) and tries < MOST_TRIES:
            without = left[:at] + left[at + size :]
            tries += 1
            if still_fails(without):
                left = without
            else:
                at += size
        if size == 1 and len(left) == before:
            break
        size = max(1, size // 2)
    return left
