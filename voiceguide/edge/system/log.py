"""Log lines of one form, ``session asleep reason=silence``: a subject, a verb, and fields."""

import logging
import re

_PLAIN = re.compile(r"[^\s\"=]+")


class Log:
    """The log of a part of the guide.

    Args:
        name: the part's name, which follows ``voiceguide.`` in the logger's name.
    """

    def __init__(self, name: str = "") -> None:
        self._logger = logging.getLogger(f"voiceguide.{name}" if name else "voiceguide")

    @property
    def shows_debug(self) -> bool:
        """Whether lines at DEBUG are written anywhere."""
        return self._logger.isEnabledFor(logging.DEBUG)

    def debug(self, subject: str, verb: str, **fields: object) -> None:
        """Log what helps to find a mistake; only this level may hold what was said."""
        self._write(logging.DEBUG, subject, verb, fields)

    def info(self, subject: str, verb: str, **fields: object) -> None:
        """Log what happened."""
        self._write(logging.INFO, subject, verb, fields)

    def warning(self, subject: str, verb: str, **fields: object) -> None:
        """Log what somebody should look at; the guide goes on."""
        self._write(logging.WARNING, subject, verb, fields)

    def error(self, subject: str, verb: str, **fields: object) -> None:
        """Log what the guide cannot do from now on."""
        self._write(logging.ERROR, subject, verb, fields)

    def exception(self, subject: str, verb: str, **fields: object) -> None:
        """Log a mistake in voiceguide with its traceback; call it where the exception is caught."""
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
    """The line: a value with white space stands in quotes, and None is left out."""
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
