"""The bench of taps: what it makes of recordings, and how it judges what was heard."""

import json

import numpy as np
import pytest
import soundfile
from bench.tap import scenes
from bench.tap.command import _judged, main
from bench.tap.scenes import SECONDS, Scene

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.sound.tap import TapSettings


def made(on: float, off: float, until: float = SECONDS) -> np.ndarray:
    """A quiet room in which water sounds from one second to another."""
    rng = np.random.default_rng(1)
    sound = rng.standard_normal(round(until * EAR_RATE_HZ), dtype=np.float32)
    times = np.arange(len(sound)) / EAR_RATE_HZ
    return sound * np.where((times >= on) & (times < off), 10**-1.75, 10**-3.5).astype(np.float32)


@pytest.mark.parametrize(
    ("sound", "told_off", "right", "early"),
    [
        (made(8, 20, 30), 20, True, False),
        (made(8, 14, 30), 22, False, True),
        (made(8, 29, 30), 20, False, False),
    ],
)
def test_an_ending_is_right_early_or_missed(sound, told_off, right, early):
    row = _judged(Scene("first", sound, 8, told_off, -35, "quiet"), TapSettings())
    assert (row["heard"], row["right"], row["early"]) == (True, right, early)


def test_what_is_no_tap_is_only_counted():
    row = _judged(Scene("talk", made(8, 14, 25)), TapSettings())
    assert (row["begun"], row["ended"]) == (1, 1)
    assert "right" not in row


def test_one_small_run_tells_all_of_it_and_writes_it_down(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(scenes, "TAP_DBFS", (-35.0,))
    monkeypatch.setattr(scenes, "BESIDE", ("quiet",))
    monkeypatch.setattr(scenes, "SOURCES", {1: scenes.SOURCES[1]})
    monkeypatch.setattr(scenes, "FLOWS", ("steady",))
    monkeypatch.setattr(scenes, "OTHERS_DBFS", (-35.0,))
    (tmp_path / "noise").mkdir()
    (tmp_path / "orders").mkdir()
    hiss = np.random.default_rng(0).normal(0, 0.05, 60 * EAR_RATE_HZ)
    for name in (scenes.TAP, *scenes.OTHERS):
        soundfile.write(tmp_path / "noise" / name, hiss[: 6 * EAR_RATE_HZ], EAR_RATE_HZ)
    soundfile.write(tmp_path / "orders" / "one.flac", hiss[:EAR_RATE_HZ], EAR_RATE_HZ)
    (tmp_path / "orders" / "one.flac").rename(tmp_path / "orders" / "one.opus")
    report = tmp_path / "bench" / "tap.json"
    arguments = ["--audio", str(tmp_path), "--rinses", "2", "--made", "0", "--minutes", "0.1"]
    monkeypatch.setattr(scenes, "SECONDS", 36.0)
    assert main([*arguments, "--json", str(report)]) == 0
    told = capsys.readouterr().out
    assert "| all | 2 | 2 | 0 | 0 |" in told
    found = json.loads(report.read_text("utf-8"))
    assert [row["right"] for row in found["rinses"]] == [True, True]
    assert {row["kind"] for row in found["others"]} == {"dishes", "kitchen", "talk", "ran before"}
