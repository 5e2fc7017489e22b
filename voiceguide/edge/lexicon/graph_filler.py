"""The filler ``[unk]``, which takes phones in any order that speech may have; and the graph's
costs."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceguide.edge.lexicon.pronouncing import PHONES, encode

FORMAT = "voiceguide-graph/1"
COUNTED_AS_SEEN = 0.5
"""Added to the count of every pair of phones, so that none is impossible."""
DECIMALS = 6
"""Decimals of costs in files. A graph is built from costs rounded like that, so that it is the same
when it is built again."""


@dataclass(frozen=True, slots=True)
class Knobs:
    """What can be tuned in a graph without training; costs in nats (−log of a probability)."""

    unk_entry: float = 1.0
    """Cost of beginning ``[unk]``: the higher it is, the less speech is taken for something other
    than a phrase."""
    unk_scale: float = 0.4
    """Weight of the phone bigram inside ``[unk]``, by far the strongest knob. At 1, phrases are
    found all over talk; at 0.3, true commands begin to be rejected (measured with the first
    model)."""
    unk_exit: float = 0.7
    """Cost of ending ``[unk]``, so that it is not cut into several."""
    unk_unigram: float = 6.0
    """Cost of ``[unk]`` beside the words; used only where no grammar is given at run time."""
    no_silence: float = 0.69
    """Cost of going on after a word without a silence, and of beginning without one."""
    silence: float = 0.69
    """Cost of a silence after a word."""
    word_costs: Mapping[str, float] = field(default_factory=dict)
    """Added to every pronunciation of a word."""
    pronunciation_costs: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Added to one pronunciation: ``{("either", "AY DH ER"): 0.5}``."""


@dataclass(frozen=True, slots=True)
class Filler:
    """Which phone begins speech and which follows which, as costs in nats."""

    first: NDArray[np.float64]
    """Shape (39,), in the order of `PHONES`."""
    following: NDArray[np.float64]
    """Shape (39, 39): ``[phone, next phone]``."""

    @classmethod
    def counted(cls, sentences: Iterable[Sequence[str]]) -> "Filler":
        """Count phones in sentences, each a list of pronunciations such as ``S T AA P``.

        Pairs are counted across the words of a sentence; any phone counts as a first one.
        """
        count = len(PHONES)
        pairs = np.zeros((count, count))
        singles = np.zeros(count)
        for sentence in sentences:
            phones = np.frombuffer(b"".join(map(encode, sentence)), np.uint8).astype(int) - 1
            np.add.at(pairs, (phones[:-1], phones[1:]), 1)
            np.add.at(singles, phones, 1)
        return cls(_costs(singles[None])[0], _costs(pairs))

    def rounded(self) -> "Filler":
        """The filler as it is after it was written and read."""
        return Filler(self.first.round(DECIMALS), self.following.round(DECIMALS))


def write_filler(path: Path, filler: Filler, knobs: Knobs) -> None:
    """Keep filler and knobs beside a graph, so that it can be built again with more words.

    The costs of words are not in this file: ``lexicon.txt.gz`` has them.
    """
    numbers = {name: value for name, value in asdict(knobs).items() if not name.endswith("_costs")}
    rows = ",\n".join(f"    {json.dumps(_rounded(row))}" for row in filler.following)
    path.write_text(
        f'{{\n  "format": "{FORMAT}",\n  "knobs": {json.dumps(numbers)},\n'
        f'  "phones": "{" ".join(PHONES)}",\n'
        f'  "first": {json.dumps(_rounded(filler.first))},\n  "following": [\n{rows}\n  ]\n}}\n',
        encoding="utf-8",
    )


def read_filler(path: Path) -> tuple[Filler, Knobs]:
    """What `write_filler` wrote.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds something else.
    """
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"{path} is not in the format {FORMAT}")
    if data.get("phones") != " ".join(PHONES):
        raise ValueError(f"{path} has other phones than CMUdict's")
    try:
        filler = Filler(
            np.array(data["first"], np.float64), np.array(data["following"], np.float64)
        )
        numbers: dict[str, Any] = {name: float(value) for name, value in data["knobs"].items()}
        knobs = Knobs(**numbers)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not as it should be ({error})") from error
    count = len(PHONES)
    if filler.first.shape != (count,) or filler.following.shape != (count, count):
        raise ValueError(f"{path} has not {count} phones")
    return filler, knobs


def _costs(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    smooth = counts + COUNTED_AS_SEEN
    return np.asarray(-np.log(smooth / smooth.sum(axis=1, keepdims=True)))


def _rounded(row: NDArray[np.float64]) -> list[float]:
    if not all(map(math.isfinite, row)):
        raise ValueError("a cost of the filler is not finite")
    return [round(float(cost), DECIMALS) for cost in row]
