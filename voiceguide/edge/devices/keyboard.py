"""Typed words in the place of spoken ones."""

import sys
import threading
from collections.abc import Callable
from typing import TextIO

from voiceguide.core.commands import Phrase, Phrasebook


def find_typed(line: str, book: Phrasebook) -> Phrase | None:
    """The phrase a typed line means; an unambiguous beginning is enough ("n" is not, "ne" is)."""
    words = " ".join(line.lower().split())
    if not words:
        return None
    exact = book.find(words)
    if exact:
        return exact
    begun = [phrase for phrase in book.phrases if phrase.text.startswith(words)]
    meanings = {(phrase.command, phrase.routine_id) for phrase in begun}
    return begun[0] if len(meanings) == 1 else None


class Keyboard:
    """Reads lines in a daemon thread and hands over the phrases they mean.

    Args:
        heard: takes the phrase of a line.
        puzzled: takes a line that means nothing.
    """

    def __init__(
        self,
        book: Phrasebook,
        heard: Callable[[Phrase], None],
        puzzled: Callable[[str], None],
        lines: TextIO = sys.stdin,
    ) -> None:
        self._book = book
        self._heard = heard
        self._puzzled = puzzled
        self._lines = lines
        # A blocking read cannot be interrupted; a daemon thread does not keep the process alive.
        self._thread = threading.Thread(target=self.read, name="keyboard", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def read(self) -> None:
        """Hand over every line until there are no more."""
        for line in self._lines:
            phrase = find_typed(line, self._book)
            if phrase:
                self._heard(phrase)
            elif line.strip():
                self._puzzled(line.strip())
