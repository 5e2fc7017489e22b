"""The wheel has all that the program needs where there is no checkout."""

import os
import subprocess
import sys
import zipfile
from email import message_from_string

import pytest
from support.places import ROOT

CARRIED = {
    "voiceguide": "voiceguide",
    "models": "voiceguide/_shipped/models",
    "audio": "voiceguide/_shipped/audio",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built as an installer builds it from a checkout, but without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"
    name = subprocess.run(
        [sys.executable, "-c", build, folder], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    with zipfile.ZipFile(folder / name) as opened:
        yield opened


def test_every_file_of_package_models_and_sounds_is_inside(wheel):
    wanted = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in CARRIED.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = set(wheel.namelist())
    assert wanted - names == set()
    assert {name for name in names if name.startswith("tests")} == set()
    for needed in (
        "voiceguide/py.typed",
        "voiceguide/routines/schema.json",
        "voiceguide/routines/quick.yaml",
        "voiceguide/phrases/en.yaml",
        "voiceguide/_shipped/audio/af_heart.pack",
        "voiceguide/_shipped/audio/tick.wav",
        "voiceguide/_shipped/models/voiceguide-en-1/am/final.mdl",
        "voiceguide/_shipped/models/voiceguide-en-1/opinion/network.npz",
    ):
        assert needed in names


def test_its_metadata_are_those_of_the_project(wheel):
    (about,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    metadata = message_from_string(wheel.read(about).decode("utf-8"))
    assert metadata["Name"] == "voiceguide"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_payload().startswith("# voiceguide")
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_unpacked_elsewhere_it_finds_what_ships(wheel, tmp_path):
    site = tmp_path / "site"
    wheel.extractall(site)
    code = (
        "import voiceguide; from voiceguide.__main__ import main; "
        "from voiceguide.edge.models.model_store import resolve_model; "
        "from voiceguide.edge.voice.pack_store import open_packs; "
        "from voiceguide.sound.cues import load_cues; "
        "load_cues(None); print(voiceguide.__file__, resolve_model(None), *open_packs()); "
        "main(['routines'])"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(site), "HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    first, *listed = done.stdout.splitlines()
    package, model, *voices = first.split()
    assert package == str(site / "voiceguide" / "__init__.py")
    assert model == str(site / "voiceguide" / "_shipped" / "models" / "voiceguide-en-1")
    assert voices[:1] == ["af_heart"]
    assert any(line.startswith("quick ") for line in listed)
