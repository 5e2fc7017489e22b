"""Which espeak-ng library speaks here: the system's, or the one in the package espeakng-loader.

On x86-64 the package's comes first: it is the same everywhere, so the same sentence is the same
samples on every such machine. On other processors the system's comes first, which its makers run
there: the package's aarch64 library is built without threads and is seldom tried by others. It
speaks too (see `espeak_driver`), and does where the system has none.
"""

import ctypes
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SONAME = "libespeak-ng.so.1"
"""The system's library on Linux; the one in the package calls itself the same."""
_LONGEST_DATA_PATH = 150
"""espeak keeps its data path in a buffer of about 200 bytes and ignores a longer one."""
_PACKAGE_FIRST = ("x86_64", "AMD64")


@dataclass(frozen=True, slots=True)
class EspeakLibrary:
    """A library that was loaded."""

    library: ctypes.CDLL
    origin: str
    """``system`` or ``package``."""
    version: str
    """espeak-ng's own, ``1.51``."""
    data: str | None
    """Its data folder; None where it finds it by itself."""


def load_espeak(machine: str | None = None) -> EspeakLibrary:
    """Load the library that speaks here; whoever looks for `SONAME` later gets it.

    Its names stay its own: another espeak-ng in this process (phonemizer brings a copy) would take
    them for its own otherwise.

    Args:
        machine: the processor, as `platform.machine` calls it; this one by default.

    Raises:
        OSError: none can be loaded, with what the loader says of the first.
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
    with suppress(ImportError, RuntimeError):  # it is not installed, or not whole
        import espeakng_loader

        data = espeakng_loader.get_data_path()
        places.append(("package", espeakng_loader.get_library_path(), data))
    if sys.platform == "linux":
        places.insert(len(places) if machine in _PACKAGE_FIRST else 0, ("system", SONAME, None))
    yield from places


def _short(path: str) -> str:
    """The path, or where it is long a link to it whose own is short, the same at every start.

    Raises:
        OSError: something else is in the link's place.
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
        with suppress(FileExistsError):  # another process was faster, with the same
            link.symlink_to(path)
    return str(link)
