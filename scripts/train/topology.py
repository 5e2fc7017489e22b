"""A network as plain layers, and what it makes of features: the exported file's twin in numpy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SUBSAMPLING = 3
"""One output for three input frames of 10 ms."""


@dataclass(frozen=True, slots=True)
class Affine:
    """A layer: frames put together, a matrix, perhaps a rectifier and an earlier layer added."""

    name: str
    offsets: tuple[int, ...]
    """Which of the layer before, in input frames from the one it stands for."""
    weight: NDArray[np.float64]
    """Shape (out, offsets * in)."""
    bias: NDArray[np.float64]
    """Shape (out,)."""
    relu: bool
    plus: tuple[str, float] | None = None
    """Name of an earlier layer whose output, times the scale, is added at the end."""


def context(layers: Sequence[Affine]) -> tuple[int, int]:
    """Input frames that an output needs before and after the one it stands for."""
    left = -sum(min(layer.offsets) for layer in layers)
    return left, sum(max(layer.offsets) for layer in layers)


def forward(layers: Sequence[Affine], features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Features (frames, in) → log posteriors (n, out), one for every third frame.

    As the decoder does it, the first and last frames are repeated where context is lacking.
    """
    left, right = context(layers)
    at = np.arange(-left, len(features) + right)
    known: dict[str, NDArray[np.float64]] = {}
    values = features[at.clip(0, len(features) - 1)].astype(np.float64)
    first = -left
    starts: dict[str, int] = {}
    for layer in layers:
        low, high = min(layer.offsets), max(layer.offsets)
        if not low <= 0 <= high:
            raise ValueError(f"{layer.name}: offsets {layer.offsets} leave out the frame itself")
        count = len(values) + low - high
        parts = [values[offset - low : offset - low + count] for offset in layer.offsets]
        result = np.concatenate(parts, 1) @ layer.weight.T + layer.bias
        first -= low
        if layer.relu:
            result = np.maximum(result, 0)
        if layer.plus is not None:
            other, scale = layer.plus
            skip = first - starts[other]
            result = result + scale * known[other][skip : skip + count]
        known[layer.name], starts[layer.name] = result, first
        values = result
    logits = values[::SUBSAMPLING]
    peak = logits.max(1, keepdims=True)
    return np.asarray(logits - peak - np.log(np.exp(logits - peak).sum(1, keepdims=True)))
