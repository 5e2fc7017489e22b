"""Keeps what was found in files, as values: to read them takes longer than all else at a start.

A kept value is used only for the very same files, read by the very same code; else they are read
anew. It is taken from the user's own cache, and can be made of this package's values alone.
"""

import pickle
import sys
from collections.abc import Callable, Iterable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from voiceguide.core.errors import VoiceguideError
from voiceguide.edge.system.folders import cache_folder
from voiceguide.edge.system.whole_file import write_whole

_PACKAGE = Path(__file__).resolve().parents[2]
_CODE = ("core", "core/routine", "edge/files", "edge/lexicon", "edge/voice")
"""The folders of the code that decides what is found in a file."""

T = TypeVar("T")


def kept(name: str, files: Iterable[Path], read: Callable[[], T]) -> T:
    """What ``read`` makes of these files, or made of them at an earlier start.

    Args:
        name: of the file in the cache.
    """
    path = cache_folder() / "read" / f"{name}.pickle"
    stamp = (sys.version, *_code(), *_facts(files))
    try:
        with path.open("rb") as file:
            if _Values(file).load() == stamp:
                return cast(T, _Values(file).load())
    except Exception:  # whatever is wrong with it, the files themselves are there
        pass
    value = read()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, pickle.dumps(stamp) + pickle.dumps(value))
    except (OSError, VoiceguideError):
        return value  # the next start is a little slower
    return value


class _Values(pickle.Unpickler):
    """Reads values of this package; nothing that a file names is called but their classes."""

    def find_class(self, module: str, name: str) -> Any:
        """A dataclass or an enumeration of this package; raises UnpicklingError for all else."""
        if module.startswith("voiceguide."):
            found = super().find_class(module, name)
            is_value = isinstance(found, type) and (
                hasattr(found, "__dataclass_fields__") or issubclass(found, Enum)
            )
            if is_value:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value")


@cache
def _code() -> tuple[tuple[str, int, int], ...]:
    return _facts(path for folder in _CODE for path in (_PACKAGE / folder).glob("*.py"))


def _facts(files: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """What changes when a file does: its path, size and time."""
    facts = ((str(path), path.stat()) for path in files)
    return tuple(sorted((name, each.st_size, each.st_mtime_ns) for name, each in facts))
