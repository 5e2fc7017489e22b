"""The order in which networks are trained, and for how long."""

import json
from pathlib import Path

from train.fit import Plan, fit
from train.realigning import realign

STEPS = {"first": 6_000, "base": 25_000, "phrases": 20_000}
"""At scale 1."""
RATES = {"first": 2e-3, "base": 1.5e-3, "phrases": 6e-4}
"""Largest steps of the optimiser."""


def train_all(work: Path, scale: float, shape: str, seed: int, jobs: int) -> None:
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
        for name in ("people", "synthetic"):
            labelled, given_up = realign(work, name, first, lexicon, jobs)
            print(f"{name}: {labelled} clips labelled afresh, {given_up} given up", flush=True)
        afresh.touch()
    fit(work, base, plan("base"), shape=shape, without="base", begin=first, seed=seed + 1)
    for who in ("even", "odd", "nobody"):
        out = networks / f"{who}.pt"
        fit(work, out, plan("phrases"), shape=shape, without=who, begin=base, seed=seed + 2)
