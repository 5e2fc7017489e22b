"""The picture itself: a face, neck and shoulders as SVG, seen as in a mirror.

Colours come from classes, so that a page, a dark page and a printed card each bring their own:
``skin``, ``line``, ``zone`` (``zone lit`` for the present one), ``stroke``, ``tip``, ``from``.
"""

from collections.abc import Iterable
from xml.sax.saxutils import quoteattr

from voiceguide.core.routine.routine import Picture
from voiceguide.show.drawing.landmarks import HEIGHT, MIDDLE, WIDTH
from voiceguide.show.drawing.tracing import DrawnLine, Motion, svg_path

VIEW_BOX = f"0 0 {WIDTH} {HEIGHT}"

_FACE = (
    "M120,20 C164,20 181,52 181,92 C181,128 173,151 159,168 C147,182 134,189 120,189 "
    "C106,189 93,182 81,168 C67,151 59,128 59,92 C59,52 76,20 120,20Z"
)
_HALVES = {
    # Drawn for the picture's right half; the left one is mirrored.
    "ear": "M180,98 C188,92 193,100 190,112 C188,124 183,134 177,131",
    "brow": "M131,87 C140,80 153,79 164,86",
    "eye": "M134,101 C141,107 153,107 160,100",
    "wing": "M124,133 C129,136 134,134 134,129",
    "neck": "M146,180 C147,205 148,214 158,222 C178,231 206,234 222,246 C231,254 234,272 236,290",
    "collarbone": "M128,249 C146,241 168,241 186,240",
}
_WHOLES = {
    "nose": "M115,132 C118,137 122,137 125,132",
    "bridge": "M117,98 C116,110 114,118 112,126",
    "lips": "M101,153 C109,148 115,148 120,150 C125,148 131,148 139,153 C131,162 109,162 101,153 "
    "C112,156 128,156 139,153",
    "hair": "M62,78 C70,50 96,44 120,48 C144,44 170,50 178,78",
}
_BODY = (
    "M94,180 C93,205 92,214 82,222 C62,231 34,234 18,246 C9,254 6,272 4,290 L236,290 "
    "C234,272 231,254 222,246 C206,234 178,231 158,222 C148,214 147,205 146,180Z"
)

_BOTH = "mirrored"
ZONES: dict[str, tuple[tuple[str, str], ...]] = {
    "forehead": (
        ("M66,78 C76,54 98,49 120,51 C142,49 164,54 174,78 C160,74 140,78 120,80 "
         "C100,78 80,74 66,78Z", ""),
    ),
    "eyes": (
        ("M129,100 C130,84 166,78 172,98 C172,116 136,120 129,100Z", _BOTH),
    ),
    "nose": (
        ("M113,90 C118,88 122,88 127,90 L136,128 C134,138 106,138 104,128Z", ""),
    ),
    "cheeks": (
        ("M134,120 C148,120 164,116 177,108 C176,130 170,148 160,160 C150,158 142,150 139,142 "
         "C136,134 136,128 134,120Z", _BOTH),
    ),
    "mouth": (
        ("M96,153 C100,138 140,138 144,153 C142,168 98,168 96,153Z", ""),
    ),
    "jaw": (
        ("M63,130 C70,148 88,164 120,168 C152,164 170,148 177,130 C175,150 167,163 158,171 "
         "C146,183 134,189 120,189 C106,189 94,183 82,171 C73,163 65,150 63,130Z", ""),
    ),
    "neck": (
        ("M94,183 C104,191 112,193 120,193 C128,193 136,191 146,183 C147,205 148,214 158,222 "
         "C150,240 134,249 120,250 C106,249 90,240 82,222 C92,214 93,205 94,183Z", ""),
    ),
    "chest": (
        ("M66,248 C90,242 110,250 120,251 C130,250 150,242 174,248 C174,268 172,280 168,290 "
         "L72,290 C68,280 66,268 66,248Z", ""),
    ),
    "shoulders": (
        ("M150,224 C178,232 206,234 222,246 C230,253 233,266 235,280 C214,266 186,252 150,246Z",
         _BOTH),
    ),
    "scalp": (
        ("M62,80 C60,36 88,20 120,20 C152,20 180,36 178,80 C170,52 146,44 120,48 "
         "C94,44 70,52 62,80Z", ""),
    ),
    "whole-face": ((_FACE, ""),),
}  # fmt: skip
"""The regions of the format that this picture shows; others fall back to words."""

_MIRROR = f"translate({2 * MIDDLE} 0) scale(-1 1)"


def figure(
    lit: str = "", lines: Iterable[DrawnLine] = (), label: str = "", picture: Picture | None = None
) -> str:
    """A whole ``<svg>``.

    Args:
        lit: the region to light up; unknown ones light nothing.
        lines: movements, drawn with an arrow and a dot where each begins.
        picture: a routine's own, in place of the face.
        label: what the picture shows, for whoever cannot see it; decoration when empty.
    """
    role = f"role='img' aria-label={quoteattr(label)}" if label else "aria-hidden='true'"
    drawing = own(picture, lit) if picture else f"{body()}{zones(lit)}{features()}"
    return (
        f"<svg viewBox='{VIEW_BOX}' {role}>{drawing}"
        f"<g class='strokes'>{''.join(map(movement, lines))}</g></svg>"
    )


def own(picture: Picture, lit: str) -> str:
    """A routine's own picture; its path data was checked when the routine was read."""
    shapes = "".join(
        f"<path d={quoteattr(d)}/>"
        for region, each in picture.regions
        if region == lit
        for d in each
    )
    lines = "".join(f"<path d={quoteattr(d)}/>" for d in picture.outline)
    return f"<g class='zone lit'>{shapes}</g><g class='line'>{lines}</g>"


def body() -> str:
    """Skin without features: what zones are drawn upon."""
    ear = f"<path class='skin' d='{_HALVES['ear']}'/>"
    return (
        f"<path class='skin' d='{_BODY}'/>{ear}<g transform='{_MIRROR}'>{ear}</g>"
        f"<path class='skin' d='{_FACE}'/>"
    )


def zones(lit: str = "") -> str:
    """A shape for each region, named by ``data-zone``."""
    made = []
    for name, shapes in ZONES.items():
        state = "zone lit" if name == lit else "zone"
        inner = "".join(
            f"<path d='{d}'/>" + (f"<path d='{d}' transform='{_MIRROR}'/>" if both else "")
            for d, both in shapes
        )
        made.append(f"<g class='{state}' data-zone='{name}'>{inner}</g>")
    return "".join(made)


def features() -> str:
    """Hair, ears, closed eyes, nose, mouth, collarbones."""
    halves = "".join(f"<path d='{d}'/>" for d in _HALVES.values())
    wholes = "".join(f"<path d='{d}'/>" for d in (_FACE, *_WHOLES.values()))
    return f"<g class='line'>{wholes}{halves}<g transform='{_MIRROR}'>{halves}</g></g>"


def movement(line: DrawnLine) -> str:
    """A stroke as a line that ends in an arrow and begins in a dot."""
    x, y = line.points[0]
    if line.motion is Motion.PRESS:
        return (
            f"<circle class='press' cx='{x:.1f}' cy='{y:.1f}' r='8'/>"
            f"<circle class='from' cx='{x:.1f}' cy='{y:.1f}' r='3.4'/>"
        )
    closed = line.motion is Motion.CIRCLE
    d = svg_path(line.points, is_closed=closed)
    return f"<path class='stroke' d='{d}'/>{_arrow(line, closed)}" + (
        "" if closed else f"<circle class='from' cx='{x:.1f}' cy='{y:.1f}' r='3.4'/>"
    )


def _arrow(line: DrawnLine, closed: bool) -> str:
    """A head at the end of a line, pointing the way it goes; drawn, because ids of a marker
    would clash where many pictures share a page.
    """
    end, before = (line.points[2], line.points[1]) if closed else (line.points[-1], line.points[-2])
    dx, dy = end[0] - before[0], end[1] - before[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1e-6)
    ux, uy = dx / length, dy / length
    size = 4.5 if closed else 8.0
    corners = (
        (end[0] + ux * size * 0.5, end[1] + uy * size * 0.5),
        (end[0] - ux * size * 0.6 - uy * size * 0.6, end[1] - uy * size * 0.6 + ux * size * 0.6),
        (end[0] - ux * size * 0.6 + uy * size * 0.6, end[1] - uy * size * 0.6 - ux * size * 0.6),
    )
    points = " ".join(f"{cx:.1f},{cy:.1f}" for cx, cy in corners)
    return f"<polygon class='tip' points='{points}'/>"
