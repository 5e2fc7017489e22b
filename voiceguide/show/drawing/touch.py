"""The hand or tool that does a step, and how it lies on the picture."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from voiceguide.core.routine.routine import Picture, Step
from voiceguide.show.drawing.tracing import DrawnLine

HANDS = (
    ("gua sha", "stone"),
    ("gua-sha", "stone"),
    ("stone", "stone"),
    ("roller", "roller"),
    ("knuckle", "fist"),
    ("fist", "fist"),
    ("hook", "hook"),
    ("thumb and", "pinch"),
    ("pinch", "pinch"),
    ("thumb", "thumb"),
    ("heel", "heel"),
    ("index and middle", "two"),
    ("two finger", "two"),
    ("ring finger", "ring"),
    ("middle finger", "middle"),
    ("index finger", "index"),
    ("fingertip", "fingertips"),
    ("fingers", "fingertips"),
    ("palm", "palm"),
    ("flat", "palm"),
    ("hand", "palm"),
    ("finger", "fingertips"),
)
"""(words, picture); the first pair whose words are found counts."""

ACROSS = ("other side", "on the left", "on the right")
"""Words that mean that a hand works on the other half of the body."""
BEHIND = ("nape", "skull")
"""Places that can be seen only from behind."""

_TURNS = ((96.0, -58.0), (150.0, -36.0), (196.0, -34.0), (400.0, -38.0))
"""How far a right hand is turned on the right half, by how far down its path lies: the hand comes
from outside, so that it covers neither the eyes nor the path.
"""
_BEHIND_TURN = 82.0
_PINCH_TURN = 34.0


@dataclass(frozen=True, slots=True)
class Touch:
    """A hand on the picture, at the beginning of its line."""

    kind: str
    """A key of `hands.HANDS`."""
    turn: float
    """Its turn at the start of the line: degrees, clockwise, before it is mirrored."""
    end_turn: float
    """Its turn at the end of the line."""
    flip: int
    """-1 for a left hand, which is drawn mirrored; else 1."""


def hand(words: str) -> str:
    """The picture for words such as "index and middle fingers, hooked"; empty for none."""
    low = words.lower()
    return next((kind for word, kind in HANDS if word in low), "")


def pressure_words(pressure: str) -> str:
    """How hard, in words that stand alone: "medium pressure"."""
    is_said = not pressure or re.search(r"pressure|touch|weight|lift|,", pressure)
    return pressure if is_said else f"{pressure} pressure"


def hand_of(step: Step) -> str:
    """The hand of a step; if the step names none, the one that its sentences name."""
    if step.stroke and step.stroke.hands:
        return hand(step.stroke.hands) or "fingertips"
    kind = hand(" ".join(step.say))
    return "cup" if step.hold and kind == "palm" else kind


def is_behind(step: Step | None, picture: Picture | None = None) -> bool:
    """Whether a step is done in a place that can be seen only from behind."""
    work = (step.stroke or step.hold) if step else None
    return picture is None and work is not None and any(word in work.path for word in BEHIND)


def touches(step: Step | None, drawn: Sequence[DrawnLine]) -> tuple[Touch | None, ...]:
    """A hand for each line of a step; None for a line without one."""
    kind = hand_of(step) if step else ""
    words = step.stroke.hands if step and step.stroke else ""
    across = any(each in words for each in ACROSS)
    return tuple(_touch(kind, line, across, is_behind(step)) for line in drawn)


def _touch(kind: str, line: DrawnLine, across: bool, behind: bool) -> Touch | None:
    if not kind:
        return None
    flip = -1 if line.is_left != across else 1
    if across:
        begins, ends = (
            -30 - 0.31 * (point[1] - 120) for point in (line.points[0], line.points[-1])
        )
        return Touch("flat" if kind == "palm" else kind, begins, ends, flip)
    if behind:
        # An arm that is laid back shows its thumb below.
        return Touch(kind, _BEHIND_TURN, _BEHIND_TURN, -flip)
    if kind == "pinch":
        # It is seen from the side of the thumb, which points to the middle.
        return Touch(kind, _PINCH_TURN, _PINCH_TURN, -flip)
    lowest = sum(y for _, y in line.points) / len(line.points)
    turn = next(turn for down, turn in _TURNS if lowest < down)
    return Touch(kind, turn, turn, flip)
