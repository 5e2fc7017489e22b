"""The cue sounds, read from their WAV files."""

import wave
from pathlib import Path

import numpy as np

from voiceguide.core.effects import SWELLS, Cue
from voiceguide.core.errors import DeviceError
from voiceguide.sound.clip import Clip


def cues_folder() -> Path:
    """Where the cue sounds lie: inside an installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_shipped" / "audio"
    return installed if installed.is_dir() else package.parent / "audio"


def load_cues(folder: Path | None = None) -> dict[Cue, Clip]:
    """Every cue but the swells, out of ``<folder>/<cue>.wav`` (mono, 16 bits); by default those
    that ship.

    Raises DeviceError naming the first file that is missing or no such WAV file.
    """
    folder = cues_folder() if folder is None else folder
    return {cue: _read(folder / f"{cue.value}.wav") for cue in Cue if cue not in SWELLS}


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
