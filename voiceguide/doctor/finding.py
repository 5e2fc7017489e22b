"""A finding of the doctor, and the instruments with which the checks reach the outside."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.core.errors import VoiceguideError

if TYPE_CHECKING:  # nothing compiled is imported, for a finding may be that this is impossible
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.settings.tables import Settings
    from voiceguide.sound.clip import Clip
    from voiceguide.sound.voice_port import VoicePort


@dataclass(frozen=True, slots=True)
class Finding:
    """What the doctor found out about one part."""

    name: str
    ok: bool
    detail: str
    """What is there, with figures, or what is wrong."""
    advice: str = ""
    """What to do; empty if all is well."""
    exit_code: int = 0
    """The exit code of the command if this is the first part that fails."""


def failed(name: str, error: Exception, advice: str) -> Finding:
    """The finding for an error, with the exit code of the error."""
    code = error.exit_code if isinstance(error, VoiceguideError) else 1
    return Finding(name, False, str(error), advice, code)


def exit_code(findings: tuple[Finding, ...]) -> int:
    """The exit code of the first part that fails; 0 if none does."""
    return next((finding.exit_code for finding in findings if not finding.ok), 0)


@dataclass(frozen=True, slots=True)
class Instruments:
    """The functions with which the checks reach the outside."""

    open_voice: "Callable[[str | None, Path], VoicePort]"
    """Opens the voice of this name, with its cache in this folder."""
    cache_folder: Callable[[], Path]
    """The folder in which a session keeps rendered sentences."""
    find_devices: Callable[["Settings"], tuple[str | None, str | None]]
    """Gives the names of the microphone and the speaker that a session would use, None for one that
    is missing; raises DeviceError if there is no sound system, or no device of the name that is
    set."""
    play_and_record: Callable[["Settings", "Clip"], "NDArray[np.int16]"]
    """Plays a clip, and gives what was recorded meanwhile: 16 kHz mono."""
    channels: Callable[[], str] = str
    """Tells how good the channels of the microphone were in the last recording; may be empty."""
