"""The command line of ``scripts/bench_tap``."""

import argparse
import json
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

from bench.ears.cells import table
from bench.tap.scenes import SECONDS, Scene, gather, no_taps, rinses

from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.sound.noise import NoiseMeter
from voiceguide.sound.tap import TapSettings, TapWatch

LATE_SECONDS = 8.0
"""An ending that comes later than this after the tap was closed counts as missed."""

FACTORS = (
    ("level", "level_dbfs", " dBFS"),
    ("from", "metres", " m"),
    ("water:", "kind", ""),
    ("beside", "beside", ""),
    ("closed", "closing", ""),
    ("flow:", "flow", ""),
)
"""The properties of a rinse by which the table is grouped."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench."""
    made = argparse.ArgumentParser(
        prog="scripts/bench_tap",
        description=sys.modules["__main__"].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--audio", type=Path, required=True, metavar="DIR", help="the recordings")
    made.add_argument("--rinses", type=int, default=180, metavar="N", help="how many (180)")
    made.add_argument(
        "--made",
        type=int,
        default=4,
        metavar="N",
        help="synthetic taps and showers of each kind, besides the real tap (4)",
    )
    made.add_argument(
        "--minutes", type=float, default=2.0, metavar="N", help="length of each other sound (2)"
    )
    made.add_argument("--seed", type=int, default=1, metavar="N", help="the seed (1)")
    made.add_argument("--set", action="append", default=[], metavar="NAME=N", help="a parameter")
    made.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON")
    args = made.parse_args(arguments)
    chosen = {name: float(value) for name, _, value in (each.partition("=") for each in args.set)}
    settings = replace(TapSettings(), **chosen)
    try:
        material = gather(args.audio, args.made)
    except ImportError as error:
        made.error(
            f"synthetic water needs {error.name}, of the extra `train`; install it, or use --made 0"
        )
    began = time.process_time()
    rows = [_judged(scene, settings) for scene in rinses(material, args.rinses, args.seed)]
    others = [_judged(scene, settings) for scene in no_taps(material, args.minutes, args.seed)]
    print(_rinse_table(rows))
    print()
    print(_other_table(others))
    print(f"\n{time.process_time() - began:.0f} s of processor time")
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps({"rinses": rows, "others": others}, indent=1) + "\n")
    return 0


def _changes(scene: Scene, settings: TapSettings) -> list[tuple[float, bool]]:
    """When the ears heard water begin and end, in seconds of the scene."""
    meter, watch = NoiseMeter(EAR_RATE_HZ), TapWatch(BLOCK_SAMPLES / EAR_RATE_HZ, settings)
    sound = scene.sound
    changes, runs = [], False
    for start in range(0, len(sound) - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
        at = (start + BLOCK_SAMPLES) / EAR_RATE_HZ
        guide_sounds = any(begins <= at <= ends for begins, ends in scene.guide)
        if meter.read(sound[start : start + BLOCK_SAMPLES]) and not guide_sounds:
            watch.take(meter.bands_db)
        if watch.runs != runs:
            runs = watch.runs
            changes.append((at, runs))
    return changes


def _judged(scene: Scene, settings: TapSettings) -> dict[str, Any]:
    changes = _changes(scene, settings)
    row: dict[str, Any] = {
        "kind": scene.kind,
        "level_dbfs": scene.level_dbfs,
        "beside": scene.beside,
        "metres": scene.metres,
        "closing": scene.closing,
        "flow": scene.flow,
        "begun": sum(runs for _, runs in changes),
        "ended": sum(not runs for _, runs in changes),
    }
    if scene.on_seconds is None or scene.off_seconds is None:
        return row
    on, off = scene.on_seconds, scene.off_seconds
    ends = [at for at, runs in changes if not runs]
    first = next((at for at in ends if at > on), None)
    row["seconds"] = off - on
    row["heard"] = any(runs and on <= at <= off for at, runs in changes)
    row["early"] = first is not None and first <= off
    row["late_seconds"] = first - off if first is not None and first > off else None
    row["right"] = row["late_seconds"] is not None and row["late_seconds"] <= LATE_SECONDS
    return row


def _rinse_table(rows: Sequence[dict[str, Any]]) -> str:
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for name, key, unit in FACTORS:
        for row in sorted(rows, key=lambda row: row[key]):
            groups.setdefault((name, f"{row[key]:g}{unit}" if unit else row[key]), []).append(row)
    groups["all", ""] = list(rows)
    lines = [_rinse_row(f"{name} {value}".strip(), each) for (name, value), each in groups.items()]
    head = ("rinses", "n", "ended right", "too early", "not ended", "s after (median)")
    return table(head, lines)


def _rinse_row(name: str, rows: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    right = [row for row in rows if row["right"]]
    early = sum(row["early"] for row in rows)
    late = f"{median(row['late_seconds'] for row in right):.1f}" if right else "–"
    missed = len(rows) - len(right) - early
    return name, str(len(rows)), str(len(right)), str(early), str(missed), late


def _other_table(rows: Iterable[dict[str, Any]]) -> str:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row["kind"], []).append(row)
    lines = [
        (
            kind,
            f"{len(each) * SECONDS / 60:.0f}",
            str(sum(row["begun"] for row in each)),
            str(sum(row["ended"] for row in each)),
        )
        for kind, each in groups.items()
    ]
    return table(("heard", "minutes", "taken for water", "endings"), lines)
