"""The bench of waking: what it makes of a few recordings, how it counts, and one small run."""

import json

import numpy as np
import pytest
import soundfile
from bench.wake.calls import CONDITIONS, KEPT, Call, at_the_microphone, named
from bench.wake.command import main
from bench.wake.listening import Sleeper, called, listen
from bench.wake.material import SCENE_SECONDS, Material, Scene, gather, sound
from bench.wake.report import curve_table, false_table, hit_table

from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.resample import resample

RATE = 16_000
SLEEPER = Sleeper(resolve_model(None), ("hey guide",))


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """A synthetic voice, saying whatever is asked for at 16 kHz."""
    with Voice(voice_name="en-us", cache_dir=tmp_path_factory.mktemp("voice")) as voice:
        yield lambda words: resample(voice.render(words, 150), RATE).samples


@pytest.fixture(scope="module")
def audio(said, tmp_path_factory):
    """A stand-in for the recordings: three orders, a tap."""
    folder = tmp_path_factory.mktemp("audio")
    (folder / "orders").mkdir()
    (folder / "noise").mkdir()
    for number, words in enumerate(("a small coffee please", "two teas", "no sugar for me")):
        soundfile.write(folder / "orders" / f"{number}.wav", said(words), RATE)
    hiss = np.random.default_rng(0).normal(0, 0.05, 4 * RATE)
    soundfile.write(folder / "noise" / "running-tap.flac", hiss, RATE)
    return folder


def scene(wakings=(), kind="orders"):
    return {
        "number": 0, "kind": kind, "seconds": 1800.0, "cpu_seconds": 90.0, "open_seconds": 900.0,
        "wakings": [{"score": score} for score in wakings],
    }  # fmt: skip


def call(score, group=KEPT, condition="quiet"):
    return {
        "condition": condition, "group": group, "score": score,
        "latency_seconds": None if score is None else 0.2,
    }  # fmt: skip


def test_scenes_are_the_same_every_time_and_differ_from_one_another(audio):
    material = gather(audio)
    assert set(material.talk) == {"orders"}
    scenes = list(material.scenes(0.3))
    assert len(scenes) == round(0.3 * 3600 / SCENE_SECONDS)
    assert {one.kind for one in scenes} == {"orders", "noise"}
    short = [Scene(number, kind, 6.0) for number, kind in enumerate(("orders", "orders", "noise"))]
    made = [sound(one, material) for one in short]
    for one, again in zip(short, made, strict=True):
        assert np.array_equal(sound(one, material), again)
        assert len(again) == 6 * RATE
        assert np.max(np.abs(again)) <= 1.0
    assert not np.array_equal(made[0], made[1])
    assert not np.array_equal(made[0], sound(short[0], material, seed=1))


def test_without_recordings_it_says_so(tmp_path, capsys):
    with pytest.raises(ValueError, match="no recordings"):
        list(Material({}, {}).scenes(1))
    assert main(["--audio", str(tmp_path), "--hours", "0.01"]) == 1
    assert "no recordings" in capsys.readouterr().err


def test_a_call_wakes_and_other_words_do_not(said):
    dry = (said("hey guide") * 0.3).astype(np.float32)
    heard = at_the_microphone(Call(KEPT, "x", "y", "hey guide", dry, 0), CONDITIONS[0], None)
    found = called(SLEEPER, heard)
    assert found is not None
    assert 0.0 < found[1] < 0.6
    assert called(SLEEPER, (said("a small coffee please") * 0.3).astype(np.float32)) is None


def test_what_sleep_costs_in_silence():
    quiet = np.random.default_rng(0).normal(0, 3e-4, 20 * RATE).astype(np.float32)
    slept = listen(SLEEPER, quiet)
    assert (slept.seconds, slept.open_seconds, slept.wakings) == (20.0, 0.0, ())
    assert slept.cpu_seconds / slept.seconds < 0.03


def test_the_tables_count():
    by_kind = {"orders": [scene([0.9]), scene()], "noise": [scene(kind="noise")]}
    falses = false_table(by_kind)
    assert "| orders | 1.00 | 1 | 1.00 (" in falses
    assert "| all talk | 1.00 | 1 |" in falses
    assert "| noise | 0.50 | 0 | 0.00 (0.00–7.34) |" in falses
    calls = [call(0.9), call(None), call(0.7, "other voices")]
    assert "| quiet | 1 of 2 | 1 of 1 | 0.20 |" in hit_table(calls, (KEPT, "other voices"))
    curve = curve_table({"scenes": by_kind["orders"], "calls": calls}, KEPT)
    assert "| 0.9 | 1.00 | 0.50 |" in curve
    assert "| 0.95 | 0.00 | 0.00 |" in curve


def test_conditions_are_named():
    assert [named(one) for one in CONDITIONS][:4] == [
        "quiet", "quiet, 2 m", "tap 12 dB", "tap 6 dB",
    ]  # fmt: skip


def test_a_small_run(audio, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("bench.wake.command.calls", lambda texts, times: iter(()))
    monkeypatch.setattr("bench.wake.command.COST_SECONDS", 2)
    monkeypatch.setattr("bench.wake.material.SCENE_SECONDS", 8.0)
    file = tmp_path / "out" / "wake.json"
    arguments = ["--audio", str(audio), "--hours", "0.005", "--jobs", "1", "--json", str(file)]
    assert main(arguments) == 0
    report = json.loads(file.read_text("utf-8"))
    assert [one["kind"] for one in report["scenes"]] == ["orders", "noise"]
    assert report["scenes"][0]["seconds"] == 8.0
    assert {row["sound"] for row in report["cost"]} >= {"silence", "tap, -35 dBFS"}
    assert "| all talk |" in capsys.readouterr().out
