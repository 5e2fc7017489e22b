"""Plays the sound that a command makes through the loudspeaker, or writes it to a file."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from voiceguide.sound.clip import Clip


def write_clip(path: Path, clip: "Clip") -> None:
    """Write a clip as a sound file, of the kind that its name tells; whole or not at all.

    Raises:
        DiskError, SettingsError: it cannot be written there.
    """
    import soundfile

    from voiceguide.edge.system.whole_file import cannot_write_sound, whole_file

    with whole_file(path) as part:
        try:
            soundfile.write(part, clip.samples, clip.sample_rate_hz, subtype="PCM_16")
        # The library fails with an AssertionError if the disk fills up while it writes.
        except (AssertionError, TypeError, ValueError, soundfile.SoundFileError) as error:
            raise cannot_write_sound(path) from error


def play_clip(clip: "Clip", device: str | None, gain_db: float) -> None:
    """Play a clip to its end.

    Raises:
        DeviceError: there is no such loudspeaker, or it stopped.
    """
    import time

    from voiceguide.core.errors import DeviceError
    from voiceguide.edge.devices.speaker import Speaker
    from voiceguide.sound.resample import resample

    with Speaker(device) as speaker:
        mixer = speaker.mixer
        mixer.set_gain_db(gain_db)
        speaker.settle()
        mixer.play(resample(clip, mixer.sample_rate_hz).samples, None, tag=0)
        end = time.monotonic() + clip.seconds + 5
        while not mixer.pop_ended():
            if time.monotonic() > end:
                raise DeviceError("the loudspeaker stopped playing; see: voiceguide devices")
            time.sleep(0.02)
        time.sleep(speaker.latency_seconds)
