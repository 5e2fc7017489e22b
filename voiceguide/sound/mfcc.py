"""MFCC as Kaldi computes them: what the networks hear of a sound."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.rates import EAR_RATE_HZ, HOP_SAMPLES

FRAME_LENGTH, FRAME_SHIFT, FFT_SIZE, MEL_BINS = 400, HOP_SAMPLES, 512, 40
LOW_HZ, HIGH_HZ = 20.0, 7600.0
PRE_EMPHASIS, LIFTER = 0.97, 22.0
FLOOR = 1.1920929e-07


@cache
def mel_filters() -> NDArray[np.float64]:
    """Triangles on the mel axis, shape (FFT_SIZE // 2 + 1, MEL_BINS); the last row is zero."""
    low, high = 1127 * np.log1p(np.array([LOW_HZ, HIGH_HZ]) / 700)
    edges = np.linspace(low, high, MEL_BINS + 2)
    bins = 1127 * np.log1p(np.arange(FFT_SIZE // 2) * (EAR_RATE_HZ / FFT_SIZE) / 700)[:, None]
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    rising, falling = (bins - left) / (centre - left), (right - bins) / (right - centre)
    return np.vstack((np.minimum(rising, falling).clip(min=0), np.zeros((1, MEL_BINS))))


@cache
def cosine_transform() -> NDArray[np.float64]:
    """Orthonormal DCT-II with Kaldi's liftering, shape (MEL_BINS, MEL_BINS)."""
    n = np.arange(MEL_BINS)
    basis = np.cos(np.pi / MEL_BINS * (n[:, None] + 0.5) * n) * np.sqrt(2 / MEL_BINS)
    basis[:, 0] = np.sqrt(1 / MEL_BINS)
    return np.asarray(basis * (1 + 0.5 * LIFTER * np.sin(np.pi * n / LIFTER)))


def mfcc(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """16 kHz sound → 40 coefficients for every whole frame of 25 ms, one frame each 10 ms."""
    if len(samples) < FRAME_LENGTH:
        return np.zeros((0, MEL_BINS))
    window = np.hanning(FRAME_LENGTH) ** 0.85
    frames = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), FRAME_LENGTH)[
        ::FRAME_SHIFT
    ]
    frames = frames - frames.mean(1, keepdims=True)
    before = np.concatenate((frames[:, :1], frames[:, :-1]), 1)
    power = np.abs(np.fft.rfft((frames - PRE_EMPHASIS * before) * window, FFT_SIZE)) ** 2
    return np.asarray(np.log(np.maximum(power @ mel_filters(), FLOOR)) @ cosine_transform())
