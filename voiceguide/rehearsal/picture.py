"""The timeline of a rehearsal as a score.

Each row shows, from top to bottom, the zones of the routine, what the guide said and the ticks
that paced the strokes, what the person said, and the state of the session.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from voiceguide.core.effects import Cue
from voiceguide.core.table import State
from voiceguide.rehearsal.entries import (
    Cued,
    Decided,
    Entered,
    Entry,
    Outcome,
    Placed,
    Said,
    Uttered,
)
from voiceguide.show.drawing.score import (
    FAINT,
    LEFT,
    LETTER_WIDTH,
    RIGHT,
    WIDTH,
    ZONE_FILLS,
    Layout,
    Row,
    clock,
    fitted,
    lanes,
    rect,
    rule,
    text,
)

LAYOUT = Layout(top=92, row_height=158, row_seconds=(60, 120, 180, 300, 600, 1200), most_rows=5)
WORD_LANES = 3

GUIDE = "#3e6fb0"
CUT = "#a9c1e2"
TICK = "#e0a030"
SWELL = "#9fd0c7"
STATE_FILLS = {
    State.CHOOSING: "#d9c7ea",
    State.HOUR: "#d9c7ea",
    State.DAY: "#d9c7ea",
    State.REMINDING: "#d9c7ea",
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
    sections = _sections(entries, length_seconds)
    states = _states(entries, length_seconds)
    rows = LAYOUT.rows(length_seconds)
    parts = [*_legend()]
    for row in rows:
        parts.extend(_frame(row))
        parts.extend(_bands(row, sections, 8, 20))
        parts.extend(_sounds(row, entries))
        parts.extend(_words(row, entries))
        parts.extend(_bands(row, states, 112, 15))
        parts.extend(_axis(row))
    return LAYOUT.page(title, subtitle, len(rows), parts)


def _frame(row: Row) -> Iterable[str]:
    """The names of the lanes, and the ground of the lane of sounds."""
    yield from lanes(row, (("zone", 22), ("guide", 47), ("person", 78), ("state", 123)))
    width = (row.shown_end - row.start) * row.scale
    yield rect(LEFT, row.top + 34, width, 18, "#f7f9fb")


def _bands(row: Row, spans: Iterable[_Span], at: float, height: float) -> Iterable[str]:
    """Coloured bands, with their names if there is room."""
    for span in spans:
        shown = row.shown(span.start, span.end)
        if shown is None:
            continue
        start, end = shown
        x, width = row.x(start), (end - start) * row.scale
        yield rect(x, row.top + at, max(width - 0.6, 0.4), height, span.fill, span.label)
        label = fitted(span.label, width - 8)
        if label:
            yield text(x + 4, row.top + at + height / 2 + 4, label, 11)


def _sounds(row: Row, entries: tuple[Entry, ...]) -> Iterable[str]:
    """Sentences as blocks, cues as thin lines."""
    for entry in entries:
        if isinstance(entry, Said):
            shown = row.shown(entry.at_seconds, entry.end_seconds)
            if shown is not None:
                start, end = shown
                fill = CUT if entry.was_cut else GUIDE
                width = max((end - start) * row.scale - 0.5, 0.5)
                yield rect(row.x(start), row.top + 36, width, 14, fill, entry.text)
        elif isinstance(entry, Cued) and entry.seconds:
            yield from _swell(row, entry, entry.seconds)
        elif isinstance(entry, Cued) and row.has(entry.at_seconds):
            x = row.x(entry.at_seconds)
            if entry.cue in (Cue.TICK, Cue.SIDE, Cue.LAST):
                tall = 0 if entry.cue is Cue.TICK else 4
                yield rule(x, row.top + 38 - tall, row.top + 50, TICK, 1.6)
            else:
                yield f'<circle cx="{x:.1f}" cy="{row.top + 43}" r="2.2" fill="{TICK}"/>'


def _swell(row: Row, entry: Cued, seconds: float) -> Iterable[str]:
    """A wedge that rises or falls, as far as it lies in this row."""
    begun, over = entry.at_seconds, entry.at_seconds + seconds
    shown = row.shown(begun, over)
    if shown is None:
        return
    start, end = shown
    bottom, tall = row.top + 50, 14
    points = [f"{row.x(start):.1f},{bottom}"]
    for at in (start, end):
        share = (at - begun) / seconds
        height = tall * (share if entry.cue is Cue.BREATHE_IN else 1 - share)
        points.append(f"{row.x(at):.1f},{bottom - height:.1f}")
    points.append(f"{row.x(end):.1f},{bottom}")
    yield f'<polygon points="{" ".join(points)}" fill="{SWELL}"/>'


def _words(row: Row, entries: tuple[Entry, ...]) -> Iterable[str]:
    """What the person said, coloured by its outcome; crosses for commands that nobody gave."""
    free = [float("-inf")] * WORD_LANES
    labels = []
    for entry in entries:
        if isinstance(entry, Uttered) and row.has(entry.at_seconds):
            label = entry.utterance.label
            x, ink = row.x(entry.at_seconds), WORD_INKS[entry.outcome]
            width = len(label) * LETTER_WIDTH + 8
            x_text = min(x, WIDTH - RIGHT - width)
            open_lanes = [lane for lane in range(WORD_LANES) if free[lane] <= x_text]
            lane = open_lanes[0] if open_lanes else free.index(min(free))
            free[lane] = x_text + width
            y = row.top + 71 + 14 * lane
            yield rule(x, row.top + 55, y + 3, ink, 1)
            yield f'<circle cx="{x:.1f}" cy="{row.top + 55}" r="2.4" fill="{ink}"/>'
            labels.append(text(x_text + 4, y, label, 11, ink, weight=600, halo=True))
        elif (
            isinstance(entry, Decided)
            and entry.heard.accepted
            and entry.cause != "person"
            and row.has(entry.at_seconds)
        ):
            x, ink = row.x(entry.at_seconds), WORD_INKS[Outcome.MISTAKEN]
            label = f"✕ {entry.heard.text}"
            labels.append(text(x, row.top + 62, label, 11, ink, weight=600, halo=True))
    yield from labels  # drawn over the lines, so that no line crosses a word out


def _axis(row: Row) -> Iterable[str]:
    """The time axis under the row."""
    step = next(s for s in (10, 15, 30, 60, 120) if row.seconds / s <= 12)
    y = row.top + 131
    yield (
        f'<line x1="{LEFT}" y1="{y}" x2="{row.x(row.shown_end):.1f}" y2="{y}" '
        f'stroke="{FAINT}" stroke-width="0.8"/>'
    )
    seconds = row.start
    while seconds <= row.shown_end:
        x = row.x(seconds)
        yield rule(x, y, y + 4, FAINT, 0.8)
        yield text(x, y + 15, clock(seconds), 10, FAINT, anchor="middle")
        seconds += step


def _sections(entries: tuple[Entry, ...], length_seconds: float) -> list[_Span]:
    spans: list[_Span] = []
    fills: dict[str, str] = {}
    for entry in entries:
        if not isinstance(entry, Placed):
            continue
        name = entry.section_id.replace("-", " ").replace("_", " ")
        if spans and spans[-1].label == name:
            continue
        fill = fills.setdefault(name, ZONE_FILLS[len(fills) % len(ZONE_FILLS)])
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
        yield rect(x, y - 9, 16, 10, fill)
        yield text(x + 21, y, label, 11, FAINT)
        x += 30 + len(label) * LETTER_WIDTH + 12
    yield rule(x + 4, y - 10, y + 1, TICK, 1.6)
    yield text(x + 11, y, "stroke, cue", 11, FAINT)
    x += 98
    yield f'<polygon points="{x},{y + 1} {x + 9},{y - 9} {x + 18},{y + 1}" fill="{SWELL}"/>'
    yield text(x + 23, y, "breath", 11, FAINT)
    x += 78
    for outcome, label in (
        (Outcome.OBEYED, "word obeyed"),
        (Outcome.IGNORED, "rightly ignored"),
        (Outcome.MISSED, "missed"),
        (Outcome.WRONG, "taken wrongly"),
    ):
        yield f'<circle cx="{x + 4}" cy="{y - 4}" r="3" fill="{WORD_INKS[outcome]}"/>'
        yield text(x + 12, y, label, 11, FAINT)
        x += 22 + len(label) * LETTER_WIDTH + 12
