"""A breath as the parts of a ring: ``in for 4 → out for 6``."""

import re
from dataclasses import dataclass

from voiceguide.core.breathing import Breath
from voiceguide.core.routine import Stroke

_PART = re.compile(r"(in|out|hold|rest)\b.*?([\d.]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a breath."""

    way: str
    """``in``, ``hold``, ``out`` or ``rest``."""
    share: float
    """Of the whole breath, 0–1."""


def ring(led: Breath) -> tuple[Part, ...]:
    """The parts of a breath that the guide leads."""
    return tuple(Part(phase.way.value, phase.seconds / led.seconds) for phase in led.phases)


def breath(stroke: Stroke | None) -> tuple[Part, ...]:
    """The parts of a breath that a stroke's path tells of; nothing where it is no breath."""
    if stroke is None:
        return ()
    parts = [_PART.fullmatch(part.strip()) for part in re.split(r"→|->", stroke.path.lower())]
    ways = [(part[1], float(part[2])) for part in parts if part]
    whole = sum(seconds for _, seconds in ways)
    if len(ways) != len(parts) or whole <= 0 or {"in", "out"} - {way for way, _ in ways}:
        return ()
    return tuple(Part(way, seconds / whole) for way, seconds in ways)
