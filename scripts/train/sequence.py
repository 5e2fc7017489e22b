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
FILLER_SCALE = 0.55
FILLER_ENTRY = 2.0
"""Weight of the phone bigram in the filler, and what entering it costs."""
PAUSE_SHARE = 0.7
"""How often silence follows something said, rather than something else said."""
NEVER = -60.0
"""Log likelihood of what the labels rule out."""
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


class _Posteriors(torch.autograd.Function):
    """Log probability of all paths, by the forward algorithm; its gradient, by the backward one.

    States come before sequences, (n, states, batch): the moves are a sparse matrix times that.
    """

    @staticmethod
    def forward(ctx: Any, log_likely: Tensor, loss: "SequenceLoss") -> Tensor:
        peak = log_likely.amax(1, keepdim=True)
        likely = torch.exp(log_likely - peak)
        alphas = [likely[0]]  # a sequence may begin in the middle of anything
        total = peak.sum((0, 1))
        for now in likely[1:]:
            scale = alphas[-1].sum(0).clamp(min=1e-30)
            total = total + torch.log(scale)
            alphas.append(loss.move(alphas[-1] / scale) * now)
        ctx.save_for_backward(likely, torch.stack(alphas))
        ctx.loss = loss
        return total + torch.log(alphas[-1].sum(0).clamp(min=1e-30))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        likely, alphas = ctx.saved_tensors
        posteriors = torch.empty_like(alphas)
        beta = torch.ones_like(alphas[0])
        for n in range(len(alphas) - 1, -1, -1):
            joint = alphas[n] * beta
            posteriors[n] = joint / joint.sum(0).clamp(min=1e-30)
            if n:
                beta = ctx.loss.move_back(beta * likely[n])
                beta = beta / beta.amax(0).clamp(min=1e-30)
        return posteriors * gradients[0], None


class SequenceLoss(torch.nn.Module):
    """Minus the logarithm of the right paths' share among all paths."""

    def __init__(self, graph: PhraseGraph) -> None:
        super().__init__()
        self.register_buffer("pdf", torch.from_numpy(graph.pdf))
        self.register_buffer("owner", torch.from_numpy(graph.owner))
        self.register_buffer("entry", torch.from_numpy(graph.entry)[:, None])
        self.register_buffer("leave", torch.from_numpy(graph.leave)[:, None])
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

    def allowed(self, labels: Tensor, phrases: Tensor) -> Tensor:
        """(batch, n) labels and phrases → (batch, n, states): what may explain an output."""
        silent = labels == 0
        window = 2 * SLACK_OUTPUTS + 1

        def near(condition: Tensor) -> Tensor:
            return (
                torch.nn.functional.max_pool1d(
                    condition.float()[:, None], window, 1, SLACK_OUTPUTS
                )[:, 0]
                > 0
            )

        result = near(silent)[:, :, None] & (self.owner == FREE)
        result = result | (near((phrases == FILLER) & ~silent)[:, :, None] & (self.owner == FILLER))
        # The widened place of every phrase: a phrase's states may begin a little early or late.
        spoken = torch.where(silent, torch.full_like(phrases, FREE), phrases)
        for shift in range(-SLACK_OUTPUTS, SLACK_OUTPUTS + 1):
            moved = torch.roll(spoken, shift, 1)
            result = result | ((moved[:, :, None] == self.owner) & (moved[:, :, None] >= 0))
        # Pauses within a phrase carry the label of silence but belong to the phrase.
        inside = (phrases >= 0)[:, :, None] & (phrases[:, :, None] == self.owner)
        strange = phrases == NO_PHRASE
        result = result | (near(strange)[:, :, None] & (self.owner < 0))
        free = ((phrases == FREE) & ~silent) | ((labels == UNLABELLED) & ~strange)
        return result | inside | near(free)[:, :, None]

    def forward(self, scores: Tensor, labels: Tensor, phrases: Tensor) -> Tensor:
        """The mean loss for every output.

        Args:
            scores: (batch, n, pdfs): log posterior minus log prior, times the acoustic scale.
            labels: (batch, n) phones.
            phrases: (batch, n) phrases.
        """
        allowed = self.allowed(labels, phrases)
        every = scores[:, :, self.pdf]
        right = every.masked_fill(~allowed, NEVER)
        both = torch.cat((right, every)).permute(1, 2, 0).contiguous()
        right, every = _Posteriors.apply(both, self).chunk(2)
        return ((every - right) / scores.shape[1]).mean()
