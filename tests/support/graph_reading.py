"""Reads the graphs that are written for the recogniser, for tests that look at what is in them."""

import struct
from pathlib import Path

import numpy as np

from voiceguide.edge.lexicon.graph_fst import ARC, STATE, Fst, Reach


class Reader:
    """Takes a file apart from its beginning on; what does not belong there fails an assertion."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.at = 0

    def take(self, form: str) -> tuple:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def text(self) -> str:
        (length,) = self.take("i")
        self.at += length
        return self.data[self.at - length : self.at].decode()

    def rows(self, kind: np.dtype, count: int) -> np.ndarray:
        rows = np.frombuffer(self.data, kind, count, self.at)
        self.at += rows.nbytes
        return rows

    def head(self, kind: str) -> tuple[int, int, int]:
        """Flags, number of states, number of arcs."""
        assert self.take("I") == (0x7EB2FDD6,)
        assert (self.text(), self.text()) == (kind, "standard")
        _, flags, _, _, states, arcs = self.take("iiQqqq")
        return flags, states, arcs


def read_lookahead(path: Path) -> tuple[Fst, Reach]:
    """A graph of type ``olabel_lookahead``."""
    file = Reader(path)
    file.head("olabel_lookahead")
    assert file.take("I") == (0x1A9FD15A,)
    _, states, arcs = file.head("const")
    fst = Fst(file.rows(STATE, states), file.rows(ARC, arcs))
    assert file.take("5?") == (True, False, True, False, False)
    final_label, count = file.take("iq")
    assert count == states
    per_state, intervals = [], []
    for _ in range(count):
        (number,) = file.take("q")
        per_state.append(number)
        intervals.append(file.rows(np.dtype(("<i4", 2)), number))
        file.take("i")
    return fst, Reach(np.array(per_state, np.int32), np.concatenate(intervals), final_label)


def read_unigrams(path: Path) -> tuple[dict[str, int], dict[str, float]]:
    """The labels and the costs of a list of words."""
    file = Reader(path)
    flags, states, arcs = file.head("const")
    labels: dict[str, int] = {}
    for _ in range(flags.bit_count()):
        assert file.take("I") == (0x7EB2FB74,)
        file.text()
        _, count = file.take("qq")
        labels = {file.text(): file.take("q")[0] for _ in range(count)}
    file.rows(STATE, states)
    words = {label: word for word, label in labels.items()}
    costs = {words[int(arc["ilabel"])]: float(arc["weight"]) for arc in file.rows(ARC, arcs)}
    return labels, costs
