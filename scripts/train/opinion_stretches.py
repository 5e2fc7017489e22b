"""Stretches of sound for the second opinion, cut from the sequences that all networks hear."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from train.drawing import Drawn
from train.pools import FREE

LEAD_FRAMES, TAIL_FRAMES = (18, 50), (8, 40)
"""What is heard before and behind a clip (10 ms each): as much as the decision asks for, and more
where a noise hides where the words begin and end."""
SHORTEST_FRAMES, LONGEST_FRAMES = 40, 260
CUT_SHARE, CUT_LENGTH = 0.12, (0.2, 0.6)
"""So many phrases are heard only in part, which is anything else; and how much of one is heard."""
SHORTEST_CLIP_FRAMES, LONGEST_CLIP_FRAMES = 8, 150
PIECE_FRAMES, PIECES_APART = (40, 150), 60
"""A longer clip, which is talk, is heard in pieces that are about as long as a phrase."""
NOTHING_FRAMES = (60, 200)
"""Where nobody says anything, so much noise is heard."""


@dataclass(frozen=True, slots=True)
class Stretches:
    """What one step learns from."""

    features: Tensor
    """(stretches, frames, inputs); zero behind each one's length."""
    lengths: Tensor
    """(stretches,) int64."""
    targets: Tensor
    """(stretches,) int64: the phrase, or what stands for anything else."""


@dataclass(frozen=True, slots=True)
class _Place:
    row: int
    first: int
    last: int
    target: int


def cut(drawn: Drawn, rng: np.random.Generator, anything: int) -> Stretches:
    """The stretches of a batch.

    Args:
        anything: the target of what is no phrase.
    """
    phrases, labels = drawn.phrases.numpy(), drawn.labels.numpy()
    frames = drawn.features.shape[1]
    places: list[_Place] = []
    for row, (of_row, labels_of_row) in enumerate(zip(phrases, labels, strict=True)):
        found = [_around(row, *clip, rng, anything) for clip in _clips(of_row, labels_of_row, rng)]
        if not found:
            first = int(rng.integers(0, frames - NOTHING_FRAMES[0]))
            found = [_Place(row, first, first + int(rng.integers(*NOTHING_FRAMES)), anything)]
        places += found
    return _gathered(drawn.features, places)


def _around(
    row: int, first: int, last: int, phrase: int, rng: np.random.Generator, anything: int
) -> _Place:
    """A clip with what is around it, or a part of a phrase with what is around that end."""
    lead, tail = int(rng.integers(*LEAD_FRAMES)), int(rng.integers(*TAIL_FRAMES))
    if phrase < 0:
        return _Place(row, first - lead, last + tail, anything)
    if rng.random() >= CUT_SHARE:
        return _Place(row, first - lead, last + tail, phrase)
    keep = int((last - first) * rng.uniform(*CUT_LENGTH))
    if rng.random() < 0.5:
        return _Place(row, first - lead, first + keep, anything)
    return _Place(row, last - keep, last + tail, anything)


def _clips(
    phrases: NDArray[np.int16], labels: NDArray[np.uint8], rng: np.random.Generator
) -> Iterator[tuple[int, int, int]]:
    """The clips of a sequence: their first frame, the one behind their last, and the phrase."""
    changes = np.flatnonzero(np.diff(phrases.astype(np.int32), prepend=-9, append=-9))
    for first, last in pairwise(map(int, changes)):
        phrase = int(phrases[first])
        is_silence = phrase == FREE and not labels[first:last].any()
        if is_silence or last - first < SHORTEST_CLIP_FRAMES:
            continue
        if phrase >= 0 or last - first <= LONGEST_CLIP_FRAMES:
            yield first, last, phrase
            continue
        while first < last - PIECE_FRAMES[0]:
            end = min(first + int(rng.integers(*PIECE_FRAMES)), last)
            yield first, end, phrase
            first = end + PIECES_APART


def _gathered(features: Tensor, places: list[_Place]) -> Stretches:
    """The stretches that are long enough, side by side."""
    found, targets = [], []
    for place in places:
        first = max(0, place.first)
        stretch = features[place.row, first : min(place.last, first + LONGEST_FRAMES)]
        if len(stretch) >= SHORTEST_FRAMES:
            found.append(stretch)
            targets.append(place.target)
    lengths = torch.tensor([len(stretch) for stretch in found])
    padded = torch.nn.utils.rnn.pad_sequence(found, batch_first=True)
    return Stretches(padded, lengths, torch.tensor(targets))
