"""The bench of the sleeping speaker: one short run of the real thing."""

import importlib.util
import json
import sys
from importlib.machinery import SourceFileLoader

from support.places import ROOT


def test_it_tells_what_every_thread_takes(virtual_sound, tmp_path, monkeypatch, capsys):
    path = ROOT / "scripts" / "bench_asleep"
    loader = SourceFileLoader("bench_asleep", str(path))
    bench = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_asleep", loader))
    loader.exec_module(bench)
    bench.SETTLE_SECONDS = 0.5
    figures = tmp_path / "asleep.json"
    options = ["--seconds", "2", "--turns", "1", "--json", str(figures)]
    monkeypatch.setattr(sys, "argv", ["bench_asleep", *options])
    assert bench.main() == 0
    told = json.loads(figures.read_text("utf-8"))
    assert 0 < told["of_a_core"]["this"][0] < 2
    assert "wakes a second" in capsys.readouterr().out
