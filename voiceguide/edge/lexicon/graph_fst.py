"""OpenFst's binary files, as far as a recogniser's graph needs them: read and written with numpy.

``graph/HCLr.fst`` has the type ``olabel_lookahead``: a constant transducer, and for each of its
states the set of output labels that can come next. Composition asks that set which phrases are
still possible; labels are numbered so that the sets are few intervals. ``graph/Gr.fst`` is a
constant transducer of one state with the words' names in it.
(OpenFst 1.7.9: const-fst.h, add-on.h, label-reachable.h, symbol-table.cc. Little endian.)
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
# Properties as OpenFst counts them; `fstinfo` computes the same ones for what is written here.
_GRAPH_PROPERTIES = 0x6595_656A_0001
"""Output labels sorted, input labels not; weighted, cyclic, every state of use; no acceptor."""
_UNIGRAM_PROPERTIES = 0x6595_5A95_0001
"""An acceptor, sorted and deterministic, without epsilons; weighted, cyclic."""
_HEADER = struct.Struct("<iiQqqq")
"""Version, flags, properties, start state, number of states, number of arcs."""


class GraphFileError(ValueError):
    """A file that is no graph of the kind that is read here."""


@dataclass(frozen=True, slots=True)
class Reach:
    """For each state the output labels that can come next, as intervals ``[begin, end)``."""

    per_state: NDArray[np.int32]
    """How many intervals each state has, shape (states,)."""
    intervals: NDArray[np.int32]
    """All intervals, those of a state one after another, ascending, shape (intervals, 2)."""
    final_label: int
    """Stands in the sets for "may end here"."""


@dataclass(frozen=True, slots=True)
class Fst:
    """A transducer: state 0 is its start; arcs lie in the order of their states."""

    states: NDArray[np.void]
    """Of dtype `STATE`; ``final`` is infinite where it may not end."""
    arcs: NDArray[np.void]
    """Of dtype `ARC`."""

    @classmethod
    def of(
        cls, source: NDArray[np.int64], arcs: NDArray[np.void], final: NDArray[np.float32]
    ) -> "Fst":
        """Sort arcs by state and output label, and count them.

        Args:
            source: the state each arc leaves, shape (arcs,).
            arcs: of dtype `ARC`, in any order; equal ones keep theirs.
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


def read_lookahead(path: Path) -> tuple[Fst, Reach]:
    """Read a graph of type ``olabel_lookahead``.

    Raises:
        OSError: the file cannot be read.
        GraphFileError: it is none.
    """
    data = path.read_bytes()
    try:
        at, _, _ = _read_head(data, 0, b"olabel_lookahead")
        if struct.unpack_from("<I", data, at) != (_ADD_ON_MAGIC,):
            raise GraphFileError(f"{path} is no graph with look-ahead")
        fst, at = _read_const(data, at + 4)
        flags = struct.unpack_from("<5?", data, at)
        final_label, count = struct.unpack_from("<iq", data, at + 5)
        if flags != (True, False, True, False, False) or count != len(fst.states):
            raise GraphFileError(f"{path} has look-ahead of another kind")
        words = np.frombuffer(data, "<i4", offset=at + 17)
        per_state, places, place = np.zeros(count, np.int32), [], 0
        for state in range(count):
            per_state[state] = words[place]
            places.append(place + 2)
            place += 3 + 2 * int(words[place])
    except (struct.error, IndexError, ValueError) as error:
        raise GraphFileError(f"{path} cannot be read as a graph ({error})") from error
    rows = [
        words[first : first + 2 * number].reshape(-1, 2)
        for first, number in zip(places, per_state, strict=True)
    ]
    return fst, Reach(per_state, np.concatenate(rows), final_label)


def write_unigrams(path: Path, labels: Mapping[str, int], costs: Mapping[str, float]) -> None:
    """Write the transducer of one state that accepts every word at its cost.

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


def read_unigrams(path: Path) -> tuple[dict[str, int], dict[str, float]]:
    """The labels and the costs of a file that `write_unigrams` wrote (or OpenFst, alike).

    Raises:
        OSError: the file cannot be read.
        GraphFileError: it is none.
    """
    data = path.read_bytes()
    try:
        at, _, flags = _read_head(data, 0, b"const")
        labels: dict[str, int] = {}
        for _ in range(flags.bit_count()):
            labels, at = _read_symbols(data, at)
        fst, _ = _read_const(data, 0, body=at)
    except (struct.error, ValueError) as error:
        raise GraphFileError(f"{path} cannot be read as a list of words ({error})") from error
    words = {label: word for word, label in labels.items()}
    return labels, {words[int(arc["ilabel"])]: float(arc["weight"]) for arc in fst.arcs}


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


def _read_text(data: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from("<i", data, at)
    if length < 0 or at + 4 + length > len(data):
        raise GraphFileError("a text is longer than the file")
    return data[at + 4 : at + 4 + length], at + 4 + length


def _read_head(data: bytes, at: int, kind: bytes) -> tuple[int, tuple[int, int], int]:
    """Where the head ends, how many states and arcs follow, and the flags."""
    magic = struct.unpack_from("<I", data, at)
    found, at = _read_text(data, at + 4)
    arc, at = _read_text(data, at)
    if magic != (_FST_MAGIC,) or (found, arc) != (kind, b"standard"):
        raise GraphFileError(f"it is no {kind.decode()} transducer")
    _, flags, _, _, states, arcs = _HEADER.unpack_from(data, at)
    return at + _HEADER.size, (states, arcs), flags


def _read_const(data: bytes, at: int, body: int | None = None) -> tuple[Fst, int]:
    at, (state_count, arc_count), _ = _read_head(data, at, b"const")
    at = at if body is None else body
    states = np.frombuffer(data, STATE, state_count, at)
    at += states.nbytes
    arcs = np.frombuffer(data, ARC, arc_count, at)
    return Fst(states, arcs), at + arcs.nbytes


def _read_symbols(data: bytes, at: int) -> tuple[dict[str, int], int]:
    _, at = _read_text(data, at + 4)
    _, count = struct.unpack_from("<qq", data, at)
    at += 16
    labels: dict[str, int] = {}
    for _ in range(count):
        word, at = _read_text(data, at)
        (labels[word.decode()],) = struct.unpack_from("<q", data, at)
        at += 8
    return labels, at
