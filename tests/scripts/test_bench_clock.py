"""The bench of the clock: what it makes of recordings with known faults, and one short run."""

import importlib.util
from importlib.machinery import SourceFileLoader

import numpy as np
import pytest
from bench import pulse
from bench.clock.onsets import measure, pilot
from support.places import ROOT

RATE = 48_000
LEVEL = 0.008
"""RMS of a background."""


def recording(count: int = 30, period: float = 1.0, late_ms: dict[int, float] | None = None):
    """Clicks over the pilot, as they are rendered; some of them late in the stream itself."""
    length = round((count * period + 1.5) * RATE)
    sound = LEVEL * np.resize(pilot(RATE), length)
    for number in range(count):
        late = (late_ms or {}).get(number, 0.0) / 1000
        at = round((0.5 + number * period + late) * RATE)
        sound[at : at + RATE // 500] += 0.5
    return sound


def with_silence(sound: np.ndarray, at_seconds: float, seconds: float) -> np.ndarray:
    at = round(at_seconds * RATE)
    return np.concatenate([sound[:at], np.zeros(round(seconds * RATE)), sound[at:]])


def without(sound: np.ndarray, at_seconds: float, seconds: float) -> np.ndarray:
    at = round(at_seconds * RATE)
    return np.concatenate([sound[:at], sound[at + round(seconds * RATE) :]])


def test_a_steady_stream_has_no_jitter():
    found = measure(recording(), RATE, 30, 1.0)
    assert found.strokes == found.found == found.placed == 30
    assert found.jitter_max_ms < 0.03
    assert found.stream_jitter_max_ms < 0.03
    assert found.gaps == 0
    assert found.is_clock_steady and found.is_heard_steady


def test_a_block_that_came_too_late_is_a_gap_and_not_the_clocks_fault():
    sound = with_silence(with_silence(recording(), 10.8, 0.020), 20.8, 0.015)
    found = measure(sound, RATE, 30, 1.0)
    assert (found.gaps, found.missing_ms) == (2, 0)
    assert found.put_in_ms == pytest.approx(35, abs=0.1)
    assert found.drift_ms == pytest.approx(35, abs=0.1)
    assert found.jitter_p99_ms > 5
    assert found.jitter_p99_without_gaps_ms < 0.05
    assert abs(found.drift_without_gaps_ms) < 0.05
    assert found.is_clock_steady and not found.is_heard_steady


def test_a_gap_close_behind_an_onset_does_not_look_like_jitter():
    sound = recording()
    for number in range(2, 27, 3):  # 3.53, 6.56 …: 30 ms and more behind the click
        sound = with_silence(sound, 0.5 + number + 0.011 * number + 0.03, 0.011 * 3)
    found = measure(sound, RATE, 30, 1.0)
    assert found.found == 30 and 20 <= found.placed < 30
    assert found.stream_jitter_max_ms < 0.05
    assert found.jitter_p99_ms > 5


def test_what_the_recorder_lost_is_told_apart():
    found = measure(without(recording(), 10.8, 0.030), RATE, 30, 1.0)
    assert (found.gaps, found.put_in_ms) == (1, 0)
    assert found.missing_ms == pytest.approx(30, abs=0.1)
    assert found.is_clock_steady


def test_a_stroke_that_was_lost_in_a_gap_is_counted_out():
    found = measure(without(recording(), 9.9, 0.8), RATE, 30, 1.0)
    assert found.found == found.placed == 29
    assert found.stream_jitter_max_ms < 0.03
    assert not found.is_heard_steady


def test_a_clock_that_is_not_steady_is_found_out():
    late = dict.fromkeys(range(0, 30, 3), 7.0)
    found = measure(recording(late_ms=late), RATE, 30, 1.0)
    assert found.gaps == 0
    assert found.stream_jitter_max_ms > 4
    assert not found.is_clock_steady
    slow = measure(recording(period=1.0005), RATE, 30, 1.0)
    assert slow.stream_drift_ms == pytest.approx(14.5, abs=0.1)
    assert not slow.is_clock_steady


def test_silence_tells_nothing():
    assert measure(np.zeros(5 * RATE), RATE, 30, 1.0) is None


@pytest.mark.skipif(pulse.missing() is not None, reason="no virtual sound here")
def test_the_clock_is_steady_through_real_sound_devices(tmp_path):
    path = ROOT / "scripts" / "bench_clock"
    loader = SourceFileLoader("bench_clock", str(path))
    bench = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_clock", loader))
    loader.exec_module(bench)
    sound, _underflows = bench.record(tmp_path, 16, 0.5, is_loaded=False)
    found = measure(sound, RATE, 16, 0.5)
    assert found.is_clock_steady, found.figures()
    if not found.gaps:  # A busy machine may tear the stream.
        assert found.is_heard_steady
