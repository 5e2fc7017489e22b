"""A wider network that says at first what a narrow one says.

The new outputs of each layer have weights of a fresh layer, and nothing that was there listens to
them yet: their outgoing weights are 0 (Chen and others, 2016: Net2Net, without its copies).
"""

from dataclasses import replace

import torch
from torch import Tensor, nn
from train.network import Block, Shape, Tdnn


def can_widen(narrow: Shape, wide: Shape) -> bool:
    """Whether the one network differs from the other by its width and its bottleneck alone."""
    alike = replace(narrow, width=wide.width, bottleneck=wide.bottleneck) == wide
    return alike and narrow.width <= wide.width and narrow.bottleneck <= wide.bottleneck


@torch.no_grad()
def widened(net: Tdnn, shape: Shape, dropout: float = 0.0) -> Tdnn:
    """A network of this shape that gives the same outputs.

    Its normalisations know no statistics of the new outputs: train it before it is used.

    Raises:
        ValueError: the shapes differ by more than width and bottleneck, or the new one is narrower.
    """
    if not can_widen(net.shape, shape):
        raise ValueError(f"{net.shape} cannot be widened to {shape}.")
    wide = Tdnn(shape, dropout)
    wide.mean.copy_(net.mean)
    wide.spread.copy_(net.spread)
    _kept(wide.first, net.first, 1)
    _kept_norm(wide.first_norm, net.first_norm)
    for new, old in zip(wide.blocks, net.blocks, strict=True):
        assert isinstance(new, Block)
        assert isinstance(old, Block)
        _kept(new.narrow, old.narrow, 2)
        _kept(new.wide, old.wide, 2 if old.ahead else 1)
        _kept_norm(new.norm, old.norm)
    _kept(wide.last, net.last, 1)
    assert wide.last.bias is not None
    wide.last.bias.copy_(net.last.bias)
    return wide


def _kept(new: nn.Linear, old: nn.Linear, spliced: int) -> None:
    """The old weights in the corner of the new ones, of which the old outputs hear nothing else.

    Args:
        spliced: how many outputs of the layer before are side by side in its input.
    """
    rows = len(old.weight)
    parts = _parts(new.weight, spliced)
    before = _parts(old.weight, spliced)
    parts[:rows] = 0.0
    parts[:rows, :, : before.shape[2]] = before


def _parts(weight: Tensor, spliced: int) -> Tensor:
    """(out, spliced * width) → (out, spliced, width)."""
    return weight.view(len(weight), spliced, -1)


def _kept_norm(new: nn.BatchNorm1d, old: nn.BatchNorm1d) -> None:
    assert new.running_mean is not None
    assert new.running_var is not None
    assert old.running_mean is not None
    assert old.running_var is not None
    size = len(old.weight)
    for mine, theirs in (
        (new.weight, old.weight),
        (new.bias, old.bias),
        (new.running_mean, old.running_mean),
        (new.running_var, old.running_var),
    ):
        mine[:size] = theirs
