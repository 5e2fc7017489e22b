"""The timeline of a rehearsal as an SVG picture, written like a score: time runs to the right,
and on the next row goes on.

Each row shows, from top to bottom, the zones of the routine, what the guide said and the ticks
that paced the strokes, what the person said, and the state of the session.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from voiceguide.core.effects import Cue
from voiceguide.core.table import State
from voiceguide.rehearsal.record import (
    Cued,
    Decided,
    Entered,
    Entry,
    Outcome,
    Placed,
    Said,
    Uttered,
)

WIDTH = 1200
LEFT = 78
RIGHT = 22
TOP = 92
ROW_HEIGHT = 158
WORD_LANES = 3
ROW_SECONDS = (60, 120, 180, 300, 600, 1200)
MOST_ROWS = 5

INK = "#1f2933"
FAINT = "#7b8794"
RULE = "#e4e7eb"
PAPER = "#ffffff"
GUIDE = "#3e6fb0"
CUT = "#a9c1e2"
TICK = "#e0a030"
SWELL = "#9fd0c7"
SECTION_FILLS = ("#e8eef7", "#f3ece1", "#e7f1ea", "#f2e9f3", "#f7ece9", "#e9f1f4")
STATE_FILLS = {
    State.CHOOSING: "#d9c7ea",
    State.OFFERING: "#d9c7ea",
    State.READY: "#d9c7ea",
    State.TELLING: "#b9cfec",
    State.PACING: "#f4d391",
    State.WAITING: "#bfe0c8",
    State.PAUSED: "#d5d9de",
    State.STOPPING: "#efc1bb",
    State.CLOSING: "#cfd6de",
    State.IDLE: "#e6eaee",
    State.ASLEEP: "#aab3bd",
    State.ENDED: "#cfd6de",
}
WORD_INKS = {
    Outcome.OBEYED: "#1c7c43",
    Outcome.IGNORED: "#7b8794",
    Outcome.NOT_LIVE: "#7b8794",
    Outcome.MISSED: "#b7791f",
    Outcome.WRONG: "#c53030",
    Outcome.MISTAKEN: "#c53030",
}
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
LETTER_WIDTH = 6.1
"""Average width of a letter at 11 px: enough to see whether a label has room."""


@dataclass(frozen=True, slots=True)
class _Span:
    start: float
    end: float
    label: str
    fill: str


def timeline(
    entries: tuple[Entry, ...], length_seconds: float, title: str, subtitle: str = ""
) -> str:
    """The SVG text; the width is fixed, the height grows with the length."""
    row_seconds = next(
        (seconds for seconds in ROW_SECONDS if length_seconds <= seconds * MOST_ROWS),
        ROW_SECONDS[-1],
    )
    rows = max(1, int(-(-length_seconds // row_seconds)))
    height = TOP + rows * ROW_HEIGHT + 14
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" font-family="{escape(FONT)}">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
        _text(LEFT, 34, title, 20, weight=600),
        _text(LEFT, 54, subtitle, 12, FAINT),
        *_legend(),
    ]
    sections = _sections(entries, length_seconds)
    states = _states(entries, length_seconds)
    for row in range(rows):
        drawing = _Row(row, row_seconds, length_seconds)
        parts.extend(drawing.frame())
        parts.extend(drawing.bands(sections, 8, 20))
        parts.extend(drawing.sounds(entries))
        parts.extend(drawing.words(entries))
        parts.extend(drawing.bands(states, 112, 15))
        parts.extend(drawing.axis())
    parts.append("</svg>\n")
    return "\n".join(parts)


class _Row:
    """One row of the score; heights are relative to its top."""

    def __init__(self, number: int, row_seconds: int, length_seconds: float) -> None:
        self._top = TOP + number * ROW_HEIGHT
        self._start = number * row_seconds
        self._end = self._start + row_seconds
        self._shown_end = min(self._end, length_seconds)
        self._scale = (WIDTH - LEFT - RIGHT) / row_seconds

    def frame(self) -> Iterable[str]:
        """Names of the lanes, and the lane of the sounds."""
        for name, at in (("zone", 22), ("guide", 47), ("person", 78), ("state", 123)):
            yield _text(LEFT - 10, self._top + at, name, 11, FAINT, anchor="end")
        width = (self._shown_end - self._start) * self._scale
        yield _rect(LEFT, self._top + 34, width, 18, "#f7f9fb")

    def bands(self, spans: Iterable[_Span], at: float, height: float) -> Iterable[str]:
        """Coloured bands with their names where there is room."""
        for span in spans:
            start, end = max(span.start, self._start), min(span.end, self._end)
            if start >= end:
                continue
            x, width = self._x(start), (end - start) * self._scale
            yield _rect(x, self._top + at, max(width - 0.6, 0.4), height, span.fill, span.label)
            label = _fitted(span.label, width - 8)
            if label:
                yield _text(x + 4, self._top + at + height / 2 + 4, label, 11)

    def sounds(self, entries: tuple[Entry, ...]) -> Iterable[str]:
        """Sentences as blocks, cues as strokes of a pen."""
        for entry in entries:
            if isinstance(entry, Said):
                start, end = max(entry.at_seconds, self._start), min(entry.end_seconds, self._end)
                if start < end:
                    fill = CUT if entry.was_cut else GUIDE
                    width = max((end - start) * self._scale - 0.5, 0.5)
                    yield _rect(self._x(start), self._top + 36, width, 14, fill, entry.text)
            elif isinstance(entry, Cued) and entry.seconds:
                yield from self._swell(entry, entry.seconds)
            elif isinstance(entry, Cued) and self._has(entry.at_seconds):
                x = self._x(entry.at_seconds)
                if entry.cue in (Cue.TICK, Cue.SIDE, Cue.LAST):
                    tall = 0 if entry.cue is Cue.TICK else 4
                    yield _rule(x, self._top + 38 - tall, self._top + 50, TICK, 1.6)
                else:
                    yield f'<circle cx="{x:.1f}" cy="{self._top + 43}" r="2.2" fill="{TICK}"/>'

    def _swell(self, entry: Cued, seconds: float) -> Iterable[str]:
        """A wedge that rises or falls, as far as it lies in this row."""
        begun, over = entry.at_seconds, entry.at_seconds + seconds
        start, end = max(begun, self._start), min(over, self._end)
        if start >= end:
            return
        bottom, tall = self._top + 50, 14
        points = [f"{self._x(start):.1f},{bottom}"]
        for at in (start, end):
            share = (at - begun) / seconds
            height = tall * (share if entry.cue is Cue.BREATHE_IN else 1 - share)
            points.append(f"{self._x(at):.1f},{bottom - height:.1f}")
        points.append(f"{self._x(end):.1f},{bottom}")
        yield f'<polygon points="{" ".join(points)}" fill="{SWELL}"/>'

    def words(self, entries: tuple[Entry, ...]) -> Iterable[str]:
        """What the person said, coloured by what became of it; crosses for false commands."""
        free = [float("-inf")] * WORD_LANES
        labels = []
        for entry in entries:
            if isinstance(entry, Uttered) and self._has(entry.at_seconds):
                label = entry.utterance.label
                x, ink = self._x(entry.at_seconds), WORD_INKS[entry.outcome]
                width = len(label) * LETTER_WIDTH + 8
                x_text = min(x, WIDTH - RIGHT - width)
                open_lanes = [lane for lane in range(WORD_LANES) if free[lane] <= x_text]
                lane = open_lanes[0] if open_lanes else free.index(min(free))
                free[lane] = x_text + width
                y = self._top + 71 + 14 * lane
                yield _rule(x, self._top + 55, y + 3, ink, 1)
                yield f'<circle cx="{x:.1f}" cy="{self._top + 55}" r="2.4" fill="{ink}"/>'
                labels.append(_text(x_text + 4, y, label, 11, ink, weight=600, halo=True))
            elif (
                isinstance(entry, Decided)
                and entry.heard.accepted
                and entry.cause != "person"
                and self._has(entry.at_seconds)
            ):
                x, ink = self._x(entry.at_seconds), WORD_INKS[Outcome.MISTAKEN]
                label = f"✕ {entry.heard.text}"
                labels.append(_text(x, self._top + 62, label, 11, ink, weight=600, halo=True))
        yield from labels  # over the lines, so that none crosses a word out

    def axis(self) -> Iterable[str]:
        """Marks of the time under the row."""
        row_seconds = self._end - self._start
        step = next(s for s in (10, 15, 30, 60, 120) if row_seconds / s <= 12)
        y = self._top + 131
        yield (
            f'<line x1="{LEFT}" y1="{y}" x2="{self._x(self._shown_end):.1f}" y2="{y}" '
            f'stroke="{FAINT}" stroke-width="0.8"/>'
        )
        seconds = self._start
        while seconds <= self._shown_end:
            x = self._x(seconds)
            yield _rule(x, y, y + 4, FAINT, 0.8)
            clock = f"{seconds // 60}:{seconds % 60:02d}"
            yield _text(x, y + 15, clock, 10, FAINT, anchor="middle")
            seconds += step

    def _has(self, seconds: float) -> bool:
        return self._start <= seconds < self._end

    def _x(self, seconds: float) -> float:
        return LEFT + (seconds - self._start) * self._scale


def _sections(entries: tuple[Entry, ...], length_seconds: float) -> list[_Span]:
    spans: list[_Span] = []
    fills: dict[str, str] = {}
    for entry in entries:
        if not isinstance(entry, Placed):
            continue
        name = entry.section_id.replace("-", " ").replace("_", " ")
        if spans and spans[-1].label == name:
            continue
        fill = fills.setdefault(name, SECTION_FILLS[len(fills) % len(SECTION_FILLS)])
        if spans:
            last = spans[-1]
            spans[-1] = _Span(last.start, entry.at_seconds, last.label, last.fill)
        spans.append(_Span(entry.at_seconds, length_seconds, name, fill))
    return spans


def _states(entries: tuple[Entry, ...], length_seconds: float) -> list[_Span]:
    entered = [entry for entry in entries if isinstance(entry, Entered)]
    ends = [entry.at_seconds for entry in entered[1:]] + [length_seconds]
    return [
        _Span(entry.at_seconds, end, entry.state.value, STATE_FILLS[entry.state])
        for entry, end in zip(entered, ends, strict=True)
    ]


def _legend() -> Iterable[str]:
    x = float(LEFT)
    y = 76
    for fill, label in ((GUIDE, "guide speaks"), (CUT, "cut off by a word")):
        yield _rect(x, y - 9, 16, 10, fill)
        yield _text(x + 21, y, label, 11, FAINT)
        x += 30 + len(label) * LETTER_WIDTH + 12
    yield _rule(x + 4, y - 10, y + 1, TICK, 1.6)
    yield _text(x + 11, y, "stroke, cue", 11, FAINT)
    x += 98
    yield f'<polygon points="{x},{y + 1} {x + 9},{y - 9} {x + 18},{y + 1}" fill="{SWELL}"/>'
    yield _text(x + 23, y, "breath", 11, FAINT)
    x += 78
    for outcome, label in (
        (Outcome.OBEYED, "word obeyed"),
        (Outcome.IGNORED, "rightly ignored"),
        (Outcome.MISSED, "missed"),
        (Outcome.WRONG, "taken wrongly"),
    ):
        yield f'<circle cx="{x + 4}" cy="{y - 4}" r="3" fill="{WORD_INKS[outcome]}"/>'
        yield _text(x + 12, y, label, 11, FAINT)
        x += 22 + len(label) * LETTER_WIDTH + 12


def _fitted(label: str, width: float) -> str:
    letters = int(width / LETTER_WIDTH)
    if len(label) <= letters:
        return label
    return f"{label[: letters - 1].rstrip()}…" if letters >= 8 else ""


def _rect(x: float, y: float, width: float, height: float, fill: str, title: str = "") -> str:
    shape = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" '
        f'fill="{fill}"'
    )
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def _rule(x: float, top: float, bottom: float, ink: str, width: float) -> str:
    return (
        f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" '
        f'stroke="{ink}" stroke-width="{width:g}"/>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    size: int,
    ink: str = INK,
    *,
    weight: int = 400,
    anchor: str = "start",
    halo: bool = False,
) -> str:
    place = f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
    rest = f'font-weight="{weight}" text-anchor="{anchor}">{escape(text)}</text>'
    # Twice, not by paint-order, which not every program that shows SVG knows.
    under = f'{place} stroke="{PAPER}" stroke-width="3" aria-hidden="true" {rest}' if halo else ""
    return f'{under}{place} fill="{ink}" {rest}'
