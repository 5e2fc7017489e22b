"""A person on virtual sound who speaks with a live guide, and says again what was not obeyed."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from bench.pulse import VirtualSound

ANSWER_SECONDS = 8.0
"""A word that nothing came of for so long was not heard at all."""
BREATH_SECONDS = 1.5
"""Between being told that a word was not understood and saying it again."""
PLAYING_SECONDS = 30.0
PATIENCE = 5
"""So often in a conversation the person says something again; on a busy machine the virtual devices
lose sound, but a guide that is deaf is given up."""


class Conversation:
    """What a guide prints, its log at ``info`` among it, and the person who goes by that."""

    def __init__(self, sound: VirtualSound, clips: Mapping[str, Path], guide: IO[str]) -> None:
        self.lines: list[str] = []
        self._sound = sound
        self._clips = clips
        self._patience = PATIENCE
        self._since = 0
        self._has_ended = False
        self._changed = threading.Condition()
        threading.Thread(target=self._read, args=(guide,), daemon=True).start()

    def wait_for(self, part: str, seconds: float) -> bool:
        """Whether a line with this part comes in time, or came since the person last began to
        speak."""
        return self._wait(lambda line: part in line, self._since, seconds) is not None

    def say(self, words: str, command: str) -> None:
        """Say it until it is obeyed. Raises AssertionError when that takes too much patience."""
        self._since = spoke = len(self.lines)
        while not self._is_obeyed(words, command, spoke):
            assert not self._has_ended, f"it ended before “{words}”:\n{self.shown}"
            assert self._patience, f"“{words}” is not obeyed:\n{self.shown}"
            self._patience -= 1
            spoke = len(self.lines)

    def obeyed(self) -> list[str]:
        """Every word that was obeyed and the state after it: ``word=stop state=asleep``."""
        return [line.split(" obeyed ")[1] for line in self.lines if " obeyed " in line]

    def end(self, seconds: float) -> None:
        """Take in all that it prints up to its end."""
        assert self._wait(lambda line: False, 0, seconds) is None
        assert self._has_ended, self.shown

    @property
    def shown(self) -> str:
        """All lines."""
        return "\n".join(self.lines)

    def _is_obeyed(self, words: str, command: str, since: int) -> bool:
        self._sound.play_into_microphone(self._clips[words]).wait(PLAYING_SECONDS)
        obeyed = f" obeyed word={command} "

        def answers(line: str) -> bool:
            return obeyed in line or "utterance decided command=none" in line

        answer = self._wait(answers, since, ANSWER_SECONDS)
        if answer is None or obeyed in answer:
            return answer is not None
        return self._wait(lambda line: obeyed in line, since, BREATH_SECONDS) is not None

    def _wait(self, wanted: Callable[[str], bool], since: int, seconds: float) -> str | None:
        """The first wanted line from there on, if it comes in time and before the end."""

        def found() -> str | None:
            return next(filter(wanted, self.lines[since:]), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._has_ended, seconds)
            return found()

    def _read(self, guide: IO[str]) -> None:
        for line in guide:
            with self._changed:
                self.lines.append(line.rstrip())
                self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()
