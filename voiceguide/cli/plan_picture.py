"""The plan of a routine as an SVG picture: zones, sentences, strokes, breaths and waits over time.

Written like a score: time runs to the right, and on the next row goes on.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.sax.saxutils import escape

from voiceguide.core.routine.breath import Breath, Way
from voiceguide.core.timeline.plan import CLOSING_ID, Plan, PlanItem, StretchKind

WIDTH, LEFT, RIGHT, TOP = 1200, 78, 22, 88
ROW_HEIGHT = 116
ROW_SECONDS = (30, 60, 120, 180, 300, 600)
MOST_ROWS = 8
INK, FAINT, PAPER, RULE = "#1f2933", "#7b8794", "#ffffff", "#e4e7eb"
FILLS = {
    StretchKind.SAY: "#3e6fb0",
    StretchKind.STROKE: "#e0a030",
    StretchKind.BREATH: "#5aa9a0",
    StretchKind.HOLD: "#c98bbf",
    StretchKind.WAIT: "#bfe0c8",
}
NAMES = {
    StretchKind.SAY: "guide speaks",
    StretchKind.STROKE: "stroke",
    StretchKind.BREATH: "breath",
    StretchKind.HOLD: "hold",
    StretchKind.WAIT: "waits for you",
}
ZONES = ("#e8eef7", "#f3ece1", "#e7f1ea", "#f2e9f3", "#f7ece9", "#e9f1f4")
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
LETTER_WIDTH = 6.1
"""Average width of a letter at 11 px: enough to see whether a label has room."""
BREATH_TOP, BREATH_BOTTOM = 48.0, 82.0

Zone = tuple[float, float, str, str]
"""Start, end (seconds), name, fill."""


def plan_picture(
    plan: Plan,
    title: str,
    subtitle: str,
    names: Mapping[str, str],
    breaths: Mapping[tuple[str, str], Breath],
) -> str:
    """The SVG text; the width is fixed, the height grows with the length.

    Args:
        names: of the sections, by id.
        breaths: what strokes, breaths and holds ride on, by section and step id.
    """
    length = plan.total_seconds
    row_seconds = next(
        (seconds for seconds in ROW_SECONDS if length <= seconds * MOST_ROWS), ROW_SECONDS[-1]
    )
    rows = max(1, int(-(-length // row_seconds)))
    height = TOP + rows * ROW_HEIGHT + 14
    zones = list(_zones(plan, names))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" font-family="{escape(FONT)}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _text(LEFT, 32, title, 20),
        _text(LEFT, 52, subtitle, 12, FAINT),
        *_legend({item.kind for item in plan.items}),
    ]
    for row in range(rows):
        drawing = _Row(row, row_seconds, length)
        parts += drawing.frame()
        for zone in zones:
            parts += drawing.band(zone)
        for item in plan.items:
            parts += drawing.item(item, breaths.get((item.section_id, item.step_id)))
    return "\n".join([*parts, "</svg>\n"])


def _zones(plan: Plan, names: Mapping[str, str]) -> Iterator[Zone]:
    order = list(dict.fromkeys(item.section_id for item in plan.items))
    for number, section_id in enumerate(order):
        items = [item for item in plan.items if item.section_id == section_id]
        name = "last words" if section_id == CLOSING_ID else names.get(section_id, section_id)
        fill = ZONES[number % len(ZONES)]
        yield items[0].start_seconds, items[-1].end_seconds, name, fill


class _Row:
    """One row of the score; heights are relative to its top."""

    def __init__(self, number: int, row_seconds: int, length_seconds: float) -> None:
        self._top = TOP + number * ROW_HEIGHT
        self._start = number * row_seconds
        self._end = self._start + row_seconds
        self._shown_end = min(self._end, length_seconds)
        self._seconds = row_seconds
        self._scale = (WIDTH - LEFT - RIGHT) / row_seconds

    def frame(self) -> Iterator[str]:
        """Names of the lanes, and the time below."""
        for name, at in (("zone", 14), ("guide", 38), ("you", 70)):
            yield _text(LEFT - 10, self._top + at, name, 11, FAINT, "end")
        step = self._seconds // 6
        for tick in range(self._start, self._end + 1, step):
            if tick <= self._shown_end:
                x = self._x(tick)
                yield (
                    f'<line x1="{x:.1f}" y1="{self._top}" x2="{x:.1f}" '
                    f'y2="{self._top + 88}" stroke="{RULE}"/>'
                )
                label = f"{tick // 60}:{tick % 60:02d}"
                yield _text(x, self._top + 100, label, 10, FAINT, "middle")

    def band(self, zone: Zone) -> Iterator[str]:
        """A zone, with its name where there is room."""
        start, end, name, fill = zone
        shown = self._shown(start, end)
        if shown:
            x, width = shown
            yield _rect(x, self._top + 2, width, 18, fill, name)
            if len(name) * LETTER_WIDTH < width - 8:
                yield _text(x + 4, self._top + 15, name, 11)

    def item(self, item: PlanItem, breath: Breath | None) -> Iterator[str]:
        """A sentence, a stroke, a breath, a hold or a wait."""
        shown = self._shown(item.start_seconds, item.end_seconds)
        if item.kind is StretchKind.GAP or not shown:
            return
        x, width = shown
        fill = FILLS[item.kind]
        if item.kind is StretchKind.SAY:
            yield _rect(x, self._top + 26, width, 16, fill, item.label)
        elif breath and item.kind is not StretchKind.WAIT:
            yield from self._breaths(item, breath, fill)
        else:
            top = BREATH_TOP if item.kind is StretchKind.WAIT else BREATH_TOP + 8
            yield _rect(x, self._top + top, width, BREATH_BOTTOM - top, fill, item.label)

    def _breaths(self, item: PlanItem, breath: Breath, fill: str) -> Iterator[str]:
        """A line that rises while the breath goes in and falls while it goes out."""
        whole = {way: sum(p.seconds for p in breath.phases if p.way is way) for way in Way}
        level, points = 0.0, [(item.start_seconds, 0.0)]
        for number in range(max(1, round(item.duration_seconds / breath.seconds))):
            begun = item.start_seconds + number * breath.seconds
            for start, phase in breath.starts():
                if phase.way is not Way.HOLD:
                    sign = 1 if phase.way is Way.IN else -1
                    level += sign * phase.seconds / whole[phase.way]
                points.append((begun + start + phase.seconds, level))
        inside = list(_clipped(points, self._start, self._end))
        if len(inside) < 2:
            return
        low = self._top + BREATH_BOTTOM
        line = [(self._x(at), low - lvl * (BREATH_BOTTOM - BREATH_TOP)) for at, lvl in inside]
        corners = [(line[0][0], low), *line, (line[-1][0], low)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        yield (
            f'<polygon points="{path}" fill="{fill}" fill-opacity="0.75">'
            f"<title>{escape(item.label)}</title></polygon>"
        )

    def _shown(self, start: float, end: float) -> tuple[float, float] | None:
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return None
        return self._x(start), max((end - start) * self._scale - 0.8, 0.5)

    def _x(self, seconds: float) -> float:
        return LEFT + (seconds - self._start) * self._scale


def _clipped(
    points: list[tuple[float, float]], start: float, end: float
) -> Iterator[tuple[float, float]]:
    """The part of a line of (time, level) between two times."""
    for (at, level), (after, following) in pairwise(points):
        first, last = max(at, start), min(after, end)
        if first < last:
            slope = (following - level) / (after - at)
            yield first, level + slope * (first - at)
            yield last, level + slope * (last - at)


def _legend(kinds: set[StretchKind]) -> Iterator[str]:
    x = float(LEFT)
    for kind, name in NAMES.items():
        if kind in kinds:
            yield _rect(x, 62, 16, 10, FILLS[kind])
            yield _text(x + 21, 71, name, 11, FAINT)
            x += 42 + len(name) * LETTER_WIDTH


def _rect(x: float, y: float, width: float, height: float, fill: str, title: str = "") -> str:
    shape = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" '
        f'fill="{fill}"'
    )
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def _text(x: float, y: float, text: str, size: int, ink: str = INK, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{ink}" '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
