"""The order in which networks are trained, and for how long."""

import json
from pathlib import Path

from training.fit import Plan, fit
from training.realigning import realign

STEPS = {"first": 12_000, "base": 40_000, "frames": 8_000, "phrases": 8_000}
"""At scale 1."""


def train_all(work: Path, scale: float, shape: str, seed: int, jobs: int) -> None:
    """Every network that is not there yet.

    ``first`` learns from PocketSphinx's labels and then labels everything afresh; ``base`` learns
    from these, without anybody who is tested later. Of it ``even`` and ``odd`` are taught with
    half of the tested people each, and ``nobody``, which is shipped, with everyone: first frames,
    then phrases.
    """
    networks = work / "networks"

    def plan(kind: str, rate: float, sequence: bool = False) -> Plan:
        return Plan(steps=max(1, round(STEPS[kind] * scale)), rate=rate, sequence=sequence)

    first, base = networks / "first.pt", networks / "base.pt"
    fit(work, first, plan("first", 2e-3), shape=shape, without="base", seed=seed)
    afresh = work / "corpora" / "labelled-afresh"
    if not afresh.exists():
        lexicon = json.loads((work / "lexicon.json").read_text(encoding="utf-8"))
        for name in ("people", "synthetic"):
            labelled, given_up = realign(work, name, first, lexicon, jobs)
            print(f"{name}: {labelled} clips labelled afresh, {given_up} given up", flush=True)
        afresh.touch()
    fit(work, base, plan("base", 2e-3), shape=shape, without="base", begin=first, seed=seed + 1)
    for who in ("even", "odd", "nobody"):
        frames = networks / f"{who}-frames.pt"
        fit(work, frames, plan("frames", 5e-4), shape=shape, without=who, begin=base, seed=seed + 2)
        phrases = plan("phrases", 3e-4, sequence=True)
        fit(
            work,
            networks / f"{who}.pt",
            phrases,
            shape=shape,
            without=who,
            begin=frames,
            seed=seed + 3,
        )
