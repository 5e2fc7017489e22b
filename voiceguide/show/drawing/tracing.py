"""Turns the words of a stroke's path into a line on the picture.

``chin → earlobe, along the jaw`` begins at the chin, passes the jaw and ends at the earlobe.
What is not understood gives no picture at all: a wrong picture is worse than words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import cos, pi, sin

from voiceguide.core.routine.routine import Picture, Side, Step
from voiceguide.show.drawing.landmarks import (
    BETWEEN,
    CENTRE,
    MIDDLE,
    PLACES,
    VIAS,
    Landmark,
    Own,
    place,
)

Point = tuple[float, float]
"""x and y on the picture."""


class Motion(StrEnum):
    """How a hand moves along a line."""

    GLIDE = "glide"
    """From its beginning to its end."""
    CIRCLE = "circle"
    """Round and round."""
    PRESS = "press"
    """It presses one place, and does not move."""
    ZIGZAG = "zigzag"
    """Back and forth over a place."""
    LOOP = "loop"
    """In small circles from its beginning to its end."""
    TAP = "tap"
    """Landing and lifting from its beginning to its end."""
    PINCH = "pinch"
    """Pinching skin and letting go, from its beginning to its end."""


MANNERS = (
    ("zig", Motion.ZIGZAG),
    ("tap", Motion.TAP),
    ("pinch", Motion.PINCH),
    ("circle", Motion.LOOP),
)
"""Words in the name of a step that tell how the hand moves."""


@dataclass(frozen=True, slots=True)
class Trace:
    """A movement on one half of the picture."""

    motion: Motion
    spots: tuple[Landmark, ...]
    """The places it passes; only one, unless it glides."""
    crosses: bool = False
    """Whether its last place lies on the other half."""
    radius: float = 0.0
    """The radius of a circle."""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A movement on the picture, as one hand does it."""

    motion: Motion
    points: tuple[Point, ...]
    """The points of the line, joined by a smooth curve, or straight for a zig-zag."""

    @property
    def d(self) -> str:
        """It as an SVG path; a place has none."""
        if self.motion is Motion.PRESS:
            return ""
        if self.motion is Motion.ZIGZAG:
            return "M" + " L".join(map(_figures, self.points))
        return svg_path(self.points, self.motion is Motion.CIRCLE)

    @property
    def is_left(self) -> bool:
        """Whether it begins on the picture's left half."""
        return self.points[0][0] < MIDDLE


def trace(path: str, region: str = "", own: Own | None = None) -> Trace | None:
    """What the words of a path mean; None when they cannot be drawn.

    Args:
        path: as in a routine: ``side of the nose → temple, along the cheekbone``.
        region: of the section, for it tells what "centre" means.
        own: the places of a picture that is shown instead of the face.
    """
    parts = [part.strip() for part in re.split(r"→|->", path.lower())]
    if not path or not all(parts):
        return None
    if len(parts) == 1:
        return _in_place(parts[0], region, own)
    if parts == ["up", "down"] and region == "shoulders" and own is None:
        return Trace(Motion.GLIDE, (Landmark(78, 222), Landmark(78, 256)))
    spots: list[Landmark] = []
    crosses = False
    for number, part in enumerate(parts):
        if number and re.match(r"(the )?other( side)?\b", part):
            crosses, found = True, tuple(spots[:1])
        else:
            found = _ordered(part, region, own, first=number == 0)
        if not found:
            return None
        spots += (*(_between(spots, found) if own is None else ()), *found)
    if not _spread(spots) and not crosses:
        return None
    return Trace(Motion.GLIDE, tuple(spots), crosses)


def lines(made: Trace, side: Side) -> tuple[DrawnLine, ...]:
    """The movement on the picture as in a mirror: the person's left is the picture's left.

    One side gives one line. Both sides give a line for each hand, or one line where the hands meet
    in the middle.
    """
    if side is Side.LEFT:
        return (_line(made, -1),)
    if side is Side.RIGHT:
        return (_line(made, 1),)
    if all(spot.out < CENTRE for spot in made.spots):
        return (_line(made, 1),)
    return (_line(made, -1), _line(made, 1))


def svg_path(points: Sequence[Point], is_closed: bool = False) -> str:
    """The ``d`` of a smooth SVG path through points (Catmull-Rom as cubic curves)."""
    if is_closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        ring = [points[0], *points, points[-1]]
    parts = [f"M{_figures(ring[1])}"]
    for before, start, end, after in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        one = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        two = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        parts.append(f"C{_figures(one)} {_figures(two)} {_figures(end)}")
    return "".join(parts) + ("Z" if is_closed else "")


def _in_place(part: str, region: str, own: Own | None) -> Trace | None:
    """A movement that stays at one place."""
    spots = _ordered(part, region, own, first=True)
    if not spots:
        return None
    if "inward" in part:
        (spot, *_) = spots
        return Trace(
            Motion.GLIDE, (replace(spot, out=spot.out + 6), replace(spot, out=spot.out - 12))
        )
    if "circle" in part:
        around_eye = "orbital" in part and own is None
        spot = PLACES["eye"] if around_eye else spots[0]
        radius = 15.0 if around_eye else 5.0 if "small" in part or "nostril" in part else 7.0
        return Trace(Motion.CIRCLE, (spot,), radius=radius)
    if "all over" in part or "zig" in part:
        return Trace(Motion.ZIGZAG, spots[:1])
    return Trace(Motion.PRESS, spots[:1])


def _ordered(part: str, region: str, own: Own | None, first: bool) -> tuple[Landmark, ...]:
    """The places named between two arrows, in the order in which the hand passes them."""
    ends: list[Landmark] = []
    ways: list[Landmark] = []
    for clause in re.split(r",| and ", part):
        spot = place(clause, region, own)
        if spot is None:
            continue
        is_way = clause.strip().startswith((*VIAS, "orbital"))
        (ways if is_way else ends).append(spot)
    return tuple(ends + ways) if first else tuple(ways + ends)


def _between(before: Sequence[Landmark], after: Sequence[Landmark]) -> tuple[Landmark, ...]:
    """The places between two others that the hand passes though the path does not name them."""
    for ends, way in BETWEEN.items():
        if before and (before[-1], after[0]) == tuple(PLACES[name] for name in ends):
            return (PLACES[way],)
    return ()


def _spread(spots: Sequence[Landmark]) -> bool:
    """Whether these places are far enough apart to be a path."""
    return any(spot != spots[0] for spot in spots)


def _line(made: Trace, sign: int) -> DrawnLine:
    placed = [(MIDDLE + sign * spot.out, spot.down) for spot in made.spots]
    if made.crosses:
        x, y = placed[-1]
        placed[-1] = (2 * MIDDLE - x, y)
    x, y = placed[0]
    if made.motion is Motion.CIRCLE:
        r, d = made.radius, made.radius * 0.7071
        # Outward over the top, on either half.
        ring = [(0, -r), (d, -d), (r, 0), (d, d), (0, r), (-d, d), (-r, 0), (-d, -d)]
        return DrawnLine(made.motion, tuple((x + sign * dx, y + dy) for dx, dy in ring))
    if made.motion is Motion.ZIGZAG:
        return DrawnLine(made.motion, tuple((MIDDLE + sign * dx, dy) for dx, dy in _zigzag(made)))
    if made.motion is Motion.LOOP:
        return DrawnLine(made.motion, _loops(placed, sign))
    return DrawnLine(made.motion, tuple(placed))


def _zigzag(made: Trace) -> list[Point]:
    """The corners of a zig-zag on the right half: around a place, or between two heights."""
    first, last = made.spots[0], made.spots[-1]
    if first == last:
        return [(first.out - 16 + 6.4 * n, first.down + (9 if n % 2 else -9)) for n in range(6)]
    far = 2 * first.out - 4
    corners = []
    for n in range(9):
        out = 4 + (far - 4) * n / 8
        # The hairline falls toward the temples.
        top = last.down + 16 * (out / far) ** 2
        corners.append((out, top if n % 2 else first.down + 4))
    return corners


def _loops(way: Sequence[Point], sign: int) -> tuple[Point, ...]:
    """Small circles along a path, outward at the top."""
    made = []
    rounds, corners, radius = 3, 8, 5.0
    for n in range(rounds * corners + 1):
        share = n / (rounds * corners)
        x, y = _along(way, share)
        angle = 2 * pi * n / corners
        made.append((x + sign * radius * sin(angle), y - radius * cos(angle)))
    return tuple(made)


def _along(way: Sequence[Point], share: float) -> Point:
    """The point after a share (0–1) of the pieces of a path."""
    piece = min(int(share * (len(way) - 1)), len(way) - 2)
    inside = share * (len(way) - 1) - piece
    (ax, ay), (bx, by) = way[piece], way[piece + 1]
    return ax + inside * (bx - ax), ay + inside * (by - ay)


def _figures(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def step_lines(
    step: Step, region: str, side: Side | None = None, picture: Picture | None = None
) -> tuple[DrawnLine, ...]:
    """The lines of a step on the picture; empty if it has no stroke, or one that cannot be drawn.

    Args:
        side: one of the step's sides; None for all of them together.
        picture: the picture that is shown instead of the face.
    """
    work = step.stroke or step.hold
    own = picture.places if picture else None
    made = trace(work.path, region, own) if work else None
    if not work or not made:
        return ()
    return lines(_in_manner(made, step.name.lower()), work.side if side is None else side)


def _in_manner(made: Trace, name: str) -> Trace:
    """The movement in the manner that the step's name tells: tapped, pinched, in circles."""
    told = next((motion for word, motion in MANNERS if word in name), None)
    if told is Motion.TAP and made.motion is Motion.ZIGZAG:
        # It taps here and there around a place.
        (spot,) = made.spots
        beside = (replace(spot, out=spot.out * share) for share in (0.3, 1.0, 1.7))
        return replace(made, motion=told, spots=tuple(beside))
    if told and made.motion is Motion.GLIDE and not made.crosses:
        return replace(made, motion=told)
    return made
