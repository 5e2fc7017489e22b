"""Reads sound files of any common kind, for the ears."""

from pathlib import Path

import numpy as np
import soxr

from voiceguide.core.errors import DeviceError
from voiceguide.sound.clip import Clip

LONGEST_SECONDS = 4 * 3600
"""A longer file would fill the memory, and is refused."""

SLOWEST_HZ, FASTEST_HZ = 2_000, 384_000
MOST_CHANNELS = 64
_BLOCK_FRAMES = 1 << 16


def read_sound(path: Path, sample_rate_hz: int) -> Clip:
    """The sound of a file at this rate, its channels mixed to one.

    It reads what libsndfile reads: WAV, FLAC, Ogg (Vorbis, Opus), MP3, AIFF.

    Raises:
        DeviceError: the file is missing, damaged, no sound file, or hours long.
    """
    import soundfile

    if not path.exists():
        raise DeviceError(f"{path} is not there; check the path")
    if path.is_dir():
        raise DeviceError(f"{path} is a folder; give a sound file")
    if not path.is_file():
        raise DeviceError(f"{path} is not an ordinary file; give a sound file")
    try:
        with soundfile.SoundFile(str(path)) as file:
            rate = int(file.samplerate)
            if not SLOWEST_HZ <= rate <= FASTEST_HZ or file.channels > MOST_CHANNELS:
                raise DeviceError(
                    f"{path} has {rate} Hz and {file.channels} channels; give a sound file of "
                    f"{SLOWEST_HZ} to {FASTEST_HZ} Hz and at most {MOST_CHANNELS} channels"
                )
            if file.frames > LONGEST_SECONDS * rate:
                hours = file.frames / rate / 3600
                raise DeviceError(f"{path} is {hours:.0f} hours long; cut it to 4 hours at most")
            # Block by block, for hours of all channels would fill the memory.
            blocks = file.blocks(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            parts = [block.mean(axis=1) for block in blocks]
    except (soundfile.SoundFileError, OSError, ValueError, TypeError) as error:
        reason = str(getattr(error, "error_string", "") or error).rstrip(".")
        raise DeviceError(f"{path} cannot be read as sound: {reason}") from error
    samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    mono = np.nan_to_num(samples, posinf=0.0, neginf=0.0).astype(np.float32)
    if rate != sample_rate_hz and len(mono):
        mono = np.asarray(soxr.resample(mono, rate, sample_rate_hz), np.float32)
    return Clip(np.clip(mono, -1.0, 1.0), sample_rate_hz)
