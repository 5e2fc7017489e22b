"""A checkpoint as a whole model folder."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from train.model_file import write_model
from train.model_reader import load_network
from train.network import LABEL_SMOOTHING, describe
from train.pools import corpora_in
from train.vocabulary import further_ways, model_lexicon, phrase_lexicon, spoken_sentences

from voiceguide.edge.ears.layers import context
from voiceguide.edge.ears.second_opinion import FILE as OPINION
from voiceguide.edge.lexicon.graph_build import Built, build_graph, read_sources, rebuild
from voiceguide.edge.lexicon.graph_filler import Filler, Knobs
from voiceguide.edge.models.model_sums import write_sums

KNOBS = Knobs(
    unk_entry=0.8,
    unk_scale=0.4,
    word_costs={"help": 1.0},
    pronunciation_costs={
        ("am", "R AE M"): -1.8,
        ("skip", "S K IH P"): 1.5,
        ("stop", "S T AA P"): -0.5,
    },
)
"""Of the graph: what unknown speech costs. Through the ears, every command live: 240 phrases by
near-human voices that training never heard, in quiet, right / wrong, and how many of 163 words and
sentences without a command (mostly single words) gave one: (0.3, 0.28) .633 / .013 and 10,
(0.8, 0.4) .758 / .017 and 15, (1.5, 0.55) .812 / .025 and 21.
"Help" is written too easily for "go": its l is near an o, and any vowel that stops ends like a p. A
cost of 0.8 took away 6 of 26 wrong commands and no right one; at 3 true ones were missed.
"Skip" is written for "cat": the recording in the tests has 1.00 without a cost, 0.94 at 1.0 and
0.79 at 1.5, which is below the bar of such a command. Of 15 times *skip* by near-human voices of
the training 11 are obeyed then, 15 without.
"Stop" must be sure, and it must work: at -0.5 a synthetic voice that had 0.85 reaches the 0.90 that
it needs, and no more recordings of talk are "stop"."""

FURTHER_COST = -2.0
"""What the pronunciations of `further_ways` cost, in nats: below 0, so they are likelier than the
usual one. Through the ears, every command live, of 445 phrases by near-human voices that training
never heard .881 are right in quiet without them, .912 with them; .917 if costly commands had some
too, at -2.0 and at -3.5. Of 450 words and sentences without a command 65 gave one without them, 64
with those of costly commands too."""


def export_network(folder: Path, checkpoint: Path) -> None:
    """Write ``am/`` and ``conf/`` of a checkpoint."""
    net, counts = load_network(checkpoint)
    layers = describe(net)
    share = (counts / counts.sum()).numpy()
    # Targets are smoothed in training, so what they are on average is smoothed as well: else the
    # rarest phone would win every silent frame.
    priors = (1 - LABEL_SMOOTHING) * share + LABEL_SMOOTHING / len(share)
    write_model(folder, layers, priors.astype(np.float32), context(layers))


def export_model(
    work: Path, folder: Path, checkpoint: Path, knobs: Knobs = KNOBS, graph: Path | None = None
) -> None:
    """Write a whole model folder, or nothing; a card (README.md) and a second opinion that are
    there are kept.

    Args:
        graph: a model folder whose graph is grown (`grow_graph`); else one is built from what is
            said.
    """
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    export_network(part, checkpoint)
    further = further_ways()
    costs = {(word, way): FURTHER_COST for word, ways in further.items() for way in ways}
    knobs = replace(knobs, pronunciation_costs={**knobs.pronunciation_costs, **costs})
    if graph is None:
        spoken = [name for name in corpora_in(work) if name != "events"]
        filler = Filler.counted(spoken_sentences(work, spoken))
        build_graph(_with(further, model_lexicon(work)), filler, knobs, part / "graph")
    else:
        grow_graph(graph / "graph", _with(further, phrase_lexicon()), knobs, part / "graph")
    for kept in ("README.md", OPINION):
        if (folder / kept).exists():
            (part / kept).parent.mkdir(exist_ok=True)
            shutil.copyfile(folder / kept, part / kept)
    write_sums(part)
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    part.replace(folder)
    shutil.rmtree(old, ignore_errors=True)


def grow_graph(
    source: Path, lexicon: Mapping[str, Sequence[str]], knobs: Knobs, out: Path
) -> Built:
    """Build the graph of ``source`` again, with further words and these costs of unknown speech.

    The filler, and what each word costs that is there already, stay as they were. New words were
    taught to the network, so none of their phones is made cheaper.
    """
    sources = read_sources(source)
    costs = {**sources.knobs.pronunciation_costs, **knobs.pronunciation_costs}
    knobs = replace(knobs, word_costs={}, pronunciation_costs=costs)
    return rebuild(replace(sources, knobs=knobs), lexicon, out, phone_cost=0.0)


def _with(
    further: Mapping[str, tuple[str, ...]], lexicon: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """The lexicon, with further pronunciations of words that it has."""
    return {**lexicon, **{word: (*lexicon[word], *ways) for word, ways in further.items()}}
