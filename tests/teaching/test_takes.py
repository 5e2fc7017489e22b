"""Cutting takes out of sound, and seeing what is wrong with them."""

import numpy as np
import pytest
from support.places import EARS_DATA as DATA

from voiceguide.core.commands import Command, Phrase
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.sound.clip import Samples
from voiceguide.teaching.folder import keep_takes, make_folder
from voiceguide.teaching.measuring import NamedTake, beside
from voiceguide.teaching.takes import Flaw, Take, TakeCutter, flaw_of, take_of

RATE = 16_000
STOP = Phrase("stop", Command.STOP)


def hiss(seconds: float, dbfs: float = -70.0) -> Samples:
    rng = np.random.default_rng(1)
    return rng.normal(0, 10 ** (dbfs / 20), round(seconds * RATE)).astype(np.float32)


def word() -> Samples:
    return read_sound(DATA / "stop-mjbh.flac", RATE).samples


def feed(cutter: TakeCutter, samples: Samples, step: int = 800) -> list[Take | Flaw]:
    blocks = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    found = (cutter.feed(blocks[at : at + step]) for at in range(0, len(blocks), step))
    return [each for each in found if each is not None]


@pytest.mark.parametrize("step", [160, 441, 800, 4000])
def test_a_word_is_cut_with_its_margins_whatever_the_blocks(step: int) -> None:
    cutter = TakeCutter()
    feed(cutter, hiss(2.0), step)
    cutter.open()
    sound = hiss(5.0)
    sound[RATE : RATE + len(word())] += word()
    (take,) = feed(cutter, sound, step)
    assert isinstance(take, Take)
    assert 0.1 < take.word_seconds < 0.8
    assert take.word_seconds + 0.9 < len(take.samples) / RATE < take.word_seconds + 1.3
    assert take.snr_db > 20
    assert flaw_of(take, STOP) is None
    loudest = np.argmax(np.abs(take.samples)) / RATE
    assert 0.5 < loudest < len(take.samples) / RATE - 0.5


def test_what_was_said_before_it_was_opened_does_not_count() -> None:
    cutter = TakeCutter()
    assert feed(cutter, np.concatenate((hiss(1.0), word(), hiss(1.0)))) == []
    cutter.open()
    assert feed(cutter, hiss(4.8)) == []
    assert feed(cutter, hiss(0.5)) == [Flaw.SILENT]
    # Closed: nothing comes until it is opened again.
    assert feed(cutter, np.concatenate((hiss(6.0), word(), hiss(2.0)))) == []


def test_a_click_is_no_word() -> None:
    cutter = TakeCutter()
    feed(cutter, hiss(1.0))
    cutter.open()
    sound = hiss(3.0)
    sound[RATE : RATE + 320] = 0.5
    assert feed(cutter, sound) == []
    (take,) = feed(cutter, np.concatenate((word(), hiss(1.5))))
    assert isinstance(take, Take)


def test_talk_without_an_end_is_too_long() -> None:
    cutter = TakeCutter()
    feed(cutter, hiss(1.0))
    cutter.open()
    talk = np.concatenate([word()] * 12)
    found = feed(cutter, talk)
    assert found[:1] == [Flaw.LONG]


def test_flaws_of_the_sound() -> None:
    take = take_of(word())
    assert isinstance(take, Take)
    assert flaw_of(take, STOP) is None
    loud = np.clip(word() / np.abs(word()).max() * 3, -1, 1).astype(np.float32)
    assert flaw_of(Take(loud, 0.5, 30.0), STOP) is Flaw.CLIPPED
    assert flaw_of(Take(take.samples, 0.5, 4.0), STOP) is Flaw.SOFT
    assert flaw_of(Take(take.samples, 1.6, 30.0), STOP) is Flaw.LONG
    assert flaw_of(Take(take.samples, 1.6, 30.0), Phrase("what can i say", Command.HELP)) is None


def test_a_recording_cut_close_gets_some_quiet() -> None:
    whole = word()
    tight = whole[round(0.24 * RATE) : round(0.62 * RATE)]
    take = take_of(tight)
    assert isinstance(take, Take)
    assert 0.2 < take.word_seconds < 0.6
    assert flaw_of(take, STOP) is None


def test_a_recording_without_a_word_is_silent() -> None:
    assert take_of(hiss(2.0)) is Flaw.SILENT
    assert take_of(np.zeros(0, np.float32)) is Flaw.SILENT


@pytest.mark.parametrize("snr_db", [12.0, 6.0])
def test_noise_lies_as_far_below_the_word_as_it_should(snr_db: float) -> None:
    clean, noise = word(), hiss(3.0, -20.0)
    mixed = beside(clean, noise, snr_db, seed=3)
    assert len(mixed) == len(clean) + 2 * RATE
    frames = np.mean(clean[: len(clean) // 320 * 320].reshape(-1, 320) ** 2, axis=1)
    active = np.mean(frames[frames > frames.max() / 100])
    under = np.mean(mixed[:RATE] ** 2)
    assert 10 * np.log10(active / under) == pytest.approx(snr_db, abs=0.3)
    assert np.array_equal(mixed, beside(clean, noise, snr_db, seed=3))
    assert not np.array_equal(mixed, beside(clean, noise, snr_db, seed=4))


def test_silence_can_be_mixed_too() -> None:
    silent = np.zeros(RATE, np.float32)
    assert not beside(silent, hiss(1.0), 6.0, seed=0).any()
    assert np.isfinite(beside(word(), silent, 6.0, seed=0)).all()


def test_nobody_else_can_hear_takes_that_are_kept(tmp_path) -> None:
    folder = tmp_path / "takes"
    make_folder(folder)
    said = NamedTake(STOP, Take(word(), 0.5, 20.0))
    keep_takes(folder, [said, said])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.name: file.stat().st_mode & 0o777 for file in folder.iterdir()} == {
        "stop-1.wav": 0o600,
        "stop-2.wav": 0o600,
    }
