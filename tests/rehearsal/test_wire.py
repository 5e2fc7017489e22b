"""What imperfect devices do to the sound, block by block."""

import numpy as np
import pytest

from voiceguide.rehearsal.wire import Devices, Wire

RATE = 16_000
BLOCK = 800


def tone(hz, seconds, level=0.1):
    return (level * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def through(sound, narration_db=-20.0, **changes):
    wire = Wire(Devices(**changes), narration_db, RATE)
    return np.concatenate([wire.feed(block) for block in sound.reshape(-1, BLOCK)])


def test_one_card_only_delays():
    sound = tone(440, 1)
    assert np.array_equal(through(sound)[640:], sound[:-640])
    assert not through(sound)[:640].any()


@pytest.mark.parametrize("ppm", [-200.0, 200.0])
def test_a_drifting_clock_is_later_and_later(ppm):
    sound = tone(1000, 15)
    heard = through(sound, delay_seconds=0.1, drift_ppm=ppm)
    late = 0.1 + ppm * 1e-6 * np.arange(len(sound)) / RATE
    ideal = 0.1 * np.sin(2 * np.pi * 1000 * (np.arange(len(sound)) / RATE - late))
    assert np.abs(heard[RATE:] - ideal[RATE:]).max() < 0.0006


def test_a_jump_of_the_delay_is_one_from_a_block_to_the_next():
    sound = tone(440, 2)
    heard = through(sound, jumps=((1.0, 0.2),))
    assert np.array_equal(heard[640:RATE], sound[: RATE - 640])
    assert np.array_equal(heard[RATE:], sound[RATE - 3200 : -3200])


def test_jumps_must_be_in_order():
    with pytest.raises(ValueError, match="order"):
        Wire(Devices(jumps=((2.0, 0.1), (1.0, 0.2))), -20.0, RATE)


def test_a_loud_tone_gets_as_many_harmonics_as_told_and_a_soft_one_hardly_any():
    def harmonics(level):
        heard = through(tone(500, 1, level), narration_db=-32.0, distortion_percent=3.0)
        spectrum = np.abs(np.fft.rfft(heard[1600:]))
        step = round(500 * len(heard[1600:]) / RATE)
        return np.linalg.norm(spectrum[[2 * step, 3 * step]]) / spectrum[step]

    assert harmonics(0.1) == pytest.approx(0.03, rel=0.15)
    assert harmonics(0.01) < 0.003
