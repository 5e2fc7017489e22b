"""The pictures themselves, as SVG in a round mirror: a head from the front or behind, or a scene.

Each drawing is defined once for a whole page (`definitions`) and used by name. Colours come from
classes (`palette.css`), so that a dark page, a light one and a printed card each have their own.
"""

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from xml.sax.saxutils import quoteattr

from voiceguide.core.routine.routine import Picture
from voiceguide.show.drawing.hands import HANDS, open_palm
from voiceguide.show.drawing.head import back, back_features, features, skin
from voiceguide.show.drawing.landmarks import MIDDLE
from voiceguide.show.drawing.pen import at, both, path, use
from voiceguide.show.drawing.scenes import SCENES
from voiceguide.show.drawing.touch import Touch
from voiceguide.show.drawing.tracing import DrawnLine, Motion
from voiceguide.show.drawing.zones import BACK_ZONES, ZONES

VIEW_BOX = "-50 -28 340 340"
CENTRE_DOWN, RADIUS = 142, 158
"""How far down the middle of the mirror lies, and its radius within the frame."""
HAND_SIZE = 0.92
_USE = re.compile(r"href='#([\w-]+)'")


def definitions(used_in: str | None = None) -> str:
    """Every drawing by its name, for ``<use>``; needed once in a page, before the pictures.

    Args:
        used_in: the text of a page, to define only the drawings that it uses; None for all.
    """
    named = {
        "skin": skin(),
        "features": features(),
        "back": back(),
        "back-features": back_features(),
        "open-palm": open_palm(),
        **{f"hand-{kind}": drawing for kind, drawing in HANDS.items()},
        **{f"scene-{name}": drawing for name, drawing in SCENES.items()},
    }
    kept = set(named) if used_in is None else _used(used_in, named)
    groups = "".join(
        f"<g id='{name}'>{drawing}</g>" for name, drawing in named.items() if name in kept
    )
    left, right = (
        f"<rect x='{x}' y='-40' width='200' height='400'/>" for x in (MIDDLE - 200, MIDDLE)
    )
    return (
        f"<defs><clipPath id='mirror'>{_circle('')}</clipPath><clipPath id='left-half'>{left}"
        f"</clipPath><clipPath id='right-half'>{right}</clipPath>{groups}</defs>"
    )


def _used(text: str, named: dict[str, str]) -> set[str]:
    """The names of the drawings that a text uses, directly or through other drawings."""
    found = set(_USE.findall(text)) & set(named)
    return found.union(*(_used(named[name], named) for name in found))


def palette() -> str:
    """The style sheet of all drawings."""
    return files("voiceguide.show.drawing").joinpath("palette.css").read_text("utf-8")


def figure(
    lit: str = "",
    lines: Sequence[DrawnLine] = (),
    label: str = "",
    picture: Picture | None = None,
    hands: Iterable[Touch | None] = (),
    behind: bool = False,
    half: str = "",
) -> str:
    """A picture of a step that does something.

    Args:
        lit: the region to light up; an unknown one lights nothing.
        lines: movements, drawn with an arrow, and a dot where each begins.
        picture: a routine's own picture, in place of the head.
        label: what the picture shows, for people who cannot see it; empty for decoration.
        hands: one for each line.
        behind: whether the head is seen from behind.
        half: "left" or "right" if only that half of the zone is worked on.
    """
    if picture:
        drawing = own(picture, lit)
    elif behind:
        drawing = use("back") + _half(zones(lit, BACK_ZONES), half) + use("back-features")
    else:
        drawing = use("skin") + _half(zones(lit), half) + use("features")
    held = "".join(
        at(*line.points[0], use(f"hand-{each.kind}"), each.turn, HAND_SIZE, each.flip)
        for line, each in zip(lines, hands, strict=False)
        if each
    )
    drawn = "".join(movement(line) + _arrow(line) for line in lines)
    return _mirror(f"{drawing}{held}<g class='strokes'>{drawn}</g>", label)


def scene(name: str, label: str = "") -> str:
    """The picture of a scene, by its name in `scenes.SCENES`."""
    return _mirror(use(f"scene-{name}"), label)


def zones(lit: str = "", shapes: dict[str, tuple[tuple[str, str], ...]] = ZONES) -> str:
    """A shape for each region, named by ``data-zone``."""
    made = []
    for name, each in shapes.items():
        state = "zone lit" if name == lit else "zone"
        inner = "".join(both("glow", d) if halves else path("glow", d) for d, halves in each)
        made.append(f"<g class='{state}' data-zone='{name}'>{inner}</g>")
    return "".join(made)


def own(picture: Picture, lit: str) -> str:
    """A routine's own picture; its path data was checked when the routine was read."""
    shapes = "".join(
        f"<path class='glow' d={quoteattr(d)}/>"
        for region, each in picture.regions
        if region == lit
        for d in each
    )
    lines = "".join(f"<path d={quoteattr(d)}/>" for d in picture.outline)
    return f"<g class='zone lit'>{shapes}</g><g class='line own'>{lines}</g>"


def movement(line: DrawnLine) -> str:
    """A stroke as a line that begins with a dot, or a place that is pressed as a ring."""
    x, y = line.points[0]
    if line.motion is Motion.PRESS:
        return (
            f"<circle class='press' cx='{x:.1f}' cy='{y:.1f}' r='12'/>"
            f"<circle class='from' cx='{x:.1f}' cy='{y:.1f}' r='3.4'/>"
        )
    closed = line.motion is Motion.CIRCLE
    dotted = " dotted" if line.motion is Motion.TAP else ""
    start = "" if closed else f"<circle class='from' cx='{x:.1f}' cy='{y:.1f}' r='4'/>"
    return f"<path class='halo' d='{line.d}'/><path class='stroke{dotted}' d='{line.d}'/>{start}"


def _mirror(inner: str, label: str) -> str:
    role = f"role='img' aria-label={quoteattr(label)}" if label else "aria-hidden='true'"
    return (
        f"<svg viewBox='{VIEW_BOX}' {role}>{_circle('glass-back')}"
        f"<g clip-path='url(#mirror)'>{inner}</g>{_circle('frame')}</svg>"
    )


def _half(inner: str, half: str) -> str:
    return f"<g clip-path='url(#{half}-half)'>{inner}</g>" if half else inner


def _circle(kind: str) -> str:
    named = f" class='{kind}'" if kind else ""
    return f"<circle{named} cx='{MIDDLE}' cy='{CENTRE_DOWN}' r='{RADIUS}'/>"


def _arrow(line: DrawnLine) -> str:
    """The tip of an arrow at the end of a line.

    It is not an SVG marker, because ids of markers would clash where pictures share a page.
    """
    if line.motion is Motion.PRESS:
        return ""
    closed = line.motion is Motion.CIRCLE
    end, before = (line.points[2], line.points[1]) if closed else (line.points[-1], line.points[-2])
    dx, dy = end[0] - before[0], end[1] - before[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1e-6)
    ux, uy = dx / length, dy / length
    size = 6.0 if closed else 9.0
    corners = (
        (end[0] + ux * size * 0.8, end[1] + uy * size * 0.8),
        (end[0] - ux * size * 0.5 - uy * size * 0.7, end[1] - uy * size * 0.5 + ux * size * 0.7),
        (end[0] - ux * size * 0.5 + uy * size * 0.7, end[1] - uy * size * 0.5 - ux * size * 0.7),
    )
    points = " ".join(f"{cx:.1f},{cy:.1f}" for cx, cy in corners)
    return f"<polygon class='tip' points='{points}'/>"
