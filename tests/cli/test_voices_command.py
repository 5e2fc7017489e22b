"""``voiceguide voices``."""

import argparse
import json

import pytest
from support.model_server import Behaviour, serving, source_of

from voiceguide.cli import voices

MODEL, CONFIG = b"voice " * 500, b"{}" * 10


def voiceguide(*arguments) -> int:
    parser = argparse.ArgumentParser(prog="voiceguide")
    voices.add(parser.add_subparsers(required=True))
    args = parser.parse_args([str(argument) for argument in arguments])
    return args.run(args)


@pytest.fixture
def catalogue(tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_VOICES_DIR", str(tmp_path / "voices"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with serving(Behaviour(MODEL)) as model, serving(Behaviour(CONFIG)) as config:
        text = "[hum]\nabout = 'a hum'\nlanguage = 'en'\nlicence = 'CC0'\n"
        for name, address, content in (("model", model, MODEL), ("config", config, CONFIG)):
            source = source_of(address, content)
            text += f"[hum.{name}]\naddress = '{address}'\n"
            text += f"size_bytes = {source.size_bytes}\nsha256 = '{source.sha256}'\n"
        path = tmp_path / "voices.toml"
        path.write_text(text)
        yield path


def test_a_voice_is_listed_fetched_and_listed_as_fetched(catalogue, tmp_path, capsys):
    assert voiceguide("voices", "list", "--catalogue", catalogue) == 0
    assert "hum, available" in capsys.readouterr().out
    assert voiceguide("voices", "fetch", "hum", "--catalogue", catalogue) == 0
    out = capsys.readouterr().out
    assert f"ready: {tmp_path / 'voices' / 'hum.onnx'}" in out
    assert "use it with: voiceguide run --voice hum" in out
    (tmp_path / "voices" / "mine.onnx").write_bytes(b"mine")
    assert voiceguide("voices", "list", "--json", "--catalogue", catalogue) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["name"], row["state"]) for row in rows] == [
        ("hum", "fetched"),
        ("mine", "fetched"),
    ]


def test_the_voices_that_are_known_are_listed(catalogue, capsys):
    assert voiceguide("voices", "list") == 0
    assert "en_GB-alba-medium, available, 63.2 MB, licence CC-BY-4.0" in capsys.readouterr().out
