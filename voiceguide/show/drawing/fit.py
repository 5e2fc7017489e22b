"""Estimates how large a card can be printed: how its steps fill the columns of a paper.

The widths of letters are those of the card's typeface, rounded up, so that a card never takes more
pages than estimated. A test compares it with a real browser.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

POINT_MM = 25.4 / 72
MARGIN_MM, GAP_MM, AIR_MM = 10.0, 5.0, 2.4
LINE = 1.25
_WIDTHS = {
    **dict.fromkeys("',.:;|’", 0.24),
    **dict.fromkeys("ijl! ", 0.28),
    **dict.fromkeys('()f"trI-1“”', 0.37),
    **dict.fromkeys("yvzscx", 0.48),
    **dict.fromkeys("wmMW", 0.8),
}
_CAPITAL, _OTHER = 0.63, 0.565
"""Widths of letters in ems, at the weight of the text, rounded up."""


class Paper(StrEnum):
    """The size of paper that a card is printed on."""

    A4 = "a4"
    LETTER = "letter"

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return (210.0, 297.0) if self is Paper.A4 else (215.9, 279.4)


@dataclass(frozen=True, slots=True)
class Block:
    """A step beside its picture, or the heading of a zone."""

    title: str
    paragraphs: tuple[str, ...] = ()
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Density:
    """The sizes of text and pictures."""

    columns: int
    font_pt: float
    picture_mm: float

    @property
    def is_roomy(self) -> bool:
        """Whether text stays beside its picture, instead of running on below it."""
        return self.columns < 3


USUAL = tuple(
    Density(columns, font, picture)
    for columns, font, picture in (
        *((2, 14, each) for each in (62, 52, 44, 38)),
        *((2, 13, each) for each in (44, 38, 32, 28)),
        *((3, 13, each) for each in (32, 28, 24)),
        *((3, 12, each) for each in (32, 28, 25, 22, 19)),
        *((3, 11, each) for each in (28, 25, 22, 20, 18, 16, 14, 12)),
    )
)
"""The sizes to try, the largest first."""
LARGE = (Density(2, 18, 42), Density(2, 17, 38), Density(2, 16, 34))
"""The size of large print, whatever number of pages that takes."""


def text_mm(text: str, font_pt: float) -> float:
    """The greatest width of a text on one line, in millimetres."""
    letters = (_WIDTHS.get(each, _CAPITAL if each.isupper() else _OTHER) for each in text)
    return sum(letters) * font_pt * POINT_MM


def chosen(
    blocks: Sequence[Block], head: Sequence[str], words: Sequence[str], paper: Paper, large: bool
) -> Density:
    """The largest sizes at which the card takes no more pages than at the smallest."""
    offered = LARGE if large else USUAL
    least = pages(blocks, head, words, paper, offered[-1])
    return next(each for each in offered if pages(blocks, head, words, paper, each) <= least)


def pages(
    blocks: Sequence[Block],
    head: Sequence[str],
    words: Sequence[str],
    paper: Paper,
    density: Density,
) -> int:
    """How many pages the card takes.

    Args:
        head: the paragraphs above the columns.
        words: the commands below the columns, themselves in columns.
    """
    width, height = (each - 2 * MARGIN_MM for each in paper.size_mm)
    line = density.font_pt * POINT_MM * LINE
    column = (width - GAP_MM * (density.columns - 1)) / density.columns
    top = sum(_lines(each, width - 4, density.font_pt) * line + 1 for each in head) + 2.2 * line + 4
    rows = ceil(sum(_lines(each, column, density.font_pt) for each in words) / density.columns)
    below = (rows + 1.6) * line + 4
    page, used, room = 1, 0, height - top
    place = 0.0
    heights = list(_heights(blocks, column, density, line))
    for number, each in enumerate(heights):
        # A heading stays with the step that follows.
        needed = each + (heights[number + 1] if blocks[number].is_heading else 0)
        if place + needed > room:
            used, place = used + 1, 0.0
            if used == density.columns:
                page, used, room = page + 1, 0, height
        place += each
    # The browser makes the columns of the last page equally long; the words come below them.
    filled = (used * room + place) / density.columns
    return page if filled * 1.02 + below + 2 <= room else page + 1


def _heights(
    blocks: Sequence[Block], column: float, density: Density, line: float
) -> Iterator[float]:
    for each in blocks:
        if each.is_heading:
            yield _lines(each.title, column - 8, density.font_pt * 1.12) * line * 1.12 + 1.8
            continue
        beside = column - density.picture_mm - 2
        high = _lines(each.title, beside, density.font_pt) * line
        for text in each.paragraphs:
            high += _wrapped(text, high, beside, column, density, line)
        yield max(high, density.picture_mm + 0.6) + AIR_MM


def _wrapped(
    text: str, high: float, beside: float, column: float, density: Density, line: float
) -> float:
    """The height of a paragraph that runs beside the picture, then below it."""
    lines, place = 0, 0.0
    width = beside
    column = beside if density.is_roomy else column
    for word in text.split():
        long = text_mm(f"{word} ", density.font_pt)
        if lines == 0 or place + long > width:
            width = beside if high + lines * line < density.picture_mm + 0.6 else column
            lines, place = lines + 1, 0.0
        place += long
    return lines * line


def _lines(text: str, width: float, font_pt: float) -> int:
    """How many lines of this width a text takes."""
    lines, place = 1, 0.0
    for word in text.split():
        long = text_mm(f"{word} ", font_pt)
        if place and place + long > width:
            lines, place = lines + 1, 0.0
        place += long
    return lines
