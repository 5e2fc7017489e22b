"""A checkpoint as a whole model folder."""

import shutil
from pathlib import Path

import numpy as np
import torch
from training.fit import LABEL_SMOOTHING
from training.model_file import write_model
from training.network import Shape, Tdnn, describe
from training.topology import context
from training.vocabulary import model_lexicon, spoken_sentences

from voiceguide.edge.graph_build import build_graph
from voiceguide.edge.graph_filler import Filler, Knobs
from voiceguide.edge.model_sums import write_sums

KNOBS = Knobs(unk_entry=0.1, unk_scale=0.25)
"""Of the graph. Chosen with a fold's network, on people it had not heard, under plain Vosk: beside
(1.0, 0.4) the same commands were right, and single words taken for commands fell from 21 to 4 of
183, orders from 13 to 3 of 52; with (0, 0.2) a word in thirty was no more heard."""


def export_network(folder: Path, checkpoint: Path) -> None:
    """Write ``am/`` and ``conf/`` of a checkpoint."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = Tdnn(Shape.from_json(state["shape"]))
    net.load_state_dict(state["weights"])
    layers = describe(net)
    share = (state["counts"] / state["counts"].sum()).numpy()
    # Targets are smoothed in training, so what they are on average is smoothed as well: else the
    # rarest phone would win every silent frame.
    priors = (1 - LABEL_SMOOTHING) * share + LABEL_SMOOTHING / len(share)
    write_model(folder, layers, priors.astype(np.float32), context(layers))


def export_model(work: Path, folder: Path, checkpoint: Path, knobs: Knobs = KNOBS) -> None:
    """Write a whole model folder, or nothing; a card (README.md) that is there is kept."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    export_network(part, checkpoint)
    filler = Filler.counted(spoken_sentences(work, ("people", "synthetic")))
    build_graph(model_lexicon(work), filler, knobs, part / "graph")
    card = folder / "README.md"
    if card.exists():
        shutil.copyfile(card, part / "README.md")
    write_sums(part)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    part.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
