"""Reads a TOML file and finds where in it every key and every value stands.

``tomllib`` gives values without places; `spots` walks the text of a file that ``tomllib`` has
already found valid, so it can be much simpler than a parser.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.text_file import Spot, read_text

KeyPath = tuple[str, ...]

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r]+|\#[^\n]*)
  | (?P<newline>\n)
  | (?P<quoted>\"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} | \"(?:\\.|[^"\\\n])*\" | '[^'\n]*')
  | (?P<mark>[\[\]{}=,.])
  | (?P<bare>[^\s\[\]{}=,.\#"']+)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """A file's values, and where they stand."""

    path: Path
    values: dict[str, Any]
    keys: dict[KeyPath, Spot]
    """Where a key (or the header of a table) first stands, by its full path."""

    def spot(self, key_path: KeyPath) -> Spot:
        """Where this key stands."""
        return self.keys.get(key_path, Spot(1, 1))

    def located(self, key_path: KeyPath, message: str) -> str:
        """``FILE:LINE:COLUMN: message``, the form editors can jump to."""
        return self.spot(key_path).located(self.path, message)


def read_settings_file(path: Path) -> SettingsFile:
    """The values of a TOML file.

    Raises:
        SettingsError: one plain sentence; it cannot be read, is too large, no text or no TOML.
    """
    text = read_text(path, SettingsError)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_not_toml(path, text, str(error))) from error
    except ValueError as error:  # a number of thousands of digits, or a day that is none
        raise SettingsError(f"{path} holds a number or a time that is none: {error}.") from error
    except RecursionError as error:
        raise SettingsError(f"{path} is nested too deep to be settings.") from error
    return SettingsFile(path, values, spots(text))


def spots(text: str) -> dict[KeyPath, Spot]:
    """Where each key of a valid TOML text first stands, dotted keys and tables included."""
    return _Scanner(text.replace("\r\n", "\n")).scan()


def _not_toml(path: Path, text: str, message: str) -> str:
    place = _PLACE.search(message)
    problem = _PLACE.sub("", message).rstrip(".")
    if place and place[1]:
        line, column = place[1], place[2]
    else:
        lines = text.split("\n")
        line, column = str(len(lines)), str(len(lines[-1]) + 1)
    return (
        f"{path}:{line}:{column}: this is not TOML: {problem[:1].lower()}{problem[1:]}; "
        'write lines such as `name = "text"` or `words_per_minute = 150`.'
    )


class _Scanner:
    """Walks the tokens of a valid text once; anything odd is skipped, never refused."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._tokens = list(self._tokenise())
        self._next = 0
        self._found: dict[KeyPath, Spot] = {}

    def _tokenise(self) -> Iterator[tuple[str, str, Spot]]:
        line, position = 0, 0
        while match := _TOKEN.match(self._text, position):
            while line + 1 < len(self._line_starts) and self._line_starts[line + 1] <= position:
                line += 1
            if match.lastgroup != "space":
                spot = Spot(line + 1, position - self._line_starts[line] + 1)
                yield match.lastgroup or "", match.group(), spot
            position = match.end()

    def scan(self) -> dict[KeyPath, Spot]:
        table: KeyPath = ()
        while self._next < len(self._tokens):
            kind, text, spot = self._tokens[self._next]
            if kind == "newline":
                self._next += 1
            elif text == "[":
                while self._text_at(self._next) == "[":
                    self._next += 1
                table = self._key((), spot)
                self._skip_line()
            else:
                self._pair(table)
        return self._found

    def _pair(self, table: KeyPath) -> None:
        path = self._key(table, self._tokens[self._next][2])
        self._next += 1  # the equals sign
        self._value(path)

    def _key(self, table: KeyPath, spot: Spot) -> KeyPath:
        """Take a dotted key; its parents are noted too, where they first appear."""
        path = table
        while self._next < len(self._tokens):
            kind, text, _ = self._tokens[self._next]
            if kind not in ("bare", "quoted") and text != ".":
                break
            self._next += 1
            if text != ".":
                path = (*path, _unquoted(text) if kind == "quoted" else text)
                self._found.setdefault(path, spot)
        return path

    def _value(self, path: KeyPath) -> None:
        if self._text_at(self._next) == "{":
            self._next += 1
            while self._next < len(self._tokens) and self._text_at(self._next) != "}":
                if self._tokens[self._next][0] == "newline" or self._text_at(self._next) == ",":
                    self._next += 1
                else:
                    self._pair(path)
            self._next += 1
            return
        depth = 0
        while self._next < len(self._tokens):
            kind, text, _ = self._tokens[self._next]
            if depth == 0 and (kind == "newline" or text in (",", "}", "]")):
                return
            depth += (text in ("[", "{")) - (text in ("]", "}"))
            self._next += 1

    def _skip_line(self) -> None:
        while self._next < len(self._tokens) and self._tokens[self._next][0] != "newline":
            self._next += 1

    def _text_at(self, index: int) -> str:
        return self._tokens[index][1] if index < len(self._tokens) else ""


def _unquoted(token: str) -> str:
    return str(tomllib.loads(f"key = {token}")["key"])
