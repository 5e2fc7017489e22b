"""A network as plain layers, and what it makes of features, in numpy.

The second opinion is computed with them, and a written model is compared with the trained one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SUBSAMPLING = 3
"""One output for three input frames of 10 ms."""

Floating = TypeVar("Floating", np.float32, np.float64)


@dataclass(frozen=True, slots=True)
class Affine:
    """A layer: frames put together, a matrix, perhaps a rectifier and an earlier layer added."""

    name: str
    offsets: tuple[int, ...]
    """Which of the layer before, in input frames from the one it stands for. Behind the first layer
    all are multiples of `SUBSAMPLING`."""
    weight: NDArray[np.floating]
    """Shape (out, offsets * in)."""
    bias: NDArray[np.floating]
    """Shape (out,)."""
    relu: bool
    plus: tuple[str, float] | None = None
    """Name of an earlier layer whose output, times the scale, is added at the end."""


def context(layers: Sequence[Affine]) -> tuple[int, int]:
    """Input frames that an output needs before and after the one it stands for."""
    left = -sum(min(layer.offsets) for layer in layers)
    return left, sum(max(layer.offsets) for layer in layers)


def outputs(layers: Sequence[Affine], features: NDArray[Floating]) -> NDArray[Floating]:
    """Features (frames, in), at least one → the last layer's (n, out), one for every third frame.

    As the decoder does it, the first and last frames are repeated where context is lacking.
    """
    left, right = context(layers)
    first, *others = layers
    count = -(-len(features) // SUBSAMPLING)
    behind = left + min(first.offsets)
    frames = SUBSAMPLING * (count - 1) + 1 + behind + right - max(first.offsets)
    at = np.arange(-behind, frames - behind, SUBSAMPLING)[:, None] + np.array(first.offsets)
    spliced = features[at.clip(0, len(features) - 1)].reshape(len(at), -1)
    begin = -behind // SUBSAMPLING
    values = _applied(first, spliced)
    known = {first.name: (begin, values)}
    for layer in others:
        steps = [offset // SUBSAMPLING for offset in layer.offsets]
        low = min(steps)
        rows = len(values) + low - max(steps)
        parts = [values[step - low : step - low + rows] for step in steps]
        values = _applied(layer, parts[0] if len(parts) == 1 else np.concatenate(parts, 1))
        begin -= low
        if layer.plus is not None:
            other, scale = layer.plus
            since, earlier = known[other]
            values = values + scale * earlier[begin - since : begin - since + rows]
        known[layer.name] = begin, values
    return values


def _applied(layer: Affine, spliced: NDArray[Floating]) -> NDArray[Floating]:
    values = spliced @ layer.weight.T + layer.bias
    return np.asarray(np.maximum(values, 0) if layer.relu else values)


def log_softmax(scores: NDArray[Floating]) -> NDArray[Floating]:
    """Scores (…, out) → logarithms of probabilities."""
    above = scores - scores.max(-1, keepdims=True)
    return np.asarray(above - np.log(np.exp(above).sum(-1, keepdims=True)))
