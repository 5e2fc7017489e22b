"""Batches as the network sees them, drawn by a process of its own while the network learns."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import get_all_start_methods

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset
from train.augment import USUAL_SHARES, Augmenter
from train.features import Mfcc
from train.pools import Sounds
from train.spectra import mask_features, other_mouths

AHEAD = 4
"""How many batches are drawn before they are needed."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one step learns from."""

    features: Tensor
    """(batch, frames, inputs) float32."""
    labels: Tensor
    """(batch, frames) phones, as in `augment.Batch`."""
    phrases: Tensor
    """(batch, frames), as in `augment.Batch`."""


class Drawer(IterableDataset[Drawn]):
    """Draws batches without end, the same ones for a seed.

    Args:
        size: how many sequences a batch has.
        shares: what is in them, as `Augmenter` takes it.
    """

    def __init__(
        self, sounds: Sounds, size: int, seed: int, shares: Mapping[str, float] = USUAL_SHARES
    ) -> None:
        self._augment = Augmenter(sounds, seed, shares)
        self._size = size
        self._mfcc = Mfcc().to(sounds.device)
        self._generator = torch.Generator(device=sounds.device)
        self._generator.manual_seed(seed)
        self._ease_db = torch.zeros(()).share_memory_()

    def ease(self, ease_db: float) -> None:
        """Make the batches that are not drawn yet this much clearer."""
        self._ease_db.fill_(ease_db)

    def plain(self) -> Tensor:
        """(batch, frames, inputs): features of one more batch, by whole mouths and without gaps."""
        return self._mfcc(self._augment.batch(self._size).samples)

    @torch.no_grad()
    def draw(self) -> Drawn:
        """One batch."""
        self._augment.ease_db = float(self._ease_db)
        batch = self._augment.batch(self._size)
        log_mel = other_mouths(self._mfcc.log_mel(batch.samples), self._generator)
        features = mask_features(log_mel, self._generator) @ self._mfcc.transform
        return Drawn(features, batch.labels, batch.phrases)

    def __iter__(self) -> Iterator[Drawn]:
        while True:
            yield self.draw()

    def beside(self) -> Iterator[Drawn]:
        """The batches; to be called once. Another process draws them while the caller learns. On a
        GPU, and where that process would need a copy of all sounds, they are drawn between steps.
        """
        on_gpu = self._mfcc.transform.device.type != "cpu"
        if on_gpu or "fork" not in get_all_start_methods():
            return iter(self)
        return iter(
            DataLoader(
                self,
                batch_size=None,
                num_workers=1,
                prefetch_factor=AHEAD,
                multiprocessing_context="fork",
            )
        )
