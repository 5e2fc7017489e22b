"""Operating curves: what each rule obeys as its bar moves; prints, saves and draws them."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from bench.ears.clips import NOISE, PEOPLE
from bench.tune.evidence import Case
from bench.tune.rules import LIMITS, Learnt, Rule, obeyed, ratio, votes_of, votes_over_time

FOLDS, SEEDS = 5, 5
"""How many splits of the speakers are shown, because learnt rules vary by a point between them."""
PLAIN, SLOW, FAST, DECOYS = range(4)
ALL = (PLAIN, SLOW, FAST, DECOYS)
TODAY = "votes"
FIXED: Mapping[str, Rule] = {
    TODAY: votes_of(),
    "one hearing": votes_of(PLAIN),
    "plain + decoys": votes_of(PLAIN, DECOYS),
    "votes over time": votes_over_time,
    "ratio alone": ratio,
}
LEARNT = {
    "learnt: votes": (ALL, False),
    "learnt: votes + ratio": (ALL, True),
    "learnt: plain + decoys + ratio": ((PLAIN, DECOYS), True),
    "learnt: one hearing + ratio": ((PLAIN,), True),
}


GRID = [(clear, noisy) for clear in (0.65, 0.75, 0.85) for noisy in (0.35, 0.45, 0.55, 0.65, 0.75)]
"""The scores to try, as (in quiet, in noise)."""


def tabulate(cases: Sequence[Case], scored: Sequence[list], bar: float) -> dict[str, Any]:
    """The figures at a bar: right and wrong by level over the noise, false accepts, latency."""
    right: dict[str, list[bool]] = {}
    wrong: dict[str, list[bool]] = {}
    false = dict.fromkeys(("quiet talk", "talk at 6 dB", "noise"), 0)
    counts = dict(false)
    late: list[float] = []
    for case, segments in zip(cases, scored, strict=True):
        said = [next((one for one in can if one[1] >= bar), None) for can in segments]
        said = [one for one in said if one is not None]
        level = "quiet" if case.snr_db is None else f"{case.snr_db:.0f} dB"
        if case.group in PEOPLE:
            ok = [one[0] for one in said] == [case.wanted]
            right.setdefault(level, []).append(ok)
            wrong.setdefault(level, []).append(any(one[0] != case.wanted for one in said))
            if ok and case.end_seconds is not None:
                late.append(said[0][2] - case.end_seconds)
        else:
            kind = "noise" if case.group == NOISE else (
                "quiet talk" if case.snr_db is None else "talk at 6 dB")  # fmt: skip
            false[kind] += len(said)
            counts[kind] += 1
    return {
        "bar": round(bar, 4),
        "right": {level: round(float(np.mean(row)), 3) for level, row in right.items()},
        "wrong": {level: round(float(np.mean(row)), 3) for level, row in wrong.items()},
        "n": {level: len(row) for level, row in right.items()},
        "right_all": round(float(np.mean([ok for row in right.values() for ok in row])), 4),
        "wrong_all": round(float(np.mean([ok for row in wrong.values() for ok in row])), 4),
        "false": false,
        "recordings": counts,
        "false_all": sum(false.values()),
        "latency_p50_p95": [round(float(np.percentile(late or [0], p)), 3) for p in (50, 95)],
    }


def curve(cases: Sequence[Case], scored: Sequence[list]) -> list[dict[str, Any]]:
    """The figures at every bar that makes a difference, at most 60 of them."""
    scores = sorted({one[1] for segments in scored for can in segments for one in can})
    if not scores:
        return []
    bars = np.unique(np.quantile(scores, np.linspace(0, 1, 60)))
    return [tabulate(cases, scored, float(bar)) for bar in bars]


def report(cases: Sequence[Case], out: Path) -> None:
    """Judge every rule, print, and write ``curves.json`` and ``curves.png``."""
    scored = {name: [obeyed(case, rule) for case in cases] for name, rule in FIXED.items()}
    spread: dict[str, list[list[list]]] = {}
    for name, (chosen, with_ratio) in LEARNT.items():
        splits = [_judged(cases, chosen, with_ratio, seed) for seed in range(SEEDS)]
        scored[name] = splits[0]
        spread[name] = splits
    today = tabulate(cases, scored[TODAY], LIMITS.confidence)
    curves = {name: curve(cases, rows) for name, rows in scored.items()}
    print(f"today, bar {LIMITS.confidence}: {_line(today)}")
    print(f"recordings: {today['n']}, {today['recordings']}")
    equal: dict[str, Any] = {}
    for share in (1.0, 0.5):
        most = share * today["false_all"]
        print(f"\nat most {most:.0f} false accepts:")
        for name, rows in curves.items():
            best = _best(rows, most)
            if best is None:
                continue
            equal[f"{name} at {share}"] = best
            print(f"  {name:32} bar {best['bar']:.3f}  {_line(best)}")
    most = today["false_all"]
    print(f"\nlearnt rules by {SEEDS} splits of the speakers, at most {most} false accepts:")
    for name, splits in spread.items():
        found = [row for split in splits if (row := _best(curve(cases, split), most))]
        right = [row["right_all"] for row in found]
        if right:
            equal[f"{name}, {SEEDS} splits"] = right
            print(f"  {name:32} right {np.mean(right):.3f} ({min(right):.3f} to {max(right):.3f})"
                  f"  wrong {np.mean([row['wrong_all'] for row in found]):.3f}"
                  f"  (today {today['right_all']:.3f}, {today['wrong_all']:.3f})")  # fmt: skip
    grid = [tabulate(cases, *_with(cases, *pair)) for pair in GRID]
    print("\nscore needed in quiet and in noise:")
    for (clear, noisy), row in zip(GRID, grid, strict=True):
        print(f"  {clear:.2f} {noisy:.2f}  {_line(row)}")
    print(f"\nthe curve of {TODAY!r}:")
    for row in curves[TODAY][:: max(1, len(curves[TODAY]) // 15)]:
        print(f"  bar {row['bar']:.3f}  {_line(row)}")
    costs = {
        kind: sum(case.cost_seconds[kind] for case in cases) / sum(case.seconds for case in cases)
        for kind in ("all", "votes", "ratio")
    }
    print(f"\nprocessor time a second of sound: { ({k: round(v, 3) for k, v in costs.items()}) }")
    pairs = [{"clear": clear, "noisy": noisy} for clear, noisy in GRID]
    grid = [pair | row for pair, row in zip(pairs, grid, strict=True)]
    saved = {"today": today, "grid": grid, "equal": equal, "curves": curves, "cost": costs}
    (out / "curves.json").write_text(json.dumps(saved, indent=1))
    _draw(curves, today, out / "curves.png")


def _with(cases: Sequence[Case], clear: float, noisy: float) -> tuple[list, float]:
    limits = replace(LIMITS, confidence=clear, noisy_confidence=noisy)
    rule = votes_of(limits=limits)
    return [obeyed(case, rule) for case in cases], clear


def _judged(
    cases: Sequence[Case], chosen: Sequence[int], with_ratio: bool, seed: int
) -> list[list]:
    """Judge each speaker by a rule that was fitted without that speaker."""
    folds = [zlib.crc32(f"{seed} {case.key}".encode()) % FOLDS for case in cases]
    fitted = [
        Learnt(chosen, with_ratio=with_ratio).fit(
            case for case, fold in zip(cases, folds, strict=True) if fold != out
        )
        for out in range(FOLDS)
    ]
    return [obeyed(case, fitted[fold]) for case, fold in zip(cases, folds, strict=True)]


def _best(rows: Sequence[dict[str, Any]], most: float) -> dict[str, Any] | None:
    allowed = [row for row in rows if row["false_all"] <= most]
    return max(allowed, key=lambda row: row["right_all"] - row["wrong_all"], default=None)


def _line(row: Mapping[str, Any]) -> str:
    levels = "  ".join(
        f"{level} {row['right'][level]:.3f}/{row['wrong'][level]:.3f}"
        for level in ("quiet", "12 dB", "6 dB", "3 dB", "0 dB")
        if level in row["right"]
    )
    false = "+".join(str(count) for count in row["false"].values())
    middle, late = row["latency_p50_p95"]
    return f"{levels}  false {false}  latency {middle:.2f}/{late:.2f}"


def _draw(curves: Mapping[str, Sequence[Any]], today: Mapping[str, Any], file: Path) -> None:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        print("no picture: matplotlib is not installed (dependency group bench)")
        return
    figure = Figure(figsize=(12, 5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for name, rows in curves.items():
        left.plot([r["false_all"] for r in rows], [r["right_all"] for r in rows], label=name)
    left.plot(today["false_all"], today["right_all"], "k*", markersize=12, label="today's bar")
    left.set(xlabel="false accepts", ylabel="right, all conditions", xlim=(0, 60), ylim=(0.4, 1))
    left.legend(fontsize=7)
    for level in today["right"]:
        rows = curves[TODAY]
        (line,) = right.plot([r["bar"] for r in rows], [r["right"][level] for r in rows],
                             label=level)  # fmt: skip
        right.plot([r["bar"] for r in rows], [r["wrong"][level] for r in rows], ":",
                   color=line.get_color())  # fmt: skip
    right.axvline(LIMITS.confidence, color="k", linewidth=0.8)
    right.set(xlabel="bar of the votes", ylabel="right, wrong (dotted)", ylim=(0, 1))
    right.legend(fontsize=7)
    figure.savefig(file, dpi=110)
