"""The air between the guide, the person and the microphone: echo, voices and noise."""

from collections import deque
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.rehearsal.acoustics import (
    Convolver,
    Shoebox,
    active_level_db,
    convolve,
    mouth_response,
    speaker_response,
)
from voiceguide.rehearsal.wire import Devices, Wire
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.level import dbfs
from voiceguide.sound.resample import resample

PERSON_DBFS = -26.0
"""Active level of the person's voice at the microphone (the nominal level of ITU-T P.56)."""

FLOOR_DBFS = -70.0
"""Level of the microphone's own noise, which is always there."""

HIGHEST_DBFS = -16.0
"""The loudest active level of an echo at which speech is not clipped. For a louder echo everything
is turned down, as somebody would set the gain of the microphone."""

ONE_CARD = Devices()
LOOP_CROSSFADE_SECONDS = 0.25

TAP = Path(__file__).parent / "running-tap.flac"
"""A tap running into a sink, 10 s. From the background noises of Google's Speech Commands
data set, CC BY 4.0; cut by ``scripts/make_tap_noise``."""


class Air:
    """Mixes what reaches the microphone, block by block; the same for the same seed.

    Args:
        echo_db: active level of the narration at the microphone, over that of the person's voice
            (``PERSON_DBFS``). From +10 dB on, everything except the microphone's own noise is
            turned down (``HIGHEST_DBFS``).
        narration_db: active level of the narration as it is played, before the room.
        devices: the speaker and the microphone.
        noise: one turn of an endless loop (see ``noise_loop``); None for the microphone's own noise
            alone.
    """

    def __init__(
        self,
        room: Shoebox,
        *,
        block_samples: int,
        echo_db: float,
        narration_db: float,
        noise: Samples | None,
        seed: int,
        devices: Devices = ONE_CARD,
    ) -> None:
        self._block = block_samples
        self._gain = np.float32(10 ** (min(0.0, HIGHEST_DBFS - PERSON_DBFS - echo_db) / 20))
        self._wire = Wire(devices, narration_db, EAR_RATE_HZ)
        heard = speaker_response(room)
        # A response of energy 1 keeps the level of a broadband sound.
        gain = 10 ** ((PERSON_DBFS + echo_db - narration_db) / 20) / np.linalg.norm(heard)
        self._echo = Convolver((heard * gain).astype(np.float32), block_samples)
        self._mouth = mouth_response(room)
        self._random = np.random.default_rng(seed)
        self._noise = noise
        self._noise_at = int(self._random.integers(len(noise))) if noise is not None else 0
        self._position = 0
        self._voices: deque[tuple[int, Samples]] = deque()

    def speak(self, clip: Clip, at_sample: int, level_db: float = 0.0) -> tuple[float, float]:
        """Let the person utter a clip from ``at_sample`` on, ``level_db`` over their usual level.

        Returns:
            Its start and end in seconds, without the reverberation of the room.
        """
        dry = resample(clip, EAR_RATE_HZ).samples
        wet = convolve(dry, self._mouth)
        level = active_level_db(wet)
        if np.isfinite(level):
            wet = wet * np.float32(10 ** ((PERSON_DBFS + level_db - level) / 20))
        self._voices.append((at_sample, wet))
        return at_sample / EAR_RATE_HZ, (at_sample + len(dry)) / EAR_RATE_HZ

    def hear(self, played: Samples) -> NDArray[np.int16]:
        """The block that the microphone records while ``played`` (one block) is played."""
        start, end = self._position, self._position + self._block
        self._position = end
        floor = np.float32(10 ** (FLOOR_DBFS / 20))
        own = self._random.standard_normal(self._block, np.float32) * floor
        sum_ = self._echo.feed(self._wire.feed(played))
        if self._noise is not None:
            index = (self._noise_at + np.arange(start, end)) % len(self._noise)
            sum_ += self._noise[index]
        for at, wet in self._voices:
            first, last = max(at, start), min(at + len(wet), end)
            if first < last:
                sum_[first - start : last - start] += wet[first - at : last - at]
        while self._voices and self._voices[0][0] + len(self._voices[0][1]) <= end:
            self._voices.popleft()
        heard = np.rint((sum_ * self._gain + own) * 32768.0)
        recorded: NDArray[np.int16] = np.minimum(np.maximum(heard, -32768), 32767).astype(np.int16)
        return recorded


def noise_loop(clip: Clip, snr_db: float) -> Samples:
    """One turn of a seamless loop of a noise, ``snr_db`` below the person's voice.

    Its end is cross-faded into its beginning with equal power.

    Raises:
        DeviceError: the noise is silent.
    """
    samples = resample(clip, EAR_RATE_HZ).samples
    fade = min(round(LOOP_CROSSFADE_SECONDS * EAR_RATE_HZ), len(samples) // 2)
    phase = np.linspace(0, np.pi / 2, fade, dtype=np.float32)
    loop = samples[: len(samples) - fade].copy()
    loop[:fade] = loop[:fade] * np.sin(phase) + samples[len(samples) - fade :] * np.cos(phase)
    level = dbfs(loop)
    if not np.isfinite(level):
        raise DeviceError("the noise is silent; give a sound file with noise in it")
    loop *= np.float32(10 ** ((PERSON_DBFS - snr_db - level) / 20))
    return loop
