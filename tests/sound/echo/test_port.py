"""The canceller is a port: another one, or the sound system's, can stand in its place."""

import numpy as np
import pytest

from voiceguide.sound.echo.canceller import EchoCanceller
from voiceguide.sound.echo.cleaner import Front
from voiceguide.sound.echo.port import Canceller, SystemCanceller
from voiceguide.sound.mixer import Mixer

RATE, BLOCK = 16_000, 800


def speech_like(seconds, level=0.1, seed=1):
    random = np.random.default_rng(seed)
    count = round(seconds * RATE)
    sound = random.standard_normal(count) * np.clip(np.sin(np.arange(count) * 18 / RATE), 0, 1)
    return (level * sound).astype(np.float32)


def narrated(canceller, coupling_db, seconds=4.0):
    """A front that has heard the guide come back at this level, what came in and what was left."""
    mixer = Mixer(RATE)
    told = speech_like(seconds)
    mixer.play(told, 0, tag=1)
    front = Front(mixer, BLOCK, RATE, canceller)
    echo = np.pad(told, (1000, 0)) * 10 ** (coupling_db / 20)
    noise = np.random.default_rng(2).standard_normal(len(echo)) * 10 ** (-70 / 20)
    recorded = np.rint((echo + noise) * 32768).astype(np.int16)
    cleaned = []
    for start in range(0, len(told) // BLOCK * BLOCK, BLOCK):
        mixer.render(BLOCK)
        block = recorded[start : start + BLOCK]
        cleaned.append(front.clean(block, mixer.position / RATE))
    left = np.concatenate(cleaned)
    return front, recorded[: len(left)], left


def test_both_are_cancellers():
    for made in (EchoCanceller(BLOCK), SystemCanceller()):
        canceller: Canceller = made
        block = np.zeros(BLOCK, np.int16)
        canceller.realign(np.zeros(canceller.span, np.float32), 100)
        canceller.relearn(canceller.learnt())
        assert not canceller.cancel(block, np.zeros(BLOCK, np.float32)).any()
        assert canceller.measure is None


def test_the_systems_leaves_the_sound_as_it_is():
    front, recorded, cleaned = narrated(SystemCanceller(), -30.0)
    assert np.array_equal(recorded, cleaned)
    assert front.cleared_db == 0.0


@pytest.mark.parametrize(("coupling_db", "trusted"), [(-40.0, True), (-25.0, True), (-6.0, False)])
def test_the_systems_is_trusted_by_how_softly_the_guide_comes_back(coupling_db, trusted):
    front, *_ = narrated(SystemCanceller(), coupling_db)
    assert front.trusted is trusted
    assert front.lower_db == pytest.approx(-coupling_db - 10.0, abs=3.0)


def test_ours_takes_it_out():
    front, recorded, cleaned = narrated(None, 0.0, 8.0)
    assert front.trusted
    late = slice(-2 * RATE, None)
    assert np.std(cleaned[late].astype(float)) < np.std(recorded[late].astype(float)) / 4
