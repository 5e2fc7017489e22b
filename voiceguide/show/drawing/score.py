"""A score, the base of pictures over time: time runs to the right, and then on in the next row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, LEFT, RIGHT = 1200, 78, 22
INK, FAINT, PAPER, RULE = "#1f2933", "#7b8794", "#ffffff", "#e4e7eb"
ZONE_FILLS = ("#e8eef7", "#f3ece1", "#e7f1ea", "#f2e9f3", "#f7ece9", "#e9f1f4")
FONT = "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', Helvetica, Arial, sans-serif"
LETTER_WIDTH = 6.1
"""Mean width of a letter at 11 px, to estimate whether a label fits."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the score."""

    top: float
    start: int
    """The second at its left edge."""
    seconds: int
    """How many seconds it spans."""
    shown_end: float
    """The second at which the score ends in it."""

    @property
    def end(self) -> int:
        """The second at its right edge."""
        return self.start + self.seconds

    @property
    def scale(self) -> float:
        """The width of a second."""
        return (WIDTH - LEFT - RIGHT) / self.seconds

    def x(self, seconds: float) -> float:
        """The x of a time."""
        return LEFT + (seconds - self.start) * self.scale

    def has(self, seconds: float) -> bool:
        """Whether a time lies in it."""
        return self.start <= seconds < self.end

    def shown(self, start: float, end: float) -> tuple[float, float] | None:
        """The part of a stretch of time that lies in this row, in seconds; None if none does."""
        start, end = max(start, self.start), min(end, self.end)
        return (start, end) if start < end else None


@dataclass(frozen=True, slots=True)
class Layout:
    """How a score is laid out."""

    top: int
    """The height above the first row."""
    row_height: int
    row_seconds: tuple[int, ...]
    """The lengths that a row may have; the first at which the score is not too high is used."""
    most_rows: int

    def rows(self, length_seconds: float) -> list[Row]:
        """The rows for a score of this length."""
        fitting = (each for each in self.row_seconds if length_seconds <= each * self.most_rows)
        seconds = next(fitting, self.row_seconds[-1])
        count = max(1, int(-(-length_seconds // seconds)))
        return [
            Row(
                self.top + number * self.row_height,
                number * seconds,
                seconds,
                min((number + 1) * seconds, length_seconds),
            )
            for number in range(count)
        ]

    def page(self, title: str, subtitle: str, rows: int, parts: Iterable[str]) -> str:
        """The whole picture as SVG text; the width is fixed, the height grows with the rows."""
        height = self.top + rows * self.row_height + 14
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img" font-family="{escape(FONT)}">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>',
            text(LEFT, 34, title, 20, weight=600),
            text(LEFT, 54, subtitle, 12, FAINT),
        )
        return "\n".join([*head, *parts, "</svg>\n"])


def lanes(row: Row, names: Iterable[tuple[str, float]]) -> Iterator[str]:
    """The names of a row's lanes, each with its distance from the top of the row."""
    for name, at in names:
        yield text(LEFT - 10, row.top + at, name, 11, FAINT, anchor="end")


def clock(seconds: int) -> str:
    """A time as it is written on the axis."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def fitted(label: str, width: float) -> str:
    """As much of a label as fits; empty where too little would be left to read."""
    letters = int(width / LETTER_WIDTH)
    if len(label) <= letters:
        return label
    return f"{label[: letters - 1].rstrip()}…" if letters >= 8 else ""


def rect(x: float, y: float, width: float, height: float, fill: str, title: str = "") -> str:
    """A block; its title is shown under the pointer."""
    shape = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2" '
        f'fill="{fill}"'
    )
    return f"{shape}><title>{escape(title)}</title></rect>" if title else f"{shape}/>"


def rule(x: float, top: float, bottom: float, ink: str, width: float) -> str:
    """A line from top to bottom."""
    return (
        f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{bottom:.1f}" '
        f'stroke="{ink}" stroke-width="{width:g}"/>'
    )


def text(
    x: float,
    y: float,
    words: str,
    size: int,
    ink: str = INK,
    *,
    weight: int = 400,
    anchor: str = "start",
    halo: bool = False,
) -> str:
    """A text; with a halo it can be read on any background."""
    place = f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
    rest = f'font-weight="{weight}" text-anchor="{anchor}">{escape(words)}</text>'
    # The halo is a second copy below: not every program that shows SVG knows paint-order.
    under = f'{place} stroke="{PAPER}" stroke-width="3" aria-hidden="true" {rest}' if halo else ""
    return f'{under}{place} fill="{ink}" {rest}'
