"""The meter: levels, the noise floor under them, and whether somebody speaks."""

import math

import numpy as np
import pytest

from voiceguide.core.decision.heard import Reading
from voiceguide.core.rates import HOP_SECONDS
from voiceguide.sound.echo.gate import ENVELOPE_DB, FIRST_SECONDS, MARGIN_DB, EchoGate
from voiceguide.sound.noise import LOWEST_DBFS, NoiseMeter, NoiseSettings
from voiceguide.sound.quiet import quiet_like

RATE = 16_000
SETTINGS = NoiseSettings()


def noise(seconds: float, dbfs: float, seed: int = 1) -> np.ndarray:
    samples = np.random.default_rng(seed).normal(0, 10 ** (dbfs / 20), round(seconds * RATE))
    return samples.astype(np.float32)


def read(meter: NoiseMeter, samples: np.ndarray, block: int = 800) -> list[Reading]:
    found: list[Reading] = []
    for start in range(0, len(samples), block):
        found += meter.read(samples[start : start + block])
    return found


def test_steady_noise_is_not_speech() -> None:
    readings = read(NoiseMeter(RATE), noise(3, -50))
    assert not any(reading.active for reading in readings[50:])
    # The meter's bands hold about two thirds of white noise's power.
    assert np.mean([r.level_dbfs for r in readings]) == pytest.approx(-52, abs=1.5)


def test_a_burst_over_the_noise_is_speech_and_does_not_raise_the_floor() -> None:
    sound = noise(3, -60)
    sound[24_000:32_000] += noise(0.5, -30, seed=2)
    readings = read(NoiseMeter(RATE), sound)
    inside, before = readings[153:198], readings[100:148]
    assert all(reading.active for reading in inside)
    assert not any(reading.active for reading in before)
    floors = [reading.floor_dbfs for reading in inside]
    assert max(floors) - before[-1].floor_dbfs < 2


def test_a_tap_turned_on_is_speech_only_until_it_is_learnt() -> None:
    readings = read(NoiseMeter(RATE), np.concatenate((noise(1, -70), noise(6, -35))))
    assert readings[120].active
    assert not any(reading.active for reading in readings[-150:])


def test_block_sizes_do_not_matter() -> None:
    sound = noise(1, -40)
    large, small = read(NoiseMeter(RATE), sound, 800), read(NoiseMeter(RATE), sound, 333)
    assert [r.active for r in large] == [r.active for r in small]
    levels = [[reading.level_dbfs for reading in readings] for readings in (large, small)]
    assert levels[0] == pytest.approx(levels[1], abs=1e-4)


def test_silence_has_a_finite_level() -> None:
    readings = read(NoiseMeter(RATE), np.zeros(RATE, np.float32))
    assert all(reading.level_dbfs == pytest.approx(LOWEST_DBFS, abs=0.1) for reading in readings)
    assert not any(reading.active for reading in readings)


def test_more_quiet_has_the_level_of_the_softest_parts() -> None:
    sound = noise(2, -60)
    sound[8000:20_000] += noise(0.75, -20, seed=3)
    more = quiet_like(sound, RATE)
    assert len(more) == RATE
    assert 20 * np.log10(np.std(more)) == pytest.approx(-60, abs=2)
    assert np.array_equal(more, quiet_like(sound, RATE))


@pytest.mark.parametrize("length", [0, 100, 5000])
def test_more_quiet_of_nothing_is_faint_noise(length: int) -> None:
    more = quiet_like(np.zeros(length, np.float32), 1600)
    assert -95 < 20 * np.log10(np.std(more)) < -85


def feed(
    gate: EchoGate, seconds: float, level: float, playing: float, softened: float = 0.0
) -> list[bool]:
    hops = range(round(seconds / HOP_SECONDS))
    return [gate.louder(level, playing, softened_db=softened) for _ in hops]


def test_without_the_guide_everything_counts() -> None:
    assert all(feed(EchoGate(HOP_SECONDS), 0.5, -60, -math.inf))


def test_the_guides_own_echo_never_counts() -> None:
    gate = EchoGate(HOP_SECONDS)
    rng = np.random.default_rng(4)
    for _ in range(1000):
        playing = float(rng.uniform(-30, -15))
        assert not gate.louder(playing - 20 + float(rng.uniform(-2, 2)), playing)


def test_a_person_clearly_over_the_echo_counts_once_it_is_known() -> None:
    gate = EchoGate(HOP_SECONDS)
    feed(gate, FIRST_SECONDS + 0.5, -40, -20)
    assert gate.coupling_db == pytest.approx(-20, abs=1)
    assert all(feed(gate, 0.5, -40 + MARGIN_DB + 3, -20))
    assert not any(feed(gate, 0.5, -40 + MARGIN_DB - 2, -20))


def test_the_room_rings_on_after_the_guide() -> None:
    gate = EchoGate(HOP_SECONDS)
    feed(gate, 2, -40, -20)
    assert not any(feed(gate, 0.3, -42, -math.inf))
    assert gate.guide_sounds
    feed(gate, 0.5, -60, -math.inf)
    assert not gate.guide_sounds


def test_while_the_guide_speaks_more_softly_a_softer_person_counts() -> None:
    gate = EchoGate(HOP_SECONDS)
    feed(gate, FIRST_SECONDS + 1.5, -40, -20)
    assert not any(feed(gate, 0.15, -40, -20, softened=-12))  # the room still rings
    assert not any(feed(gate, 0.5, -52, -32, softened=-12))
    assert all(feed(gate, 0.3, -52 + MARGIN_DB + 2, -32, softened=-12))
    assert not any(feed(gate, 0.3, -40, -20))  # and is as strict as ever afterwards
    assert gate.coupling_db == pytest.approx(-20, abs=1)


def test_a_canceller_that_begins_to_work_is_noticed_within_two_seconds() -> None:
    gate = EchoGate(HOP_SECONDS)
    feed(gate, FIRST_SECONDS + 1.0, -20, -20)
    assert not any(feed(gate, 2.0, -50, -20))
    assert gate.coupling_db <= -30 + ENVELOPE_DB + 1
    assert all(feed(gate, 0.3, -50 + ENVELOPE_DB + MARGIN_DB + 2, -20))
