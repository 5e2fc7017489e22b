"""The file of a person's own scores."""

import os
import shutil
from datetime import date
from pathlib import Path

import pytest

from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.errors import SettingsError
from voiceguide.edge.ears.personal_file import (
    Personal,
    check_place,
    model_digest,
    personal_path,
    personal_thresholds,
    read_personal,
    remove_personal,
    write_personal,
)
from voiceguide.edge.models.shipped import shipped_folder

MODEL = shipped_folder("models") / "voiceguide-en-1"
SCORES = {"next": 0.55, "let's go": 0.6, "stop": 0.7}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.personal.toml"


def mine(model: Path = MODEL) -> Personal:
    return Personal(date(2026, 1, 31), 9, model.name, model_digest(model), SCORES)


def test_what_is_written_is_read(path: Path) -> None:
    assert read_personal(path) is None
    write_personal(path, mine())
    assert read_personal(path) == mine()
    text = path.read_text("utf-8")
    assert '"next" = 0.55\n' in text
    assert "--reset" in text
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_the_thresholds_are_the_persons(path: Path) -> None:
    assert personal_thresholds(path, MODEL) == (Thresholds(), None)
    write_personal(path, mine())
    thresholds, ignored = personal_thresholds(path, MODEL)
    assert ignored is None
    assert thresholds.personal == SCORES


@pytest.mark.parametrize("changed", ["am/final.mdl", "opinion/network.npz"])
def test_another_model_is_told_in_one_sentence(path: Path, tmp_path: Path, changed: str) -> None:
    write_personal(path, mine())
    other = tmp_path / "voiceguide-en-1"
    shutil.copytree(MODEL, other)
    assert personal_thresholds(path, other)[1] is None
    with (other / changed).open("ab") as file:
        file.write(b"x")
    thresholds, ignored = personal_thresholds(path, other)
    assert thresholds == Thresholds()
    assert ignored is not None
    assert "voiceguide train-me" in ignored
    assert ignored.count("\n") == 0


@pytest.mark.parametrize(
    ("wrong", "right", "line", "named"),
    [
        ('"next" = 0.05', '"next" = 0.55', 11, "0.3"),
        ('"next" = true', '"next" = 0.55', 11, "number"),
        ('"next" = nan', '"next" = 0.55', 11, "number"),
        ('"next" = "half"', '"next" = 0.55', 11, "number"),
        ('format = "voiceguide-personal/9"', 'format = "voiceguide-personal/1"', 4, "format"),
        ("made = 3", "made = 2026-01-31", 5, "date"),
        ("takes = 0", "takes = 9", 6, "whole"),
        ("model = 3", 'model = "voiceguide-en-1"', 7, "text"),
        ('colour = "red"\ntakes = 9', "takes = 9", 6, "colour"),
        ("", "takes = 9", 1, "takes"),
        ('"next" = ', '"next" = 0.55', 11, "TOML"),
    ],
)
def test_a_slip_is_named_with_its_line(
    path: Path, wrong: str, right: str, line: int, named: str
) -> None:
    write_personal(path, mine())
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), "utf-8")
    with pytest.raises(SettingsError) as raised:
        personal_thresholds(path, MODEL)
    assert str(raised.value).startswith(f"{path}:{line}:")
    assert named in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[scores", b"\0"])
def test_what_is_no_such_file_at_all(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        read_personal(path)
    assert str(path) in str(raised.value)


def test_it_is_forgotten(path: Path) -> None:
    assert not remove_personal(path)
    write_personal(path, mine())
    assert remove_personal(path)
    assert read_personal(path) is None


def test_it_lies_beside_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert personal_path(Path("a/anna.toml"), {}) == Path("a/anna.personal.toml")
    assert personal_path(None, {"VOICEGUIDE_SETTINGS": "b/ben.toml"}) == Path("b/ben.personal.toml")
    assert personal_path(None, {}).name == "settings.personal.toml"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / "settings.personal.toml"
    for attempt in (lambda: check_place(path), lambda: write_personal(path, mine())):
        with pytest.raises(SettingsError, match="cannot be written"):
            attempt()


def test_a_write_that_fails_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_personal(path, mine())
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SettingsError, match="No space left"):
        write_personal(path, Personal(date(2026, 2, 1), 3, "m", "0", {}))
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]
