"""Remembers which topics a broker keeps of this speaker, to clear them there when its id changes.

A small JSON file: the broker's place → the topics. It lists every topic that may be kept there,
rather one too many than one too few, so that a kill makes it forget none.
"""

import json
from pathlib import Path

from voiceguide.core.errors import SettingsError, VoiceguideError
from voiceguide.edge.system.log import Log
from voiceguide.edge.system.text_file import read_text
from voiceguide.edge.system.whole_file import write_whole

MOST_BROKERS = 10
MOST_TOPICS = 100

_log = Log("home")


class Announced:
    """The topics that one broker may keep of this speaker.

    Args:
        path: the file; None to remember nothing.
        place: the broker, as ``host:port``.
    """

    def __init__(self, path: Path | None, place: str) -> None:
        self._path = path
        self._place = place

    @property
    def topics(self) -> tuple[str, ...]:
        """The present and earlier topics; empty if none are remembered or the file is damaged."""
        kept = self._read().get(self._place)
        return tuple(filter(_is_topic, kept[:MOST_TOPICS])) if isinstance(kept, list) else ()

    def remember(self, topics: tuple[str, ...]) -> None:
        """Remember that the broker may keep these from now on; log it if that fails."""
        if self._path is None or topics == self.topics:
            return
        others = {place: kept for place, kept in self._read().items() if place != self._place}
        newest = list(others.items())[-(MOST_BROKERS - 1) :]
        told = dict(newest) | {self._place: list(topics)}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, json.dumps(told, ensure_ascii=False, indent=1))
        except (OSError, VoiceguideError) as error:
            _log.warning("announcements", "not remembered", reason=error)

    def _read(self) -> dict[str, object]:
        if self._path is None or not self._path.exists():
            return {}
        try:
            told = json.loads(read_text(self._path, SettingsError))
        except (SettingsError, ValueError, RecursionError):
            return {}
        return told if isinstance(told, dict) else {}


def _is_topic(text: object) -> bool:
    """Whether it is a topic that a client may publish to."""
    return isinstance(text, str) and 0 < len(text) <= 1000 and not set(text) & set("#+\0")
