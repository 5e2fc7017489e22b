"""Noise and events for training: every maker sounds, halves are kept apart, runs repeat."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy")
soundfile = pytest.importorskip("soundfile")
pytest.importorskip("soxr")


from train import sounds, sounds_music  # noqa: E402
from train.corpus import Corpus  # noqa: E402
from train.sounds_dsp import filtered, to_int16  # noqa: E402
from train.sounds_events import EVENTS, HELD_OUT_EVENTS  # noqa: E402
from train.sounds_noise import NOISES  # noqa: E402
from train.sounds_voice import HELD_OUT_VOICES, VOICES, reversed_speech, scrambled_speech  # noqa: E402

EVENT_MAKERS = {name: make for name, (make, _) in (EVENTS | VOICES).items()}
EVENT_MAKERS |= HELD_OUT_EVENTS | HELD_OUT_VOICES


@pytest.fixture
def no_soundfont(monkeypatch):
    monkeypatch.setattr(sounds_music, "soundfont", lambda: None)
    monkeypatch.setattr(sounds, "soundfont", lambda: None)


@pytest.fixture
def recordings(tmp_path) -> Path:
    """Noise whose first half is 500 Hz and whose second half is 2000 Hz."""
    folder = tmp_path / "recordings" / "noise"
    folder.mkdir(parents=True)
    time = np.arange(16_000 * 4) / 16_000
    wave = 0.3 * np.sin(2 * np.pi * np.where(time < 2, 500, 2000) * time)
    soundfile.write(folder / "running-tap.flac", wave, 16_000)
    return folder.parent


@pytest.mark.parametrize("kind", NOISES)
def test_noise_is_sound_and_repeats(kind):
    make, size = NOISES[kind][0], 16_000
    waves = [make(np.random.default_rng(seed), size) for seed in (5, 5, 6)]
    assert len(waves[0]) == size
    assert np.isfinite(waves[0]).all()
    assert np.array_equal(waves[0], waves[1])
    assert not np.array_equal(waves[0], waves[2])


@pytest.mark.parametrize("kind", EVENT_MAKERS)
def test_event_is_sound_of_fitting_length(kind):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        wave = EVENT_MAKERS[kind](rng)
        assert np.isfinite(wave).all()
        clip = sounds._clip(rng, wave)
        assert 0.2 <= len(clip) / 16_000 <= 3.0
        assert 100 < np.abs(clip.astype(int)).max() < 32_767


def test_held_out_kinds_are_not_in_training():
    assert not (HELD_OUT_EVENTS.keys() | HELD_OUT_VOICES.keys()) & (EVENTS.keys() | VOICES.keys())
    assert not set(sounds_music.HELD_OUT_EFFECTS) & set(sounds_music.EFFECTS)


def test_levels_never_clip():
    spike = np.zeros(1000)
    spike[10] = 1.0
    samples = to_int16(spike, -3.0)
    assert np.abs(samples).max() == pytest.approx(32_767 * 10 ** (-1 / 20), abs=1)


def test_a_gain_curve_is_obeyed():
    wave = np.sin(2 * np.pi * 1000 * np.arange(16_000) / 16_000)
    out = filtered(wave, np.array([500.0, 1000, 2000]), np.array([0.0, -20, 0]))
    assert np.abs(out).max() == pytest.approx(0.1, rel=1e-3)


def test_senseless_speech_keeps_its_length():
    speech = np.random.default_rng(0).standard_normal(16_000) * np.linspace(0, 1, 16_000)
    backwards = reversed_speech(np.random.default_rng(1), speech)
    assert np.mean(backwards[: len(backwards) // 2] ** 2) > np.mean(
        backwards[len(backwards) // 2 :] ** 2
    )
    assert np.isfinite(scrambled_speech(np.random.default_rng(2), speech)).all()


def _strongest_hz(samples: np.ndarray) -> float:
    power = np.abs(np.fft.rfft(samples.astype(float)))
    return float(np.argmax(power) * 16_000 / len(samples))


def test_the_second_half_of_a_recording_is_held_out(recordings):
    training = list(sounds._recorded(recordings, seed=1, held_out=False))
    held_out = list(sounds._recorded(recordings, seed=1, held_out=True))
    assert len(held_out) == 1
    assert _strongest_hz(held_out[0][2]) == pytest.approx(2000, abs=2)
    assert _strongest_hz(training[0][2]) == pytest.approx(500, abs=2)
    assert all(_strongest_hz(samples) < 800 for _, _, samples in training)


def test_whole_run_repeats_and_resumes(tmp_path, recordings, no_soundfont, monkeypatch):
    monkeypatch.setattr(sounds, "HELD_OUT_SECONDS", 2.0)
    monkeypatch.setattr(sounds, "HELD_OUT_EVENT_COUNT", 60)
    monkeypatch.setattr(sounds, "PIECE_SECONDS", (1.0, 2.0))
    one, two = tmp_path / "one", tmp_path / "two"
    sounds.make_sounds(one, recordings, seed=1, jobs=1, minutes=0.2)
    sounds.make_sounds(two, recordings, seed=1, jobs=2, minutes=0.2)
    for name in ("noise", "events", "noise-heldout", "events-heldout"):
        assert (one / f"corpora/{name}.i16").read_bytes() == (
            two / f"corpora/{name}.i16"
        ).read_bytes()
    before = (one / "corpora/noise.i16").stat().st_mtime_ns
    sounds.make_sounds(one, recordings, seed=2, jobs=1, minutes=0.2)
    assert (one / "corpora/noise.i16").stat().st_mtime_ns == before

    held_out = Corpus(one / "corpora", "events-heldout")
    assert 55 <= len(held_out.clips) <= 60
    assert {clip.text for clip in held_out} == {""}
    assert {"siren", "cat", "sneeze"} <= {clip.source for clip in held_out}
    known = {row["source"] for row in json.loads((one / "corpora" / sounds.MANIFEST).read_text())}
    for name in ("noise", "events", "noise-heldout", "events-heldout"):
        assert {clip.source for clip in Corpus(one / "corpora", name)} <= known


def test_a_midi_file_has_its_length_in_its_header():
    note = sounds_music.Note(start=0.5, length=1.0, channel=0, key=60, velocity=90)
    data = sounds_music.midi_file([note], {0: 14})
    assert data[:4] == b"MThd"
    assert int.from_bytes(data[18:22], "big") == len(data) - 22
    # Half a second at 120 beats a minute and 480 ticks a beat is 480 ticks: 0x83 0x60.
    assert data[22:].startswith(b"\x00\xc0\x0e\x83\x60\x90\x3c\x5a")


def test_fluidsynth_plays_when_installed():
    if sounds_music.soundfont() is None:
        pytest.skip("FluidSynth or its soundfont is not installed")
    found = sounds_music.effects(np.random.default_rng(1), 3, held_out=False)
    assert len(found) == 3
    assert all(wave.any() for _, wave in found)
