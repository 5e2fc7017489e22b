"""What is done to features before the network sees them: other mouths, and gaps (SpecAugment)."""

import numpy as np
import torch
from torch import Tensor

from voiceguide.sound.mfcc import HIGH_HZ, LOW_HZ, MEL_BINS

MOUTH_SPREAD, MOUTH_MOST = 0.06, 0.15
"""Standard deviation of the logarithm of a mouth's length, and how far it goes."""


def _mel(hertz: Tensor) -> Tensor:
    return 1127 * torch.log1p(hertz / 700)


def other_mouths(log_mel: Tensor, generator: torch.Generator) -> Tensor:
    """(batch, frames, mels) with every frequency of a sequence a little higher or lower, as a
    shorter or longer vocal tract has it; the pitch moves with it (Jaitly and Hinton, 2013)."""
    size, frames, mels = log_mel.shape
    device = log_mel.device
    low, high = (1127 * np.log1p(edge / 700) for edge in (LOW_HZ, HIGH_HZ))
    step = (high - low) / (MEL_BINS + 1)
    centres = 700 * torch.expm1((low + step * torch.arange(1, mels + 1, device=device)) / 1127)
    length = torch.randn(size, 1, device=device, generator=generator) * MOUTH_SPREAD
    factor = torch.exp(length.clamp(-MOUTH_MOST, MOUTH_MOST))
    place = ((_mel(centres * factor) - low) / step - 1).clamp(0, mels - 1)
    below = place.floor().long().clamp(max=mels - 2)
    part = (place - below)[:, None]

    def at(index: Tensor) -> Tensor:
        return log_mel.gather(2, index[:, None].expand(size, frames, mels))

    return torch.lerp(at(below), at(below + 1), part)


def mask_features(log_mel: Tensor, generator: torch.Generator) -> Tensor:
    """SpecAugment on (batch, frames, mels): up to two bands and one short time become mean."""
    size, frames, mels = log_mel.shape
    device = log_mel.device
    mean = log_mel.mean((1, 2), keepdim=True)

    def span(limit: int, axis: int, most: int) -> Tensor:
        width = torch.rand(size, 1, device=device, generator=generator) * most
        first = torch.rand(size, 1, device=device, generator=generator) * (limit - width)
        place = torch.arange(limit, device=device)
        found = (place >= first) & (place < first + width)
        return found[:, :, None] if axis == 1 else found[:, None, :]

    masked = span(mels, 2, 7) | span(mels, 2, 5) | span(frames, 1, 5)
    rate = torch.rand(size, 1, 1, device=device, generator=generator) < 0.7
    return torch.where(masked & rate, mean, log_mel)
