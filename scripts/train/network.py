"""The network while it is trained: a factorised time-delay network that looks back more than ahead.

Its numpy twin and its file are made by `describe`: batch normalisation and the features' mean and
spread are folded into the affine layers there.
"""

import json
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from voiceguide.edge.ears.layers import SUBSAMPLING, Affine

FIRST = (-3, -2, -1, 0, 1, 2, 3)
"""Input frames of the first layer."""
LABEL_SMOOTHING = 0.05
"""Share of every target that is spread over all outputs."""
SKIP_SCALE = 0.66
"""What of a block's input is added to its output (Povey and others, 2018: TDNN-F)."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a network is, and how far it looks."""

    width: int = 288
    bottleneck: int = 96
    blocks: tuple[tuple[int, int], ...] = ((1, 1), (1, 1), (2, 1), (3, 1), (3, 1), (4, 0), (4, 0))
    """For every block, how many outputs (30 ms) it looks back and ahead."""
    inputs: int = 40
    outputs: int = 40

    @classmethod
    def from_json(cls, text: str) -> "Shape":
        """The shape that a checkpoint tells of."""
        values = json.loads(text)
        return cls(**{**values, "blocks": tuple(map(tuple, values["blocks"]))})

    @property
    def left(self) -> int:
        """Input frames before the one an output stands for."""
        return -FIRST[0] + SUBSAMPLING * sum(back for back, _ in self.blocks)

    @property
    def right(self) -> int:
        """Input frames after it: what the network costs in latency, in 10 ms."""
        return FIRST[-1] + SUBSAMPLING * sum(ahead for _, ahead in self.blocks)


SHAPES = {
    "wide": Shape(width=512, bottleneck=128),
    "full": Shape(),
    "small": Shape(
        width=160, bottleneck=64, blocks=((1, 1), (1, 1), (2, 1), (3, 1), (3, 0), (4, 0))
    ),
}


def _spliced(x: Tensor, apart: int) -> Tensor:
    """(batch, n, width) → (batch, n - apart, 2 * width): every output with a later one."""
    if not apart:
        return x
    return torch.cat((x[:, : x.shape[1] - apart], x[:, apart:]), 2)


def _normalised(norm: nn.BatchNorm1d, x: Tensor) -> Tensor:
    """Batch normalisation and rectifier over the last axis."""
    return torch.relu(norm(x.flatten(0, 1)).view(x.shape))


class Block(nn.Module):
    """A bottleneck that looks back, an affine layer that looks ahead, and the input beside them.

    Matrices over spliced outputs, not convolutions: on a processor they are twice as fast.
    """

    def __init__(self, shape: Shape, back: int, ahead: int, dropout: float) -> None:
        super().__init__()
        self.back, self.ahead = back, ahead
        self.narrow = nn.Linear(2 * shape.width, shape.bottleneck, bias=False)
        self.wide = nn.Linear(shape.bottleneck * (2 if ahead else 1), shape.width, bias=False)
        self.norm = nn.BatchNorm1d(shape.width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, outputs, width) → the same, shorter by what it looks back and ahead."""
        y = self.wide(_spliced(self.narrow(_spliced(x, self.back)), self.ahead))
        kept = x[:, self.back : x.shape[1] - self.ahead]
        return self.dropout(_normalised(self.norm, y)) + SKIP_SCALE * kept


class Tdnn(nn.Module):
    """Features in, logits out; the logits' softmax is the posterior of the phones."""

    def __init__(self, shape: Shape, dropout: float = 0.0) -> None:
        super().__init__()
        self.shape = shape
        self.register_buffer("mean", torch.zeros(shape.inputs))
        self.register_buffer("spread", torch.ones(shape.inputs))
        self.first = nn.Linear(shape.inputs * len(FIRST), shape.width, bias=False)
        self.first_norm = nn.BatchNorm1d(shape.width)
        self.blocks = nn.ModuleList(
            Block(shape, back, ahead, dropout) for back, ahead in shape.blocks
        )
        self.last = nn.Linear(shape.width, shape.outputs)

    def forward(self, features: Tensor) -> Tensor:
        """(batch, frames, inputs) → (batch, n, outputs).

        Output ``j`` stands for input frame ``3 j + shape.left``.
        """
        return self.last(self.hidden(features))

    def hidden(self, features: Tensor) -> Tensor:
        """What the last layer is given: (batch, frames, inputs) → (batch, n, width)."""
        x = (features - self.mean) / self.spread
        x = x.unfold(1, len(FIRST), SUBSAMPLING).transpose(2, 3).flatten(2)
        x = _normalised(self.first_norm, self.first(x))
        for block in self.blocks:
            x = block(x)
        return x

    def frame_of(self, outputs: int, device: torch.device) -> Tensor:
        """The input frames that this many outputs stand for."""
        return torch.arange(outputs, device=device) * SUBSAMPLING + self.shape.left


def folded(norm: nn.BatchNorm1d) -> tuple[np.ndarray, np.ndarray]:
    """Factor and offset of a normalisation that has learnt its statistics."""
    assert norm.running_var is not None and norm.running_mean is not None
    factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    offset = norm.bias - norm.running_mean * factor
    return factor.detach().double().numpy(), offset.detach().double().numpy()


def _matrix(layer: nn.Linear) -> np.ndarray:
    """A layer's weights, (out, spliced inputs)."""
    return layer.weight.detach().double().numpy()


@torch.no_grad()
def describe(net: Tdnn) -> list[Affine]:
    """The network as affine layers over input frames (10 ms), in order; the last has no relu."""
    net = net.cpu().eval()
    mean, spread = net.mean.double().numpy(), net.spread.double().numpy()
    factor, offset = folded(net.first_norm)
    weight = _matrix(net.first) * factor[:, None] / np.tile(spread, len(FIRST))
    layers = [Affine("tdnn1", FIRST, weight, offset - weight @ np.tile(mean, len(FIRST)), True)]
    for number, block in enumerate(net.blocks, 2):
        assert isinstance(block, Block)
        narrow = _matrix(block.narrow)
        layers.append(
            Affine(
                f"tdnn{number}l",
                (-SUBSAMPLING * block.back, 0),
                narrow,
                np.zeros(len(narrow)),
                False,
            )
        )
        factor, offset = folded(block.norm)
        ahead = (0, SUBSAMPLING * block.ahead) if block.ahead else (0,)
        layers.append(
            Affine(
                f"tdnn{number}",
                ahead,
                _matrix(block.wide) * factor[:, None],
                offset,
                True,
                (f"tdnn{number - 1}", SKIP_SCALE),
            )
        )
    assert net.last.bias is not None
    layers.append(Affine("output", (0,), _matrix(net.last), net.last.bias.double().numpy(), False))
    return layers
