"""MFCC as Kaldi computes them, for batches, on any device; `mfcc.py` is its twin in numpy."""

import torch
from torch import Tensor

from voiceguide.sound import mfcc
from voiceguide.sound.mfcc import FFT_SIZE, FLOOR, FRAME_LENGTH, FRAME_SHIFT, PRE_EMPHASIS


class Mfcc(torch.nn.Module):
    """Sound in, 40 coefficients for every whole frame out."""

    def __init__(self) -> None:
        super().__init__()
        window = torch.hann_window(FRAME_LENGTH, periodic=False, dtype=torch.float64) ** 0.85
        self.register_buffer("window", window.float())
        self.register_buffer("filters", torch.from_numpy(mfcc.mel_filters()).float())
        self.register_buffer("transform", torch.from_numpy(mfcc.cosine_transform()).float())

    def log_mel(self, samples: Tensor) -> Tensor:
        """(batch, n) samples on the 16-bit scale → (batch, frames, MEL_BINS), natural log."""
        frames = samples.unfold(-1, FRAME_LENGTH, FRAME_SHIFT)
        frames = frames - frames.mean(-1, keepdim=True)
        before = torch.cat((frames[..., :1], frames[..., :-1]), -1)
        frames = (frames - PRE_EMPHASIS * before) * self.window
        spectrum = torch.view_as_real(torch.fft.rfft(frames, FFT_SIZE))
        power = spectrum[..., 0].square() + spectrum[..., 1].square()
        return torch.log(torch.clamp(power @ self.filters, min=FLOOR))

    def forward(self, samples: Tensor) -> Tensor:
        """(batch, n) samples on the 16-bit scale → (batch, frames, MEL_BINS)."""
        return self.log_mel(samples) @ self.transform
