"""Lays out the help and the errors of every command: no word is broken on a narrow terminal."""

import argparse
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn, TextIO

from voiceguide.core.suggest import did_you_mean, likely
from voiceguide.show.lines import fitted, wrapped

LONGEST_ERROR = 500
"""Characters of an error message; it may quote an argument of any length."""


class HelpLines(argparse.RawDescriptionHelpFormatter):
    """Keeps the line breaks of descriptions, and wraps long lines between words."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(
            " ".join(text.split()), width, break_long_words=False, break_on_hyphens=False
        )

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(wrapped(indent + line, width + 1) for line in text.splitlines())


class Parser(argparse.ArgumentParser):
    """A parser with this layout, for itself and for the parsers of its commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"formatter_class": HelpLines})

    def parse_args(  # type: ignore[override] # one of its two forms is enough here
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> Any:
        """Parse as ``argparse`` does, but refuse an unknown argument with the name of the command
        and the option that was probably meant.
        """
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            self._asked(found)._refuse(unknown[0])
        return found

    def error(self, message: str) -> NoReturn:
        """End with one plain sentence."""
        half = LONGEST_ERROR // 2
        long = len(message) > LONGEST_ERROR
        shown = f"{message[:half]} … {message[-half:]}" if long else message
        more = "" if shown.endswith("?") else f"; see: {self.prog} --help"
        self.exit(2, f"{self.prog}: {shown}{more}\n")

    def _refuse(self, word: str) -> NoReturn:
        option = word.partition("=")[0]
        known = [each for action in self._actions for each in action.option_strings]
        if not word.startswith("-"):
            self.error(f"{word!r} is one word too many")
        if option in known:
            self.error(f"{option} takes no value")
        hint = did_you_mean(likely(option, (each for each in known if each.startswith("--")), 1))
        self.error(f"there is no option {option!r}{f'; {hint}' if hint else ''}")

    def _asked(self, found: argparse.Namespace) -> "Parser":
        """The parser of the command that was asked for."""
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                chosen: Parser | None = action.choices.get(getattr(found, action.dest, None) or "")
                return chosen._asked(found) if chosen else self
        return self

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        if action.type is Path and not arg_string.strip():
            raise argparse.ArgumentError(action, "an empty name was given; name the file")
        return super()._get_value(action, arg_string)

    def _print_message(self, message: str, file: Any = None) -> None:
        stream: TextIO | None = file
        super()._print_message(fitted(message, stream) if stream else message, stream)
