"""Loudness and true peak by ITU-R BS.1770-4, mono."""

import numpy as np
import soxr
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voiceguide.sound.clip import Clip
from voiceguide.sound.transform import fast_length

SILENT_LUFS = float("-inf")

_BLOCK_SECONDS, _OVERLAP = 0.4, 4
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, -10.0
_OFFSET_LUFS = -0.691
_OVERSAMPLING = 4
_PRESS_SECONDS = 0.004


def loudness(clip: Clip) -> float:
    """Integrated loudness in LUFS; minus infinity for silence.

    It is measured in blocks of 400 ms, gated as the standard says; a shorter clip is one block.
    """
    weighted = _weighted(clip)
    size = max(1, round(_BLOCK_SECONDS * clip.sample_rate_hz))
    hop = max(1, size // _OVERLAP)
    if len(weighted) < size:
        weighted = np.concatenate([weighted, np.zeros(size - len(weighted))])
    summed = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, len(weighted) - size + 1, hop)
    power = (summed[starts + size] - summed[starts]) / size
    loud = power[power > 10 ** ((_ABSOLUTE_GATE_LUFS - _OFFSET_LUFS) / 10)]
    if not len(loud):
        return SILENT_LUFS
    gate = loud.mean() * 10 ** (_RELATIVE_GATE_LU / 10)
    return float(_OFFSET_LUFS + 10 * np.log10(loud[loud > gate].mean()))


def true_peak_dbtp(clip: Clip) -> float:
    """The highest level at the samples and between them, in dBTP; minus infinity for silence."""
    rate = clip.sample_rate_hz
    finer = soxr.resample(clip.samples, rate, rate * _OVERSAMPLING)
    peak = max(np.abs(finer).max(initial=0.0), np.abs(clip.samples).max(initial=0.0))
    return float(20 * np.log10(peak)) if peak else SILENT_LUFS


def pressed(
    samples: NDArray[np.float64], sample_rate_hz: int, limit_dbfs: float
) -> NDArray[np.float64]:
    """The sound with no sample over a level: it is turned down for some milliseconds around a
    peak.
    """
    limit, reach = 10 ** (limit_dbfs / 20), max(1, round(_PRESS_SECONDS * sample_rate_hz))
    wanted = np.minimum(1.0, limit / np.maximum(np.abs(samples), 1e-9))
    padded = np.pad(1.0 - wanted, 2 * reach)
    most = sliding_window_view(padded, 2 * reach + 1).max(axis=1)
    window = np.hanning(2 * reach + 3)[1:-1]
    # The reduction is smoothed, not the gain: so where nothing is reduced, nothing is rounded.
    return samples * (1.0 - np.convolve(most, window / window.sum(), "valid"))


def _weighted(clip: Clip) -> NDArray[np.float64]:
    """The clip K-weighted, which is how strongly the ear hears each frequency.

    The standard's two filters, a shelf for the head and a high pass, are designed for any sample
    rate as in "De Man, Evaluation of implementations of the EBU R128 loudness measurement", and
    applied to the whole clip at once.
    """
    count, rate = len(clip.samples), clip.sample_rate_hz
    if not count:
        return np.zeros(0)
    # So the filters' ringing does not come round to the beginning.
    padded = fast_length(2 * count + rate // 4)
    spectrum = np.fft.rfft(clip.samples.astype(np.float64), padded)
    z = np.exp(-1j * np.linspace(0, np.pi, len(spectrum)))
    for b, a in (_shelf(rate), _high_pass(rate)):
        spectrum *= (b[0] + b[1] * z + b[2] * z**2) / (a[0] + a[1] * z + a[2] * z**2)
    return np.fft.irfft(spectrum, padded)[:count]


_Filter = tuple[tuple[float, float, float], tuple[float, float, float]]


def _shelf(rate: int) -> _Filter:
    k = np.tan(np.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    b = (high + middle * k / q + k * k, 2 * (k * k - high), high - middle * k / q + k * k)
    return b, (1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k)


def _high_pass(rate: int) -> _Filter:
    k = np.tan(np.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    head = 1 + k / q + k * k
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / head, (1 - k / q + k * k) / head)
