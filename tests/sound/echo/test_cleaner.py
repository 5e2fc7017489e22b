"""The guide's own voice is taken out, wherever and however late it comes back."""

import numpy as np
import pytest

from voiceguide.core.effects import Cue
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.rehearsal.acoustics import BATHROOM
from voiceguide.rehearsal.air import Air
from voiceguide.rehearsal.wire import Devices
from voiceguide.sound.background import Background, drone
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.reference import played
from voiceguide.sound.level import dbfs
from voiceguide.sound.mixer import Mixer
from voiceguide.sound.swell import make_swell

BLOCK = 800


def speech_like(seconds, seed=1):
    """Coloured noise that comes and goes like syllables; about −20 dBFS."""
    random = np.random.default_rng(seed)
    count = round(seconds * EAR_RATE_HZ)
    colour = np.convolve(random.standard_normal(count), 0.9 ** np.arange(40), "same")
    sound = colour * np.clip(np.sin(np.arange(count) * 2 * np.pi * 3 / EAR_RATE_HZ), 0, 1)
    return (0.1 * sound / np.sqrt(np.mean(sound**2))).astype(np.float32)


def reduction(devices, seconds, *, off_seconds=0.0, rate=EAR_RATE_HZ, echo_db=6.0):
    """By how many dB the echo is less, for each whole second; and the front."""
    mixer = Mixer(rate)
    step = rate // EAR_RATE_HZ
    mixer.play(np.repeat(speech_like(seconds), step), 0, tag=1)
    air = Air(
        BATHROOM,
        block_samples=BLOCK,
        echo_db=echo_db,
        narration_db=-20.0,
        noise=None,
        seed=1,
        devices=devices,
    )
    front = Front(mixer, BLOCK, EAR_RATE_HZ)
    raw, clean = [], []
    for _ in range(round(seconds * 20)):
        mixer.render(BLOCK * step)
        now = mixer.position / rate
        recorded = air.hear(played(mixer, now, BLOCK, EAR_RATE_HZ))
        raw.append(recorded)
        clean.append(front.clean(recorded, now + off_seconds))
    seconds_of = [np.concatenate(part).reshape(-1, EAR_RATE_HZ) for part in (raw, clean)]
    return [dbfs(a) - dbfs(b) for a, b in zip(*seconds_of, strict=True)], front


@pytest.mark.parametrize(
    ("devices", "seconds"),
    [
        (Devices(), 10.0),
        (Devices(delay_seconds=0.01), 10.0),
        (Devices(delay_seconds=0.3, drift_ppm=-200.0), 11.0),
        (Devices(delay_seconds=0.1, drift_ppm=200.0, distortion_percent=2.0), 14.0),
    ],
    ids=str,
)
def test_the_echo_is_gone_after_a_few_sentences(devices, seconds):
    less, front = reduction(devices, seconds)
    assert min(less[-3:]) > 18
    assert front.drift_ppm == pytest.approx(devices.drift_ppm, abs=3)
    assert front.delay_seconds is not None


def test_the_echo_is_gone_again_three_seconds_after_the_delay_jumped():
    less, _ = reduction(Devices(jumps=((8.0, 0.2),)), 13.0)
    assert min(less[6:8]) > 18
    assert min(less[12:]) > 18


@pytest.mark.parametrize("off", [-0.25, 0.2])
def test_the_timeline_may_be_off(off):
    less, _ = reduction(Devices(delay_seconds=0.3), 10.0, off_seconds=off)
    assert min(less[-2:]) > 18


def test_a_speaker_at_another_rate():
    less, _ = reduction(Devices(drift_ppm=100.0), 10.0, rate=48_000)
    assert min(less[-2:]) > 18


@pytest.mark.parametrize(
    "devices",
    [
        pytest.param(Devices(), marks=pytest.mark.long),
        Devices(delay_seconds=0.12, drift_ppm=50.0),
    ],
)
def test_a_background_is_taken_out_and_teaches_nothing(devices):
    mixer = Mixer(EAR_RATE_HZ)
    mixer.set_background(Background(drone(EAR_RATE_HZ), EAR_RATE_HZ))
    mixer.play(speech_like(12.0), 0, tag=1)
    mixer.play(speech_like(4.0, seed=2), 20 * EAR_RATE_HZ, tag=2)
    air = Air(
        BATHROOM,
        block_samples=BLOCK,
        echo_db=6.0,
        narration_db=-20.0,
        noise=None,
        seed=1,
        devices=devices,
    )
    front = Front(mixer, BLOCK, EAR_RATE_HZ)
    raw, clean, trusted = [], [], []
    for _ in range(24 * 20):
        recorded = air.hear(mixer.render(BLOCK))
        raw.append(recorded)
        clean.append(front.clean(recorded, mixer.position / EAR_RATE_HZ))
        trusted.append(front.trusted)
    heard, left = (np.concatenate(part).reshape(-1, EAR_RATE_HZ) for part in (raw, clean))
    alone = range(14, 20)
    assert min(dbfs(heard[second]) for second in alone) > -57
    assert max(dbfs(left[second]) for second in alone) < -65
    assert dbfs(heard[21]) - dbfs(left[21]) > 18, "what was learnt of the echo is kept"
    assert all(trusted[20 * 20 :])


@pytest.mark.parametrize("breaths", [2, pytest.param(9, marks=pytest.mark.long)])
def test_minutes_of_breath_do_not_unlearn_the_echo_of_speech(breaths):
    # The harder devices: a delay to keep, and a clock that runs away from it all the while.
    devices = Devices(delay_seconds=0.12, drift_ppm=50.0)
    mixer = Mixer(EAR_RATE_HZ)
    mixer.play(speech_like(12.0), 0, tag=1)
    for number, cue in enumerate([Cue.BREATHE_IN, Cue.BREATHE_OUT] * breaths):
        swell = make_swell(cue, 5.0, EAR_RATE_HZ)
        mixer.play(swell, (13 + 5 * number) * EAR_RATE_HZ, tag=None, teaches=False)
    at = 13 + 10 * breaths
    mixer.play(speech_like(3.0, seed=2), at * EAR_RATE_HZ, tag=2)
    air = Air(
        BATHROOM,
        block_samples=BLOCK,
        echo_db=-6.0,
        narration_db=-20.0,
        noise=None,
        seed=1,
        devices=devices,
    )
    front = Front(mixer, BLOCK, EAR_RATE_HZ)
    for _ in range(at * 20):
        front.clean(air.hear(mixer.render(BLOCK)), mixer.position / EAR_RATE_HZ)
    raw = [air.hear(mixer.render(BLOCK)) for _ in range(20)]
    clean = []
    for number, recorded in enumerate(raw, 1):
        clean.append(front.clean(recorded, at + number * BLOCK / EAR_RATE_HZ))
    assert dbfs(np.concatenate(raw)) - dbfs(np.concatenate(clean)) > 18


def test_sound_that_is_missing_is_waited_for():
    mixer = Mixer(EAR_RATE_HZ)
    mixer.play(speech_like(3.0), 0, tag=1)
    front = Front(mixer, BLOCK, EAR_RATE_HZ)
    for number in range(50):
        sound = mixer.render(BLOCK)
        if number == 25:
            front.forget()
        front.clean((sound * 8192).astype(np.int16), mixer.position / EAR_RATE_HZ)
    assert front.delay_seconds is None


@pytest.mark.parametrize("ahead_seconds", [0.0, 0.28])
def test_with_headphones_a_person_is_believed_after_three_seconds(ahead_seconds):
    mixer = Mixer(EAR_RATE_HZ)
    mixer.play(speech_like(4.0), 0, tag=1)
    front = Front(mixer, BLOCK, EAR_RATE_HZ)
    hiss = np.random.default_rng(3).normal(0.0, 10.0, (4 * 20, BLOCK)).astype(np.int16)
    trusted = []
    for block in hiss:
        mixer.render(BLOCK)
        front.clean(block, mixer.position / EAR_RATE_HZ + ahead_seconds)
        trusted.append(front.trusted)
    assert front.delay_seconds is None
    assert not trusted[10]
    assert all(trusted[65:])
