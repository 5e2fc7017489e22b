"""Finds recogniser models on the disk, and tells whether one is whole."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from voiceguide.core.errors import ModelError, VoiceguideError
from voiceguide.edge.models.catalogue import KnownModel, load_catalogue, unknown_name
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.system.folders import data_folder
from voiceguide.edge.system.text_file import home_expanded

DEFAULT_MODEL = "voiceguide-en-1"
FETCH = "voiceguide models fetch"

# What Vosk reads of a model whose grammar can be changed while it runs (vosk-api, src/model.cc).
_NEEDED = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/HCLr.fst",
    "graph/Gr.fst",
    "graph/phones/word_boundary.int",
)


def fetched_folder() -> Path:
    """Where fetched models are kept: ``VOICEGUIDE_MODELS_DIR``, or the user's data folder."""
    chosen = os.environ.get("VOICEGUIDE_MODELS_DIR")
    if chosen:
        return home_expanded(chosen)
    return data_folder() / "models"


def find_model(name: str, *, folder: Path | None = None) -> Path | None:
    """The folder of a shipped or fetched model of this name, or None."""
    if not name or name.startswith(".") or Path(name).name != name:
        return None
    for home in (shipped_folder("models"), folder or fetched_folder()):
        if _holds(home / name, Path.is_dir):
            return home / name
    return None


def resolve_model(
    name_or_path: str | Path | None = None,
    *,
    folder: Path | None = None,
    catalogue: Mapping[str, KnownModel] | None = None,
) -> Path:
    """The folder of the model to load. All of its files exist; they have not been read.

    Args:
        name_or_path: a shipped or fetched model's name, a folder, or None for the shipped model.
        folder: where fetched models lie, if not in `fetched_folder()`.
        catalogue: the models known by name, if not `load_catalogue()`.

    Raises:
        ModelError: the model is not fetched, or the folder is missing or not a whole model.
        SettingsError: there is no model of that name.
    """
    wanted = str(name_or_path or DEFAULT_MODEL)
    found = find_model(wanted, folder=folder)
    if found is None:
        found = home_expanded(wanted)
        if not _holds(found, Path.exists):
            raise _absence(wanted, load_catalogue() if catalogue is None else catalogue)
    check_model(found)
    return found


def _absence(wanted: str, catalogue: Mapping[str, KnownModel]) -> VoiceguideError:
    known = catalogue.get(wanted)
    if known is not None and known.download is not None:
        return ModelError(f"the model {wanted} is not here yet; type: {FETCH} {wanted}")
    if known is not None:
        folder = shipped_folder("models")
        return ModelError(f"the model {wanted} is missing in {folder}; install voiceguide again")
    if Path(wanted).name != wanted:
        return ModelError(f"there is no model folder {wanted}; check the path")
    return unknown_name(wanted, catalogue)


def check_model(folder: Path) -> None:
    """Check that the folder holds every file that a model needs.

    Raises:
        ModelError: it does not; names what is missing.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a folder; a model is a folder with am/final.mdl in it")
    missing = [part for part in _NEEDED if not _is_filled(folder / part)]
    if not missing:
        return
    if len(missing) == len(_NEEDED):
        inner = next((path.parent.parent for path in folder.glob("*/am/final.mdl")), None)
        hint = f"give its inner folder {inner}" if inner else f"or fetch one: {FETCH} NAME"
        raise ModelError(f"{folder} is not a model (it lacks {missing[0]}); {hint}")
    if _is_filled(folder / "graph/HCLG.fst") and "graph/HCLr.fst" in missing:
        raise ModelError(
            f"the model {folder} has a fixed graph (graph/HCLG.fst), so its commands cannot be "
            "chosen; take a model with graph/HCLr.fst and graph/Gr.fst, such as the small ones"
        )
    raise ModelError(
        f"the model {folder} is not whole: {', '.join(missing)} missing or empty; "
        "copy or fetch it again"
    )


def _is_filled(path: Path) -> bool:
    return _holds(path, lambda file: file.is_file() and file.stat().st_size > 0)


def _holds(path: Path, question: Callable[[Path], bool]) -> bool:
    try:
        return question(path)
    except (OSError, ValueError):  # a name too long, no right to look, a NUL in it
        return False
