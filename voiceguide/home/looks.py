"""How lights show what the guide does; pure."""

from dataclasses import dataclass
from math import cos, inf, pi

from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State

Colour = tuple[float, float, float]
"""Red, green and blue, each 0–1."""

HEARD_SECONDS = 0.6
"""How long the lights show that a command was heard."""
FRAME_SECONDS = 0.05
"""Time between two levels of a light that swells."""


@dataclass(frozen=True, slots=True)
class Look:
    """A light of one colour: steady, blinking, or swelling."""

    colour: Colour
    level: float = 1.0
    """The level of a steady light, or the greatest level of another, 0–1."""
    on_seconds: float = 0.0
    off_seconds: float = 0.0
    """Both are 0 for a steady light."""
    swells: bool = False

    def level_at(self, seconds: float) -> float:
        """How bright the light is, by the seconds since it began."""
        whole = self.on_seconds + self.off_seconds
        if not whole:
            return self.level
        within = seconds % whole
        if self.swells:
            return self.level * (0.55 - 0.45 * cos(2 * pi * within / whole))
        return self.level if within < self.on_seconds else 0.0

    def next_seconds(self, seconds: float) -> float:
        """How long that level then lasts; infinite for a steady light."""
        whole = self.on_seconds + self.off_seconds
        if not whole:
            return inf
        if self.swells:
            return FRAME_SECONDS
        within = seconds % whole
        return (self.on_seconds if within < self.on_seconds else whole) - within


LOOKS = {
    "asleep": Look((0.2, 0.2, 1.0), 0.04),
    "listening": Look((0.0, 0.6, 1.0), 0.3),
    "heard": Look((0.1, 1.0, 0.1)),
    "speaking": Look((0.0, 0.6, 1.0), 0.8, 0.8, 0.8, swells=True),
    "paused": Look((1.0, 0.6, 0.0), 0.5, 1.0, 1.0),
    "fault": Look((1.0, 0.0, 0.0), 1.0, 0.15, 0.15),
}
STATES = {
    State.PAUSED: "paused",
    State.ASLEEP: "asleep",
    State.ENDED: "asleep",
}
"""The looks of states that have one of their own."""


def look_of(shown: Snapshot, is_speaking: bool, heard_ago_seconds: float) -> str:
    """The name of the look for what the guide does now."""
    if heard_ago_seconds < HEARD_SECONDS:
        return "heard"
    if shown.faults:
        return "fault"
    return STATES.get(shown.state, "speaking" if is_speaking else "listening")
