"""What reaches the microphone, and how loud."""

import numpy as np
import pytest

from voiceguide.core.errors import DeviceError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.rehearsal.acoustics import BATHROOM, active_level_db
from voiceguide.rehearsal.air import FLOOR_DBFS, PERSON_DBFS, TAP, Air, noise_loop
from voiceguide.sound.clip import Clip
from voiceguide.sound.level import dbfs

BLOCK = 800
SILENCE = np.zeros(BLOCK, np.float32)


def speech_like(seconds=1.0, level=0.1):
    random = np.random.default_rng(5)
    return (random.standard_normal(round(seconds * EAR_RATE_HZ)) * level).astype(np.float32)


def air(**changes):
    given = {
        "block_samples": BLOCK,
        "echo_db": -6.0,
        "narration_db": -20.0,
        "noise": None,
        "seed": 1,
    }
    return Air(BATHROOM, **(given | changes))


def record(room, blocks):
    return np.concatenate([room.hear(block) for block in blocks])


def test_in_silence_there_is_only_the_floor_of_the_microphone():
    assert dbfs(record(air(), [SILENCE] * 20)) == pytest.approx(FLOOR_DBFS, abs=0.3)


def test_the_person_is_heard_at_their_level_where_they_speak():
    room = air()
    start, end = room.speak(Clip(speech_like(), EAR_RATE_HZ), 4000)
    recorded = record(room, [SILENCE] * 40) / np.float32(32768)
    assert (start, end) == (0.25, 1.25)
    assert dbfs(recorded[:4000]) < FLOOR_DBFS + 1
    assert active_level_db(recorded) == pytest.approx(PERSON_DBFS, abs=0.5)


def test_a_louder_person_is_heard_louder():
    room = air()
    room.speak(Clip(speech_like(), EAR_RATE_HZ), 0, level_db=3.0)
    recorded = record(room, [SILENCE] * 30) / np.float32(32768)
    assert active_level_db(recorded) == pytest.approx(PERSON_DBFS + 3, abs=0.5)


def test_the_guide_comes_back_late_and_at_the_level_of_its_echo():
    room = air(echo_db=-6.0, narration_db=-20.0)
    played = speech_like(2.0, level=0.1)  # −20 dBFS
    recorded = record(room, played.reshape(-1, BLOCK)) / np.float32(32768)
    late = round(0.04 * EAR_RATE_HZ)
    assert dbfs(recorded[: late - 10]) < FLOOR_DBFS + 1.5
    assert dbfs(recorded[16000:]) == pytest.approx(PERSON_DBFS - 6, abs=1.0)


def test_the_tap_runs_at_its_distance_from_the_person():
    room = air(noise=noise_loop(read_sound(TAP, EAR_RATE_HZ), snr_db=15.0))
    recorded = record(room, [SILENCE] * 300)
    assert dbfs(recorded) == pytest.approx(PERSON_DBFS - 15, abs=0.3)


def test_the_loop_of_the_noise_has_no_seam():
    loop = noise_loop(read_sound(TAP, EAR_RATE_HZ), snr_db=0.0)
    around = np.concatenate([loop[-400:], loop[:400]])
    assert dbfs(around) == pytest.approx(dbfs(loop), abs=2.0)
    jump = abs(float(loop[0] - loop[-1]))
    assert jump < 4 * float(np.abs(np.diff(loop)).mean())


def test_the_same_seed_gives_the_same_samples_and_another_one_does_not():
    noise = noise_loop(read_sound(TAP, EAR_RATE_HZ), snr_db=15.0)
    first, again, other = (
        record(air(noise=noise, seed=seed), [SILENCE] * 10) for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_silence_is_no_noise(count):
    with pytest.raises(DeviceError, match="silent"):
        noise_loop(Clip(np.zeros(count, np.float32), EAR_RATE_HZ), 10.0)


@pytest.mark.parametrize("echo_db", [12.0, 18.0])
def test_a_loud_echo_does_not_clip_and_hides_the_person_no_less(echo_db):
    told = speech_like()
    level = active_level_db(told)
    room = air(echo_db=echo_db, narration_db=level)
    room.speak(Clip(speech_like(), EAR_RATE_HZ), 0)
    alone = record(room, [SILENCE] * 20) / np.float32(32768)
    recorded = record(room, [*told[: 16 * BLOCK].reshape(-1, BLOCK)]) / np.float32(32768)
    assert np.abs(recorded).max() < 0.99
    assert active_level_db(recorded) - active_level_db(alone) == pytest.approx(echo_db, abs=1.5)
