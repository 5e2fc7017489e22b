"""The command line of ``scripts/bench_wake``."""

import argparse
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from bench.ears.noises import second_half
from bench.wake.calls import CONDITIONS, KEPT, OTHERS, at_the_microphone, calls, named
from bench.wake.listening import Listened, Sleeper, called, listen, listen_to_scene
from bench.wake.material import Material, gather
from bench.wake.report import cost_table, curve_table, false_table, hit_table

from voiceguide.core.errors import VoiceguideError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.sound.clip import Samples

COST_SECONDS = 60
QUIET_DBFS = -70.0
TAP_DBFS = (-50.0, -35.0, -25.0)


def parser(about: str) -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog="scripts/bench_wake",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--audio", type=Path, required=True, metavar="DIR", help="the recordings")
    add("--model", metavar="NAME|DIR", help="the recogniser's model")
    add(
        "--phrase",
        action="append",
        default=[],
        metavar="WORDS",
        help="may be given again (hey guide)",
    )
    add("--hours", type=float, default=6.0, metavar="N", help="hours of talk and noise (6)")
    add("--times", type=int, default=6, metavar="N", help="how often each voice calls (6)")
    add("--jobs", type=int, default=2, metavar="N", help="processes at a time (2)")
    add("--curve", action="store_true", help="without a bar, to show the cost of each bar")
    add("--json", type=Path, metavar="FILE", help="write everything as JSON")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; return 1 if it cannot be run."""
    args = parser(sys.modules["__main__"].__doc__ or "").parse_args(arguments)
    try:
        sleeper = Sleeper(
            resolve_model(args.model), tuple(args.phrase) or ("hey guide",), args.curve
        )
        material = gather(args.audio)
        report = run(sleeper, material, args.hours, args.times, args.jobs)
    except (VoiceguideError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(as_text(report))
    return 0


def run(
    sleeper: Sleeper, material: Material, hours: float, times: int, jobs: int
) -> dict[str, Any]:
    """Measure everything; return it as for the JSON file."""
    began = time.monotonic()
    scenes = list(material.scenes(hours))
    report: dict[str, Any] = {
        "model": sleeper.model.name,
        "phrases": list(sleeper.texts),
        "curve": sleeper.any_score,
        "jobs": jobs,
        "load_average": os.getloadavg()[0],
        "calls": list(_called(sleeper, material, times)),
        "cost": _costs(sleeper, material),
        "scenes": [],
    }
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        waiting: dict[Future[Listened], Any] = {
            pool.submit(listen_to_scene, sleeper, scene, material): scene for scene in scenes
        }
        for done, future in enumerate(as_completed(waiting), 1):
            scene = waiting[future]
            report["scenes"].append(
                {"number": scene.number, "kind": scene.kind, **asdict(future.result())}
            )
            if done % 10 == 0:
                false = sum(len(one["wakings"]) for one in report["scenes"])
                print(f"{done} of {len(waiting)} scenes, {false} false wakes", file=sys.stderr)
                sys.stderr.flush()
    report["scenes"].sort(key=lambda one: one["number"])
    report["took_seconds"] = round(time.monotonic() - began)
    return report


def _called(sleeper: Sleeper, material: Material, times: int) -> Iterator[dict[str, Any]]:
    tap = (
        second_half(material.noises["tap"]).astype(np.float32) if "tap" in material.noises else None
    )
    said = list(calls(sleeper.texts, times))
    for condition in CONDITIONS:
        if condition.snr_db is not None and tap is None:
            continue
        for call in said:
            found = called(sleeper, at_the_microphone(call, condition, tap))
            yield {
                "condition": named(condition),
                "group": call.group,
                "voice": f"{call.engine} {call.voice}",
                "phrase": call.text,
                "score": None if found is None else round(found[0], 3),
                "latency_seconds": None if found is None else round(found[1], 3),
            }


def _costs(sleeper: Sleeper, material: Material) -> list[dict[str, Any]]:
    """Processor time per second of sound, in this process only, after the first second."""
    random = np.random.default_rng(3)
    count = COST_SECONDS * EAR_RATE_HZ
    quiet = (random.normal(0, 10 ** (QUIET_DBFS / 20), count)).astype(np.float32)
    sounds: dict[str, Samples] = {"silence": quiet}
    for name, path in material.noises.items():
        loop = np.resize(second_half(path).astype(np.float32), count)
        loop = loop / np.sqrt(np.mean(loop**2))
        for level in TAP_DBFS if name == "tap" else (-35.0,):
            sounds[f"{name}, {level:g} dBFS"] = quiet + loop * np.float32(10 ** (level / 20))
    rows = []
    for name, heard in sounds.items():
        found = listen(sleeper, np.clip(heard, -1, 1).astype(np.float32))
        rows.append(
            {
                "sound": name,
                "core_share": round(found.cpu_seconds / found.seconds, 4),
                "open_share": round(found.open_seconds / found.seconds, 4),
            }
        )
    return rows


def as_text(report: dict[str, Any]) -> str:
    """The report as tables."""
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for scene in report["scenes"]:
        by_kind[scene["kind"]].append(scene)
    parts = [false_table(by_kind), hit_table(report["calls"], (KEPT, OTHERS)), cost_table(report)]
    if report["curve"]:
        parts.append(curve_table(report, KEPT))
    parts.append(f"It took {report['took_seconds']} s with {report['jobs']} processes.")
    return "\n\n".join(parts)
