"""``voiceguide train-me`` from files, and what comes of it in ``hear``."""

import contextlib
import io
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import soundfile
from support.classroom import a_second_of
from support.loaded import load_once
from support.places import EARS_DATA as DATA

from voiceguide.__main__ import main
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import ModelError
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.personal_file import read_personal
from voiceguide.edge.voice.voice import Voice
from voiceguide.rehearsal.air import TAP

WORDS = {"stop": 2, "next": 1, "how long": 1}


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for the settings; gives the file of the scores."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setattr("voiceguide.teaching.training.TAP", a_second_of(TAP, tmp_path))
    load_once(
        monkeypatch,
        "voiceguide.edge.ears.recogniser.Recogniser",
        "voiceguide.teaching.training.Recogniser",
    )
    return tmp_path / "config" / "voiceguide" / "settings.personal.toml"


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes by a synthetic person: two of the first word, one of each other."""
    folder = tmp_path_factory.mktemp("takes")
    with Voice(voice_name="gmw/en-us+m3", cache_dir=folder / "cache") as person:
        for word, takes in WORDS.items():
            for number, rate in enumerate((140, 160)[:takes], 1):
                clip = person.render(word, rate)
                name = f"{word.replace(' ', '-')}-{number}.wav"
                soundfile.write(folder / name, 0.5 * clip.samples, clip.sample_rate_hz)
    return folder


@pytest.mark.parametrize(
    "beside", [(12.0,), pytest.param((12.0, 6.0), marks=pytest.mark.long)], ids=["one", "each"]
)
def test_takes_in_a_folder_are_learnt_from(
    spoken: Path,
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    beside: tuple[float, ...],
) -> None:
    monkeypatch.setattr("voiceguide.teaching.measuring.CONDITIONS", (None, *beside))
    assert main(["train-me", "--from", str(spoken)]) == 0
    out = capsys.readouterr().out
    for word, takes in WORDS.items():
        assert re.search(rf"^{word} +{takes} ", out, re.M), out
    assert re.search(r"^all +4 ", out, re.M)
    assert "12 dB" in out
    assert str(config) in out
    personal = read_personal(config)
    assert personal is not None
    assert personal.takes == 4
    assert main(["train-me", "--show"]) == 0
    assert "from 4 takes" in capsys.readouterr().out
    assert main(["train-me", "--reset", "--yes"]) == 0
    assert not config.exists()
    assert main(["train-me", "--reset"]) == 0
    assert main(["train-me", "--show"]) == 0
    assert "No scores of your own" in capsys.readouterr().out


def test_deleting_the_scores_asks(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config.parent.mkdir(parents=True)
    config.touch()
    assert main(["train-me", "--reset"]) == 2
    assert "to delete your scores add --yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, is_left in (("no", True), ("yes", False)):
        monkeypatch.setattr("builtins.input", lambda _, answer=answer: answer)
        assert main(["train-me", "--reset"]) == 0
        assert config.exists() is is_left
    assert "the usual ones count again" in capsys.readouterr().out


@pytest.fixture(scope="module")
def learnt(spoken: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What is written of the named words alone, and what is shown of them."""
    home, shown = tmp_path_factory.mktemp("learnt"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(shown):
        load_once(patch, "voiceguide.teaching.training.Recogniser")
        # As they are alone, with a second of water: all of it is heard in the test before.
        patch.setattr("voiceguide.teaching.measuring.CONDITIONS", (None,))
        patch.setattr("voiceguide.teaching.training.TAP", a_second_of(TAP, home))
        patch.setenv("XDG_CONFIG_HOME", str(home))
        patch.setenv("COLUMNS", "120")
        assert main(["train-me", "--from", str(spoken), "--words", "how long, next"]) == 0
    return (home / "voiceguide" / "settings.personal.toml").read_text(), shown.getvalue()


@pytest.fixture
def head(learnt: tuple[str, str], config: Path) -> str:
    """The file in its place, and what stands above its scores."""
    config.parent.mkdir(parents=True)
    config.write_text(learnt[0])
    return learnt[0].split("[scores]")[0]


def test_only_the_named_words_are_read(learnt: tuple[str, str]) -> None:
    assert re.search(r"^all +2 ", learnt[1], re.M), learnt[1]
    assert "stop" not in learnt[1]


def test_recordings_of_no_use_are_named_and_left_out(
    tmp_path: Path,
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("voiceguide.teaching.measuring.CONDITIONS", (None,))
    folder = tmp_path / "takes"
    folder.mkdir()
    for number in (1, 2):
        shutil.copy(DATA / "stop-mjbh.flac", folder / f"stop-{number}.flac")
    shutil.copy(DATA / "order.opus", folder / "stop-3.opus")
    assert main(["train-me", "--from", str(folder)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"stop-3\.opus: too long, left out", out)
    personal = read_personal(config)
    assert personal is not None
    assert personal.takes == 2


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (["--words", "abracadabra"], 2, "abracadabra"),
        (["--words", "next,next"], 2, "twice"),
        (["--from", "nowhere"], 2, "nowhere"),
        (["--noise", "nowhere.wav"], 3, "nowhere.wav"),
        (["--model", "nothing"], 2, "nothing"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    words: list[str], code: int, named: str, config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train-me", *words]) == code
    err = capsys.readouterr().err
    assert err.startswith("voiceguide: ")
    assert named in err
    assert err.count("\n") == 1
    assert not config.exists()


def test_a_file_with_another_name_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "holiday.wav").touch()
    assert main(["train-me", "--from", str(tmp_path)]) == 2
    assert "holiday.wav" in capsys.readouterr().err
    (tmp_path / "holiday.wav").unlink()
    assert main(["train-me", "--from", str(tmp_path)]) == 2
    (tmp_path / "next-1.wav").write_bytes(b"no sound")
    assert main(["train-me", "--from", str(tmp_path)]) == 3


def test_hear_uses_the_scores(
    head: str,
    config: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Thresholds] = []

    def spy(*args: Any) -> Any:
        asked.append(args[4])
        return hear_recording(*args)

    monkeypatch.setattr("voiceguide.edge.ears.hearing.hear_recording", spy)
    config.write_text(f'{head}[scores]\n"yes" = 0.51\n')
    file = str(DATA / "yes-fjam.flac")
    assert main(["hear", "--json", file]) == 0
    assert asked[-1].personal == {"yes": 0.51}
    config.write_text(f'{head}[scores]\n"yes" = 0.05\n')
    assert main(["hear", "--json", file]) == 2
    assert f"{config}:11:" in capsys.readouterr().err
    config.write_text(head.replace('sha256 = "', 'sha256 = "0') + "[scores]\n")
    assert main(["hear", "--json", file]) == 0
    assert asked[-1] == Thresholds()
    done = capsys.readouterr()
    assert "usual ones hold" in done.err
    assert '"command": "yes"' in done.out


def test_run_uses_the_scores(
    head: str, config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Device:
        problem = None

        def close(self) -> None:
            pass

    def refuse(
        folder: Path, decoys: Any, thresholds: Thresholds, *others: Any, waits: bool
    ) -> None:
        asked.append(thresholds)
        raise ModelError("heard enough")

    asked: list[Thresholds] = []
    monkeypatch.setattr("voiceguide.app.open_output", lambda name, **_: Device())
    monkeypatch.setattr("voiceguide.app.open_input", lambda name, **_: Device())
    monkeypatch.setattr("voiceguide.app.open_lasting_ears", refuse)
    config.write_text(f'{head}[scores]\n"yes" = 0.51\n')
    assert main(["run", "quick"]) == 4
    assert asked[-1].personal == {"yes": 0.51}
    config.write_text(head.replace('sha256 = "', 'sha256 = "0') + "[scores]\n")
    capsys.readouterr()
    assert main(["run", "quick"]) == 4
    assert asked[-1] == Thresholds()
    assert "usual ones hold" in capsys.readouterr().out
    config.write_text("scores")
    assert main(["run", "quick"]) == 2
    assert f"{config}:1:" in capsys.readouterr().err
