"""Read a text file that somebody names, never more of it than such a file can have; tell where
something stands in it.
"""

from dataclasses import dataclass
from pathlib import Path

from voiceguide.core.errors import VoiceguideError

LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place in a file; line and column both count from 1."""

    line: int
    column: int

    def located(self, path: object, message: str) -> str:
        """``FILE:LINE:COLUMN: message``, the form editors can jump to."""
        return f"{path}:{self.line}:{self.column}: {message}"


def read_text(path: Path, error: type[VoiceguideError], *, most_bytes: int = LARGEST_BYTES) -> str:
    """The text of a file in UTF-8, with or without a mark at its beginning.

    Args:
        error: what is raised.

    Raises:
        VoiceguideError: of the kind ``error``, one plain sentence: it is not there, cannot be
            read, is a device, too large, or no text.
    """
    try:
        # A device never ends, and a pipe may never begin.
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "not an ordinary file"
            raise error(f"{path} cannot be read: it is {kind}; name the file.")
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise error(f"{path} cannot be read: there is no such file; check the path.") from None
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or problem
        raise error(f"{path} cannot be read: {reason}.") from problem
    if len(data) > most_bytes:
        raise error(f"{path} is too large: it may have {most_bytes / 1e6:g} MB.")
    if b"\0" in data:
        raise error(f"{path} is a binary file, and no text in UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        raise error(f"{path}:{line}:1: this is no text in UTF-8; save it as UTF-8.") from None


def home_expanded(path: str | Path) -> Path:
    """A path with ``~`` and ``~name`` replaced, as far as there is such a person."""
    try:
        return Path(path).expanduser()
    except (RuntimeError, OSError):  # nobody of that name
        return Path(path)
