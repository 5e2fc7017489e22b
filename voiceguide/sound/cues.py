"""Reads the cue sounds from WAV files; a set of cues is a folder."""

import wave
from pathlib import Path

import numpy as np

from voiceguide.core.effects import SWELLS, Cue
from voiceguide.core.errors import DeviceError, SettingsError
from voiceguide.core.suggest import nearest
from voiceguide.sound.clip import Clip


def cues_folder() -> Path:
    """The folder of the cue sounds: in an installed package inside it, in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_shipped" / "audio"
    return installed if installed.is_dir() else package.parent / "audio"


def cue_sets() -> dict[str, Path]:
    """The sets that ship besides the usual one, by name."""
    return {path.name: path for path in sorted(cues_folder().iterdir()) if path.is_dir()}


def load_cues(name_or_folder: str | Path | None = None) -> dict[Cue, Clip]:
    """The cues of a set that ships, or of a folder: ``<folder>/<cue>.wav``, mono, 16 bits.

    A cue without a file in the folder is the usual one; swells come only from the folder.

    Raises:
        SettingsError: there is no such set and no such folder.
        DeviceError: a file is missing, or no such WAV file; names the first one.
    """
    usual = cues_folder()
    folder = usual if name_or_folder is None else find_cues(name_or_folder)
    found: dict[Cue, Clip] = {}
    for cue in Cue:
        path = folder / f"{cue.value}.wav"
        if path.is_file():
            found[cue] = _read(path)
        elif cue not in SWELLS:
            found[cue] = _read(usual / path.name)
    return found


def find_cues(name_or_folder: str | Path) -> Path:
    """The folder of a set.

    Raises:
        SettingsError: there is no such set and no such folder; names the sets.
    """
    sets = cue_sets()
    if str(name_or_folder) in sets:
        return sets[str(name_or_folder)]
    folder = Path(name_or_folder)
    if folder.is_dir():
        if any((folder / f"{cue.value}.wav").is_file() for cue in Cue):
            return folder
        raise SettingsError(
            f"the folder {folder} has no cue sound in it; name them tick.wav, heard.wav and so on."
        )
    guess = nearest(str(name_or_folder), sets)
    hint = f"did you mean {guess}?" if guess else f"there are {', '.join(sets)}, or a folder."
    raise SettingsError(f"there are no cues called {str(name_or_folder)!r}; {hint}")


def _read(path: Path) -> Clip:
    try:
        with wave.open(str(path), "rb") as file:
            if file.getnchannels() != 1 or file.getsampwidth() != 2:
                raise DeviceError(
                    f"the cue sound {path} must be mono and 16 bits; make it with scripts/make_cues"
                )
            data = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            rate = file.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise DeviceError(
            f"the cue sound {path} cannot be read ({error}); make it with scripts/make_cues"
        ) from error
    return Clip(data.astype(np.float32) / np.float32(32768.0), rate)
