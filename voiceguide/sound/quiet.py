"""More of the quiet that lies around a recording."""

import numpy as np

from voiceguide.sound.clip import Samples
from voiceguide.sound.transform import fast_length

QUIET_SHARE = 0.1
"""The softest tenth of a recording counts as its quiet."""
_WINDOW = 512


def quiet_like(samples: Samples, length: int) -> Samples:
    """``length`` samples of steady noise with the spectrum of the recording's softest parts.

    Deterministic. A recording that is too short or digitally silent gets noise of about −90 dBFS,
    so that a recogniser never hears perfect silence.
    """
    rng = np.random.default_rng(0)
    noise = rng.normal(0.0, 10 ** (-90 / 20), length + 2 * _WINDOW)
    frames = len(samples) // _WINDOW
    if frames >= 3:
        cut = samples[: frames * _WINDOW].reshape(frames, _WINDOW).astype(np.float64)
        order = np.argsort(np.mean(cut**2, axis=1))
        softest = cut[order[: max(1, round(frames * QUIET_SHARE))]]
        taper = np.hanning(_WINDOW)
        power = np.mean(np.abs(np.fft.rfft(softest * taper)) ** 2, axis=0) / np.sum(taper**2)
        response = np.fft.irfft(np.sqrt(power))
        white = rng.normal(0.0, 1.0, len(noise))
        size = fast_length(len(white) + _WINDOW)
        noise += np.fft.irfft(
            np.fft.rfft(white, size) * np.fft.rfft(np.roll(response, _WINDOW // 2), size), size
        )[: len(noise)]
    return noise[_WINDOW : _WINDOW + length].astype(np.float32)
