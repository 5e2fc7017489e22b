"""Writes the second opinion's network into a model's folder, as the ears read it."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from train.network import Tdnn, describe, folded
from train.opinion_network import OpinionNetwork

from voiceguide.edge.ears.layers import SUBSAMPLING, Affine
from voiceguide.edge.ears.second_opinion import FILE
from voiceguide.edge.models.model_sums import write_sums

LARGEST = 127
"""Of a number of 8 bits."""


def write_opinion(model: Path, phrases: Sequence[str], trunk: Tdnn, net: OpinionNetwork) -> None:
    """Write one file, whole or not at all, and its sum; weights take 8 bits each."""
    layers = [*describe(trunk)[:-1], *_head(net)]
    names = {layer.name: number for number, layer in enumerate(layers)}
    arrays: dict[str, NDArray[np.generic]] = {
        "phrases": np.array(phrases),
        "layers": np.array(len(layers)),
        "weigh": net.weigh.weight.detach().numpy()[:, :, 0],
        "out.bias": net.out.bias.detach().numpy(),
        **_matrix("out", net.out.weight.detach().double().numpy()),
    }
    for number, layer in enumerate(layers):
        other, scale = layer.plus or ("", 0.0)
        arrays |= {
            f"{number}.offsets": np.array(layer.offsets),
            f"{number}.bias": layer.bias.astype(np.float32),
            f"{number}.relu": np.array(layer.relu),
            f"{number}.plus": np.array(names.get(other, -1)),
            f"{number}.plus.scale": np.array(scale),
            **_matrix(str(number), layer.weight),
        }
    path = model / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part.npz")
    np.savez_compressed(part, **arrays)
    part.replace(path)
    write_sums(model)


def _matrix(name: str, weight: NDArray[np.floating]) -> dict[str, NDArray[np.generic]]:
    scale = np.abs(weight).max(1).clip(min=1e-12) / LARGEST
    return {
        f"{name}.weight": np.round(weight / scale[:, None]).astype(np.int8),
        f"{name}.scale": scale.astype(np.float32),
    }


@torch.no_grad()
def _head(net: OpinionNetwork) -> list[Affine]:
    """The layers behind the trunk; a bias that weighs all frames alike counts nothing."""
    found = [_affine("head0", net.first, net.first_norm, (0,), None)]
    for number, apart in enumerate(net.shape.dilations):
        offsets = (-SUBSAMPLING * apart, 0, SUBSAMPLING * apart)
        layer, norm = net.layers[number], net.norms[number]
        found.append(_affine(f"head{number + 1}", layer, norm, offsets, f"head{number}"))
    return found


def _affine(
    name: str, layer: nn.Module, norm: nn.Module, offsets: tuple[int, ...], plus: str | None
) -> Affine:
    assert isinstance(layer, nn.Conv1d) and isinstance(norm, nn.BatchNorm1d)
    factor, offset = folded(norm)
    weight = layer.weight.detach().double().numpy().transpose(0, 2, 1).reshape(len(factor), -1)
    return Affine(
        name, offsets, weight * factor[:, None], offset, True, (plus, 1.0) if plus else None
    )
