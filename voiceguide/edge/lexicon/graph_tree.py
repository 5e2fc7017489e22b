"""The prefix tree of pronunciations, and the words that each of its nodes leads to; all in
numpy."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

BEGIN, END, INTERNAL, SINGLETON = range(4)
"""Places of a phone in its word; the model has an id for each phone at each place."""
SILENCE_ID = 1
"""The phone id of silence, which stands in no word."""

Phones = TypeVar("Phones", int, NDArray[np.int64])


@dataclass(frozen=True, slots=True)
class Tree:
    """A prefix tree. Its nodes are numbered from 0, depth first; the root is no node, but −1 as a
    parent.
    """

    parent: NDArray[np.int64]
    """The parent of each node, shape (nodes,)."""
    phone_id: NDArray[np.int64]
    """The phone at its place that each node stands for (`phone_id`), shape (nodes,)."""
    leaf: NDArray[np.int64]
    """The node that each pronunciation ends in, in the caller's order, shape (pronunciations,)."""
    label: NDArray[np.int64]
    """The label of each pronunciation's word, from 1 on, shape (pronunciations,)."""
    per_node: NDArray[np.int32]
    """How many intervals of labels each node leads to, shape (nodes,)."""
    intervals: NDArray[np.int32]
    """Those intervals, ``[begin, end)``, shape (intervals, 2)."""


def phone_id(phone: Phones, place: int) -> Phones:
    """The id of phone 1–39 (in the order of the network's outputs) at a place of a word."""
    return 2 + 4 * (phone - 1) + place


def grow(pronunciations: list[bytes], words: NDArray[np.int64]) -> Tree:
    """The prefix tree of all pronunciations.

    Words get their labels in the order in which the tree meets them, so that a node leads to one
    interval of labels, except where words have several pronunciations.

    Args:
        pronunciations: strings of phone numbers 1–39; none is empty, and none is given twice for
            a word.
        words: a number for the word of each, shape (pronunciations,); any numbers will do.
    """
    base = np.array(pronunciations)
    base = base.view(np.uint8).reshape(len(pronunciations), -1).astype(np.int64)
    place = np.full(base.shape, INTERNAL)
    place[:, 0] = BEGIN
    lengths = np.count_nonzero(base, axis=1)
    last = lengths - 1
    everyone = np.arange(len(base))
    place[everyone, last] = np.where(lengths == 1, SINGLETON, END)
    ids = np.where(base > 0, 2 + 4 * (base - 1) + place, 0).astype(np.uint8)
    order = np.lexsort((words, ids.view(f"S{ids.shape[1]}").ravel()))
    ids, last, words = ids[order], last[order], words[order]

    # A cell (row, depth) is a new node where its row differs so far from the row above.
    differs = np.ones(ids.shape, bool)
    differs[1:] = np.logical_or.accumulate(ids[1:] != ids[:-1], axis=1)
    new = differs & (ids > 0)
    node = np.where(new, np.cumsum(new).reshape(new.shape) - 1, -1)
    node = np.where(ids > 0, np.maximum.accumulate(node, axis=0), -1)
    above = np.concatenate((np.full((len(ids), 1), -1), node[:, :-1]), axis=1)

    _, first, number = np.unique(words, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(1, len(first) + 1)
    label = rank[number]

    per_node, intervals = _intervals(node, label, int(new.sum()))
    back = np.empty(len(order), np.int64)
    back[order] = everyone
    leaf = node[everyone, last]
    return Tree(above[new], ids[new].astype(np.int64), leaf[back], label[back], per_node, intervals)


def _intervals(
    node: NDArray[np.int64], label: NDArray[np.int64], nodes: int
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """For each node, the labels of all rows through it, as intervals of consecutive numbers."""
    span = int(label.max()) + 2  # wide enough that no interval goes on from one node into the next
    inside = node >= 0
    keys = np.unique(node[inside] * span + np.broadcast_to(label[:, None], node.shape)[inside])
    begins = np.ones(len(keys), bool)
    begins[1:] = np.diff(keys) != 1
    ends = np.append(begins[1:], True)
    owner = keys[begins] // span
    intervals = np.stack((keys[begins] % span, keys[ends] % span + 1), axis=1)
    return np.bincount(owner, minlength=nodes).astype(np.int32), intervals.astype(np.int32)
