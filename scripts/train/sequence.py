"""Sequence training: the spoken phrase against every other phrase and against unknown speech.

The loss is that of maximum mutual information without lattices (Povey and others, 2016), but its
denominator is the very graph that the ears decode with: every phrase, the filler's phone loop and
silence. The numerator is the same graph with all states taken away that the labels rule out.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from train.corpus import PHONES, UNLABELLED
from train.pools import FILLER, FREE, NO_PHRASE

STAY = 0.5
"""Probability that a state of the graph lasts another output (30 ms)."""
UNKNOWN_SHARE = 1.0
"""How often unknown speech is expected, relative to one phrase."""
FILLER_SCALE = 0.4
FILLER_ENTRY = 0.8
"""Weight of the phone bigram in the filler, and what entering it costs: about what they are in the
graph that is decoded with (`export.KNOBS`)."""
PAUSE_SHARE = 0.7
"""How often silence follows something said, rather than something else said."""
NEVER = 1e-26
"""How likely what the labels rule out still is, beside what they allow."""
SLACK_OUTPUTS = 2
"""So far a boundary may move from where the labels have it."""


@dataclass(frozen=True, slots=True)
class PhraseGraph:
    """A hidden Markov model; state 0 is silence, 1–39 are the filler's phones."""

    pdf: NDArray[np.int64]
    """The network's output of every state."""
    owner: NDArray[np.int64]
    """The phrase a state belongs to; `FILLER`, or `FREE` for silence."""
    moves: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]
    """From, to and weight of every move but those over `leave` and `entry`."""
    entry: NDArray[np.float32]
    """Weight of beginning something new in each state."""
    leave: NDArray[np.float32]
    """Weight of ending in each state."""


def phone_bigram(labels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """How phones follow each other, (40, 40), in frame labels; row and column 0 are silence."""
    counts = np.full((len(PHONES), len(PHONES)), 0.2)
    known = labels[labels != UNLABELLED]
    changes = np.flatnonzero(np.diff(known))
    np.add.at(counts, (known[changes], known[changes + 1]), 1)
    return counts / counts.sum(1, keepdims=True)


def phrase_graph(
    phrases: Mapping[str, Sequence[Sequence[Sequence[str]]]], bigram: NDArray[np.float64]
) -> PhraseGraph:
    """The graph of phrases, each given as words, each of which has pronunciations."""
    pdf = list(range(len(PHONES)))
    owner = [FREE] + [FILLER] * (len(PHONES) - 1)
    arcs: list[tuple[int, int, float]] = []
    entries: list[tuple[int, float]] = []
    exits: list[int] = []
    start = 1.0 / (len(phrases) + UNKNOWN_SHARE)
    for number, words in enumerate(phrases.values()):
        ends: list[tuple[int, float]] = []
        for place, pronunciations in enumerate(words):
            following: list[tuple[int, float]] = []
            for phones in pronunciations:
                share = 1.0 / len(pronunciations)
                chain = [len(pdf) + i for i in range(len(phones))]
                pdf += [PHONES.index(phone) for phone in phones]
                owner += [number] * len(phones)
                arcs += [(a, b, 1 - STAY) for a, b in itertools.pairwise(chain)]
                if place == 0:
                    entries.append((chain[0], start * share))
                arcs += [(end, chain[0], weight * share) for end, weight in ends]
                following.append((chain[-1], 1 - STAY))
            if place < len(words) - 1:
                pause = len(pdf)
                pdf.append(0)
                owner.append(number)
                arcs += [(end, pause, weight * 0.2) for end, weight in following]
                ends = [(end, weight * 0.8) for end, weight in following] + [(pause, 1 - STAY)]
            else:
                exits += [end for end, _ in following]
    scaled = (1 - STAY) * bigram**FILLER_SCALE
    arcs += [(state, state, STAY) for state in range(len(pdf))]
    arcs += [(a, b, float(scaled[a, b])) for a in range(1, 40) for b in range(1, 40) if a != b]
    entry, leave = np.zeros(len(pdf), np.float32), np.zeros(len(pdf), np.float32)
    np.add.at(entry, [state for state, _ in entries], [share for _, share in entries])
    entry[1:40] = UNKNOWN_SHARE * start * math.exp(-FILLER_ENTRY) * bigram[0, 1:] ** FILLER_SCALE
    leave[exits] = 1 - STAY
    leave[1:40] = scaled[1:, 0]
    start_states, end_states, weights = zip(*arcs, strict=True)
    return PhraseGraph(
        np.array(pdf),
        np.array(owner),
        (np.array(start_states), np.array(end_states), np.array(weights, np.float32)),
        entry,
        leave,
    )


class _Shares(torch.autograd.Function):
    """Log probability of all paths and of the allowed ones, by the forward algorithm; its gradient
    by the backward one.

    States come before sequences: the moves are a sparse matrix times that. Side by side in the
    last axis stand all paths and the allowed ones.
    """

    @staticmethod
    def forward(ctx: Any, scores: Tensor, allowed: Tensor, loss: "SequenceLoss") -> Tensor:
        """(n, pdfs, batch) scores, (n, states, batch) booleans → (2 * batch,)."""
        peak = scores.amax(1, keepdim=True)
        likely = torch.exp(scores - peak)
        total = peak.sum((0, 1)).repeat(2)
        alphas: list[Tensor] = []
        for now, may in zip(likely, allowed, strict=True):
            here = loss.of_states(now, may)
            if alphas:
                scale = alphas[-1].sum(0).clamp(min=1e-30)
                total = total + torch.log(scale)
                here *= loss.move(alphas[-1] / scale)
            alphas.append(here)  # a sequence may begin in the middle of anything
        ctx.save_for_backward(likely, allowed, torch.stack(alphas))
        ctx.loss = loss
        return total + torch.log(alphas[-1].sum(0).clamp(min=1e-30))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        likely, allowed, alphas = ctx.saved_tensors
        loss: SequenceLoss = ctx.loss
        result = torch.empty_like(likely)
        beta = torch.ones_like(alphas[0])
        for n in range(len(alphas) - 1, -1, -1):
            joint = alphas[n] * beta
            joint *= gradients[0] / joint.sum(0).clamp(min=1e-30)
            every, right = joint.chunk(2, 1)
            result[n] = loss.of_pdfs @ (every + right)
            if n:
                beta *= loss.of_states(likely[n], allowed[n])
                beta = loss.move_back(beta)
                beta /= beta.amax(0).clamp(min=1e-30)
        return result, None, None


class SequenceLoss(torch.nn.Module):
    """Minus the logarithm of the right paths' share among all paths."""

    def __init__(self, graph: PhraseGraph) -> None:
        super().__init__()
        self.register_buffer("pdf", torch.from_numpy(graph.pdf))
        self.register_buffer("owner", torch.from_numpy(graph.owner))
        self.register_buffer("entry", torch.from_numpy(graph.entry)[:, None])
        self.register_buffer("leave", torch.from_numpy(graph.leave)[:, None])
        phrases = 1 + int(graph.owner.max(initial=-1))
        column = np.where(graph.owner >= 0, graph.owner, phrases + (graph.owner == FREE))
        self.register_buffer("column", torch.from_numpy(column))
        self.phrases = phrases
        of_pdfs = torch.nn.functional.one_hot(torch.from_numpy(graph.pdf), len(PHONES))
        self.register_buffer("of_pdfs", of_pdfs.T.float().contiguous())
        start, end, weight = (torch.from_numpy(part) for part in graph.moves)
        size = (len(graph.pdf), len(graph.pdf))
        for name, rows, columns in (("ahead", end, start), ("back", start, end)):
            matrix = torch.sparse_coo_tensor(torch.stack((rows, columns)), weight, size)
            self.register_buffer(name, matrix.coalesce().to_sparse_csr())

    def move(self, at: Tensor) -> Tensor:
        """(states, batch) weights, one output later."""
        done = (at * self.leave).sum(0)
        silent = at[0]
        later = self.ahead @ at + self.entry * ((1 - PAUSE_SHARE) * done + (1 - STAY) * silent)
        later[0] += PAUSE_SHARE * done
        return later

    def move_back(self, later: Tensor) -> Tensor:
        """The transposed of `move`."""
        begun = (later * self.entry).sum(0)
        at = self.back @ later + self.leave * ((1 - PAUSE_SHARE) * begun + PAUSE_SHARE * later[0])
        at[0] += (1 - STAY) * begun
        return at

    def of_states(self, likely: Tensor, allowed: Tensor) -> Tensor:
        """(pdfs, batch) → (states, 2 * batch): for all paths, and for the allowed ones."""
        every = likely.index_select(0, self.pdf)
        return torch.cat((every, every * allowed.float().clamp(min=NEVER)), 1)

    def allowed(self, labels: Tensor, phrases: Tensor) -> Tensor:
        """(batch, n) labels and phrases → (n, states, batch): what may explain an output.

        Who may own an output is few; it is told of every state at the end.
        """
        silent = labels == 0
        filler, free = self.phrases, self.phrases + 1
        size, n = labels.shape
        spoken = (phrases >= 0) & ~silent
        own = torch.zeros(size, self.phrases + 2, n, device=labels.device)
        number = phrases.long().clamp(min=0)[:, None]
        own.scatter_(1, number, spoken[:, None].float())
        own[:, filler] = ((phrases == FILLER) & ~silent).float()
        own[:, free] = silent.float()
        strange = (phrases == NO_PHRASE).float()
        own[:, filler] = torch.maximum(own[:, filler], strange)
        own[:, free] = torch.maximum(own[:, free], strange)
        anything = ((phrases == FREE) & ~silent) | ((labels == UNLABELLED) & (strange == 0))
        own = torch.maximum(own, anything.float()[:, None])
        # A boundary may be a little early or late.
        window = 2 * SLACK_OUTPUTS + 1
        own = torch.nn.functional.max_pool1d(own, window, 1, SLACK_OUTPUTS)
        # Pauses within a phrase carry the label of silence but belong to the phrase.
        inside = torch.zeros_like(own).scatter_(1, number, (phrases >= 0)[:, None].float())
        own = torch.maximum(own, inside) > 0
        return own.permute(2, 1, 0).contiguous().index_select(1, self.column)

    def forward(self, scores: Tensor, labels: Tensor, phrases: Tensor) -> Tensor:
        """The mean loss for every output.

        Args:
            scores: (batch, n, pdfs): log posterior minus log prior, times the acoustic scale.
            labels: (batch, n) phones.
            phrases: (batch, n) phrases.
        """
        allowed = self.allowed(labels, phrases)
        both = _Shares.apply(scores.permute(1, 2, 0).contiguous(), allowed, self)
        every, right = both.chunk(2)
        return ((every - right) / scores.shape[1]).mean()
