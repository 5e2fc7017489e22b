"""Lines for a terminal of any width: words stay whole, and text to be typed is never cut."""

import re
import shutil
import sys
import textwrap
import unicodedata
from threading import Lock
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

NARROWEST = 20
_OBEYED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
GAP = 2
"""Spaces between two columns of a table."""
PIPE_COLUMNS = 200
"""The width of a table in a file or a pipe, so that each row is one line."""


def harmless(text: str) -> str:
    """The text without control characters and marks of direction; line breaks stay."""
    return "".join(
        each for each in text if each in "\n\t" or unicodedata.category(each) not in _OBEYED
    )


def fitted(text: str, stream: TextIO | None = None) -> str:
    """The text wrapped between words if it goes to a terminal; otherwise unchanged.

    Args:
        stream: where it goes; standard output if left out.
    """
    text = harmless(text)
    stream = sys.stdout if stream is None else stream
    if stream is None or not stream.isatty():
        return text
    return "\n".join(wrapped(line, shutil.get_terminal_size().columns) for line in text.split("\n"))


def wrapped(line: str, columns: int) -> str:
    """One line wrapped between words at a width; a word that is longer stays whole."""
    begins = line[: len(line) - len(line.lstrip())]
    return textwrap.fill(
        line,
        max(NARROWEST, columns - 1),
        subsequent_indent=f"{begins}  " if begins else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def open_console() -> "Console":
    """The console of a command: it wraps lines on a terminal, and leaves them whole in a pipe."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


class LateConsole:
    """A rich console that is made when it is first used, since importing rich would delay the first
    word; any thread may use it.
    """

    def __init__(self) -> None:
        self._making = Lock()
        self._made: Console | None = None

    def __getattr__(self, name: str) -> Any:
        with self._making:
            if self._made is None:
                from rich.console import Console

                self._made = Console(highlight=False)
        return getattr(self._made, name)

    def __enter__(self) -> Any:
        return self.__getattr__("__enter__")()

    def __exit__(self, *error: object) -> None:
        self.__getattr__("__exit__")(*error)


def print_line(console: "Console", text: "str | Text", style: str = "") -> None:
    """Print a line as it is, with its brackets; on a terminal words, paths and links stay whole."""
    from rich.text import Text

    whole = text if isinstance(text, Text) else Text(harmless(text), style)
    for line in whole.split("\n", allow_blank=True):
        if not console.is_terminal:
            console.print(line, soft_wrap=True)
            continue
        for piece in line.divide(_breaks(line.plain, console.width)):
            piece.rstrip()
            # These options also hold for a panel below the lines, so they are set only when needed.
            console.print(piece, soft_wrap=piece.cell_len > console.width)


def _breaks(line: str, columns: int) -> list[int]:
    """The indexes of the letters before which a line is wrapped."""
    from rich.cells import cell_len

    breaks, begins = [], 0
    for word in re.finditer(r"\S+", line):
        before = line[begins : word.start()]
        if before.strip() and cell_len(before + word[0]) > columns:
            begins = word.start()
            breaks.append(begins)
    return breaks


def print_table(table: "Table") -> None:
    """Print a table of texts; where the terminal is too narrow for it, as a list of its rows."""
    from rich.console import Console

    console = Console(highlight=False, width=None if sys.stdout.isatty() else PIPE_COLUMNS)
    columns = [[str(cell) for cell in (column.header, *column.cells)] for column in table.columns]
    widths = _widths(columns, console.width)
    if widths:
        for column, width in zip(table.columns, widths, strict=True):
            column.width, column.no_wrap = width, False
        console.print(table)
        return
    titles = [column[0] for column in columns]
    print(titles[0])
    for row in zip(*(column[1:] for column in columns), strict=True):
        print(wrapped(row[0], console.width))
        for title, cell in list(zip(titles, row, strict=True))[1:]:
            if cell:
                print(wrapped(f"  {title}: {cell}" if title else f"  {cell}", console.width))


def _widths(columns: list[list[str]], space: int) -> list[int]:
    """The width of each column at which words stay whole; empty where they do not fit."""
    from rich.cells import cell_len

    least = [max(map(cell_len, " ".join(one).split()), default=0) for one in columns]
    wanted = [max(map(cell_len, one)) for one in columns]
    left = space - sum(least) - GAP * (len(columns) - 1)
    if left < 0:
        return []
    widths = list(least)
    hungry = sorted(range(len(columns)), key=lambda at: wanted[at] - least[at])
    for done, at in enumerate(hungry):
        more = min(wanted[at] - least[at], left // (len(hungry) - done))
        widths[at] += more
        left -= more
    return widths
