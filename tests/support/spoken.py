"""What a person says in a live test, as a file that is played into the microphone."""

from pathlib import Path

import numpy as np
import soundfile

from voiceguide.edge.voice.voice import Voice


def speech(voice: Voice, words: str, folder: Path) -> Path:
    """The person's words as a WAV file, quiet around them."""
    clip = voice.render(words, 150)
    quiet = np.zeros(clip.sample_rate_hz // 10, np.float32)
    path = folder / f"{words.replace(' ', '-')}.wav"
    soundfile.write(path, np.concatenate((quiet, 0.6 * clip.samples, quiet)), clip.sample_rate_hz)
    return path
