"""What the doctor says of talking over the guide, in simulated rooms."""

import numpy as np
import pytest

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.doctor.echo import FAIR_DB, check_echo, measure, sweep
from voiceguide.doctor.finding import Instruments
from voiceguide.rehearsal.acoustics import BATHROOM
from voiceguide.rehearsal.air import Air
from voiceguide.rehearsal.wire import Devices
from voiceguide.settings.sound import CancellerChoice, SoundSettings
from voiceguide.settings.tables import Settings
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample

BLOCK = 800


def sentence(seconds=4.0):
    """Coloured noise that comes and goes like syllables; about −20 dBFS, at another rate."""
    count = round(seconds * 22_050)
    colour = np.convolve(np.random.default_rng(1).standard_normal(count), 0.9 ** np.arange(40))
    sound = colour[:count] * np.clip(np.sin(np.arange(count) * 6 * np.pi / 22_050), 0, 1)
    return Clip((0.1 * sound / np.sqrt(np.mean(sound**2))).astype(np.float32), 22_050)


def instruments(**changes):
    """The devices of a simulated room."""

    def play_and_record(_settings, clip):
        air = Air(
            BATHROOM,
            block_samples=BLOCK,
            echo_db=6.0,
            narration_db=-20.0,
            noise=None,
            seed=1,
            devices=Devices(**changes),
        )
        sound = resample(clip, EAR_RATE_HZ).samples
        whole = np.concatenate((sound, np.zeros(-len(sound) % BLOCK + 8000, np.float32)))
        return np.concatenate([air.hear(block) for block in whole.reshape(-1, BLOCK)])

    return Instruments(None, None, None, play_and_record)


def test_one_card_works_well():
    finding = check_echo(Settings(), instruments(delay_seconds=0.1), sentence())
    assert finding.ok
    assert "talking over the guide will work well" in finding.detail
    assert "comes back 101 ms late with" in finding.detail


def test_a_loudspeaker_that_distorts_much_works_less_well():
    finding = check_echo(Settings(), instruments(distortion_percent=20.0), sentence())
    assert finding.ok
    assert "will work well" not in finding.detail


def test_two_clocks_are_followed():
    reached = instruments(delay_seconds=0.2, drift_ppm=100.0)
    assert "will work well" in check_echo(Settings(), reached, sentence()).detail


def test_a_microphone_that_does_not_hear_the_guide_is_fine():
    noise = np.random.default_rng(1).normal(0, 30, 160_000).astype(np.int16)
    reached = Instruments(None, None, None, lambda *_: noise)
    assert "headphones" in check_echo(Settings(), reached, sentence()).detail


def test_a_microphone_that_is_overdriven_is_told():
    quiet_room = instruments()

    def overdriven(settings, clip):
        loud = quiet_room.play_and_record(settings, clip).astype(np.int32) * 8
        return np.clip(loud, -32768, 32767).astype(np.int16)

    finding = check_echo(Settings(), Instruments(None, None, None, overdriven), sentence())
    assert not finding.ok
    assert "overdriven" in finding.detail
    assert "gain down" in finding.advice


@pytest.mark.parametrize(("gain", "says"), [(0.03, "will work well"), (1.0, "only")])
def test_the_sound_systems_canceller_is_judged_by_what_comes_back(gain, says):
    room = instruments()

    def cancelled(settings, clip):
        return (room.play_and_record(settings, clip) * gain).astype(np.int16)

    settings = Settings(sound=SoundSettings(canceller=CancellerChoice.SYSTEM))
    finding = check_echo(settings, Instruments(None, None, None, cancelled), sentence())
    assert says in finding.detail
    assert "by the sound system" in finding.detail


def test_a_device_that_fails_is_told():
    def fail(*_):
        raise DeviceError("the speaker went away")

    finding = check_echo(Settings(), Instruments(None, None, None, fail), sentence())
    assert (finding.ok, finding.detail) == (False, "the speaker went away")


def test_an_echo_that_is_no_linear_one_is_hardly_lowered():
    clip = Clip(np.concatenate((sweep(16_000), sweep(16_000), sentence().samples)), 16_000)
    bent = np.sign(clip.samples) * 0.05
    path = measure((bent * 32767).astype(np.int16), clip)
    assert path.lowered_db < FAIR_DB


@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_a_sweep_rises_and_is_faded_at_both_ends(rate):
    tone = sweep(rate)
    crossings = np.flatnonzero(np.diff(np.sign(tone[: rate // 2])) != 0)
    assert len(crossings) < np.count_nonzero(np.diff(np.sign(tone[-rate // 2 :])) != 0)
    assert abs(tone[0]) < 1e-3
    assert abs(tone[-1]) < 1e-3
