"""How the help of every command is laid out: no word of it is broken, however narrow it is."""

import argparse
import textwrap
from typing import Any, TextIO

from voiceguide.show.lines import fitted, wrapped


class HelpLines(argparse.RawDescriptionHelpFormatter):
    """Keeps the lines of descriptions, and breaks those that are too long between words."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(
            " ".join(text.split()), width, break_long_words=False, break_on_hyphens=False
        )

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(wrapped(indent + line, width + 1) for line in text.splitlines())


class Parser(argparse.ArgumentParser):
    """A parser that, with those of its commands, shows its help and its errors so."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"formatter_class": HelpLines})

    def _print_message(self, message: str, file: Any = None) -> None:
        stream: TextIO | None = file
        super()._print_message(fitted(message, stream) if stream else message, stream)
