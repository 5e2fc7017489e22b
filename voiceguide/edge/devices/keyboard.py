"""Typed words in place of spoken ones."""

import codecs
import contextlib
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TextIO

try:
    import termios
except ImportError:  # Windows
    termios = None  # type: ignore[assignment]

from voiceguide.core.commands import Phrase, Phrasebook

LONGEST_LINE = 200
_RUBOUT, _CLEAR, _WORD = "\x08\x7f", "\x15", "\x17"
_KEYS_OF_NO_LETTER = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?", re.DOTALL)
"""Arrow keys and the like."""


def find_typed(line: str, book: Phrasebook) -> Phrase | None:
    """The phrase a typed line means; an unambiguous beginning is enough ("n" is not, "ne" is)."""
    words = " ".join(line.lower().split())
    if not words:
        return None
    exact = book.find(words)
    if exact:
        return exact
    begun = [phrase for phrase in book.phrases if phrase.text.startswith(words)]
    meanings = {phrase.meaning for phrase in begun}
    return begun[0] if len(meanings) == 1 else None


class TypedLine:
    """The line that is being typed, key by key."""

    def __init__(self) -> None:
        self.text = ""

    def take(self, keys: str) -> Iterator[str]:
        """Take in what was typed; gives each line that was ended by it."""
        for key in _KEYS_OF_NO_LETTER.sub("", keys):
            if key in "\r\n":
                line, self.text = self.text, ""
                yield line
            elif key in _RUBOUT:
                self.text = self.text[:-1]
            elif key == _CLEAR:
                self.text = ""
            elif key == _WORD:
                self.text = "".join(self.text.rstrip().rpartition(" ")[:2])
            elif key.isprintable() and len(self.text) < LONGEST_LINE:
                self.text += key


class Keyboard:
    """Reads lines on a daemon thread, and hands on the phrases that they mean.

    Args:
        heard: takes the phrase of a line.
        puzzled: takes a line that means nothing.
    """

    def __init__(
        self,
        book: Phrasebook,
        heard: Callable[[Phrase], None],
        puzzled: Callable[[str], None],
        lines: TextIO | None = None,
    ) -> None:
        self._book = book
        self._heard = heard
        self._puzzled = puzzled
        self._lines = sys.stdin if lines is None else lines
        self._line = TypedLine()
        self._is_by_keys = False
        # A blocking read cannot be interrupted; a daemon thread does not keep the process alive.
        self._thread = threading.Thread(target=self.read, name="keyboard", daemon=True)

    @property
    def typed(self) -> str:
        """What has been typed of the line so far; empty where the terminal itself shows it."""
        return self._line.text

    @contextlib.contextmanager
    def key_by_key(self) -> Iterator[None]:
        """While this lasts, each key comes at once and the terminal does not show it. Enter it
        before `start`; without a terminal nothing changes.
        """
        if termios is None or not self._lines.isatty():
            yield
            return
        terminal = self._lines.fileno()
        settings = termios.tcgetattr(terminal)
        ours = [*settings]
        ours[3] = settings[3] & ~(termios.ECHO | termios.ICANON)
        ours[6] = [*settings[6]]
        ours[6][termios.VMIN], ours[6][termios.VTIME] = 1, 0
        termios.tcsetattr(terminal, termios.TCSADRAIN, ours)
        self._is_by_keys = True
        try:
            yield
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, settings)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def read(self) -> None:
        """Hand on every line until there are no more."""
        for line in self._keys() if self._is_by_keys else self._lines:
            phrase = find_typed(line, self._book)
            if phrase:
                self._heard(phrase)
            elif line.strip():
                self._puzzled(line.strip())

    def _keys(self) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        with contextlib.suppress(OSError):  # the terminal is gone
            while got := os.read(self._lines.fileno(), 1024):
                yield from self._line.take(decoder.decode(got))
