"""Phone labels by a network of our own: Viterbi alignment of the words, with pauses between."""

import math
import multiprocessing
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from train.corpus import FRAME_SAMPLES, PHONES, UNLABELLED, Corpus
from train.features import Mfcc
from train.model_reader import load_network

from voiceguide.edge.ears.layers import SUBSAMPLING

PAUSE_COST = 0.5
"""Entering a pause between words, natural log."""
WORST_MEAN = -1.6
"""Clips whose phones score less than this on average (log posterior minus log prior, over an
output) say something else than their text, and are not labelled."""

STOPS = frozenset({"B", "D", "G", "P", "T", "K"})
LONGEST_FIRST, LONGEST_LAST = 8, 11
"""Labels (10 ms) of a stop after a pause, and of one before it."""

Pronunciations = Mapping[str, Sequence[Sequence[str]]]


def word_chain(
    words: Sequence[str], lexicon: Pronunciations
) -> tuple[NDArray[np.int64], list[list[int]]]:
    """States of an utterance: their phones, and the states that each can come from.

    A pause before, between and after the words; every pronunciation is a way of its own. The
    first entry of the second list belongs to state 0, where every path begins (or in a first
    phone); the last state is the pause at the end.
    """
    phones, before = [0], [[0]]
    ends = [0]
    for word in words:
        starts, finished = list(ends), []
        for pronunciation in lexicon[word]:
            previous = starts
            for phone in pronunciation:
                state = len(phones)
                phones.append(PHONES.index(phone))
                before.append([state, *previous])
                previous = [state]
            finished += previous
        pause = len(phones)
        phones.append(0)
        before.append([pause, *finished])
        ends = [*finished, pause]
    return np.array(phones), before


def viterbi(
    scores: NDArray[np.float32], phones: NDArray[np.int64], before: Sequence[Sequence[int]]
) -> tuple[NDArray[np.int64], float]:
    """The best state of every output, and its mean score on the outputs that are no pause.

    Args:
        scores: (n, pdfs) log likelihood ratios.
    """
    width = max(map(len, before))
    table = np.zeros((len(phones), width), np.int64)
    cost = np.full((len(phones), width), np.inf)
    for state, origins in enumerate(before):
        table[state, : len(origins)] = origins
        cost[state, : len(origins)] = 0.0
        if phones[state] == 0:
            cost[state, 1 : len(origins)] = PAUSE_COST
    best = np.full(len(phones), -math.inf)
    best[0] = scores[0, 0]
    for state, origins in enumerate(before):  # a clip cut at its first sound has no pause first
        if 0 in origins:
            best[state] = scores[0, phones[state]]
    came = np.zeros((len(scores), len(phones)), np.int64)
    for n in range(1, len(scores)):
        ways = best[table] - cost
        choice = ways.argmax(1)
        came[n] = table[np.arange(len(phones)), choice]
        best = ways[np.arange(len(phones)), choice] + scores[n, phones]
    last = len(phones) - 1
    ends = [state for state in before[last] if math.isfinite(best[state])]
    if not ends:
        return np.zeros(0, np.int64), -math.inf
    path = [max(ends, key=lambda state: best[state])]
    for n in range(len(scores) - 1, 0, -1):
        path.append(int(came[n, path[-1]]))
    states = np.array(path[::-1])
    speech = phones[states] > 0
    if not speech.any():
        return states, -math.inf
    return states, float(scores[np.arange(len(scores)), phones[states]][speech].mean())


def without_silence(labels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Labels in which a stop beside a pause is no longer than a stop is.

    A closure before or behind a pause is silence, so an alignment lets it grow at will (0.2 s were
    usual); and the network then hears a *p* in the silence after every word: *go* became *help*.
    """
    labels = labels.copy()
    edges = np.flatnonzero(np.diff(labels)) + 1
    bounds = [0, *edges.tolist(), len(labels)]
    for first, end in pairwise(bounds):
        if labels[first] == UNLABELLED or PHONES[labels[first]] not in STOPS:
            continue
        if end == len(labels) or labels[end] == 0:
            labels[first + LONGEST_LAST :][: max(0, end - first - LONGEST_LAST)] = 0
            end = min(end, first + LONGEST_LAST)
        if first == 0 or labels[first - 1] == 0:
            labels[first : max(first, end - LONGEST_FIRST)] = 0
    return labels


class Realigner:
    """Labels of a clip from its words and a trained network."""

    def __init__(self, checkpoint: Path, lexicon: Pronunciations) -> None:
        self._net, counts = load_network(checkpoint)
        share = (counts / counts.sum()).float()
        self._log_prior = torch.log(0.95 * share + 0.05 / len(share))
        self._mfcc = Mfcc()
        self._lexicon = lexicon

    @torch.no_grad()
    def align(self, samples: NDArray[np.int16], text: str) -> NDArray[np.uint8] | None:
        """One label for every 10 ms, or None when the sound does not say the words."""
        words = text.split()
        if not words or any(word not in self._lexicon for word in words):
            return None
        features = self._mfcc(torch.from_numpy(samples.astype(np.float32))[None])
        if not features.shape[1]:
            return None
        shape = self._net.shape
        first = features[:, :1].expand(-1, shape.left, -1)
        last = features[:, -1:].expand(-1, shape.right + SUBSAMPLING, -1)
        logits = self._net(torch.cat((first, features, last), 1))[0]
        scores = (logits.log_softmax(1) - self._log_prior).numpy()
        phones, before = word_chain(words, self._lexicon)
        states, mean = viterbi(scores, phones, before)
        if mean < WORST_MEAN:
            return None
        # An output stands for the frame in its middle: one frame before it, one behind.
        labels = np.repeat(phones[states], SUBSAMPLING)[1:].astype(np.uint8)
        frames = len(samples) // FRAME_SAMPLES
        return without_silence(np.pad(labels, (0, max(0, frames - len(labels))))[:frames])


_worker: dict[str, Any] = {}


def _begin(folder: Path, names: Sequence[str], checkpoint: Path, lexicon: Pronunciations) -> None:
    torch.set_num_threads(1)
    corpora = {name: Corpus(folder, name) for name in names}
    _worker.update(corpora=corpora, aligner=Realigner(checkpoint, lexicon))


def _align(place: tuple[str, int]) -> NDArray[np.uint8] | None:
    name, index = place
    corpus = _worker["corpora"][name]
    clip = corpus.clips[index]
    labels: NDArray[np.uint8] | None = _worker["aligner"].align(corpus.samples(clip), clip.text)
    return labels


def realign(
    work: Path, names: Sequence[str], checkpoint: Path, lexicon: Pronunciations, jobs: int
) -> tuple[int, int]:
    """Label corpora afresh with a trained network; returns (labelled, given up).

    Args:
        checkpoint: of `fit`, or an exported model folder.
    """
    folder = work / "corpora"
    corpora = {name: Corpus(folder, name) for name in names}
    spoken = [
        (name, index)
        for name, corpus in corpora.items()
        for index, clip in enumerate(corpus.clips)
        if clip.text
    ]
    context = multiprocessing.get_context("spawn")
    given_up = 0
    with context.Pool(jobs, _begin, (folder, list(names), checkpoint, lexicon)) as pool:
        found = pool.imap(_align, spoken, chunksize=16)
        for (name, index), labels in zip(spoken, found, strict=True):
            clip = corpora[name].clips[index]
            given_up += labels is None
            nobody_knows = np.full(clip.samples // FRAME_SAMPLES, UNLABELLED, np.uint8)
            corpora[name].relabel(clip, nobody_knows if labels is None else labels)
    for corpus in corpora.values():
        corpus.save_labels()
    return len(spoken) - given_up, given_up
