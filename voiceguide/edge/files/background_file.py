"""Loads the background of a session, by name or from a file."""

from pathlib import Path

from voiceguide.core.errors import DeviceError
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.sound.background import Background, drone, seamless

DRONE = "drone"
LEAST_SECONDS = 4.0


def load_background(name_or_path: str | None, sample_rate_hz: int) -> Background | None:
    """The background of a session; None for none.

    Raises:
        DeviceError: the file cannot be read, is too short or silent.
    """
    if name_or_path is None:
        return None
    if name_or_path == DRONE:
        return Background(drone(sample_rate_hz), sample_rate_hz)
    clip = read_sound(Path(name_or_path), sample_rate_hz)
    if clip.seconds < LEAST_SECONDS:
        raise DeviceError(
            f"the background {name_or_path} is {clip.seconds:.1f} s long; "
            f"use a sound of at least {LEAST_SECONDS:g} s"
        )
    try:
        return Background(seamless(clip.samples, sample_rate_hz), sample_rate_hz)
    except ValueError:
        raise DeviceError(f"the background {name_or_path} is silent; use another sound") from None
