"""The tables of ``scripts/bench_wake``."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.ears.cells import table
from bench.ears.tally import rate_interval

Rows = Sequence[Mapping[str, Any]]
BARS = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


def false_table(by_kind: Mapping[str, Rows]) -> str:
    """The table of false wakes by the kind of sound, with the cost of hearing it."""
    lines = [_false_row(kind, scenes) for kind, scenes in by_kind.items()]
    talk = [scene for kind, scenes in by_kind.items() for scene in scenes if kind != "noise"]
    if talk:
        lines.append(_false_row("all talk", talk))
    head = ("heard", "hours", "false wakes", "an hour (95 %)", "of a core", "gate open")
    return table(head, lines)


def _false_row(kind: str, scenes: Rows) -> tuple[str, ...]:
    seconds = sum(scene["seconds"] for scene in scenes)
    wakings = sum(len(scene["wakings"]) for scene in scenes)
    hours = seconds / 3600
    low, high = (bound / hours for bound in rate_interval(wakings))
    return (
        kind,
        f"{hours:.2f}",
        str(wakings),
        f"{wakings / hours:.2f} ({low:.2f}–{high:.2f})",
        f"{sum(scene['cpu_seconds'] for scene in scenes) / seconds:.3f}",
        f"{sum(scene['open_seconds'] for scene in scenes) / seconds:.2f}",
    )


def hit_table(calls: Rows, groups: Iterable[str]) -> str:
    """The table of calls that woke the guide."""
    conditions = list(dict.fromkeys(call["condition"] for call in calls))
    lines = []
    for condition in conditions:
        cells = []
        for group in groups:
            some = [c for c in calls if c["condition"] == condition and c["group"] == group]
            woke = [call for call in some if call["score"] is not None]
            cells.append(f"{len(woke)} of {len(some)}" if some else "")
        late = sorted(
            c["latency_seconds"] for c in calls
            if c["condition"] == condition and c["score"] is not None
        )  # fmt: skip
        cells.append(f"{late[len(late) // 2]:.2f}" if late else "")
        lines.append((condition, *cells))
    return table(("said by synthetic voices", *groups, "late by s (p50)"), lines)


def cost_table(report: Mapping[str, Any]) -> str:
    """The table of what sleep costs."""
    lines = [
        (row["sound"], f"{row['core_share']:.4f}", f"{row['open_share']:.3f}")
        for row in report["cost"]
    ]
    return table(("asleep beside", "of a core", "gate open"), lines)


def curve_table(report: Mapping[str, Any], group: str) -> str:
    """The table of false wakes and calls understood, for each place of the bar."""

    hours = sum(s["seconds"] for s in report["scenes"] if s["kind"] != "noise") / 3600
    scores = [w["score"] for s in report["scenes"] if s["kind"] != "noise" for w in s["wakings"]]
    calls = [call for call in report["calls"] if call["group"] == group]
    conditions = list(dict.fromkeys(call["condition"] for call in calls))
    lines = []
    for bar in BARS:
        cells = []
        for condition in conditions:
            some = [call["score"] or -1.0 for call in calls if call["condition"] == condition]
            cells.append(f"{sum(score >= bar for score in some) / len(some):.2f}")
        false = sum(score >= bar for score in scores)
        lines.append((f"{bar:g}", f"{false / max(hours, 1e-9):.2f}", *cells))
    return table(("bar", "false an hour of talk", *conditions), lines)
