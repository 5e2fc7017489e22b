"""Piper voices: those known by name, where they lie, and how one is fetched."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voiceguide.core.errors import SettingsError, SpeechError
from voiceguide.core.suggest import did_you_mean, likely
from voiceguide.edge.models.catalogue import Download, download_of, read_list
from voiceguide.edge.models.shipped import shipped_folder
from voiceguide.edge.system.folders import data_folder
from voiceguide.edge.system.text_file import home_expanded

if TYPE_CHECKING:
    from voiceguide.edge.models.download import Progress

FETCH = "voiceguide voices fetch"
MODEL_SUFFIX, CONFIG_SUFFIX = ".onnx", ".onnx.json"


@dataclass(frozen=True, slots=True)
class KnownVoice:
    """One entry of ``models/voices.toml``."""

    name: str
    about: str
    language: str
    licence: str
    model: Download
    config: Download

    @property
    def size_bytes(self) -> int:
        """Both files together."""
        return self.model.size_bytes + self.config.size_bytes


def load_voices(path: Path | None = None) -> dict[str, KnownVoice]:
    """The voices known by name, from ``models/voices.toml`` unless another file is given.

    Raises:
        ModelError: the file cannot be read or an entry of it is wrong.
    """
    return read_list(path or shipped_folder("models") / "voices.toml", "voice", "file", _known)


def _known(name: str, entry: Any) -> KnownVoice:
    model, config = download_of(entry["model"]), download_of(entry["config"])
    return KnownVoice(name, entry["about"], entry["language"], entry["licence"], model, config)


def voices_folder() -> Path:
    """Where fetched voices are kept: ``VOICEGUIDE_VOICES_DIR``, or the user's data folder."""
    chosen = os.environ.get("VOICEGUIDE_VOICES_DIR")
    if chosen:
        return home_expanded(chosen)
    return data_folder() / "voices"


def find_voice(name_or_path: str | None, folder: Path | None = None) -> Path | None:
    """The model file of a Piper voice, by the name of a fetched voice or by the path of the file.

    None for any other name: that is a voice of the speech engine.

    Raises:
        SpeechError: the Piper voice is not here, or lacks its configuration.
    """
    if not name_or_path:
        return None
    folder = folder or voices_folder()
    path = home_expanded(name_or_path)
    if path.suffix != MODEL_SUFFIX:
        if path.name != name_or_path:
            return None
        path = folder / f"{name_or_path}{MODEL_SUFFIX}"
        if not path.is_file():
            if name_or_path in load_voices():
                raise SpeechError(
                    f"the voice {name_or_path} is not here yet; bring it with: "
                    f"{FETCH} {name_or_path}"
                )
            return None
    if not path.is_file():
        raise SpeechError(f"there is no voice file {path}; check the path")
    config = path.with_name(path.name + ".json")
    if not config.is_file():
        raise SpeechError(f"the voice {path} lacks its configuration; put {config.name} beside it")
    return path


def fetch_voice(
    name: str,
    *,
    folder: Path | None = None,
    catalogue: Mapping[str, KnownVoice] | None = None,
    on_progress: "Progress" = lambda _done, _all: None,
) -> Path:
    """Fetch a voice and give its model file; at once where it is here already.

    A fetch that was broken off is resumed. A file gets its name when it is whole, and the model
    last, so whatever has the name of a model is a whole voice.

    Raises:
        SettingsError: there is no voice of that name.
        ModelError: the voice cannot be fetched, or is not what the catalogue says.
        DiskError: the disk is full, or the folder cannot be written to.
    """
    # With all of HTTP, which a session has no use for.
    from voiceguide.edge.models.download import cannot_write_in, download

    catalogue = load_voices() if catalogue is None else catalogue
    if name not in catalogue:
        near = likely(name, catalogue)
        hint = did_you_mean(near) or "known are " + ", ".join(sorted(catalogue))
        raise SettingsError(f"there is no voice called {name!r}; {hint}")
    known = catalogue[name]
    folder = folder or voices_folder()
    model = folder / f"{name}{MODEL_SUFFIX}"
    here = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source, path in (
            (known.config, folder / f"{name}{CONFIG_SUFFIX}"),
            (known.model, model),
        ):
            if not path.is_file() or path.stat().st_size != source.size_bytes:
                before = here
                part = folder / f".{path.name}.part"
                download(source, part, lambda done, _: on_progress(before + done, known.size_bytes))  # noqa: B023 # called within this turn
                part.rename(path)
                part.with_name(part.name + ".mark").unlink(missing_ok=True)
            here += source.size_bytes
            on_progress(here, known.size_bytes)
    except OSError as error:
        raise cannot_write_in(folder, error, known.size_bytes) from error
    return model
