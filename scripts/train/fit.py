"""Training: first every frame's phone, then whole phrases against all that compete with them."""

import copy
import json
import math
import time
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from train.augment import output_targets
from train.corpus import PHONES, UNLABELLED, Clip, Corpus
from train.drawing import Drawer, Drawn
from train.looping import GOING, follow, run
from train.model_reader import load_network, unfolded
from train.network import LABEL_SMOOTHING, SHAPES, Shape, Tdnn
from train.pools import Sounds, load_sounds
from train.sequence import PhraseGraph, SequenceLoss, phone_bigram, phrase_graph
from train.vocabulary import read_vocabulary
from train.widening import widened

ACOUSTIC_SCALE = 0.4
"""What the decoder multiplies the network's scores with (conf/model.conf)."""
FRAME_SHARE = 0.2
"""Weight of the frames' cross-entropy beside the sequences' loss."""
EASE_DB, EASE_SHARE = 25.0, 0.25
"""The first batches are this much clearer, and clear no more after this share of a training:
in full noise a fresh network learns for long that all is silence."""
PARTS = 4
"""Speakers are divided into so many parts."""
LEFT_OUT = ("base", "even", "odd", "nobody")
Speaker = tuple[str, str]
"""Source and speaker."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to train, and how fast."""

    steps: int = 12_000
    minutes: float = math.inf
    """The training ends after so long if the steps are not done by then."""
    batch: int = 64
    rate: float = 2e-3
    sequence: bool = False
    """Whether whole phrases are trained (from a network that knows frames)."""
    dropout: float = 0.05
    warmup: int = 200
    """Steps until the optimiser's are as large as they get."""


def computes_bfloat16(device: torch.device) -> bool:
    """Whether numbers of 16 bits are quick there: a processor without units for them needs nine
    times as long as with 32 bits."""
    if device.type != "cpu":
        return True
    found = torch.cpu.get_capabilities()
    return any(value is True for name, value in found.items() if name.endswith("bf16"))


def part_of(source: str, speaker: str) -> int:
    """A number below `PARTS` for everybody, the same on every machine."""
    total = 0
    for character in f"{source}:{speaker}":
        total = (total * 131 + ord(character)) % 1_000_003
    return total % PARTS


def left_out(people: Iterable[Clip], phrases: Container[str], who: str) -> frozenset[Speaker]:
    """Who takes no part in a training.

    ``tested`` people said a command in some recording; of the others one part in `PARTS` is
    ``aside``. ``base`` leaves out all of these, ``even`` and ``odd`` every second of the tested
    and who is aside, ``nobody`` nobody.
    """
    everybody = {(clip.source, clip.speaker) for clip in people}
    tested = {(clip.source, clip.speaker) for clip in people if clip.text in phrases}
    aside = {one for one in everybody - tested if part_of(*one) == 0}
    even = {one for one in tested if part_of(*one) % 2 == 0}
    sets = {"nobody": set(), "base": tested | aside, "even": even | aside}
    return frozenset(sets.get(who, (tested - even) | aside))


def sounds_without(who: str, work: Path, phrases: Sequence[str], device: torch.device) -> Sounds:
    """Everything that is heard in a training that leaves these people out (`left_out`)."""
    people = Corpus(work / "corpora", "people").clips
    return load_sounds(work, phrases, device, left_out(people, set(phrases), who))


class Trainer:
    """One network in training."""

    def __init__(
        self, sounds: Sounds, graph: PhraseGraph, shape: Shape, plan: Plan, seed: int
    ) -> None:
        self._plan = plan
        self._device = sounds.device
        self._halved = computes_bfloat16(self._device)
        torch.manual_seed(seed)
        self._drawer = Drawer(sounds, plan.batch, seed)
        self.net = Tdnn(shape, plan.dropout).to(self._device)
        self.average = copy.deepcopy(self.net)
        self.counts = torch.ones(len(PHONES), dtype=torch.float64, device=self._device)
        self._loss = SequenceLoss(graph).to(self._device)
        self._optimiser = torch.optim.AdamW(self.net.parameters(), lr=plan.rate, weight_decay=1e-3)
        self.step = self._began_at = 0
        self._fresh = True
        self._began = time.monotonic()

    def learn_spread(self) -> None:
        """The mean and spread of the features, from a few batches."""
        with torch.no_grad():
            features = torch.cat([self._drawer.plain() for _ in range(8)])
            for net in (self.net, self.average):
                net.mean.copy_(features.mean((0, 1)))
                net.spread.copy_(features.std((0, 1)))

    def load(self, path: Path) -> None:
        """Begin from a checkpoint (its averaged weights) or an exported model folder.

        Raises:
            ValueError: its network cannot be widened to the shape of this one.
        """
        begun, counts = load_network(path)
        if path.is_dir():
            with torch.no_grad():
                unfolded(begun, torch.cat([self._drawer.plain() for _ in range(4)]).cpu())
        if begun.shape != self.net.shape:
            begun = widened(begun, self.net.shape)
        self._fresh = False
        for net in (self.net, self.average):
            net.load_state_dict(begun.state_dict())
        self.counts.copy_(counts)

    def resume(self, path: Path) -> None:
        """Go on from what `save` wrote of this very training; the optimiser begins afresh."""
        self.load(path)
        self.step = int(torch.load(path, map_location="cpu", weights_only=True)["step"])
        self._began_at = self.step

    def save(self, path: Path) -> None:
        """Write a checkpoint, whole or not at all."""
        part = path.with_suffix(".part")
        torch.save(
            {
                "weights": self.average.state_dict(),
                "counts": self.counts,
                "step": self.step,
                "shape": json.dumps(asdict(self.net.shape)),
            },
            part,
        )
        part.replace(path)

    @property
    def progress(self) -> float:
        """0 at the beginning, 1 when all is done."""
        minutes = (time.monotonic() - self._began) / 60
        return max(self.step / self._plan.steps, minutes / self._plan.minutes)

    @cached_property
    def _batches(self) -> Iterator[Drawn]:
        return self._drawer.beside()

    def learn(self) -> tuple[float, float, float]:
        """One step: the frames' loss, their accuracy on speech, the sequences' loss."""
        if self._fresh:
            self._drawer.ease(EASE_DB * max(0.0, 1 - self.progress / EASE_SHARE))
        drawn = next(self._batches)
        self.net.train()
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._halved):
            logits = self.net(drawn.features)
        logits = logits.float()
        at = self.net.frame_of(logits.shape[1], self._device)
        labels, phrases = output_targets(drawn.labels, drawn.phrases, at)
        known = labels != UNLABELLED
        self.counts += torch.bincount(labels[known].long(), minlength=len(PHONES))
        targets = labels.long().masked_fill(~known, -100)
        frames = torch.nn.functional.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), label_smoothing=LABEL_SMOOTHING
        )
        loss, sequence = frames, torch.zeros(())
        if self._plan.sequence:
            scores = ACOUSTIC_SCALE * (logits.log_softmax(2) - torch.log(self.priors()))
            sequence = self._loss(scores, labels, phrases)
            loss = FRAME_SHARE * frames + 10 * sequence
        self._advance(loss)
        speech = known & (labels > 0)
        right = (logits.argmax(2) == labels)[speech].float().mean()
        return float(frames.detach()), float(right), float(sequence.detach())

    def line(self, means: NDArray[np.float64]) -> str:
        """See `looping.Training`."""
        frames, right, sequence = means
        return f"frame loss {frames:.3f}, phones right {right:.3f}, sequence loss {sequence:.4f}"

    def priors(self) -> Tensor:
        """How often each phone is the target, smoothed as the targets are."""
        share = (self.counts / self.counts.sum()).float()
        return (1 - LABEL_SMOOTHING) * share + LABEL_SMOOTHING / len(share)

    def _advance(self, loss: Tensor) -> None:
        rise = min(1.0, (self.step - self._began_at + 1) / self._plan.warmup)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress))) + 0.005
        for group in self._optimiser.param_groups:
            group["lr"] = self._plan.rate * rise * fall
        self._optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self._optimiser.step()
        self.step += 1
        keep = min(0.999, 1 - 1 / ((self.step - self._began_at) / 5 + 1))
        follow(self.average, self.net, keep)


def fit(
    work: Path,
    out: Path,
    plan: Plan,
    *,
    shape: str | None = None,
    without: str = "nobody",
    begin: Path | None = None,
    seed: int = 0,
    device: str | None = None,
) -> None:
    """Train one network and write its checkpoint to ``out``; does nothing when it is there.

    What was interrupted goes on from its last checkpoint.

    Args:
        shape: one of `SHAPES`; None for that of ``begin``, or the full one for fresh weights.
        begin: a checkpoint or an exported model folder to begin from; it is widened to the shape.
        without: who takes no part, one of `LEFT_OUT`.
        device: ``cuda``, ``cpu`` …; the GPU when there is one by default.
    """
    if out.exists():
        return
    where = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    vocabulary = read_vocabulary(work)
    sounds = sounds_without(without, work, list(vocabulary), where)
    bigram = phone_bigram(sounds.labels)
    going = out.with_suffix(GOING)
    known = going if going.exists() else begin
    if shape is None and known is not None:
        form = load_network(known)[0].shape
    else:
        form = SHAPES[shape or "full"]
    trainer = Trainer(sounds, phrase_graph(vocabulary, bigram), form, plan, seed)
    if going.exists():
        trainer.resume(going)
    elif begin is None:
        trainer.learn_spread()
    else:
        trainer.load(begin)
    run(trainer, out, every=50)


def shapes() -> Iterable[str]:
    """The names of the networks that can be trained."""
    return SHAPES
