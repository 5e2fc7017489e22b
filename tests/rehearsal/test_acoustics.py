"""The room rings as long as it should, and convolution is convolution."""

import numpy as np
import pytest

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.rehearsal.acoustics import (
    BATHROOM,
    DRY,
    Convolver,
    active_level_db,
    convolve,
    mouth_response,
    speaker_response,
)


def decay_seconds(samples, low_hz=0.0, high_hz=8000.0):
    """Reverberation time from −10 to −35 dB of the backward integral, of one band."""
    spectrum = np.fft.rfft(samples)
    frequencies = np.fft.rfftfreq(len(samples), 1 / EAR_RATE_HZ)
    spectrum[(frequencies < low_hz) | (frequencies > high_hz)] = 0
    power = np.fft.irfft(spectrum, len(samples)) ** 2
    level = 10 * np.log10(np.cumsum(power[::-1])[::-1] / power.sum() + 1e-12)
    first, last = np.argmax(level < -10), np.argmax(level < -35)
    return 60 / 25 * (last - first) / EAR_RATE_HZ


def test_the_bathroom_rings_half_a_second():
    assert 0.5 <= decay_seconds(mouth_response(BATHROOM)) <= 0.62


def test_high_sounds_die_sooner_than_middle_ones():
    samples = mouth_response(BATHROOM)
    assert decay_seconds(samples, 4000, 8000) < decay_seconds(samples, 400, 1400) - 0.05


def test_the_dry_room_hardly_rings():
    assert decay_seconds(mouth_response(DRY)) < 0.2


@pytest.mark.parametrize("room", [BATHROOM, DRY])
def test_the_direct_sound_comes_first_after_the_distance_and_weaker_by_it(room):
    distance = np.linalg.norm(np.subtract(room.mouth, room.microphone))
    samples = mouth_response(room)
    arrival = round(distance / 343 * EAR_RATE_HZ)
    assert samples[arrival] == pytest.approx(1 / distance, rel=0.05)
    assert np.abs(samples[: arrival - 8]).max() < 0.03


def test_early_and_late_part_join_without_a_step():
    samples = mouth_response(BATHROOM)
    window = EAR_RATE_HZ // 100
    before, after = samples[3 * window : 4 * window], samples[4 * window : 5 * window]
    step = 10 * np.log10(np.sum(before**2) / np.sum(after**2))
    assert 0 < step < 4


def test_a_response_is_the_same_every_time():
    assert np.array_equal(speaker_response(BATHROOM), speaker_response(BATHROOM))


def test_streaming_convolution_equals_that_of_the_whole():
    random = np.random.default_rng(3)
    samples = random.standard_normal(8 * 400).astype(np.float32)
    response = random.standard_normal(1000).astype(np.float32)
    convolver = Convolver(response, 400)
    got = np.concatenate([convolver.feed(block) for block in samples.reshape(8, 400)])
    want = np.convolve(samples, response)
    np.testing.assert_allclose(got, want[: len(got)], atol=1e-3)
    np.testing.assert_allclose(convolve(samples, response), want, atol=1e-3)


def test_the_tail_sounds_on_in_silence_and_then_ends():
    response = np.ones(1000, np.float32)
    convolver = Convolver(response, 400)
    click = np.zeros(400, np.float32)
    click[0] = 1.0
    silence = np.zeros(400, np.float32)
    got = np.concatenate([convolver.feed(click), *(convolver.feed(silence) for _ in range(4))])
    np.testing.assert_allclose(got[:1000], 1.0, atol=1e-6)
    assert not np.abs(got[1000:]).max() > 1e-9


def test_a_block_of_another_length_is_refused():
    with pytest.raises(ValueError, match="399"):
        Convolver(np.ones(10, np.float32), 400).feed(np.zeros(399, np.float32))


def test_pauses_do_not_lower_the_level_of_speech():
    tone = np.sin(np.arange(EAR_RATE_HZ) * 0.3).astype(np.float32) * np.float32(0.1)
    with_pauses = np.concatenate([tone, np.zeros(3 * EAR_RATE_HZ, np.float32), tone])
    assert active_level_db(tone) == pytest.approx(-23.0, abs=0.1)
    assert active_level_db(with_pauses) == pytest.approx(active_level_db(tone), abs=0.1)
    assert active_level_db(np.zeros(100, np.float32)) == -np.inf
