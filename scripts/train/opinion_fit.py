"""Trains the second opinion: a copy of the network that hears phones learns whole phrases."""

import copy
import json
import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from train.drawing import Drawer, Drawn
from train.fit import computes_bfloat16, sounds_without
from train.judging import judged
from train.looping import GOING, follow, run
from train.model_reader import load_network, unfolded
from train.network import Shape, Tdnn
from train.opinion_network import OpinionNetwork, OpinionShape, hidden
from train.opinion_stretches import cut
from train.pools import Sounds
from train.vocabulary import read_vocabulary

SEQUENCES = 32
"""In a batch; about 100 stretches."""
SHARES = {"short": 0.75, "talk": 0.15, "events": 0.06, "nothing": 0.04}
"""What is in them: more short clips than usual, because only whole phrases teach it to tell phrases
apart."""
RATE, TRUNK_RATE, DECAY = 1e-3, 3e-4, 0.01
"""Of the layers that are new, and of those that know phones already."""
KEPT_BLOCKS = 3
"""The layers up to this block stay as they are, so a step takes two thirds of the time."""
JUDGES_FROM = 5_000
"""Steps after which a network that is trained on is asked about the clips themselves."""
WARMUP = 200
LABEL_SMOOTHING = 0.05


class OpinionTrainer:
    """One training."""

    def __init__(
        self, sounds: Sounds, phrases: int, trunk: Path, minutes: float, seed: int
    ) -> None:
        """Begin with the network that hears phones, a checkpoint or a model folder."""
        self._began, self._minutes = time.monotonic(), minutes
        torch.manual_seed(seed)
        self._rng = np.random.default_rng([seed, 11])
        self._sounds, self._seed = sounds, seed
        self._drawer = Drawer(sounds, SEQUENCES, seed, SHARES)
        self._anything = phrases
        known = load_network(trunk)[0]
        if trunk.is_dir():
            unfolded(known, torch.cat([self._drawer.plain() for _ in range(4)]))
        # The statistics of its normalisation stay as they are.
        self._trunk = known.eval().requires_grad_(False)
        self._trunk.blocks[KEPT_BLOCKS:].requires_grad_(True)
        self._net = OpinionNetwork(OpinionShape(phrases + 1, known.shape.width))
        self._means = copy.deepcopy(self._net), copy.deepcopy(self._trunk)
        parts = ((self._net, RATE), (self._trunk, TRUNK_RATE))
        self._optimiser = torch.optim.AdamW(
            [
                {"params": [one for one in net.parameters() if one.requires_grad], "most": rate}
                for net, rate in parts
            ],
            weight_decay=DECAY,
        )
        self.step = 0
        self._halved = computes_bfloat16(torch.device("cpu"))

    @property
    def progress(self) -> float:
        """0 at the beginning, 1 when all is done."""
        return (time.monotonic() - self._began) / 60 / self._minutes

    @cached_property
    def _batches(self) -> Iterator[Drawn]:
        return self._drawer.beside()

    def line(self, means: NDArray[np.float64]) -> str:
        """See `looping.Training`."""
        loss, said, others = means
        return f"loss {loss:.3f}, phrases right {said:.3f}, others right {others:.3f}"

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint; the optimiser begins afresh. One that knows much judges the
        clips (`judged`)."""
        state = torch.load(path, map_location="cpu", weights_only=True)
        for net in (self._net, self._means[0]):
            net.load_state_dict(state["weights"])
        for net in (self._trunk, self._means[1]):
            net.load_state_dict(state["trunk"])
        self.step = int(state["step"])
        if self.step >= JUDGES_FROM:
            sounds, dropped = judged(self._sounds, self._means[1], self._means[0])
            print(f"{dropped} renderings do not say their phrase", flush=True)
            self._drawer = Drawer(sounds, SEQUENCES, self._seed, SHARES)

    def learn(self) -> tuple[float, float, float]:
        """One step: its loss, and the share of phrases and of other stretches that were right."""
        self._set_rate(self.progress)
        stretches = cut(next(self._batches), self._rng, self._anything)
        targets = stretches.targets
        self._net.train()
        with torch.autocast("cpu", torch.bfloat16, enabled=self._halved):
            heard, outputs = hidden(
                self._trunk, stretches.features, stretches.lengths, self._net.shape.beyond
            )
            scores = self._net(heard, outputs)
        scores = scores.float()
        loss = functional.cross_entropy(scores, targets, label_smoothing=LABEL_SMOOTHING)
        self._optimiser.zero_grad()
        loss.backward()
        for net in (self._net, self._trunk):
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        self._optimiser.step()
        self.step += 1
        keep = min(0.999, 1 - 1 / (self.step / 5 + 1))
        for mean, net in zip(self._means, (self._net, self._trunk), strict=True):
            follow(mean, net, keep)
        right, is_phrase = scores.argmax(1) == targets, targets < self._anything
        said, others = right[is_phrase].float().mean(), right[~is_phrase].float().mean()
        return float(loss.detach()), float(said), float(others)

    def _set_rate(self, progress: float) -> None:
        rise = min(1.0, (self.step + 1) / WARMUP)
        fall = 0.5 * (1 + math.cos(math.pi * progress)) + 0.003
        for group in self._optimiser.param_groups:
            group["lr"] = group["most"] * rise * fall

    def save(self, path: Path) -> None:
        """Write a checkpoint of the averaged weights, whole or not at all."""
        part = path.with_suffix(".part")
        net, trunk = self._means
        torch.save(
            {
                "weights": net.state_dict(),
                "shape": asdict(net.shape),
                "trunk": trunk.state_dict(),
                "trunk_shape": json.dumps(asdict(trunk.shape)),
                "step": self.step,
            },
            part,
        )
        part.replace(path)


def load_opinion(path: Path, *others: Path) -> tuple[Tdnn, OpinionNetwork]:
    """The two networks of a checkpoint, or the mean of those of several that were trained on from
    one another.
    """
    states = [torch.load(one, map_location="cpu", weights_only=True) for one in (path, *others)]
    trunk = Tdnn(Shape.from_json(states[0]["trunk_shape"]))
    trunk.load_state_dict(_mean([state["trunk"] for state in states]))
    net = OpinionNetwork(OpinionShape(**states[0]["shape"]))
    net.load_state_dict(_mean([state["weights"] for state in states]))
    return trunk.eval(), net.eval()


def _mean(weights: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each weight; the counts of batches are those of the first."""
    return {
        name: torch.stack([one[name] for one in weights]).mean(0)
        if first.is_floating_point()
        else first
        for name, first in weights[0].items()
    }


def fit_opinion(
    work: Path, out: Path, trunk: Path, minutes: float, without: str, seed: int
) -> None:
    """Train on what `fit` is trained with, and write a checkpoint to ``out``; does nothing when it
    is there. What was interrupted goes on from its last checkpoint.

    Args:
        without: who takes no part, as in `fit`.
    """
    if out.exists():
        return
    phrases = list(read_vocabulary(work))
    sounds = sounds_without(without, work, phrases, torch.device("cpu"))
    trainer = OpinionTrainer(sounds, len(phrases), trunk, minutes, seed)
    going = out.with_suffix(GOING)
    if going.exists():
        trainer.resume(going)
    run(trainer, out, every=100)
