"""Fetches a model of the catalogue into the folder of models, whole or not at all."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from voiceguide.core.errors import ModelError
from voiceguide.edge.models.catalogue import Download, KnownModel, load_catalogue, unknown_name
from voiceguide.edge.models.download import (
    Progress,
    cannot_write_in,
    discard,
    disk_full,
    download,
)
from voiceguide.edge.models.model_store import check_model, fetched_folder, find_model
from voiceguide.edge.models.unpack import unpack

_MOST_UNPACKED = 20
"""How many times its size an archive may unpack to; for models it is about 1.7 times."""

_USUALLY_UNPACKED = 2
"""The room on the disk that a fetch needs at first, in sizes of the archive."""


def fetch_model(
    name: str,
    *,
    folder: Path | None = None,
    catalogue: Mapping[str, KnownModel] | None = None,
    on_progress: Progress = lambda _done, _all: None,
) -> Path:
    """Fetch, check and unpack a model, and give its folder; at once where it is already here.

    The archive is written to a hidden file, and the model to a hidden folder that gets its name
    only when it is whole. So whenever this ends, it leaves nothing that looks like a model.

    Args:
        name: a name in the catalogue.
        folder: where fetched models lie, if not in `fetched_folder()`.
        catalogue: the models known by name, if not `load_catalogue()`.
        on_progress: told the bytes that are here and the bytes there will be.

    Raises:
        SettingsError: there is no model of that name.
        ModelError: it cannot be fetched, or is not what the catalogue says.
        DiskError: the disk is full, or the folder cannot be written to.
    """
    catalogue = load_catalogue() if catalogue is None else catalogue
    if name not in catalogue:
        raise unknown_name(name, catalogue)
    folder = folder or fetched_folder()
    source = catalogue[name].download
    whole = whole_model(name, folder)
    if whole is not None:
        return whole
    if source is None:
        raise ModelError(f"the model {name} ships with voiceguide; install voiceguide again")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(name, folder):
            return whole_model(name, folder) or _fetch(name, source, folder, on_progress)
    except OSError as error:
        raise cannot_write_in(folder, error) from error


def whole_model(name: str, folder: Path) -> Path | None:
    """The folder of a shipped or fetched model that lacks nothing, or None."""
    found = find_model(name, folder=folder)
    if found is not None:
        with contextlib.suppress(ModelError):
            check_model(found)
            return found
    return None


def _fetch(name: str, source: Download, folder: Path, on_progress: Progress) -> Path:
    for left_over in folder.glob(f".{name}.unpacking-*"):
        shutil.rmtree(left_over)
    part = folder / f".{name}.part"
    here = part.stat().st_size if part.exists() else 0
    needed = source.size_bytes * (1 + _USUALLY_UNPACKED) - here
    if shutil.disk_usage(folder).free < needed:
        raise disk_full(folder, needed)
    download(source, part, on_progress)
    fresh = Path(tempfile.mkdtemp(dir=folder, prefix=f".{name}.unpacking-"))
    try:
        fresh.chmod(0o755)
        unpack(part, fresh, most_bytes=source.size_bytes * _MOST_UNPACKED)
        check_model(fresh)
        if (folder / name).exists():
            # It is half a model, or nothing would be fetched; its name is needed.
            (folder / name).rename(fresh.with_name(fresh.name + "-old"))
        fresh.rename(folder / name)
        discard(part)
    except ModelError:
        discard(part)  # it is the file of the catalogue, and yet no model
        raise
    finally:
        for left_over in folder.glob(f"{fresh.name}*"):
            shutil.rmtree(left_over)
    return folder / name


@contextlib.contextmanager
def _only_one(name: str, folder: Path) -> Iterator[None]:
    """Keep other processes from fetching the same model; the lock ends with this process."""
    import fcntl  # not on Windows, where everything but fetching works

    with (folder / f".{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelError(
                f"another voiceguide is fetching {name} already; wait until it is done"
            ) from error
        yield
