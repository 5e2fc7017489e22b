"""The exported network: real Vosk scores with it what its twin in numpy scores."""

import json
from pathlib import Path

import numpy as np
import pytest
import vosk
from train.model_file import write_model

from voiceguide.edge.ears.layers import Affine, context, log_softmax, outputs
from voiceguide.edge.lexicon.graph_build import build_graph
from voiceguide.edge.lexicon.graph_filler import Filler, Knobs
from voiceguide.sound.mfcc import mfcc

PDFS = 40
WIDTH, NARROW = 24, 12
ACOUSTIC_SCALE = 0.4
AH, B = 3, 7
"""Outputs of these phones."""


def tiny_network(seed: int) -> list[Affine]:
    """Every kind of layer: spliced, bottleneck, one that looks back more than ahead, skips."""
    rng = np.random.default_rng(seed)

    def layer(
        name: str,
        offsets: tuple[int, ...],
        sizes: tuple[int, int],
        relu: bool,
        plus: tuple[str, float] | None = None,
    ) -> Affine:
        inputs, outputs = sizes[0] * len(offsets), sizes[1]
        scale = 0.05 if name == "tdnn1" else 1.0
        weight = rng.normal(0, scale / np.sqrt(inputs), (outputs, inputs))
        return Affine(name, offsets, weight, rng.normal(0, 0.3, outputs), relu, plus)

    return [
        layer("tdnn1", (-3, -2, -1, 0, 1, 2, 3), (40, WIDTH), True),
        layer("tdnn2l", (-6, 0), (WIDTH, NARROW), False),
        layer("tdnn2", (0, 3), (NARROW, WIDTH), True, ("tdnn1", 0.66)),
        layer("tdnn3l", (-9, 0), (WIDTH, NARROW), False),
        layer("tdnn3", (0,), (NARROW, WIDTH), True, ("tdnn2", 0.66)),
        layer("output", (0,), (WIDTH, PDFS), False),
    ]


@pytest.fixture(scope="module")
def priors() -> np.ndarray:
    values = np.random.default_rng(1).uniform(0.2, 1.0, PDFS)
    return (values / values.sum()).astype(np.float32)


def sounds() -> list[np.ndarray]:
    rng = np.random.default_rng(2)
    return [
        (rng.normal(0, 300, 16_000) * np.sin(np.arange(16_000) / rng.uniform(400, 4000))).astype(
            np.int16
        )
        for _ in range(4)
    ]


def best_path(scores: np.ndarray, phones: list[int]) -> float:
    """The best sum of scores over silence, the phones in their order, silence.

    Both silences may be missing. Staying and going on cost the same, so over a fixed number of
    outputs they are a constant.
    """
    chain = [0, *phones, 0]
    best = np.full(len(chain), -np.inf)
    best[0], best[1] = scores[0, 0], scores[0, chain[1]]
    for row in scores[1:]:
        moved = np.concatenate(([-np.inf], best[:-1]))
        best = np.maximum(best, moved) + row[chain]
    return float(max(best[-1], best[-2]))


def vosk_score(folder: Path, word: str, samples: np.ndarray) -> float:
    recogniser = vosk.KaldiRecognizer(
        vosk.Model(model_path=str(folder)), 16_000, json.dumps([word])
    )
    recogniser.SetMaxAlternatives(3)
    recogniser.AcceptWaveform(samples.tobytes())
    found = json.loads(recogniser.FinalResult())["alternatives"]
    return next(float(one["confidence"]) for one in found if one["text"] == word)


def model_folder(folder: Path, priors: np.ndarray, compressed: bool) -> Path:
    layers = tiny_network(0)
    write_model(folder, layers, priors, context(layers), compressed)
    conf = folder / "conf" / "model.conf"
    # So wide that the best path cannot be lost.
    wide = conf.read_text().replace("--beam=9", "--beam=200")
    conf.write_text(wide.replace("--max-active=1500", "--max-active=9000"))
    filler = Filler.counted([["B AH B"]])
    build_graph({"uh": ["AH"], "bub": ["B AH B"]}, filler, Knobs(), folder / "graph")
    return folder


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize(("word", "phones"), [("uh", [AH]), ("bub", [B, AH, B])])
def test_vosk_scores_a_forced_path_as_the_twin_does(
    tmp_path: Path, priors: np.ndarray, word: str, phones: list[int], compressed: bool
) -> None:
    folder = model_folder(tmp_path / "model", priors, compressed)
    differences = []
    for samples in sounds():
        posteriors = log_softmax(outputs(tiny_network(0), mfcc(samples)))
        expected = best_path(ACOUSTIC_SCALE * (posteriors - np.log(priors)), phones)
        differences.append(vosk_score(folder, word, samples) - expected)
    # What is left is the graph's own costs, the same for every sound of this length.
    assert np.ptp(differences) < 1e-3
