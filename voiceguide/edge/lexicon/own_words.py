"""Models with a person's own words, built once in the cache folder and used from there."""

import contextlib
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from voiceguide.core.errors import ModelError
from voiceguide.edge.lexicon.graph_build import read_sources, rebuild
from voiceguide.edge.models.model_probe import model_stamp
from voiceguide.edge.models.model_sums import SUMS_FILE, damaged_file, write_sums
from voiceguide.edge.system.folders import cache_folder

KEPT_MODELS = 4
"""How many models with own words stay in the cache: those used last. Each takes as much room as its
graph, 2 MB with 7,000 words."""
_BUILD = "4"
"""Raise it when a change makes another graph of the same words."""
_HALF_DONE_SECONDS = 3600.0
"""An unfinished folder that is older than this was left by a process that ended."""


def model_with_words(model: Path, added: Mapping[str, Sequence[str]]) -> Path:
    """The folder of a model that has these words beside its own; the model itself is not changed.

    Args:
        model: a model with ``graph/lexicon.txt.gz`` and ``graph/filler.json``.
        added: pronunciations of each word, ``{"gua": ["G W AA"]}``.

    Raises:
        ModelError: the model is damaged, or the folder cannot be written.
    """
    home = cache_folder() / "models-with-words"
    words = json.dumps(sorted((word, list(spoken)) for word, spoken in added.items()))
    key = hashlib.sha256(f"{_BUILD}\n{model_stamp(model)}\n{words}".encode()).hexdigest()[:32]
    folder = home / key
    try:
        damaged = folder.is_dir() and not _is_whole(folder)
        if damaged:
            shutil.rmtree(folder, ignore_errors=True)
        if damaged or not folder.is_dir():
            home.mkdir(parents=True, exist_ok=True)
            _build(model, added, home, folder)
        os.utime(folder)
        _clean(home, folder)
    except OSError as error:
        raise ModelError(
            f"the model {model.name} cannot be given the words {', '.join(sorted(added))}: "
            f"{error.strerror or error} ({home}); free some space, or set VOICEGUIDE_CACHE_DIR."
        ) from error
    except ValueError as error:
        raise ModelError(
            f"the model {model} is broken ({error}); copy or fetch it again"
        ) from error
    return folder


def _build(model: Path, added: Mapping[str, Sequence[str]], home: Path, folder: Path) -> None:
    """Write the folder under a temporary name, and rename it when it is whole."""
    half_done = Path(tempfile.mkdtemp(prefix="half-", dir=home))
    try:
        for path in model.rglob("*"):
            part = path.relative_to(model)
            if len(part.parts) > 1 and part.parts[0] != "graph" and path.is_file():
                (half_done / part).parent.mkdir(parents=True, exist_ok=True)
                _link(path, half_done / part)
        rebuild(read_sources(model / "graph"), added, half_done / "graph")
        write_sums(half_done, ("*/*", "graph/phones/*"))
        try:
            half_done.rename(folder)
        except OSError:
            if not folder.is_dir():  # Another process may have been faster.
                raise
    finally:
        shutil.rmtree(half_done, ignore_errors=True)


def _is_whole(folder: Path) -> bool:
    """Whether every file is as it was written: the power may have failed before the disk had it."""
    return (folder / SUMS_FILE).is_file() and damaged_file(folder) is None


def _link(source: Path, target: Path) -> None:
    """Link the file under a second name where the disk can, else copy it."""
    try:
        os.link(source.resolve(), target)
    except OSError:
        shutil.copyfile(source, target)


def _clean(home: Path, used: Path) -> None:
    """Remove the models that were not used for longest, and unfinished folders."""
    found: list[tuple[float, Path]] = []
    for path in home.iterdir():
        with contextlib.suppress(OSError):  # Another process may clean up too.
            found.append((path.stat().st_mtime, path))
    whole = sorted((one for one in found if not one[1].name.startswith("half-")), reverse=True)
    old = [path for _, path in whole[KEPT_MODELS:] if path != used]
    half_done = [
        path
        for age, path in found
        if path.name.startswith("half-") and age < time.time() - _HALF_DONE_SECONDS
    ]
    for path in [*old, *half_done]:
        shutil.rmtree(path, ignore_errors=True)
