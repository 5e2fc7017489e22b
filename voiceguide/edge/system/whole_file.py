"""Write a file whole or not at all: what is left after a full disk is what was there before."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from voiceguide.core.errors import DiskError, SettingsError

_BLOCK_BYTES = 1 << 16


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside ``path`` to write into; it takes its place when all has gone well.

    What is no ordinary file (``/dev/stdout``) is given as it is.

    Raises:
        DiskError: the disk is full.
        SettingsError: nothing can be written there.
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


def write_whole(path: Path, content: str | bytes, *, is_private: bool = False) -> None:
    """Write this, text as UTF-8, whole or not at all.

    Args:
        is_private: whether nobody else may read it.

    Raises:
        DiskError, SettingsError: as `whole_file`.
    """
    data = content.encode() if isinstance(content, str) else content
    with whole_file(path) as part:
        if is_private:
            os.close(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600))
        part.write_bytes(data)


def check_writable(path: Path) -> None:
    """Find out before long work, not after it, that a file could not be written.

    Raises:
        SettingsError: it is a folder, or would lie in none.
    """
    if path.is_dir():
        raise SettingsError(f"{path} is a folder; give the name of a file to write")
    if not path.parent.is_dir():
        raise SettingsError(f"there is no folder {path.parent} to write {path.name} into; make it")


def check_new(path: Path) -> None:
    """The same for a file that must not be there yet.

    Raises:
        SettingsError: it is there, or could not be written.
    """
    if path.is_file():
        raise SettingsError(f"{path} is there already, and is left as it is; give another name")
    check_writable(path)


def cannot_write(path: Path, error: OSError) -> DiskError | SettingsError:
    """The sentence for a file that could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskError(f"no room is left on the disk for {path}; make room, or give another name")
    reason = error.strerror or error
    return SettingsError(f"{path} cannot be written ({reason}); give another name")


def cannot_write_sound(path: Path) -> DiskError | SettingsError:
    """The sentence for a sound that the library could not write; it does not say why."""
    try:
        # A block: a full disk still takes a name and a few bytes.
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            probe.write(bytes(_BLOCK_BYTES))
    except OSError as error:
        return cannot_write(path, error)
    return SettingsError(
        f"the sound cannot be written to {path}; give a name that ends in .wav or .flac"
    )
