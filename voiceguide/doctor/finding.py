"""One finding of the doctor, and what the checks reach the outside with."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.core.errors import VoiceguideError

if TYPE_CHECKING:  # nothing compiled is imported: a finding may be that it cannot be
    import numpy as np
    from numpy.typing import NDArray

    from voiceguide.settings.tables import Settings
    from voiceguide.sound.clip import Clip
    from voiceguide.sound.voice_port import VoicePort


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one part."""

    name: str
    ok: bool
    detail: str
    """What is there, with figures; or what is wrong."""
    advice: str = ""
    """What to do; empty when all is well."""
    exit_code: int = 0
    """What the command ends with when this is the first part that fails."""


def failed(name: str, error: Exception, advice: str) -> Finding:
    """The finding that an error makes; its exit code is the error's."""
    code = error.exit_code if isinstance(error, VoiceguideError) else 1
    return Finding(name, False, str(error), advice, code)


def exit_code(findings: tuple[Finding, ...]) -> int:
    """That of the first part that fails; 0 when none does."""
    return next((finding.exit_code for finding in findings if not finding.ok), 0)


@dataclass(frozen=True, slots=True)
class Instruments:
    """What the checks reach the outside with."""

    open_voice: "Callable[[str | None, Path], VoicePort]"
    """A voice of this name with its cache in this folder."""
    cache_folder: Callable[[], Path]
    """Where a session keeps rendered sentences."""
    find_devices: Callable[["Settings"], tuple[str | None, str | None]]
    """The names of microphone and speaker that a session would use, None where there is none;
    raises DeviceError when there is no sound system or no device of the name that is set."""
    play_and_record: Callable[["Settings", "Clip"], "NDArray[np.int16]"]
    """Play a clip and record meanwhile: 16 kHz mono."""
    channels: Callable[[], str] = str
    """What the channels of the microphone were like in the last recording; may be empty."""
