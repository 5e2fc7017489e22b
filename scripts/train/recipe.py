"""The order in which networks are trained, and for how long."""

import json
import math
from pathlib import Path

from train.fit import Plan, fit
from train.pools import corpora_in
from train.realigning import realign
from train.vocabulary import write_vocabulary

STEPS = {"first": 6_000, "base": 25_000, "phrases": 20_000}
"""At scale 1."""
RATES = {"first": 2e-3, "base": 1.5e-3, "phrases": 6e-4, "refined": 5e-4, "widened": 1e-3}
"""Largest steps of the optimiser."""


def train_all(work: Path, scale: float, shape: str | None, seed: int, jobs: int) -> None:
    """Every network that is not there yet.

    ``first`` learns from PocketSphinx's labels and then labels everything afresh; ``base`` learns
    from these, without anybody who is tested later. From it ``even`` and ``odd`` learn phrases
    with half of the tested people each, and ``nobody``, which is shipped, with everyone.
    """
    networks = work / "networks"

    def plan(kind: str) -> Plan:
        steps = max(1, round(STEPS[kind] * scale))
        return Plan(steps=steps, rate=RATES[kind], sequence=kind == "phrases")

    first, base = networks / "first.pt", networks / "base.pt"
    fit(work, first, plan("first"), shape=shape, without="base", seed=seed)
    afresh = work / "corpora" / "labelled-afresh"
    if not afresh.exists():
        lexicon = json.loads((work / "lexicon.json").read_text(encoding="utf-8"))
        labelled, given_up = realign(work, ("people", "synthetic"), first, lexicon, jobs)
        print(f"{labelled} clips labelled afresh, {given_up} given up", flush=True)
        afresh.touch()
    fit(work, base, plan("base"), shape=shape, without="base", begin=first, seed=seed + 1)
    for who in ("even", "odd", "nobody"):
        out = networks / f"{who}.pt"
        fit(work, out, plan("phrases"), shape=shape, without=who, begin=base, seed=seed + 2)


REFINED = "refined"
"""The network that was begun from an exported model."""


def label(work: Path, model: Path, jobs: int) -> None:
    """Label every corpus of speech that is new since the last time, with an exported model.

    What the model does not find in a clip is not labelled, and so takes no part: it is the judge
    of renderings that do not say their text.
    """
    folder = work / "corpora"
    spoken = [name for name in corpora_in(work) if name != "events"]
    new = [name for name in spoken if not (folder / f"{name}.labelled").exists()]
    write_vocabulary(work, spoken)
    if not new:
        return
    lexicon = json.loads((work / "lexicon.json").read_text(encoding="utf-8"))
    labelled, given_up = realign(work, new, model, lexicon, jobs)
    for name in new:
        (folder / f"{name}.labelled").touch()
    print(f"{len(new)} corpora: {labelled} clips labelled, {given_up} given up", flush=True)


def refine(
    work: Path,
    model: Path,
    shape: str | None,
    scale: float,
    minutes: float,
    without: str,
    seed: int,
) -> None:
    """Train a model or a checkpoint on: whole phrases at once, from what it knows already.

    Args:
        shape: what its network is widened to; None for the one that it has.
    """
    steps = max(1, round(STEPS["phrases"] * scale))
    plan = Plan(
        steps=steps,
        minutes=minutes or math.inf,
        batch=32,
        rate=RATES["refined" if shape is None else "widened"],
        sequence=True,
        dropout=0.0,
        warmup=20,  # it knows its way: a short training needs every step
    )
    out = work / "networks" / f"{REFINED}.pt"
    fit(work, out, plan, shape=shape, without=without, begin=model, seed=seed)


def phone_network(work: Path, begin: Path | None) -> Path:
    """The network that hears phones, as a checkpoint or a model folder: what the second opinion
    begins with.

    Args:
        begin: what the training began from: a checkpoint is taken itself, a model folder only where
            nothing was trained on from it.
    """
    if begin is None:
        return work / "networks" / "nobody.pt"
    refined = work / "networks" / f"{REFINED}.pt"
    return refined if begin.is_dir() and refined.exists() else begin
