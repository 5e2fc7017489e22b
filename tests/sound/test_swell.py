"""The sounds of a breath: told apart with closed eyes, equally loud, without clicks."""

import numpy as np
import pytest

from voiceguide.core.effects import Cue
from voiceguide.sound.swell import LEVEL_DBFS, fit_swell, make_swell

RATES = (16_000, 44_100, 48_000)
SECONDS = (0.5, 1.0, 4.0, 6.0, 20.0, 60.0)
BOTH = (Cue.BREATHE_IN, Cue.BREATHE_OUT)


def level_db(samples: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


def centre_hz(samples: np.ndarray, rate: int) -> float:
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    return float((power * np.fft.rfftfreq(len(samples), 1 / rate)).sum() / power.sum())


@pytest.mark.parametrize("cue", BOTH)
@pytest.mark.parametrize("seconds", SECONDS)
@pytest.mark.parametrize("rate", RATES)
def test_a_swell_is_as_long_as_its_phase_soft_and_without_clicks(cue, seconds, rate):
    samples = make_swell(cue, seconds, rate)
    assert len(samples) == round(seconds * rate)
    assert level_db(samples) == pytest.approx(LEVEL_DBFS, abs=0.05)
    assert np.abs(samples).max() < 10 ** (-20 / 20)
    assert np.abs(samples[[0, -1]]).max() == 0
    edge = rate // 1000
    assert np.abs(samples[:edge]).max() < 2e-3
    assert np.abs(samples[-edge:]).max() < 2e-3


@pytest.mark.parametrize("seconds", SECONDS)
def test_in_rises_and_out_falls(seconds):
    rising, falling = (make_swell(cue, seconds, 48_000) for cue in BOTH)
    for samples, sign in ((rising, 1), (falling, -1)):
        first, *_, last = np.array_split(samples[len(samples) // 20 : -len(samples) // 20], 4)
        assert sign * (level_db(last) - level_db(first)) > 3
        assert sign * (centre_hz(last, 48_000) / centre_hz(first, 48_000) - 1) > (
            0.2 if sign > 0 else 0.15
        )


@pytest.mark.parametrize("cue", BOTH)
def test_its_energy_is_where_a_tap_masks_least(cue):
    samples = make_swell(cue, 6.0, 48_000)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / 48_000)
    assert power[(hz >= 1000) & (hz <= 4000)].sum() > 0.85 * power.sum()


def test_the_same_swell_is_the_same_samples():
    one, other = (make_swell(Cue.BREATHE_IN, 4.0, 48_000) for _ in range(2))
    assert np.array_equal(one, other)


@pytest.mark.parametrize(("cue", "seconds"), [(Cue.TICK, 1.0), (Cue.BREATHE_IN, 0.0)])
def test_what_is_no_swell_is_refused(cue, seconds):
    with pytest.raises(ValueError, match="there is no swell"):
        make_swell(cue, seconds, 48_000)


def test_a_swell_out_of_a_file_is_cut_off_softly_at_the_end_of_its_phase():
    tone = np.full(3 * 16_000, 0.1, np.float32)
    cut = fit_swell(tone, 2.0, 16_000)
    assert len(cut) == 2 * 16_000
    assert np.array_equal(cut[: 16_000 * 3 // 2], tone[: 16_000 * 3 // 2])
    assert cut[-1] == pytest.approx(0, abs=1e-6)
    assert np.abs(np.diff(cut)).max() < 1e-4
    assert fit_swell(tone, 4.0, 16_000) is tone


def test_a_meter_of_others_finds_in_and_out_equally_loud():
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="it is among the benches' packages")
    meter = pyloudnorm.Meter(48_000)
    for seconds in (4.0, 6.0, 10.0):
        one, other = (
            meter.integrated_loudness(make_swell(cue, seconds, 48_000).astype(float))
            for cue in BOTH
        )
        assert one == pytest.approx(other, abs=1.0)
