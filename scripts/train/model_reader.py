"""An exported model folder back as a network that can be trained on.

The file holds affine layers with the batch normalisation folded in; `unfolded` takes it out again:
what the network says stays the same to rounding, and every layer learns as a fresh one would.
"""

import re
import struct
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from train.network import FIRST, LABEL_SMOOTHING, SKIP_SCALE, Shape, Tdnn

from voiceguide.edge.ears.layers import SUBSAMPLING, Affine

Floats = NDArray[np.float64]


class UnreadableModelError(Exception):
    """The file is no model that `model_file` writes; one plain sentence."""


def read_model(path: Path) -> tuple[list[Affine], Floats]:
    """The layers of an ``am/final.mdl``, as `network.describe` gives them, and its priors.

    Raises:
        UnreadableModelError: it was not written by this training.
    """
    data = path.read_bytes()
    begin = data.find(b"<Nnet3> ")
    config_end = data.find(b"\n\n", begin)
    if not data.startswith(b"\0B<TransitionModel>") or begin < 0 or config_end < 0:
        raise UnreadableModelError(f"{path} is no model file that this training has written.")
    nodes = data[begin:config_end].decode("ascii", "replace")
    layers, at = [], config_end
    try:
        for name in re.findall(r"^component-node name=(\S+)\.affine ", nodes, re.MULTILINE):
            at = data.index(f"<ComponentName> {name}.affine <FixedAffineComponent>".encode(), at)
            weight, at = _matrix(data, data.index(b"<LinearParams> ", at) + 15)
            bias, at = _vector(data, data.index(b"<BiasParams> ", at) + 13)
            source = re.search(rf"^component-node name={name}\.affine .*input=(.*)$", nodes, re.M)
            plus = re.search(rf"name={name}\.sum .*Sum\(Scale\(([\d.]+), (\w+)[^)]*\)", nodes)
            layers.append(
                Affine(
                    name,
                    _offsets(source[1] if source else ""),
                    weight,
                    bias,
                    f"component-node name={name}.relu " in nodes,
                    (plus[2], float(plus[1])) if plus else None,
                )
            )
        priors, _ = _vector(data, data.index(b"<Priors> ", at) + 9)
    except (ValueError, struct.error) as error:
        raise UnreadableModelError(f"{path} is broken: {error}.") from error
    return layers, priors


def _offsets(source: str) -> tuple[int, ...]:
    """``Append(Offset(input, -1), input)`` → (-1, 0)."""
    inside = source.removeprefix("Append(").removesuffix(")") if "Append(" in source else source
    parts = re.findall(r"Offset\(\S+, (-?\d+)\)|([\w.]+)", inside)
    return tuple(int(offset) if offset else 0 for offset, _ in parts)


def _vector(data: bytes, at: int) -> tuple[Floats, int]:
    if data[at : at + 3] != b"FV ":
        raise ValueError("a vector is missing")
    (size,) = struct.unpack_from("<i", data, at + 4)
    end = at + 8 + 4 * size
    return np.frombuffer(data, "<f4", size, at + 8).astype(np.float64), end


def _matrix(data: bytes, at: int) -> tuple[Floats, int]:
    if data[at : at + 4] == b"CM2 ":
        low, span, rows, columns = struct.unpack_from("<ffii", data, at + 4)
        values = np.frombuffer(data, "<u2", rows * columns, at + 20).astype(np.float64)
        return (low + span / 65535 * values).reshape(rows, columns), at + 20 + 2 * values.size
    if data[at : at + 3] != b"FM ":
        raise ValueError("a matrix is missing")
    rows, columns = (
        struct.unpack_from("<i", data, at + 4)[0],
        struct.unpack_from("<i", data, at + 9)[0],
    )
    values = np.frombuffer(data, "<f4", rows * columns, at + 13).astype(np.float64)
    return values.reshape(rows, columns), at + 13 + 4 * values.size


def shape_of(layers: list[Affine]) -> Shape:
    """The shape of the network that these layers describe."""
    first, *between, last = layers
    blocks = tuple(
        (-min(narrow.offsets) // SUBSAMPLING, max(wide.offsets) // SUBSAMPLING)
        for narrow, wide in zip(between[::2], between[1::2], strict=True)
    )
    return Shape(
        width=len(first.bias),
        bottleneck=len(between[0].bias),
        blocks=blocks,
        inputs=first.weight.shape[1] // len(FIRST),
        outputs=len(last.bias),
    )


def _folded_in(norm: nn.BatchNorm1d, offset: Floats) -> None:
    """A normalisation that only adds an offset, until `unfolded` gives it statistics."""
    assert norm.running_var is not None
    norm.running_var.fill_(1.0 - norm.eps)
    norm.bias.copy_(torch.from_numpy(offset))


@torch.no_grad()
def as_network(layers: list[Affine]) -> Tdnn:
    """The network, in every output the same as the file's.

    Raises:
        UnreadableModelError: the layers do not hang together as `Tdnn`'s do.
    """
    shape = shape_of(layers)
    net = Tdnn(shape)
    first, *between, last = layers
    if first.offsets != FIRST or any(
        layer.plus is not None and abs(layer.plus[1] - SKIP_SCALE) > 1e-6 for layer in layers
    ):
        raise UnreadableModelError("the model is built otherwise than the networks trained here.")
    net.first.weight.copy_(torch.from_numpy(first.weight))
    _folded_in(net.first_norm, first.bias)
    for block, narrow, wide in zip(net.blocks, between[::2], between[1::2], strict=True):
        block.narrow.weight.copy_(torch.from_numpy(narrow.weight))  # type: ignore[union-attr,operator]
        block.wide.weight.copy_(torch.from_numpy(wide.weight))  # type: ignore[union-attr,operator]
        _folded_in(block.norm, wide.bias)  # type: ignore[arg-type]
    net.last.weight.copy_(torch.from_numpy(last.weight))
    net.last.bias.copy_(torch.from_numpy(last.bias))
    return net.eval()


@torch.no_grad()
def unfolded(net: Tdnn, features: Tensor) -> None:
    """Give every normalisation of a network just read the statistics of these features.

    The weights of each output are brought to the size that a fresh layer has. What the network
    says does not change.

    Args:
        features: (batch, frames, inputs), like those it will be trained with.
    """
    mean, spread = features.mean((0, 1)), features.std((0, 1))
    times = len(FIRST)
    net.first_norm.bias.add_(net.first.weight @ mean.repeat(times))
    net.first.weight.mul_(spread.repeat(times))
    net.mean.copy_(mean)
    net.spread.copy_(spread)
    pairs = [(net.first, net.first_norm)]
    pairs += [(block.wide, block.norm) for block in net.blocks]  # type: ignore[misc]
    for layer, norm in pairs:
        seen: list[Tensor] = []
        hook = layer.register_forward_hook(lambda _m, _i, out, seen=seen: seen.append(out))
        net.eval()(features)
        hook.remove()
        assert norm.running_mean is not None and norm.running_var is not None
        out = seen[0].flatten(0, -2)
        size = layer.weight.square().mean(1).sqrt().clamp(min=1e-8) * layer.weight.shape[1] ** 0.5
        centre, power = out.mean(0) / size, out.var(0) / size.square()
        layer.weight.div_(size[:, None])
        norm.running_mean.copy_(centre)
        norm.running_var.copy_(power)
        deviation = torch.sqrt(power + norm.eps)
        norm.bias.add_(centre * size)
        norm.weight.copy_(size * deviation)


COUNTED = 2e6
"""Outputs that a folder's priors are taken to have been counted on: what a new training adds
outweighs them after some 250 batches."""


def load_network(path: Path) -> tuple[Tdnn, Tensor]:
    """A network and how often each of its outputs was right, shape (outputs,), float64.

    Args:
        path: a checkpoint of `fit`, or an exported model folder.

    Raises:
        UnreadableModelError: the folder holds another kind of model.
    """
    if path.is_dir():
        layers, priors = read_model(path / "am" / "final.mdl")
        share = (priors - LABEL_SMOOTHING / len(priors)) / (1 - LABEL_SMOOTHING)
        return as_network(layers), torch.from_numpy(share.clip(min=1e-6) * COUNTED)
    state = torch.load(path, map_location="cpu", weights_only=True)
    net = Tdnn(Shape.from_json(state["shape"]))
    net.load_state_dict(state["weights"])
    return net.eval(), state["counts"]
