"""A small shoebox room: impulse responses, streaming convolution and speech levels.

A response is the exact image-source solution for the first 40 ms and, after that, noise whose
power decays as diffuse-field theory says. Both are made in octave bands, so that a tiled bathroom
rings longest at the frequencies at which tiles do. It reads no file, and needs numpy only.

Sources: J. Allen and D. Berkley, "Image method for efficiently simulating small-room acoustics"
(JASA 65, 1979) for the early part; H. Kuttruff, "Room Acoustics", for the density of late echoes
(4πc³t²/V a second, each of power 1/(ct)²) and for Eyring's reverberation formula.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.sound.clip import Samples
from voiceguide.sound.transform import fast_length

_SPEED_OF_SOUND = 343.0  # m/s at 20 °C
_EARLY_SECONDS = 0.04
_LOWEST_HZ = 100.0
_BAND_CENTRES_HZ = (125, 250, 500, 1000, 2000, 4000)

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Shoebox:
    """A rectangular room, and where things stand in it, in metres from one corner."""

    size: Point
    reverberation_seconds: tuple[float, ...]
    """Reverberation time (decay by 60 dB) in seconds, in octave bands from 125 Hz to 4 kHz."""
    microphone: Point
    speaker: Point
    mouth: Point


BATHROOM = Shoebox(
    size=(2.2, 3.0, 2.5),
    reverberation_seconds=(0.50, 0.55, 0.60, 0.58, 0.52, 0.42),
    microphone=(0.35, 0.45, 1.15),
    speaker=(0.55, 0.40, 1.10),
    mouth=(1.35, 2.15, 1.55),
)
"""2.2 × 3 × 2.5 m, tiled; the guide on a shelf, the person 2 m away."""

DRY = Shoebox(
    size=(2.2, 3.0, 2.5),
    reverberation_seconds=(0.16, 0.15, 0.14, 0.13, 0.12, 0.12),
    microphone=BATHROOM.microphone,
    speaker=BATHROOM.speaker,
    mouth=BATHROOM.mouth,
)
"""The same room full of towels and curtains."""

ROOMS = {"bathroom": BATHROOM, "dry": DRY}


def response(room: Shoebox, source: Point, seed: int = 0) -> Samples:
    """What the room's microphone receives from an impulse at a point of the room.

    The pressure 1 m from the source is 1. ``seed`` chooses the fine structure of the late part; the
    same seed always gives the same samples. Their rate is ``EAR_RATE_HZ``.
    """
    length = round(max(room.reverberation_seconds) * EAR_RATE_HZ)
    distances, bounces = _images(room, source)
    arrivals = np.rint(distances / _SPEED_OF_SOUND * EAR_RATE_HZ).astype(np.intp)
    volume = float(np.prod(room.size))
    times = np.arange(length) / EAR_RATE_HZ
    late_scale = np.sqrt(4 * np.pi * _SPEED_OF_SOUND / volume / EAR_RATE_HZ)
    noise = np.random.default_rng(seed).standard_normal(length)
    noise[: round(_EARLY_SECONDS * EAR_RATE_HZ)] = 0.0

    spectrum = np.zeros(length + 1, np.complex128)
    for mask, seconds in zip(_band_masks(length + 1), room.reverberation_seconds, strict=True):
        early = np.bincount(
            arrivals, _reflection(room, seconds) ** bounces / distances, minlength=length
        )[:length]
        late = noise * late_scale * 10 ** (-3 * times / seconds)
        spectrum += mask * np.fft.rfft(early + late, 2 * length)
    # All images have the sign of the source, so they add up towards 0 Hz, which no loudspeaker,
    # mouth or microphone transmits.
    frequencies = np.linspace(0, EAR_RATE_HZ / 2, length + 1)
    spectrum *= frequencies**4 / (frequencies**4 + _LOWEST_HZ**4)
    samples: Samples = np.fft.irfft(spectrum)[:length].astype(np.float32)
    return samples


def speaker_response(room: Shoebox) -> Samples:
    """The response from the guide's loudspeaker to its microphone."""
    return response(room, room.speaker, seed=1)


def mouth_response(room: Shoebox) -> Samples:
    """The response from the person's mouth to the microphone."""
    return response(room, room.mouth, seed=2)


def _images(room: Shoebox, source: Point) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Distance (m) and number of reflections of every mirror image heard in the early part."""
    reach = _EARLY_SECONDS * _SPEED_OF_SOUND
    offsets, hits = [], []
    for size, at, microphone in zip(room.size, source, room.microphone, strict=True):
        cells = np.arange(-int(reach / size) - 1, int(reach / size) + 2)
        # Even cells hold the source itself, odd ones its mirror image; the number of the cell is
        # how many walls of this axis the sound has met.
        inside = np.where(cells % 2 == 0, at, size - at)
        offsets.append(cells * size + inside - microphone)
        hits.append(np.abs(cells))
    x, y, z = np.meshgrid(*offsets, indexing="ij")
    distances = np.sqrt(x**2 + y**2 + z**2).ravel()
    bounces = np.sum(np.meshgrid(*hits, indexing="ij"), axis=0).ravel()
    near = distances < reach
    return distances[near], bounces[near]


def _reflection(room: Shoebox, seconds: float) -> float:
    """The share of the pressure that a reflection leaves, from the reverberation time (Eyring)."""
    a, b, c = room.size
    surface = 2 * (a * b + b * c + c * a)
    exponent = 24 * np.log(10) * (a * b * c) / (_SPEED_OF_SOUND * surface * seconds)
    return float(np.exp(-exponent / 2))


def _band_masks(bins: int) -> list[NDArray[np.float64]]:
    """Octave bands as weights of the frequency bins; they add up to one everywhere."""
    frequencies = np.linspace(0, EAR_RATE_HZ / 2, bins)
    octave = np.log2(np.maximum(frequencies, 1.0) / _BAND_CENTRES_HZ[0])
    last = len(_BAND_CENTRES_HZ) - 1
    octave = np.clip(octave, 0, last)
    return [np.maximum(0.0, 1 - np.abs(octave - band)) for band in range(last + 1)]


class Convolver:
    """Convolves an endless sound with a response, block by block.

    The response is cut into parts of a block's length (uniformly partitioned overlap-add), so
    each block costs one FFT of two blocks' length and one back, however long the response is.
    Nothing is computed while silence goes in and the last tail has died away.

    Source: W. Gardner, "Efficient convolution without input-output delay" (JAES 43, 1995).
    """

    def __init__(self, impulse_response: Samples, block_samples: int) -> None:
        self._block = block_samples
        self._fft = fast_length(2 * block_samples)
        self._parts = -(-len(impulse_response) // block_samples)
        response = np.zeros(self._parts * block_samples)
        response[: len(impulse_response)] = impulse_response
        parts = np.fft.rfft(response.reshape(self._parts, block_samples), self._fft)
        # The last part first, and all of them twice: from any row on they lie as the blocks do.
        self._transfer = np.concatenate((parts[::-1], parts[::-1]))
        self._spectra = np.zeros_like(parts)
        """Spectra of the latest blocks, one for each part; a new one replaces the oldest."""
        self._at = 0
        """The row of the oldest, which the next block takes."""
        self._tail = np.zeros(block_samples)
        """What earlier blocks add to the next one."""
        self._silent = self._parts
        """How many silent blocks came last."""

    def feed(self, block: Samples) -> Samples:
        """The next block of the convolved sound, as long as the block that goes in.

        Raises:
            ValueError: the block does not have the length that was announced.
        """
        if len(block) != self._block:
            raise ValueError(f"a block of {len(block)} samples, not {self._block}")
        is_silent = not block.any()
        self._silent = self._silent + 1 if is_silent else 0
        if self._silent > self._parts:
            return np.zeros(self._block, np.float32)
        at, self._at = self._at, (self._at + 1) % self._parts
        self._spectra[at] = 0 if is_silent else np.fft.rfft(block.astype(np.float64), self._fft)
        transfer = self._transfer[self._parts - 1 - at : 2 * self._parts - 1 - at]
        sound = np.fft.irfft((self._spectra * transfer).sum(axis=0), self._fft)
        out: Samples = (self._tail + sound[: self._block]).astype(np.float32)
        self._tail = sound[self._block : 2 * self._block]
        return out


def convolve(samples: Samples, impulse_response: Samples) -> Samples:
    """A whole clip convolved with a response, ``len(impulse_response) - 1`` samples longer."""
    length = len(samples) + len(impulse_response) - 1
    size = fast_length(length)
    product = np.fft.rfft(samples.astype(np.float64), size) * np.fft.rfft(
        impulse_response.astype(np.float64), size
    )
    out: Samples = np.fft.irfft(product, size)[:length].astype(np.float32)
    return out


def active_level_db(samples: Samples, sample_rate_hz: int = EAR_RATE_HZ) -> float:
    """Level of speech without its pauses, in dB re full scale; −inf for silence.

    The mean power of those frames of 20 ms that are within 20 dB of the loudest one: a simple form
    of ITU-T P.56.
    """
    frame = sample_rate_hz // 50
    padded = np.pad(samples.astype(np.float64), (0, -len(samples) % frame))
    if not padded.any():
        return -np.inf
    power = np.mean(padded.reshape(-1, frame) ** 2, axis=1)
    return float(10 * np.log10(np.mean(power[power > power.max() / 100])))
