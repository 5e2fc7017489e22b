"""The loop of every training: steps, lines of progress, and checkpoints to go on from."""

import time
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

GOING = ".going"
"""What a training that is under way is kept in, beside where its network will be."""
SAVED_SECONDS = 120.0
"""What a training loses at most when it is interrupted."""


class Training(Protocol):
    """What the loop needs of a training."""

    step: int

    @property
    def progress(self) -> float:
        """0 at the beginning, 1 when all is done."""

    def learn(self) -> tuple[float, float, float]:
        """One step, and three numbers about it; nan where there is none."""

    def line(self, means: NDArray[np.float64]) -> str:
        """The means of these numbers over some steps, in words."""

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""


def run(training: Training, out: Path, every: int) -> None:
    """Steps until the training is done, with a line of progress every so many; then a checkpoint
    in ``out``.
    """
    began = saved = time.monotonic()
    seen: list[tuple[float, float, float]] = []
    out.parent.mkdir(parents=True, exist_ok=True)
    while training.progress < 1:
        seen.append(training.learn())
        if training.step % every == 0:
            print(
                f"{out.stem} step {training.step} ({training.progress:.0%}, "
                f"{time.monotonic() - began:.0f} s): {training.line(np.nanmean(seen, 0))}",
                flush=True,
            )
            seen = []
        if time.monotonic() - saved > SAVED_SECONDS:
            training.save(out.with_suffix(GOING))
            saved = time.monotonic()
    training.save(out)
    out.with_suffix(GOING).unlink(missing_ok=True)


@torch.no_grad()
def follow(average: nn.Module, net: nn.Module, keep: float) -> None:
    """Bring averaged weights nearer to a network's: 0 of ``keep`` makes them the same."""
    for mean, new in zip(average.state_dict().values(), net.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(new, 1 - keep)
        else:
            mean.copy_(new)
