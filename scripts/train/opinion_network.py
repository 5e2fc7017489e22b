"""The second opinion while it is trained: which phrase is this stretch of sound, as a whole?

Its input is what the last layer but one of the network that hears phones makes of the stretch.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from train.network import Tdnn

from voiceguide.edge.ears.layers import SUBSAMPLING

TAPS = 3


@dataclass(frozen=True, slots=True)
class OpinionShape:
    """How large the network is."""

    outputs: int
    """The phrases, and one more for anything else, which comes last."""
    inputs: int = 512
    width: int = 256
    dilations: tuple[int, ...] = (1, 2)
    """One layer each; how many frames of 30 ms its taps lie apart."""
    heads: int = 8
    """Parts of the width that are weighted over time by themselves."""

    @property
    def beyond(self) -> int:
        """How many outputs the layers look beyond each end."""
        return sum(self.dilations)


GROUPS = 4
"""Stretches are heard in so many groups of about one length: what is behind an end costs too."""


def hidden(net: Tdnn, features: Tensor, lengths: Tensor, beyond: int) -> tuple[Tensor, Tensor]:
    """What the last layer but one makes of stretches: (batch, n, width), and each one's own n.

    Their first and last frames are repeated where context is lacking, as the decoder does it.

    Args:
        features: (batch, frames, inputs); what is behind a stretch's length counts nothing.
        beyond: how many outputs more are wanted at each end; they do not count in n.
    """
    order = lengths.argsort()
    groups = [
        _hidden(net, features[places], lengths[places], beyond)
        for places in order.chunk(min(GROUPS, len(order)))
    ]
    most = max(group.shape[1] for group in groups)
    padded = torch.cat([nn.functional.pad(one, (0, 0, 0, most - one.shape[1])) for one in groups])
    return padded[order.argsort()], (lengths + SUBSAMPLING - 1) // SUBSAMPLING


def _hidden(net: Tdnn, features: Tensor, lengths: Tensor, beyond: int) -> Tensor:
    """The same for stretches of about one length; what is behind an end is of no use."""
    left = net.shape.left + SUBSAMPLING * beyond
    right = net.shape.right + SUBSAMPLING * (beyond + 1)
    at = torch.arange(-left, int(lengths.max()) + right, device=features.device)
    at = torch.minimum(at[None].clamp(min=0), lengths[:, None] - 1)
    return net.hidden(features.gather(1, at[:, :, None].expand(-1, -1, features.shape[2])))


class OpinionNetwork(nn.Module):
    """Stretches in, one score for every phrase out."""

    def __init__(self, shape: OpinionShape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        width = shape.width
        self.first = nn.Conv1d(shape.inputs, width, 1, bias=False)
        self.first_norm = nn.BatchNorm1d(width)
        self.layers = nn.ModuleList(
            nn.Conv1d(width, width, TAPS, dilation=apart, bias=False) for apart in shape.dilations
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(width) for _ in shape.dilations)
        self.weigh = nn.Conv1d(width, shape.heads, 1)
        self.out = nn.Linear(2 * width, shape.outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, heard: Tensor, lengths: Tensor) -> Tensor:
        """Scores before the softmax, (batch, outputs).

        Args:
            heard: (batch, n, inputs), with `OpinionShape.beyond` outputs more at each end of a
                stretch; what is behind its end counts nothing.
            lengths: (batch,) of each stretch, without these.
        """
        x = torch.relu(self.first_norm(self.first(self.dropout(heard).transpose(1, 2))))
        for layer, norm, apart in zip(self.layers, self.norms, self.shape.dilations, strict=True):
            x = x[:, :, apart:-apart] + torch.relu(norm(layer(x)))
        place = torch.arange(x.shape[2], device=x.device)
        inside = (place < lengths[:, None])[:, None]
        x = x * inside
        weight = self.weigh(x).masked_fill(~inside, -1e4).softmax(2)
        size, width, frames = x.shape
        heads = x.view(size, self.shape.heads, width // self.shape.heads, frames)
        mean_of_heads = (heads * weight[:, :, None]).sum(3).view(size, width)
        return self.out(self.dropout(torch.cat((mean_of_heads, x.amax(2)), 1)))
