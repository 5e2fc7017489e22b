"""The echo-cancelled microphone and speaker of PulseAudio or PipeWire (module-echo-cancel)."""

import re
import subprocess
from collections.abc import MutableMapping
from typing import Literal

from voiceguide.core.errors import DeviceError
from voiceguide.settings.sound import CancellerChoice
from voiceguide.sound.echo.port import SystemCanceller

DEVICE = "pulse"
"""The ALSA device through which the sound system is reached; it obeys the variables below."""
ASK_SECONDS = 5.0
_NAME = re.compile(r"echo[-_. ]?cancel", re.IGNORECASE)
_VARIABLES: dict[Literal["sources", "sinks"], str] = {
    "sources": "PULSE_SOURCE",
    "sinks": "PULSE_SINK",
}


def open_canceller(
    choice: CancellerChoice, environment: MutableMapping[str, str]
) -> SystemCanceller | None:
    """What stands in the place of the guide's own canceller; None for that.

    For the system's, see `use_echo_cancelled`.

    Raises:
        DeviceError: the system has none.
    """
    if choice is CancellerChoice.OWN:
        return None
    use_echo_cancelled(environment)
    return SystemCanceller()


def device_name(choice: CancellerChoice, name: str | None) -> str | None:
    """The device to open where ``name`` is asked for."""
    return name or (DEVICE if choice is CancellerChoice.SYSTEM else None)


def use_echo_cancelled(environment: MutableMapping[str, str]) -> None:
    """Make ``pulse`` in this process the echo-cancelled microphone and its speaker.

    Must come before the first stream is opened. What the variables name already is kept.

    Raises:
        DeviceError: there is none, or nobody to ask.
    """
    for kind, variable in _VARIABLES.items():
        if not environment.get(variable):
            environment[variable] = _find(kind, environment)


def _find(kind: Literal["sources", "sinks"], environment: MutableMapping[str, str]) -> str:
    command = ["pactl", "list", "short", kind]
    try:
        done = subprocess.run(
            command, env=dict(environment), capture_output=True, text=True, check=True,
            timeout=ASK_SECONDS,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise DeviceError(
            "sound.canceller is “system”, but the sound system cannot be asked for its "
            f"echo-cancelled devices (pactl, in Debian's pulseaudio-utils): {error}"
        ) from error
    found = echo_cancelled(done.stdout)
    if found is None:
        raise DeviceError(
            "sound.canceller is “system”, but the sound system has no echo-cancelled "
            f"{'microphone' if kind == 'sources' else 'speaker'}; load its module-echo-cancel "
            "(docs/speaker.md), or set sound.canceller to “own”"
        )
    return found


def echo_cancelled(listed: str) -> str | None:
    """The first echo-cancelled device of ``pactl list short``; what a speaker plays is none."""
    for line in listed.splitlines():
        fields = line.split("\t")
        if len(fields) > 1 and _NAME.search(fields[1]) and not fields[1].endswith(".monitor"):
            return fields[1]
    return None
