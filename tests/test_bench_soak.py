"""The soak in miniature: one session in the room, its figures, and what counts as growth."""

import json
import sys

import pytest
from soaking.command import main
from soaking.live import WORDS
from soaking.report import Found
from soaking.resources import Sample, sample, slope

from voiceguide.edge.phrase_file import load_phrasebook

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def samples(*megabytes, threads=3):
    return [
        Sample(hours=number / 10, resident_mb=mb, threads=threads, files=7, processes=1)
        for number, mb in enumerate(megabytes)
    ]


@linux_only
def test_a_session_in_the_room_meets_the_aims(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = tmp_path / "bench" / "soak.json"
    code = main(["--hours", "0.02", "--commands", "3", "--json", str(path)])
    shown = capsys.readouterr().out
    report = json.loads(path.read_text("utf-8"))
    assert code == 0, shown
    assert report["missed_aims"] == []
    assert report["figures"]["sessions"] == "1"
    assert set(report["outcomes"]) <= {"obeyed", "missed"}
    assert len(report["samples"]) == 2
    assert "memory grows an hour" in shown


@linux_only
def test_a_sample_is_of_the_process_itself():
    import os

    now = sample(os.getpid(), 1.5)
    assert now.hours == 1.5
    assert now.resident_mb > 10
    assert now.threads >= 1 and now.files >= 3 and now.processes >= 1


def test_growth_is_that_of_the_later_half():
    assert slope(samples(10, 50, 90, 100, 100, 100, 100)) == 0.0
    assert slope(samples(10, 10, 10, 10, 11, 12, 13)) == pytest.approx(10.0)
    assert slope(samples(10, 20)) == 0.0


def test_every_aim_that_is_missed_is_named():
    found = Found("a soak", hours=1.0, sessions=2, unfinished=1)
    found.add(["obeyed"] * 5 + ["wrong", "missed", "not live", "ignored", "obeyed"])
    found.out_of_nothing = 1
    found.samples = [*samples(10, 10, 10, 20), *samples(30, threads=4)]
    report = found.as_json("here", 200)
    assert set(report["missed_aims"]) == {
        "did not come to their end",
        "commands spoken",
        "taken for another",
        "obeyed though nobody spoke",
        "longest row, none taken for another",
        "threads at a quarter, at the end",
        *(["memory grows an hour, later half"] if slope(found.samples) > 2 else []),
    }
    assert found.row() == 5
    assert found.row(("missed",)) == 5


def test_the_person_of_the_live_soak_says_commands():
    book = load_phrasebook()
    for words, command in WORDS.items():
        phrase = book.find(words)
        assert phrase is not None and phrase.command.value == command
