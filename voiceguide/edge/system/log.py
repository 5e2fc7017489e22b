"""Log lines of one form: ``session asleep reason=silence``: a subject, a verb, and fields."""

import logging
import re

_PLAIN = re.compile(r"[^\s\"=]+")


class Log:
    """What a part of the guide writes to the log.

    Args:
        name: of the part, behind ``voiceguide.`` in the logger's name.
    """

    def __init__(self, name: str = "") -> None:
        self._logger = logging.getLogger(f"voiceguide.{name}" if name else "voiceguide")

    @property
    def shows_debug(self) -> bool:
        """Whether anybody reads what is written at DEBUG."""
        return self._logger.isEnabledFor(logging.DEBUG)

    def debug(self, subject: str, verb: str, **fields: object) -> None:
        """What only helps to find a mistake; the only level that may have what was said."""
        self._write(logging.DEBUG, subject, verb, fields)

    def info(self, subject: str, verb: str, **fields: object) -> None:
        """What happened."""
        self._write(logging.INFO, subject, verb, fields)

    def warning(self, subject: str, verb: str, **fields: object) -> None:
        """What somebody should look at; the guide goes on."""
        self._write(logging.WARNING, subject, verb, fields)

    def error(self, subject: str, verb: str, **fields: object) -> None:
        """What the guide cannot do from now on."""
        self._write(logging.ERROR, subject, verb, fields)

    def exception(self, subject: str, verb: str, **fields: object) -> None:
        """A mistake of ours, with its traceback; to be called where it was caught."""
        self._write(logging.ERROR, subject, verb, fields, with_traceback=True)

    def _write(
        self,
        level: int,
        subject: str,
        verb: str,
        fields: dict[str, object],
        *,
        with_traceback: bool = False,
    ) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, "%s", line(subject, verb, fields), exc_info=with_traceback)


def line(subject: str, verb: str, fields: dict[str, object]) -> str:
    """The line; a value with white space in it stands in quotes, and what is None is left out."""
    told = (f"{key}={_shown(value)}" for key, value in fields.items() if value is not None)
    return " ".join((subject, verb, *told))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    text = "".join(c if c.isprintable() else "?" for c in " ".join(str(value).split()))
    if _PLAIN.fullmatch(text):
        return text
    return '"' + text.replace('"', '\\"') + '"'
