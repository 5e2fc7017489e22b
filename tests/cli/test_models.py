"""``voiceguide models``."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.model_server import Behaviour, serving, source_of, zipped

from voiceguide.cli import models
from voiceguide.core.errors import ModelError, SettingsError
from voiceguide.edge.models.model_store import DEFAULT_MODEL, resolve_model

ARCHIVE = zipped()


def voiceguide(*arguments: str | Path) -> int:
    parser = argparse.ArgumentParser(prog="voiceguide")
    models.add(parser.add_subparsers(required=True))
    args = parser.parse_args([str(argument) for argument in arguments])
    return args.run(args)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICEGUIDE_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("VOICEGUIDE_SETTINGS", str(tmp_path / "settings.toml"))
    (tmp_path / "settings.toml").touch()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "models"


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Path]:
    with serving(Behaviour(ARCHIVE)) as address:
        source = source_of(address, ARCHIVE)
        path = tmp_path / "models.toml"
        path.write_text(
            "[stand-in]\nabout = 'a stand-in'\nlanguage = 'en'\nlicence = 'CC0'\n"
            f"memory_bytes = 1_000_000\naddress = '{source.address}'\n"
            f"size_bytes = {source.size_bytes}\nsha256 = '{source.sha256}'\n"
        )
        yield path


def test_the_table(capsys):
    assert voiceguide("models", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "state", "lang", "licence", "size", "memory"]
    assert lines[1].split()[:4] == [DEFAULT_MODEL, "→", "shipped", "en"]
    assert lines[2].split()[:2] == ["vosk-model-small-en-us-0.15", "available"]
    assert "\x1b" not in "".join(lines)
    assert max(map(len, lines[:3])) <= 80


def test_the_list_for_machines(capsys):
    assert voiceguide("models", "list", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows if row["in_use"]] == [DEFAULT_MODEL]
    assert {row["state"] for row in rows} == {"shipped", "available"}


def test_the_list_marks_the_model_that_the_settings_name(tmp_path, capsys):
    settings = tmp_path / "mine.toml"
    settings.write_text("[ears]\nmodel = 'vosk-model-small-en-us-0.15'\n")
    assert voiceguide("models", "list", "--json", "--settings", settings) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows if row["in_use"]] == ["vosk-model-small-en-us-0.15"]


def test_a_fetch_and_a_second_one(catalogue, folder, capsys):
    assert voiceguide("models", "fetch", "stand-in", "--catalogue", catalogue) == 0
    said = capsys.readouterr().out
    assert said.startswith("fetching stand-in, ")
    assert f"ready: {folder / 'stand-in'}\n" in said
    assert resolve_model("stand-in") == folder / "stand-in"
    assert voiceguide("models", "fetch", "stand-in", "--catalogue", catalogue) == 0
    assert "is here already" in capsys.readouterr().out


def test_the_shipped_model_needs_no_fetch(capsys):
    assert voiceguide("models", "fetch", DEFAULT_MODEL) == 0
    assert "is here already" in capsys.readouterr().out


def test_errors_carry_their_exit_code(catalogue):
    with pytest.raises(SettingsError, match="did you mean stand-in") as unknown:
        voiceguide("models", "fetch", "standin", "--catalogue", catalogue)
    assert unknown.value.exit_code == 2
    catalogue.write_text(catalogue.read_text().replace("sha256 = '", "sha256 = '0"))
    with pytest.raises(ModelError, match="SHA-256 differs") as wrong:
        voiceguide("models", "fetch", "stand-in", "--catalogue", catalogue)
    assert wrong.value.exit_code == 4


@pytest.mark.parametrize("command", [("models",), ("models", "list"), ("models", "fetch")])
def test_every_help_has_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        voiceguide(*command, "--help")
    assert ended.value.code == 0
    assert "example" in capsys.readouterr().out
