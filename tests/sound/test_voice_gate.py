"""The gate in front of a sleeping guide's recogniser: shut in silence and beside a tap, and nothing
of a word is cut off.
"""

import itertools

import numpy as np
import pytest

from voiceguide.sound.noise import NoiseMeter
from voiceguide.sound.voice_gate import HANG_SECONDS, LEAD_SECONDS, VoiceGate

RATE = 16_000
BLOCK = 800


def noise(seconds, dbfs, seed=0):
    """White noise of a level."""
    random = np.random.default_rng(seed)
    return random.normal(0, 10 ** (dbfs / 20), round(seconds * RATE))


def hum(seconds, dbfs):
    """A vowel: harmonics that fill the bands, with a soft beginning."""
    time = np.arange(round(seconds * RATE)) / RATE
    voiced = sum(np.sin(2 * np.pi * 140 * k * time) / np.sqrt(k) for k in range(1, 35))
    swell = np.minimum(1.0, time / 0.15)
    return voiced * swell * 10 ** (dbfs / 20) / np.std(voiced)


def let_through(sound):
    """What came through: all of it, and for each block whether the gate was open."""
    gate, meter = VoiceGate(RATE), NoiseMeter(RATE)
    samples = np.clip(sound * 32767, -32768, 32767).astype(np.int16)
    parts, opened = [], []
    for start in range(0, len(samples) - BLOCK + 1, BLOCK):
        block = samples[start : start + BLOCK]
        through = gate.take(block, meter.read(block.astype(np.float32) / np.float32(32768)))
        parts.append(np.zeros(0, np.int16) if through is None else through)
        opened.append(gate.is_open)
    return samples, np.concatenate(parts), opened


@pytest.mark.parametrize("dbfs", [-75, -50, -35, -25])
def test_it_stays_shut_beside_a_steady_noise_however_loud(dbfs):
    _, through, opened = let_through(noise(30, dbfs))
    assert not any(opened)
    assert len(through) == 0


def test_a_click_does_not_open_it():
    sound = noise(4, -70)
    sound[2 * RATE : 2 * RATE + 160] += 0.5
    assert not any(let_through(sound)[2])


@pytest.mark.parametrize(("noise_dbfs", "voice_dbfs"), [(-70, -45), (-70, -20), (-40, -26)])
def test_a_word_comes_through_whole_with_what_was_before_it(noise_dbfs, voice_dbfs):
    sound = noise(6, noise_dbfs)
    sound[3 * RATE : round(3.6 * RATE)] += hum(0.6, voice_dbfs)
    samples, through, opened = let_through(sound)
    text = through.tobytes()
    begins = samples.tobytes().find(text) // 2
    assert begins >= 0, "what comes through is one piece of what was heard"
    assert begins / RATE <= 3.0 - 0.2
    assert begins / RATE >= 3.0 - LEAD_SECONDS - 0.05
    assert (begins + len(through)) / RATE >= 3.6 + HANG_SECONDS - 0.2
    assert not opened[-1]


def test_a_pause_within_a_phrase_does_not_shut_it():
    sound = noise(6, -65)
    for at in (3.0, 3.8):
        sound[round(at * RATE) : round((at + 0.4) * RATE)] += hum(0.4, -26)
    _, _, opened = let_through(sound)
    assert sum(now and not before for before, now in itertools.pairwise(opened)) == 1
