"""Loads the espeak-ng library that speaks here: the system's, or that of the package
espeakng-loader.

On x86-64 the package's comes first: it is the same everywhere, so that a sentence has the same
samples on every such machine. On other processors the system's comes first, as its makers run it
there: the package's aarch64 library is built without threads, and few have tried it. It speaks as
well (see `espeak_driver`), and is used where the system has none.
"""

import ctypes
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SONAME = "libespeak-ng.so.1"
"""The name of the system's library on Linux; the one in the package has the same name."""
_LONGEST_DATA_PATH = 150
"""espeak keeps its data path in a buffer of about 200 bytes, and ignores a longer one."""
_PACKAGE_FIRST = ("x86_64", "AMD64")


@dataclass(frozen=True, slots=True)
class EspeakLibrary:
    """The library that was loaded."""

    library: ctypes.CDLL
    origin: str
    """``system`` or ``package``."""
    version: str
    """The version of espeak-ng, such as ``1.51``."""
    data: str | None
    """Its data folder; None where it finds that by itself."""


def load_espeak(machine: str | None = None) -> EspeakLibrary:
    """Load the library that speaks here; whoever looks for `SONAME` later gets it.

    Its symbols stay local; otherwise another espeak-ng in this process (phonemizer brings a copy)
    would use them.

    Args:
        machine: the processor, as `platform.machine` calls it; this one by default.

    Raises:
        OSError: none can be loaded; holds what the loader says of the first.
    """
    troubles: list[Exception] = []
    for origin, path, data in _places(machine or platform.machine()):
        try:
            library = ctypes.CDLL(path)
            library.espeak_Info.restype = ctypes.c_char_p
            version = (library.espeak_Info(None) or b"").decode(errors="replace").split(" ")[0]
        except (OSError, AttributeError) as error:
            troubles.append(error)
        else:
            return EspeakLibrary(library, origin, version, data and _short(data))
    raise OSError(str(troubles[0]) if troubles else "espeakng-loader is not installed")


def _places(machine: str) -> Iterator[tuple[str, str, str | None]]:
    """Origin, path and data folder of each library there may be, the preferred one first."""
    places: list[tuple[str, str, str | None]] = []
    with suppress(ImportError, RuntimeError):  # the package is missing or incomplete
        import espeakng_loader

        data = espeakng_loader.get_data_path()
        places.append(("package", espeakng_loader.get_library_path(), data))
    if sys.platform == "linux":
        places.insert(len(places) if machine in _PACKAGE_FIRST else 0, ("system", SONAME, None))
    yield from places


def _short(path: str) -> str:
    """The path; where it is too long, a link to it with a short path, the same at every start.

    Raises:
        OSError: something else has the link's name.
    """
    if len(path) <= _LONGEST_DATA_PATH:
        return path
    import hashlib
    import os
    import tempfile

    name = f"voiceguide-{os.getuid()}-{hashlib.sha256(path.encode()).hexdigest()[:12]}"
    link = Path(tempfile.gettempdir()) / name
    if link.is_symlink() and link.readlink() != Path(path):
        raise OSError(f"{link} is not ours; remove it")
    if not link.is_symlink():
        with suppress(FileExistsError):  # another process has made the same link
            link.symlink_to(path)
    return str(link)
