import numpy as np
import pytest

from voiceguide.sound.clip import Clip
from voiceguide.sound.level import dbfs
from voiceguide.sound.resample import StreamResampler, resample


def tone(hz: float, rate: int, seconds: float = 0.5) -> np.ndarray:
    return np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate).astype(np.float32) / 2


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_a_tone_keeps_its_length_pitch_and_level(rate):
    out = resample(Clip(tone(1000, 22_050), 22_050), rate)
    assert out.sample_rate_hz == rate
    assert out.samples.dtype == np.float32
    assert out.seconds == pytest.approx(0.5, abs=1 / rate)
    middle = slice(rate // 10, -rate // 10)
    wanted = tone(1000, rate)[: len(out.samples)]
    assert dbfs(out.samples[middle] - wanted[middle]) < -80


def test_what_is_above_the_new_band_is_gone():
    out = resample(Clip(tone(10_000, 22_050), 22_050), 16_000)
    assert dbfs(out.samples[1000:-1000]) < -80


def test_a_clip_of_the_right_rate_is_untouched():
    clip = Clip(tone(1000, 16_000), 16_000)
    assert resample(clip, 16_000) is clip


def test_an_empty_clip_stays_empty():
    assert len(resample(Clip(np.empty(0, np.float32), 22_050), 48_000).samples) == 0


def test_a_wrong_rate_is_refused():
    with pytest.raises(ValueError, match="sample_rate_hz"):
        resample(Clip(tone(1000, 16_000), 16_000), 0)


def test_a_stream_has_no_seams():
    samples = (tone(1000, 48_000, 1.0) * 32767).astype(np.int16)
    stream = StreamResampler(48_000, 16_000)
    out = np.concatenate([stream.feed(samples[at : at + 2400]) for at in range(0, 48_000, 2400)])
    assert out.dtype == np.int16
    assert 15_500 < len(out) <= 16_000
    spectrum = np.abs(np.fft.rfft(out[2000:14_000] * np.hanning(12_000)))
    spectrum[745:756] = 0.0  # The tone itself, bins of 4/3 Hz.
    assert spectrum.max() < 1e-3 * np.abs(np.fft.rfft(out[2000:14_000])).max()


def test_a_stream_of_the_right_rate_passes_through():
    block = np.arange(10, dtype=np.int16)
    assert StreamResampler(16_000, 16_000).feed(block) is block
