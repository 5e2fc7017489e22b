"""How late the echo is, through drift, jumps and a person who speaks over it."""

import numpy as np
import pytest

from voiceguide.rehearsal.wire import Devices, Wire
from voiceguide.sound.echo.aligner import EARLIEST_SECONDS, LATEST_SECONDS, STRETCH_SECONDS, Aligner

RATE = 16_000
STRETCH = round(STRETCH_SECONDS * RATE)


def noise(seconds, seed=1):
    random = np.random.default_rng(seed)
    return (0.1 * random.standard_normal(round(seconds * RATE))).astype(np.float32)


def follow(devices, seconds=20.0, person=0.0, step=0.4, played=None):
    """An aligner after so much sound; and the delay that is true at the end, in samples."""
    sound = noise(seconds) if played is None else played
    wire = Wire(devices, -20.0, RATE)
    heard = np.concatenate([wire.feed(block) for block in sound.reshape(-1, 800)])
    heard = heard + person * noise(seconds, seed=2)
    aligner, jumps = Aligner(RATE), 0
    padded = np.concatenate(
        (np.zeros(RATE, np.float32), sound, np.zeros(RATE, np.float32))
    )  # so that reading early and late needs no care
    for end in range(STRETCH, len(sound), round(step * RATE)):
        first = RATE + end - STRETCH - round(LATEST_SECONDS * RATE)
        last = RATE + end - round(EARLIEST_SECONDS * RATE)
        found = aligner.compare(heard[end - STRETCH : end], padded[first:last], end)
        jumps += found is not None and found.jumped
    return aligner, wire.delay_seconds(len(sound) / RATE) * RATE, jumps, len(sound)


@pytest.mark.parametrize("delay", [0.01, 0.0731, 0.3])
def test_the_delay_is_found_to_a_part_of_a_sample(delay):
    aligner, true, jumps, end = follow(Devices(delay_seconds=delay))
    assert aligner.delay(end) == pytest.approx(true, abs=0.3)
    assert abs(aligner.drift_ppm) < 1
    assert jumps == 1  # from not known to known


@pytest.mark.parametrize("ppm", [-200.0, 50.0, 200.0])
@pytest.mark.parametrize("person", [0.0, 1.5])
def test_a_drift_is_followed_also_while_somebody_speaks_over_it(ppm, person):
    aligner, true, jumps, end = follow(Devices(delay_seconds=0.1, drift_ppm=ppm), person=person)
    assert aligner.delay(end) == pytest.approx(true, abs=0.3)
    assert aligner.drift_ppm == pytest.approx(ppm, abs=3)
    assert jumps == 1


@pytest.mark.parametrize("delay", [EARLIEST_SECONDS + 0.001, 0.0, LATEST_SECONDS - 0.001])
def test_the_first_and_the_last_delay_are_found_where_they_are(delay):
    sound = noise(10.0)
    late, aligner, ends = round(delay * RATE), Aligner(RATE), (4 * RATE, 5 * RATE)
    for end in ends:
        recorded = sound[end - STRETCH - late : end - late]
        first = end - STRETCH - round(LATEST_SECONDS * RATE)
        played = sound[first : end - round(EARLIEST_SECONDS * RATE)]
        aligner.compare(recorded, played, end)
    assert aligner.delay(ends[1]) == pytest.approx(late, abs=0.3)


def test_a_drift_is_carried_over_a_pause():
    sound = noise(60.0)
    sound[20 * RATE : 50 * RATE] = 0.0
    devices = Devices(delay_seconds=0.1, drift_ppm=200)
    aligner, true, jumps, end = follow(devices, 60.0, played=sound)
    assert aligner.delay(end) == pytest.approx(true, abs=0.3)
    assert jumps == 1


def test_a_jump_is_found_and_the_drift_stays_known():
    devices = Devices(delay_seconds=0.1, drift_ppm=100, jumps=((10.0, 0.25),))
    aligner, true, jumps, end = follow(devices, 14.0)
    assert aligner.delay(end) == pytest.approx(true, abs=0.5)
    assert aligner.drift_ppm == pytest.approx(100, abs=10)
    assert jumps == 2


def test_sound_that_is_no_echo_shows_no_delay():
    aligner = Aligner(RATE)
    span = round((STRETCH_SECONDS + LATEST_SECONDS - EARLIEST_SECONDS) * RATE)
    for seed in range(20):
        recorded, played = noise(STRETCH_SECONDS, seed), noise(span / RATE, 100 + seed)
        assert aligner.compare(recorded, played, (seed + 1) * STRETCH) is None
    assert aligner.delay(0) is None
