"""Unpacks a zip archive that may be hostile."""

import errno
import lzma
import os
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from voiceguide.core.errors import ModelError

_MOST_FILES = 10_000
_CHUNK_BYTES = 1 << 20
_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    IndexError,
    OverflowError,
)


def unpack(archive: Path, folder: Path, *, most_bytes: int) -> None:
    """Unpack `archive` into the empty `folder`; everything is on the disk when it returns.

    Where everything in the archive lies in one folder, the contents of that folder are unpacked.

    Args:
        archive: a zip file.
        folder: it must exist and be empty.
        most_bytes: what the unpacked files may take together.

    Raises:
        ModelError: not a zip, damaged, larger than `most_bytes`, or with an entry that is not a
            plain file inside the folder (an absolute path, "..", a link). Nothing of an archive
            with such an entry is unpacked.
        OSError: the files cannot be written.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            files = _plan(archive, opened.infolist(), most_bytes)
            for path, info in files.items():
                target = folder.joinpath(*path.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                _write(opened, info, target)
    except OSError as error:
        # What unpacks bzip2 has no number, and a place before the file's beginning has this one.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise ModelError(f"the archive {archive} is damaged ({error}); fetch it again") from error
    except _DAMAGES as error:
        raise ModelError(f"the archive {archive} is damaged ({error}); fetch it again") from error
    except (NotImplementedError, RuntimeError) as error:
        raise ModelError(
            f"the archive {archive} is packed in a way voiceguide does not read ({error})"
        ) from error


def _plan(
    archive: Path, infos: list[zipfile.ZipInfo], most_bytes: int
) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """The files to write, by their path inside the folder."""
    if len(infos) > _MOST_FILES or sum(info.file_size for info in infos) > most_bytes:
        raise ModelError(
            f"the archive {archive} unpacks to more than a model can be "
            f"({most_bytes / 1e6:.0f} MB); it was not unpacked"
        )
    files: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for info in infos:
        path = PurePosixPath(info.filename)
        kind = stat.S_IFMT(info.external_attr >> 16)
        odd = (
            path.is_absolute()
            or not path.parts
            or ".." in path.parts
            or any(mark in info.filename for mark in "\\:\0")
            or kind not in (0, stat.S_IFREG, stat.S_IFDIR)
            or path in files
        )
        if odd:
            raise ModelError(
                f"the archive {archive} holds {info.filename!r}, which does not belong into a "
                "model; it was not unpacked"
            )
        if not info.is_dir():
            files[path] = info
    tops = {path.parts[0] for path in files}
    if len(tops) == 1 and all(len(path.parts) > 1 for path in files):
        return {PurePosixPath(*path.parts[1:]): info for path, info in files.items()}
    return files


def _write(opened: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path) -> None:
    with opened.open(info) as source, target.open("xb") as file:
        while chunk := source.read(_CHUNK_BYTES):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
