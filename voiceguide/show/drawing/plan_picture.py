"""The plan of a routine as a score: zones, sentences, strokes, breaths and waits over time."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from xml.sax.saxutils import escape

from voiceguide.core.routine.breath import Breath, Way
from voiceguide.core.timeline.plan import CLOSING_ID, Plan, PlanItem, StretchKind
from voiceguide.show.drawing.score import (
    FAINT,
    LEFT,
    LETTER_WIDTH,
    RULE,
    ZONE_FILLS,
    Layout,
    Row,
    clock,
    lanes,
    rect,
    rule,
    text,
)

LAYOUT = Layout(top=88, row_height=116, row_seconds=(30, 60, 120, 180, 300, 600), most_rows=8)
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
        breaths: by section and step id, the breath that the step rides on.
    """
    zones = list(_zones(plan, names))
    rows = LAYOUT.rows(plan.total_seconds)
    parts = [*_legend({item.kind for item in plan.items})]
    for row in rows:
        parts += _frame(row)
        for zone in zones:
            parts += _band(row, zone)
        for item in plan.items:
            parts += _item(row, item, breaths.get((item.section_id, item.step_id)))
    return LAYOUT.page(title, subtitle, len(rows), parts)


def _zones(plan: Plan, names: Mapping[str, str]) -> Iterator[Zone]:
    order = list(dict.fromkeys(item.section_id for item in plan.items))
    for number, section_id in enumerate(order):
        items = [item for item in plan.items if item.section_id == section_id]
        name = "last words" if section_id == CLOSING_ID else names.get(section_id, section_id)
        fill = ZONE_FILLS[number % len(ZONE_FILLS)]
        yield items[0].start_seconds, items[-1].end_seconds, name, fill


def _frame(row: Row) -> Iterator[str]:
    """The names of the lanes, and the time axis below."""
    yield from lanes(row, (("zone", 14), ("guide", 38), ("you", 70)))
    for tick in range(row.start, row.end + 1, row.seconds // 6):
        if tick <= row.shown_end:
            yield rule(row.x(tick), row.top, row.top + 88, RULE, 1)
            yield text(row.x(tick), row.top + 100, clock(tick), 10, FAINT, anchor="middle")


def _band(row: Row, zone: Zone) -> Iterator[str]:
    """A zone, with its name if there is room."""
    start, end, name, fill = zone
    shown = _shown(row, start, end)
    if shown:
        x, width = shown
        yield rect(x, row.top + 2, width, 18, fill, name)
        if len(name) * LETTER_WIDTH < width - 8:
            yield text(x + 4, row.top + 15, name, 11)


def _item(row: Row, item: PlanItem, breath: Breath | None) -> Iterator[str]:
    """A sentence, a stroke, a breath, a hold or a wait."""
    shown = _shown(row, item.start_seconds, item.end_seconds)
    if item.kind is StretchKind.GAP or not shown:
        return
    x, width = shown
    fill = FILLS[item.kind]
    if item.kind is StretchKind.SAY:
        yield rect(x, row.top + 26, width, 16, fill, item.label)
    elif breath and item.kind is not StretchKind.WAIT:
        yield from _breaths(row, item, breath, fill)
    else:
        top = BREATH_TOP if item.kind is StretchKind.WAIT else BREATH_TOP + 8
        yield rect(x, row.top + top, width, BREATH_BOTTOM - top, fill, item.label)


def _breaths(row: Row, item: PlanItem, breath: Breath, fill: str) -> Iterator[str]:
    """A line that rises as the breath goes in and falls as it goes out."""
    whole = {way: sum(p.seconds for p in breath.phases if p.way is way) for way in Way}
    level, points = 0.0, [(item.start_seconds, 0.0)]
    for number in range(max(1, round(item.duration_seconds / breath.seconds))):
        begun = item.start_seconds + number * breath.seconds
        for start, phase in breath.starts():
            if phase.way is not Way.HOLD:
                sign = 1 if phase.way is Way.IN else -1
                level += sign * phase.seconds / whole[phase.way]
            points.append((begun + start + phase.seconds, level))
    inside = list(_clipped(points, row.start, row.end))
    if len(inside) < 2:
        return
    low = row.top + BREATH_BOTTOM
    line = [(row.x(at), low - lvl * (BREATH_BOTTOM - BREATH_TOP)) for at, lvl in inside]
    corners = [(line[0][0], low), *line, (line[-1][0], low)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
    yield (
        f'<polygon points="{path}" fill="{fill}" fill-opacity="0.75">'
        f"<title>{escape(item.label)}</title></polygon>"
    )


def _shown(row: Row, start: float, end: float) -> tuple[float, float] | None:
    """(x, width) of a stretch of time in this row; None if it does not lie in it."""
    shown = row.shown(start, end)
    if shown is None:
        return None
    return row.x(shown[0]), max((shown[1] - shown[0]) * row.scale - 0.8, 0.5)


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
            yield rect(x, 62, 16, 10, FILLS[kind])
            yield text(x + 21, 71, name, 11, FAINT)
            x += 42 + len(name) * LETTER_WIDTH
