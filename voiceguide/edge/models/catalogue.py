"""The recogniser models that voiceguide knows by name."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from voiceguide.core.errors import ModelError, SettingsError
from voiceguide.core.suggest import did_you_mean, likely
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.system.text_file import read_text

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Download:
    """What is known of a file before it is fetched."""

    address: str
    size_bytes: int
    sha256: str
    """The file's SHA-256 in lower-case hex."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One entry of the catalogue ``models/models.toml``."""

    name: str
    about: str
    language: str
    licence: str
    memory_bytes: int
    download: Download | None
    """Where to fetch it; None for a model that ships with voiceguide."""


def load_catalogue(path: Path | None = None) -> dict[str, KnownModel]:
    """The models known by name, from ``models/models.toml`` unless another file is given.

    Raises:
        ModelError: the file cannot be read or an entry of it is wrong.
    """
    return read_list(path or shipped_folder("models") / "models.toml", "model", "folder", _known)


def read_list(
    path: Path, kind: str, place: str, known: Callable[[str, Any], Known]
) -> dict[str, Known]:
    """A list of what can be fetched, by name, from a TOML file with a table for each.

    Args:
        kind: what it lists ("model"), for the errors.
        place: what a name becomes on the disk: a file or a folder.
        known: makes one entry of a name and its table.

    Raises:
        ModelError: the file cannot be read or an entry of it is wrong.
    """
    try:
        entries = tomllib.loads(read_text(path, ModelError))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"cannot read the list of {kind}s {path}: {error}") from error
    found = {}
    for name, entry in entries.items():
        try:
            if Path(name).name != name or name.startswith("."):
                raise ValueError(f"the name is not one of a {place}")
            found[name] = known(name, entry)
        except KeyError as error:
            raise ModelError(f"the {kind} {name} in the list {path} lacks {error}") from error
        except (AttributeError, TypeError, ValueError, OverflowError) as error:
            raise ModelError(f"the {kind} {name} in the list {path} is wrong: {error}") from error
    return found


def download_of(part: Any) -> Download:
    """The file to fetch that a table of a list describes."""
    return Download(part["address"], int(part["size_bytes"]), part["sha256"].lower())


def _known(name: str, entry: Any) -> KnownModel:
    download = None if entry.get("shipped", False) else download_of(entry)
    return KnownModel(
        name=name,
        about=entry["about"],
        language=entry["language"],
        licence=entry["licence"],
        memory_bytes=int(entry["memory_bytes"]),
        download=download,
    )


def unknown_name(name: str, catalogue: Mapping[str, KnownModel]) -> SettingsError:
    """The error for a name that no model has, with the nearest one that exists."""
    near = likely(name, catalogue)
    hint = did_you_mean(near) or "known are " + ", ".join(sorted(catalogue))
    return SettingsError(f"there is no model called {name!r}; {hint}")
