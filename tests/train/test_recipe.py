"""The whole recipe in miniature: a step of every training, and a model that Vosk loads."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")

import vosk
from support.training_world import build
from train import fit as fitting
from train.export import KNOBS, export_model, grow_graph
from train.recipe import STEPS, train_all

from voiceguide.edge.lexicon.graph_build import read_sources

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


def test_a_graph_grows_by_words_and_takes_new_costs(work: Path, tmp_path: Path) -> None:
    export_model(work, tmp_path / "model", work / "networks" / "nobody.pt")
    source, out = tmp_path / "model" / "graph", tmp_path / "grown"
    word = {"zebra": ("Z IY B R AH",)}
    grow_graph(source, word, replace(KNOBS, unk_entry=1.5), out)
    before, after = read_sources(source), read_sources(out)
    assert "zebra" not in before.lexicon
    assert after.lexicon == before.lexicon | {"zebra": ["Z IY B R AH"]}
    assert after.knobs.unk_entry == 1.5
    assert after.knobs.pronunciation_costs == before.knobs.pronunciation_costs
    assert np.array_equal(after.filler.following, before.filler.following)
