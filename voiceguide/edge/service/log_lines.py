"""Sends log lines to a terminal or to systemd's journal, each in its form."""

import logging
from collections.abc import Mapping
from typing import TextIO

from voiceguide.edge.service.outlet import BackgroundHandler

_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (logging.DEBUG, 7))


class JournalFormatter(logging.Formatter):
    """Begins each line with its priority (sd-daemon(3)); the journal adds time and name itself."""

    def __init__(self) -> None:
        super().__init__("%(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record as lines of the journal, each with the priority."""
        priority = next((code for level, code in _PRIORITIES if record.levelno >= level), 7)
        lines = super().format(record).splitlines() or [""]
        return "\n".join(f"<{priority}>{line}" for line in lines)


def set_up_log(level: str, environment: Mapping[str, str], stream: TextIO | None = None) -> None:
    """Log to stderr in the background; in the journal's form where stderr leads there.

    Args:
        level: the least urgent level of voiceguide's own lines that appears, such as ``info``;
            other libraries' lines appear from warnings on.
    """
    handler = logging.StreamHandler(stream)
    if environment.get("JOURNAL_STREAM"):
        handler.setFormatter(JournalFormatter())
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[BackgroundHandler(handler)])
    logging.getLogger("voiceguide").setLevel(level.upper())


def dropped_lines() -> int:
    """How many lines were never written, because those before them were not read."""
    handlers = logging.getLogger().handlers
    return sum(each.dropped for each in handlers if isinstance(each, BackgroundHandler))
