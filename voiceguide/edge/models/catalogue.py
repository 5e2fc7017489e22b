"""The recogniser models that voiceguide knows by name."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voiceguide.core.errors import ModelError, SettingsError
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.system.text_file import read_text


@dataclass(frozen=True, slots=True)
class Download:
    """What is known of a file before it is fetched."""

    address: str
    size_bytes: int
    sha256: str
    """Lower-case hex."""


@dataclass(frozen=True, slots=True)
class KnownModel:
    """One entry of the catalogue ``models/models.toml``."""

    name: str
    about: str
    language: str
    licence: str
    memory_bytes: int
    download: Download | None
    """None for a model that ships with voiceguide."""


def load_catalogue(path: Path | None = None) -> dict[str, KnownModel]:
    """The models known by name, from ``models/models.toml`` unless another file is given.

    Raises:
        ModelError: the file cannot be read or an entry of it is wrong.
    """
    path = path or shipped_folder("models") / "models.toml"
    try:
        entries = tomllib.loads(read_text(path, ModelError))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"cannot read the list of models {path}: {error}") from error
    return {name: _known(path, name, entry) for name, entry in entries.items()}


def _known(path: Path, name: str, entry: Any) -> KnownModel:
    try:
        if Path(name).name != name or name.startswith("."):
            raise ValueError("the name is not one of a folder")
        download = None
        if not entry.get("shipped", False):
            download = Download(entry["address"], int(entry["size_bytes"]), entry["sha256"].lower())
        return KnownModel(
            name=name,
            about=entry["about"],
            language=entry["language"],
            licence=entry["licence"],
            memory_bytes=int(entry["memory_bytes"]),
            download=download,
        )
    except KeyError as error:
        raise ModelError(f"the model {name} in the list {path} lacks {error}") from error
    except (AttributeError, TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"the model {name} in the list {path} is wrong: {error}") from error


def unknown_name(name: str, catalogue: Mapping[str, KnownModel]) -> SettingsError:
    """The error for a name that no model has, with the nearest one that exists."""
    near = difflib.get_close_matches(name, catalogue, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(sorted(catalogue))
    return SettingsError(f"there is no model called {name!r}; {hint}")
