"""The whole recipe in miniature: a step of every training, and a model that Vosk loads."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import vosk
from support.training_world import build
from train import fit as fitting
from train.export import export_model
from train.recipe import STEPS, train_all

pytestmark = pytest.mark.filterwarnings("ignore:Sparse:UserWarning")  # PyTorch: beta, unchecked


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = build(tmp_path_factory.mktemp("work"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "EASE_SHARE", 1.0)
        train_all(work, 1 / max(STEPS.values()), "small", seed=1, jobs=1)
    return work


def test_every_network_is_trained_once(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    networks = work / "networks"
    names = {"first.pt", "base.pt", "even.pt", "odd.pt", "nobody.pt"}
    assert {path.name for path in networks.iterdir()} == names
    before = {path: path.stat().st_mtime_ns for path in networks.iterdir()}
    train_all(work, 1.0, "small", seed=1, jobs=1)  # all is there: nothing is trained again
    assert {path: path.stat().st_mtime_ns for path in networks.iterdir()} == before


def test_vosk_loads_what_is_exported(work: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    export_model(work, folder, work / "networks" / "nobody.pt")
    assert not list(tmp_path.glob("model.*"))
    assert (folder / "SHA256SUMS").exists()
    recogniser = vosk.KaldiRecognizer(
        vosk.Model(model_path=str(folder)), 16_000, json.dumps(["go", "[unk]"])
    )
    recogniser.AcceptWaveform(np.zeros(16_000, np.int16).tobytes())
    assert "text" in json.loads(recogniser.FinalResult())
