"""Sequence training: the spoken phrase against every other phrase and against unknown speech.

The loss is that of maximum mutual information without lattices (Povey and others, 2016), but its
denominator is the very graph that the ears decode with: every phrase, the filler's phone loop and
silence. The numerator is the same graph with all states taken away that the labels rule out.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from training.corpus import PHONES, UNLABELLED
from training.pools import FILLER, FREE, NO_PHRASE

STAY = 0.5
"""Probability that a state of the graph lasts another output (30 ms)."""
UNKNOWN_SHARE = 1.0
"""How often unknown speech is expected, relative to one phrase."""
FILLER_SCALE = 0.55
FILLER_ENTRY = 2.0
"""Weight of the phone bigram in the filler, and what entering it costs."""
PAUSE_SHARE = 0.7
"""How often silence follows something said, rather than something else said."""
SLACK_OUTPUTS = 2
"""So far a boundary may move from where the labels have it."""


@dataclass(frozen=True, slots=True)
class PhraseGraph:
    """A hidden Markov model; state 0 is silence, 1–39 are the filler's phones."""

    pdf: NDArray[np.int64]
    """The network's output of every state."""
    owner: NDArray[np.int64]
    """The phrase a state belongs to; `FILLER`, or `FREE` for silence."""
    filler: NDArray[np.float32]
    """(39, 39) weights from one of the filler's phones to the next, staying included."""
    stay: NDArray[np.float32]
    """(states,) weight of staying in each state of a phrase."""
    before: NDArray[np.int64]
    """(states,) the first state within the same phrase that each can come from."""
    before_weight: NDArray[np.float32]
    """Its weight; 0 where there is none."""
    joint_from: NDArray[np.int64]
    """Further moves within a phrase, where pronunciations and pauses meet."""
    joint_to: NDArray[np.int64]
    joint_weight: NDArray[np.float32]
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
    stay = np.full(len(pdf), STAY, np.float32)
    stay[:40] = 0.0  # the filler's and the silence's are elsewhere
    before, weight = np.zeros(len(pdf), np.int64), np.zeros(len(pdf), np.float32)
    joints = []
    for a, b, share in arcs:
        if weight[b]:
            joints.append((a, b, share))
        else:
            before[b], weight[b] = a, share
    scaled = (1 - STAY) * bigram**FILLER_SCALE
    filler = scaled[1:, 1:].astype(np.float32)
    np.fill_diagonal(filler, STAY)
    entry, leave = np.zeros(len(pdf), np.float32), np.zeros(len(pdf), np.float32)
    np.add.at(entry, [state for state, _ in entries], [share for _, share in entries])
    entry[1:40] = UNKNOWN_SHARE * start * math.exp(-FILLER_ENTRY) * bigram[0, 1:] ** FILLER_SCALE
    leave[exits] = 1 - STAY
    leave[1:40] = scaled[1:, 0]
    return PhraseGraph(
        pdf=np.array(pdf),
        owner=np.array(owner),
        filler=filler,
        stay=stay,
        before=before,
        before_weight=weight,
        joint_from=np.array([a for a, _, _ in joints], np.int64),
        joint_to=np.array([b for _, b, _ in joints], np.int64),
        joint_weight=np.array([share for _, _, share in joints], np.float32),
        entry=entry,
        leave=leave,
    )


class SequenceLoss(torch.nn.Module):
    """Minus the logarithm of the right paths' share among all paths."""

    def __init__(self, graph: PhraseGraph) -> None:
        super().__init__()
        for each in fields(graph):
            self.register_buffer(each.name, torch.from_numpy(getattr(graph, each.name)))

    def _move(self, at: Tensor) -> Tensor:
        """(batch, states) weights, one output later."""
        within = at * self.stay + at[:, self.before] * self.before_weight
        joints = at[:, self.joint_from] * self.joint_weight
        within = within.index_add(1, self.joint_to, joints)
        unknown = torch.nn.functional.pad(at[:, 1:40] @ self.filler, (1, at.shape[1] - 40))
        done = (at * self.leave).sum(1, keepdim=True)
        new = (1 - PAUSE_SHARE) * done + (1 - STAY) * at[:, :1]
        silence = STAY * at[:, :1] + PAUSE_SHARE * done
        silence = torch.nn.functional.pad(silence, (0, at.shape[1] - 1))
        return within + unknown + new * self.entry + silence

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
        emission = scores[:, :, self.pdf]
        peak = emission.amax(2, keepdim=True).detach()
        likely = torch.exp(emission - peak)
        both = torch.cat((likely * allowed, likely))
        forward = both[:, 0]  # a sequence may begin in the middle of anything
        total = torch.zeros(len(both), device=scores.device)
        for n in range(1, both.shape[1]):
            scale = forward.sum(1, keepdim=True).clamp(min=1e-30)
            total = total + torch.log(scale[:, 0])
            forward = self._move(forward / scale) * both[:, n]
        total = total + torch.log(forward.sum(1).clamp(min=1e-30))
        right, every = total.chunk(2)
        return ((every - right) / both.shape[1]).mean()
