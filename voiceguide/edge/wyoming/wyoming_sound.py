"""Turns sound into events of the Wyoming protocol, and back."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from wyoming.audio import AudioChunk, AudioChunkConverter, AudioStart, AudioStop
from wyoming.event import Event

from voiceguide.core.rates import FASTEST_HZ, SLOWEST_HZ
from voiceguide.sound.clip import Clip

LONGEST_SECONDS = 60.0
"""Longer sound is refused: no utterance and no sentence lasts so long."""
_CHUNK_SAMPLES = 4_096


class SoundError(Exception):
    """What came is no usable sound; the message says why."""


def sound_events(samples: NDArray[np.int16], rate_hz: int) -> Iterator[Event]:
    """One stretch of mono sound, shape (n,): its start, its chunks, its stop."""
    shape = {"rate": rate_hz, "width": 2, "channels": 1}
    yield AudioStart(**shape).event()
    for first in range(0, len(samples), _CHUNK_SAMPLES):
        audio = samples[first : first + _CHUNK_SAMPLES].astype("<i2").tobytes()
        yield AudioChunk(audio=audio, **shape).event()
    yield AudioStop().event()


class Collected:
    """Collects the chunks of one stretch, whatever their width and number of channels."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._rate_hz = 0
        self._seconds = 0.0
        self._converter = AudioChunkConverter(width=2, channels=1)

    def add(self, event: Event) -> None:
        """Take in a chunk.

        Raises:
            SoundError: it is no sound, has another rate than the one before, or makes too much.
        """
        rate = _field(event, "rate")
        width, channels = _field(event, "width"), _field(event, "channels")
        if not (SLOWEST_HZ <= rate <= FASTEST_HZ and width in (1, 2, 4) and channels in (1, 2)):
            raise SoundError(
                f"sound of {rate:.10g} Hz, {width:.10g} bytes and {channels:.10g} channels"
            )
        if self._rate_hz not in (0, rate):
            raise SoundError(f"sound of {self._rate_hz} Hz and then of {rate} Hz")
        audio = event.payload or b""
        if len(audio) % (width * channels):
            raise SoundError("a chunk that ends in the middle of a sample")
        chunk = AudioChunk(rate, width, channels, audio)
        self._seconds += chunk.seconds
        if self._seconds > LONGEST_SECONDS:
            raise SoundError(f"more than {LONGEST_SECONDS:g} s of sound")
        self._rate_hz = rate
        self._parts.append(self._converter.convert(chunk).audio)

    @property
    def is_empty(self) -> bool:
        """Whether no chunk has come."""
        return not self._rate_hz

    def clip(self) -> Clip:
        """All of the sound. Raises SoundError where there is none."""
        if not self._rate_hz:
            raise SoundError("no sound at all")
        data = np.frombuffer(b"".join(self._parts), dtype="<i2")
        return Clip((data / 32768.0).astype(np.float32), self._rate_hz)


def _field(event: Event, key: str) -> int:
    value = event.data.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 1 << 31:
        raise SoundError(f"a chunk that is no sound (no {key})")
    return value


def collected(events: Iterable[Event]) -> Clip:
    """The sound among these events. Raises SoundError."""
    sound = Collected()
    for event in events:
        if AudioChunk.is_type(event.type):
            sound.add(event)
    return sound.clip()
