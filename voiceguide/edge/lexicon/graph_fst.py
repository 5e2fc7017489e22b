"""Writes OpenFst's binary files with numpy, as far as a recogniser's graph needs them.

``graph/HCLr.fst`` is of the type ``olabel_lookahead``: a constant transducer, and for each of its
states the set of output labels that can come next. Composition looks into that set for the phrases
that are still possible; labels are numbered so that each set is a few intervals. ``graph/Gr.fst``
is a constant transducer of one state with the words' names in it. (OpenFst 1.7.9: const-fst.h,
add-on.h, label-reachable.h, symbol-table.cc. Little endian.)
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ARC = np.dtype([("ilabel", "<i4"), ("olabel", "<i4"), ("weight", "<f4"), ("target", "<i4")])
STATE = np.dtype(
    [
        ("final", "<f4"),
        ("first", "<u4"),
        ("arcs", "<u4"),
        ("iepsilons", "<u4"),
        ("oepsilons", "<u4"),
    ]
)

_FST_MAGIC, _ADD_ON_MAGIC, _SYMBOLS_MAGIC = 0x7EB2FDD6, 0x1A9FD15A, 0x7EB2FB74
_HAS_OUTPUT_SYMBOLS = 2
# Properties as OpenFst defines them; `fstinfo` computes the same for what is written here.
_GRAPH_PROPERTIES = 0x6595_656A_0001
"""Output labels sorted, input labels not; weighted, cyclic, every state useful; no acceptor."""
_UNIGRAM_PROPERTIES = 0x6595_5A95_0001
"""An acceptor, sorted and deterministic, without epsilons; weighted, cyclic."""
_HEADER = struct.Struct("<iiQqqq")
"""Version, flags, properties, start state, number of states, number of arcs."""


@dataclass(frozen=True, slots=True)
class Reach:
    """For each state the output labels that can come next, as intervals ``[begin, end)``."""

    per_state: NDArray[np.int32]
    """How many intervals each state has, shape (states,)."""
    intervals: NDArray[np.int32]
    """All intervals, those of a state one after another, ascending, shape (intervals, 2)."""
    final_label: int
    """The label that means "it may end here" in the sets."""


@dataclass(frozen=True, slots=True)
class Fst:
    """A transducer: state 0 is its start; arcs lie in the order of their states."""

    states: NDArray[np.void]
    """Dtype `STATE`; ``final`` is infinite in a state where it may not end."""
    arcs: NDArray[np.void]
    """Dtype `ARC`."""

    @classmethod
    def of(
        cls, source: NDArray[np.int64], arcs: NDArray[np.void], final: NDArray[np.float32]
    ) -> "Fst":
        """Sort arcs by state and output label, and count them.

        Args:
            source: the state each arc leaves, shape (arcs,).
            arcs: of dtype `ARC`, in any order; equal ones keep their order.
            final: cost of ending in each state, shape (states,).
        """
        order = np.lexsort((arcs["olabel"], source))
        source, arcs = source[order], arcs[order]
        states = np.zeros(len(final), STATE)
        states["final"] = final
        states["arcs"] = np.bincount(source, minlength=len(final))
        states["first"] = np.cumsum(states["arcs"]) - states["arcs"]
        for field, label in (("iepsilons", "ilabel"), ("oepsilons", "olabel")):
            states[field] = np.bincount(source[arcs[label] == 0], minlength=len(final))
        return cls(states, arcs)

    @property
    def sources(self) -> NDArray[np.int64]:
        """The state that each arc leaves, shape (arcs,)."""
        return np.repeat(np.arange(len(self.states)), self.states["arcs"])


def write_lookahead(path: Path, fst: Fst, reach: Reach) -> None:
    """Write a graph of type ``olabel_lookahead``."""
    path.write_bytes(
        b"".join(
            (
                _head(b"olabel_lookahead", 1, 0, _GRAPH_PROPERTIES, -1, 0, 0),
                struct.pack("<I", _ADD_ON_MAGIC),
                _const(fst, 0, _GRAPH_PROPERTIES),
                # An add-on follows: none for the input side, one for the output side, which is
                # about output labels, keeps no table of renumbering, and has a label for the end.
                struct.pack("<5?i", True, False, True, False, False, reach.final_label),
                struct.pack("<q", len(fst.states)),
                _records(reach).tobytes(),
            )
        )
    )


def write_unigrams(path: Path, labels: Mapping[str, int], costs: Mapping[str, float]) -> None:
    """Write a transducer of one state that accepts every word at its cost.

    Args:
        path: the file, ``Gr.fst``.
        labels: every word's label, ``<eps>`` included; they become the file's symbol table.
        costs: cost of each word in nats (−log of its probability).
    """
    arcs = np.zeros(len(costs), ARC)
    arcs["ilabel"] = arcs["olabel"] = [labels[word] for word in costs]
    arcs["weight"] = list(costs.values())
    arcs.sort(order="ilabel")
    fst = Fst.of(np.zeros(len(arcs), np.int64), arcs, np.zeros(1, np.float32))
    path.write_bytes(_const(fst, _HAS_OUTPUT_SYMBOLS, _UNIGRAM_PROPERTIES, _symbols(labels)))


def _text(text: bytes) -> bytes:
    return struct.pack("<i", len(text)) + text


def _head(kind: bytes, version: int, flags: int, properties: int, *counts: int) -> bytes:
    head = struct.pack("<I", _FST_MAGIC) + _text(kind) + _text(b"standard")
    return head + _HEADER.pack(version, flags, properties, *counts)


def _const(fst: Fst, flags: int, properties: int, symbols: bytes = b"") -> bytes:
    head = _head(b"const", 2, flags, properties, 0, len(fst.states), len(fst.arcs))
    return head + symbols + fst.states.tobytes() + fst.arcs.tobytes()


def _symbols(labels: Mapping[str, int]) -> bytes:
    parts = [struct.pack("<I", _SYMBOLS_MAGIC), _text(b"words.txt")]
    parts.append(struct.pack("<qq", max(labels.values()) + 1, len(labels)))
    parts += (_text(word.encode()) + struct.pack("<q", label) for word, label in labels.items())
    return b"".join(parts)


def _records(reach: Reach) -> NDArray[np.int32]:
    """Each state's set as OpenFst writes it: number (64 bits), intervals, number of labels."""
    size = 3 + 2 * reach.per_state.astype(np.int64)
    start = np.cumsum(size) - size
    words = np.zeros(int(size.sum()), "<i4")
    words[start] = reach.per_state
    owner = np.repeat(np.arange(len(size)), reach.per_state)
    before = np.cumsum(reach.per_state) - reach.per_state
    place = start[owner] + 2 + 2 * (np.arange(len(owner)) - before[owner])
    words[place], words[place + 1] = reach.intervals[:, 0], reach.intervals[:, 1]
    lengths = reach.intervals[:, 1] - reach.intervals[:, 0]
    words[start + size - 1] = np.bincount(owner, lengths, minlength=len(size))
    return words
