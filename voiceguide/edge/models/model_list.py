"""Lists every recogniser model: the rows of ``voiceguide models list``."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from voiceguide.core.errors import ModelError
from voiceguide.edge.models.catalogue import KnownModel
from voiceguide.edge.models.model_store import (
    DEFAULT_MODEL,
    check_model,
    fetched_folder,
    find_model,
)
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.system.text_file import home_expanded

State = Literal["shipped", "fetched", "available", "broken"]


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One model; a field that is not known is None."""

    name: str
    state: State
    in_use: bool
    size_bytes: int | None
    """Its size on the disk; that of the archive where it is not fetched."""
    memory_bytes: int | None
    language: str | None
    licence: str | None
    about: str
    folder: str | None


def list_models(
    catalogue: Mapping[str, KnownModel],
    *,
    in_use: str | Path | None = None,
    folder: Path | None = None,
) -> tuple[ListedModel, ...]:
    """Every model of the catalogue and every other one that lies in the folders of models.

    Args:
        catalogue: the models known by name.
        in_use: the name or path that is chosen; None for the default.
        folder: where fetched models lie, if not in `fetched_folder()`.
    """
    folder = folder or fetched_folder()
    wanted = str(in_use or DEFAULT_MODEL)
    names = dict.fromkeys(catalogue)
    names.update(dict.fromkeys(sorted(_subfolders(shipped_folder("models")) + _subfolders(folder))))
    rows = [_row(name, catalogue.get(name), folder, name == wanted) for name in names]
    if wanted not in names:
        rows.append(_chosen_path(wanted))
    return tuple(rows)


def _row(name: str, known: KnownModel | None, folder: Path, in_use: bool) -> ListedModel:
    found = find_model(name, folder=folder)
    size_bytes: int | None
    if found is not None:
        size_bytes = _size(found)
        state = _state(found, "fetched" if found.parent == folder else "shipped")
    else:
        download = known.download if known else None
        size_bytes = download.size_bytes if download else None
        state = "available" if download else "broken"
    return ListedModel(
        name=name,
        state=state,
        in_use=in_use,
        size_bytes=size_bytes,
        memory_bytes=known.memory_bytes if known else None,
        language=known.language if known else None,
        licence=known.licence if known else None,
        about=known.about if known else "put here by hand",
        folder=str(found) if found else None,
    )


def _chosen_path(wanted: str) -> ListedModel:
    path = home_expanded(wanted)
    return ListedModel(
        name=wanted,
        state=_state(path, "fetched"),
        in_use=True,
        size_bytes=_size(path) if path.is_dir() else None,
        memory_bytes=None,
        language=None,
        licence=None,
        about="a folder of your own",
        folder=str(path),
    )


def _state(folder: Path, whole: State) -> State:
    try:
        check_model(folder)
    except ModelError:
        return "broken"
    return whole


def _subfolders(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    return [path.name for path in folder.iterdir() if path.is_dir() and path.name[0] != "."]


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
