"""Builds the graph of a command model: from pronunciations to Vosk's files, without OpenFst.

The graph is a prefix tree of pronunciations, of monophones with one state each. Beside it stands a
loop of phones, the filler ``[unk]``; after each word a silence may follow. It is made without the
network's weights: words, pronunciations and costs change without training.
"""

import gzip
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from voiceguide.edge.lexicon.graph_files import FILLER_FILE, LEXICON_FILE
from voiceguide.edge.lexicon.graph_filler import DECIMALS, Filler, Knobs, read_filler, write_filler
from voiceguide.edge.lexicon.graph_fst import ARC, Fst, Reach, write_lookahead, write_unigrams
from voiceguide.edge.lexicon.graph_tree import (
    BEGIN,
    END,
    INTERNAL,
    SILENCE_ID,
    SINGLETON,
    Tree,
    grow,
    phone_id,
)
from voiceguide.edge.lexicon.pronouncing import PHONES, encode

EPSILON, UNKNOWN = "<eps>", "[unk]"

NEW_PHONE_COST = -0.85
"""Added for each phone of a word that the network was not trained for; without it ``[unk]`` would
win too often. Of 56 such phrases by four synthetic voices 44 are obeyed with -0.8 and 45 with
-0.85; of 450 recordings without such a phrase 11 and 12 are taken for one, most of them for the
same one."""

_AFTER_WORD, _BEFORE_WORD, _IN_SILENCE, _UNK_END, _FILLER = range(5)
"""The numbers of the first states. From _FILLER on there are four for each phone, then the nodes of
the tree."""
_UNK_LABEL = 1
_HIGHEST_PHONE_ID = phone_id(len(PHONES), SINGLETON)

Lexicon = Mapping[str, Sequence[str]]
"""Word to its pronunciations, in CMUdict's phones without stress: ``{"stop": ["S T AA P"]}``."""


@dataclass(frozen=True, slots=True)
class Built:
    """The size of a graph that was built."""

    words: int
    pronunciations: int
    states: int
    arcs: int


def build_graph(
    lexicon: Lexicon,
    filler: Filler,
    knobs: Knobs,
    out_folder: Path,
    unigrams: Mapping[str, float] | None = None,
) -> Built:
    """Write the whole ``graph`` folder of a model.

    The files: ``HCLr.fst``, ``Gr.fst``, ``words.txt``, ``phones/word_boundary.int`` and
    ``disambig_tid.int`` for Vosk (the model needs ``am`` and ``conf`` beside them), and
    ``lexicon.txt.gz`` and ``filler.json``, from which the same graph can be built again.

    The phone id of silence is 1; of phones 1–39, in the order of `PHONES`, it is
    ``2 + 4·(phone − 1) + place``, with the places begin, end, internal, singleton from 0 on. The
    transition ids of phone id *i* are 2*i* − 1 (stay) and 2*i* (enter). ``am/final.mdl`` must have
    the same order.

    Example::

        filler = Filler.counted(pronunciations_of_each_sentence)
        build_graph({"stop": ["S T AA P"]}, filler, Knobs(), Path("models/new/graph"))

    Args:
        lexicon: words with their pronunciations; one that is given twice counts once.
        filler: the phones of ``[unk]``.
        knobs: the costs.
        out_folder: the model's ``graph`` folder; made where it is missing.
        unigrams: cost of each word in nats where no grammar is given; all alike if None.

    Raises:
        ValueError: there are no words, a word has no pronunciation, or something is no phone.
    """
    entries = _entries(lexicon)
    names = sorted(lexicon)
    number = {name: index for index, name in enumerate(names)}
    tree = grow(
        [encode(spoken) for _, spoken in entries],
        np.array([number[word] for word, _ in entries]),
    )
    # The tree numbers words from 1 in its own order; the filler's label comes before them.
    labels = {EPSILON: 0, UNKNOWN: _UNK_LABEL}
    of_word = {word: int(label) for (word, _), label in zip(entries, tree.label, strict=True)}
    labels |= {name: _UNK_LABEL + of_word[name] for name in names}
    costs = [
        knobs.word_costs.get(word, 0.0) + knobs.pronunciation_costs.get((word, spoken), 0.0)
        for word, spoken in entries
    ]
    costs_rounded = np.array(costs).round(DECIMALS)
    fst, reach = _assemble(tree, costs_rounded, filler.rounded(), knobs, len(names))

    (out_folder / "phones").mkdir(parents=True, exist_ok=True)
    write_lookahead(out_folder / "HCLr.fst", fst, reach)
    alike = math.log(len(names))
    word_costs = {name: round((unigrams or {}).get(name, alike), DECIMALS) for name in names}
    write_unigrams(out_folder / "Gr.fst", labels, word_costs | {UNKNOWN: knobs.unk_unigram})
    _write_lines(out_folder / "words.txt", (f"{word} {label}" for word, label in labels.items()))
    _write_lines(out_folder / "disambig_tid.int", [f"{2 * _HIGHEST_PHONE_ID + 1}"])
    boundaries = [f"{SILENCE_ID} nonword"]
    for phone in range(1, len(PHONES) + 1):
        for place, name in enumerate(("begin", "end", "internal", "singleton")):
            boundaries.append(f"{phone_id(phone, place)} {name}")
    _write_lines(out_folder / "phones/word_boundary.int", boundaries)
    write_filler(out_folder / FILLER_FILE, filler, knobs)
    lines = (
        f"{word} {word_costs[word]!r} {float(cost)!r} {spoken}\n"
        for (word, spoken), cost in zip(entries, costs_rounded, strict=True)
    )
    packed = gzip.compress("".join(lines).encode(), mtime=0)
    (out_folder / LEXICON_FILE).write_bytes(packed)
    return Built(len(names), len(entries), len(fst.states), len(fst.arcs))


@dataclass(frozen=True, slots=True)
class Sources:
    """What a graph was built from, or is to be built from."""

    lexicon: dict[str, list[str]]
    unigrams: dict[str, float]
    filler: Filler
    knobs: Knobs


def read_sources(graph: Path) -> Sources:
    """What a ``graph`` folder was built from.

    Raises:
        OSError: a file cannot be read.
        ValueError: a file is not what `build_graph` writes.
    """
    filler, knobs = read_filler(graph / FILLER_FILE)
    lexicon: dict[str, list[str]] = {}
    unigrams: dict[str, float] = {}
    costs: dict[tuple[str, str], float] = {}
    path = graph / LEXICON_FILE
    try:
        text = gzip.decompress(path.read_bytes()).decode()
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ValueError(f"{path}: {error}") from error
    for line in text.splitlines():
        word, unigram, cost, spoken = line.split(" ", 3)
        lexicon.setdefault(word, []).append(spoken)
        unigrams[word] = float(unigram)
        if float(cost):
            costs[word, spoken] = float(cost)
    if not lexicon:
        raise ValueError(f"{path} has no words")
    return Sources(lexicon, unigrams, filler, replace(knobs, pronunciation_costs=costs))


def rebuild(
    sources: Sources, added: Lexicon, out_folder: Path, phone_cost: float = NEW_PHONE_COST
) -> Built:
    """Build a graph again with more words; a new word costs as much as the median one.

    A word that is there already gets further pronunciations.

    Args:
        phone_cost: added for each phone of a pronunciation that is new, unless the sources say what
            it costs.
    """
    lexicon = dict(sources.lexicon)
    costs: dict[tuple[str, str], float] = {}
    for word, spoken in added.items():
        known = lexicon.get(word, [])
        lexicon[word] = [*known, *spoken]
        costs |= {(word, one): phone_cost * len(one.split()) for one in spoken if one not in known}
    costs |= sources.knobs.pronunciation_costs
    knobs = replace(sources.knobs, pronunciation_costs=costs)
    usual = float(np.median(list(sources.unigrams.values())))
    unigrams = {word: sources.unigrams.get(word, usual) for word in lexicon}
    return build_graph(lexicon, sources.filler, knobs, out_folder, unigrams)


def _entries(lexicon: Lexicon) -> list[tuple[str, str]]:
    """Every pair of a word and a pronunciation, once."""
    entries = list(dict.fromkeys((word, one) for word in sorted(lexicon) for one in lexicon[word]))
    bare = [word for word, spoken in lexicon.items() if not spoken or "" in spoken]
    wrong = [word for word in lexicon if not word or word.split() != [word] or word[0] in "<["]
    if not entries or bare or wrong:
        raise ValueError(f"no pronunciation of {bare[:3]}, or no words: {wrong[:3]}")
    return entries


def _assemble(
    tree: Tree, costs: NDArray[np.float64], filler: Filler, knobs: Knobs, words: int
) -> tuple[Fst, Reach]:
    """The transducer around the tree, and which labels each state leads to."""
    base = _FILLER + 4 * len(PHONES)
    node = base + np.arange(len(tree.parent))
    parent = np.where(tree.parent < 0, _BEFORE_WORD, tree.parent + base)
    enter, leaves = 2 * tree.phone_id, tree.leaf + base
    sources, arcs = _loops(filler, knobs)
    blocks = [
        (sources, arcs),
        _arcs(node, enter - 1, 0, 0.0, node),
        _arcs(parent, enter, 0, 0.0, node),
        _arcs(leaves, 0, _UNK_LABEL + tree.label, costs, _AFTER_WORD),
    ]
    final = np.full(base + len(node), np.inf, np.float32)
    final[_BEFORE_WORD] = 0
    fst = Fst.of(*_joined(blocks), final)
    # Between words every word can come, or the end; in the filler only the filler's own end.
    last = _UNK_LABEL + words + 1
    only_unk = [_UNK_LABEL, _UNK_LABEL + 1]
    outside = np.array([[1, last + 1]] * _UNK_END + [only_unk] * (base - _UNK_END))
    reach = Reach(
        np.concatenate((np.ones(base, np.int32), tree.per_node)),
        np.concatenate((outside.astype(np.int32), tree.intervals + np.int32(_UNK_LABEL))),
        last,
    )
    return fst, reach


def _loops(filler: Filler, knobs: Knobs) -> tuple[NDArray[np.int64], NDArray[np.void]]:
    """The arcs of the silence and of the filler."""
    stay, enter = 2 * SILENCE_ID - 1, 2 * SILENCE_ID
    phones = np.arange(1, len(PHONES) + 1)
    ids = {place: phone_id(phones, place) for place in (BEGIN, END, INTERNAL, SINGLETON)}
    states = {place: _FILLER + 4 * (phones - 1) + place for place in ids}
    first = knobs.unk_entry + knobs.unk_scale * filler.first
    following = knobs.unk_scale * filler.following
    blocks = [
        _arcs(_AFTER_WORD, 0, 0, knobs.no_silence, _BEFORE_WORD),
        _arcs(_AFTER_WORD, enter, 0, knobs.silence, _IN_SILENCE),
        _arcs(_IN_SILENCE, stay, 0, 0.0, _IN_SILENCE),
        _arcs(_IN_SILENCE, 0, 0, 0.0, _BEFORE_WORD),
        _arcs(_UNK_END, 0, _UNK_LABEL, 0.0, _AFTER_WORD),
        _arcs(_BEFORE_WORD, 2 * ids[SINGLETON], 0, first + knobs.unk_exit, states[SINGLETON]),
        _arcs(_BEFORE_WORD, 2 * ids[BEGIN], 0, first, states[BEGIN]),
    ]
    blocks += [_arcs(states[place], 2 * ids[place] - 1, 0, 0.0, states[place]) for place in ids]
    blocks += [_arcs(states[place], 0, 0, 0.0, _UNK_END) for place in (END, SINGLETON)]
    blocks += [
        _arcs(
            np.repeat(states[before], len(phones)),
            2 * np.tile(ids[place], len(phones)),
            0,
            following.ravel() + leaving,
            np.tile(states[place], len(phones)),
        )
        for place, leaving in ((INTERNAL, 0.0), (END, knobs.unk_exit))
        for before in (BEGIN, INTERNAL)
    ]
    return _joined(blocks)


def _arcs(
    source: NDArray[np.int64] | int,
    ilabel: NDArray[np.int64] | int,
    olabel: NDArray[np.int64] | int,
    weight: NDArray[np.float64] | float,
    target: NDArray[np.int64] | int,
) -> tuple[NDArray[np.int64], NDArray[np.void]]:
    """Arcs of one kind; a single number holds for all of them."""
    parts = np.broadcast_arrays(*map(np.atleast_1d, (source, ilabel, olabel, weight, target)))
    arcs = np.zeros(len(parts[0]), ARC)
    for name, values in zip(ARC.names or (), parts[1:], strict=True):
        arcs[name] = values
    return parts[0].astype(np.int64), arcs


def _joined(
    blocks: list[tuple[NDArray[np.int64], NDArray[np.void]]],
) -> tuple[NDArray[np.int64], NDArray[np.void]]:
    """Arcs of several kinds, joined."""
    return np.concatenate([one for one, _ in blocks]), np.concatenate([one for _, one in blocks])


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
