"""``voiceguide hear``."""

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from support.live_person import RATE, said
from support.loaded import load_once
from support.places import EARS_DATA as DATA

from voiceguide.cli import hear
from voiceguide.core.errors import ModelError, SettingsError

KEYS = [
    "file",
    "command",
    "phrase",
    "start_s",
    "end_s",
    "decided_s",
    "confidence",
    "snr_db",
]


@pytest.fixture(autouse=True)
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is loaded once."""
    load_once(monkeypatch, "voiceguide.edge.ears.recogniser.Recogniser")


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    hear.add(parser.add_subparsers())
    args = parser.parse_args(["hear", *words])
    return int(args.run(args))


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_one_json_line_a_decision_in_the_order_of_the_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = [str(DATA / name) for name in ("yes-fjam.flac", "cat.opus", "stop-mjbh.flac")]
    assert run("--json", *files) == 0
    found = lines(capsys)
    assert [(line["file"], line["command"]) for line in found] == [
        (files[0], "yes"),
        (files[2], "stop"),
    ]
    assert all(list(line) == KEYS for line in found)


def test_all_shows_what_was_rejected_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--json", "--all", str(DATA / "order.opus")) == 0
    found = lines(capsys)
    assert found
    assert all(line["command"] is None and line["phrase"] is None for line in found)
    assert all(list(line) == [*KEYS, "text", "why", "alternatives"] for line in found)
    assert "not a command" in {line["why"] for line in found}


def test_a_state_decides_what_is_live(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(DATA / "yes-fjam.flac")
    assert run("--json", "--state", "offering", file) == 0
    assert [line["command"] for line in lines(capsys)] == ["yes"]
    assert run("--json", "--state", "pacing", file) == 0
    assert lines(capsys) == []


def test_an_unknown_state_names_those_there_are() -> None:
    with pytest.raises(SettingsError, match=r"'dreaming'.*pacing"):
        run("--state", "dreaming", str(DATA / "yes-fjam.flac"))


def test_an_unknown_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        run("--model", str(tmp_path), str(DATA / "yes-fjam.flac"))


def test_an_unreadable_file_is_reported_and_the_rest_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    assert run("--json", str(broken), str(tmp_path / "gone.wav"), str(DATA / "yes-fjam.flac")) == 3
    out, err = capsys.readouterr()
    assert [json.loads(line)["command"] for line in out.splitlines()] == ["yes"]
    assert len(err.splitlines()) == 2
    assert "broken.wav" in err
    assert "gone.wav" in err


@pytest.mark.parametrize(("rate", "kind"), [(44_100, "wav"), (48_000, "flac"), (8_000, "wav")])
def test_any_rate_stereo_and_no_margin(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rate: int, kind: str
) -> None:
    """The word begins with the first sample and ends with the last one."""
    samples, given = soundfile.read(DATA / "yes-fjam.flac")
    tight = samples[round(0.24 * given) : round(0.72 * given)]
    stereo = np.stack([soxr.resample(tight, given, rate)] * 2, axis=1)
    path = tmp_path / f"tight.{kind}"
    soundfile.write(path, stereo, rate)
    assert run("--json", str(path)) == 0
    (line,) = lines(capsys)
    assert line["command"] == "yes"
    assert float(str(line["end_s"])) <= len(tight) / given + 0.001


def test_without_json_a_person_can_read_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(DATA / "yes-fjam.flac"), str(DATA / "tap.flac")) == 0
    out = capsys.readouterr().out
    assert "yes" in out
    assert "nothing" in out


@pytest.mark.parametrize("samples", [0, 1, 300])
def test_next_to_no_sound_is_heard_as_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], samples: int
) -> None:
    path = tmp_path / "short.wav"
    soundfile.write(path, np.zeros(samples), 16_000)
    assert run("--json", "--all", str(path)) == 0
    assert lines(capsys) == []


def test_a_person_is_heard_over_the_guides_own_voice(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("voiceguide.rehearsal.narrated.LEAD_SECONDS", 9.0)
    files = [str(DATA / name) for name in ("stop-mjbh.flac", "cat.opus")]
    assert run("--json", "--echo-db", "6", *files) == 0
    assert [(line["file"], line["command"]) for line in lines(capsys)] == [(files[0], "stop")]


@pytest.mark.parametrize("text", ["much", "81", "nan"])
def test_an_echo_that_is_no_number_of_decibels(text: str) -> None:
    with pytest.raises(SystemExit):
        run("--echo-db", text, str(DATA / "tap.flac"))


@pytest.mark.parametrize(
    ("state", "words", "command"),
    [
        ("choosing", "it is Anna", "person"),
        ("asleep", "hey guide, it is Anna", "wake"),
        (None, "hey guide, it is Anna", "wake"),
    ],
)
def test_the_names_of_persons_are_heard_as_in_a_session(
    state: str | None, words: str, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, file = tmp_path / "settings.toml", tmp_path / "said.wav"
    settings.write_text("[persons.anna]\n")
    soundfile.write(file, said(tmp_path, words)[words], RATE)
    where = () if state is None else ("--state", state)
    assert run("--json", *where, "--settings", str(settings), str(file)) == 0
    assert [line["command"] for line in lines(capsys)] == [command]


def test_the_help_tells_that_calls_are_live_beside_every_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        run("--help")
    told = " ".join(capsys.readouterr().out.split())
    assert "without it every command is live, and so is what calls the guide" in told
