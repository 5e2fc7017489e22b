"""Write a file whole or not at all: what is left after a full disk is what was there before."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from voiceguide.core.errors import SettingsError


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write into; it takes its place when all has gone well.

    What is no ordinary file (``/dev/stdout``) is given as it is.

    Raises:
        SettingsError: one plain sentence; the disk is full, or nothing can be written there.
    """
    is_odd = path.exists() and not path.is_file()
    part = path if is_odd else path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")
    try:
        yield part
        if not is_odd:
            part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        if not is_odd:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> SettingsError:
    """The sentence for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return SettingsError(
            f"no room is left on the disk for {path}; make room, or give another name"
        )
    reason = error.strerror or error
    return SettingsError(f"{path} cannot be written ({reason}); give another name")
