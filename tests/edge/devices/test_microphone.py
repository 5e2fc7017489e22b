"""The microphone on a stand-in for PortAudio that is told what to do."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import BLOCK_SECONDS
from voiceguide.edge.devices.microphone import QUEUE_SECONDS, Microphone


class FakePortAudioError(Exception):
    pass


class FakeLibrary(ModuleType):
    """One input device that accepts only ``works``: pairs of rate and channels."""

    PortAudioError = FakePortAudioError
    default = SimpleNamespace(device=(0, -1))

    def __init__(self, works: set[tuple[int, int]]) -> None:
        super().__init__("sounddevice")
        self.works = works
        self.streams: list[FakeStream] = []

    def query_hostapis(self):
        return [{"name": "Fake"}]

    def query_devices(self, kind=None):
        device = {
            "name": "Fake microphone",
            "hostapi": 0,
            "index": 0,
            "max_input_channels": 2,
            "max_output_channels": 0,
            "default_samplerate": 48_000.0,
        }
        if kind == "output":
            raise FakePortAudioError("no default output")
        return device if kind else [device]

    def InputStream(self, **settings):  # noqa: N802
        stream = FakeStream(**settings)
        if (settings["samplerate"], settings["channels"]) not in self.works:
            raise FakePortAudioError("Invalid sample rate")
        self.streams.append(stream)
        return stream


class FakeStream:
    def __init__(self, *, samplerate, channels, blocksize, callback, **_):
        self.rate, self.channels, self.blocksize = samplerate, channels, blocksize
        self.callback = callback
        self.closed = False

    def start(self):
        pass

    def close(self, ignore_errors):
        self.closed = ignore_errors

    def give(self, value: int, *, overflow: bool = False) -> None:
        # One buffer that is used again and again, as PortAudio does.
        data = np.full((self.blocksize, self.channels), value, dtype=np.int16)
        self.callback(data, self.blocksize, None, SimpleNamespace(input_overflow=overflow))
        data[:] = -1


def fake(monkeypatch, *works: tuple[int, int]) -> FakeLibrary:
    library = FakeLibrary(set(works))
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return library


def test_blocks_come_in_order_as_they_were(monkeypatch):
    library = fake(monkeypatch, (16_000, 1))
    with Microphone("fake") as microphone:
        (stream,) = library.streams
        for value in (1, 2):
            stream.give(value)
        assert np.array_equal(microphone.read(0.0), np.full(800, 1))
        assert np.array_equal(microphone.read(0.0), np.full(800, 2))
        assert microphone.read(0.0) is None
        assert microphone.alive()
    assert stream.closed


def test_what_nobody_reads_is_dropped_and_counted(monkeypatch):
    library = fake(monkeypatch, (16_000, 1))
    with Microphone() as microphone:
        room = round(QUEUE_SECONDS / BLOCK_SECONDS)
        for _ in range(room + 3):
            library.streams[0].give(7)
        assert microphone.drops == 3
        library.streams[0].give(7, overflow=True)
        assert microphone.overflows == 1


@pytest.mark.parametrize("channels", [1, 2])
def test_another_rate_or_stereo_is_made_16_khz_mono(monkeypatch, channels):
    library = fake(monkeypatch, (48_000, channels))
    with Microphone() as microphone:
        for _ in range(20):
            library.streams[0].give(1000)
        blocks = [microphone.read(0.0) for _ in range(20)]
    samples = np.concatenate(blocks)
    assert 15_500 < len(samples) <= 16_000
    assert np.all(np.abs(samples[1000:-1000] - 1000) <= 1)


def test_a_device_that_opens_in_no_way_is_an_error(monkeypatch):
    fake(monkeypatch)
    with pytest.raises(DeviceError, match="“Fake microphone” cannot be opened: Invalid"):
        Microphone()
