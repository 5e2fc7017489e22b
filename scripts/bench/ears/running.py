"""One run of the bench: gathers the clips, hears them, reports."""

import json
import os
import platform
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from bench.ears.aims import USUAL_SOUND, Aim, aims, aims_table
from bench.ears.cells import level_name
from bench.ears.clips import (
    BOOKS,
    COMMANDS,
    NEAR,
    NOISE,
    ORDERS,
    PEOPLE,
    SENTENCES,
    Clip,
    recordings,
)
from bench.ears.cost import Cost, measure
from bench.ears.figures import every_set
from bench.ears.judged import said_plainly
from bench.ears.mixing import Condition, mixed
from bench.ears.noises import RECORDED, noises, second_half
from bench.ears.people import Listed, chosen, member_for
from bench.ears.picture import det_curve, draw
from bench.ears.plan import AIM_SNRS_DB, TAP, Plan, trials
from bench.ears.rendering import events, narration, synthetic
from bench.ears.systems import System
from bench.ears.tables import costs, report
from bench.ears.work import Outcome, heard

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.sound.clip import Samples

COST_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Run:
    """The task of a run."""

    audio: Path
    scratch: Path
    ours: Sequence[System]
    rivals: Sequence[System]
    plan: Plan
    only: Listed | None = None
    without: Listed | None = None
    noise: Path | None = None
    events: Path | None = None
    jobs: int = 1
    aims: bool = False
    judge: bool = False
    """Whether Whisper tiny listens to the near-human voices."""
    json: Path | None = None
    picture: Path | None = None


def run(job: Run) -> None:
    """Hear everything, print the tables, and write the files."""
    groups = gathered(job)
    talkers = [clip for clip in recordings(job.audio) if clip.group in (SENTENCES, BOOKS)]
    sounds = noises(job.audio, job.noise, talkers)
    folder = job.scratch / "noises"
    folder.mkdir()
    for name, sound in sounds.items():
        np.save(folder / f"{name}.npy", sound)
    _say_whats_missing(job, groups, sounds)
    began = time.monotonic()
    busy = os.getloadavg() if hasattr(os, "getloadavg") else (0.0, 0.0, 0.0)
    found = costed(job, groups, sounds)
    outcomes = _heard(job, groups, list(sounds), folder)
    seconds = time.monotonic() - began

    ours, rivals = [s.name for s in job.ours], [s.name for s in job.rivals]
    cpu = sum(outcome.cpu_seconds for outcome in outcomes)
    print(
        f"{len(outcomes)} hearings in {seconds:.0f} s, {cpu:.0f} s of them processor time;"
        f" {os.cpu_count()} cores, load before {busy[0]:.1f}.\n"
    )
    for piece in report(outcomes, ours, rivals, list(sounds)):
        print(piece)
    print(f"## Cost\n\n{costs(found)}")
    plain = said_plainly(groups.get(NEAR, ())) if job.judge else None
    reached = {name: aims(outcomes, name, found.get(name), plain) for name in ours}
    if job.aims:
        for name, cellules in reached.items():
            print(f"## Aims: {name}\n\n{aims_table(cellules)}")
    if job.json:
        facts: dict[str, object] = {
            "machine": {"cores": os.cpu_count(), "load_before": busy, "cpu": platform.machine()},
            "seconds": round(seconds, 1),
            "cpu_seconds": round(cpu, 1),
            "hearings": len(outcomes),
            "cells": list(every_set(outcomes)),
        }
        write_json(job.json, facts, outcomes, found, reached)
    if job.picture:
        job.picture.parent.mkdir(parents=True, exist_ok=True)
        draw(outcomes, ours, rivals, job.picture)
        print(f"picture: {job.picture}")


def gathered(job: Run) -> dict[str, list[Clip]]:
    """Every clip by its set."""
    groups: dict[str, list[Clip]] = {}
    for clip in chosen(recordings(job.audio), job.only, job.without):
        groups.setdefault(clip.group, []).append(clip)
    for clip in synthetic(job.scratch):
        groups.setdefault(clip.group, []).append(clip)
    for clip in narration(job.scratch, job.plan.narration_seconds):
        groups.setdefault(clip.group, []).append(clip)
    for clip in events(job.events, job.scratch) if job.events else ():
        groups.setdefault(clip.group, []).append(clip)
    for name, file in RECORDED.items():
        if (job.audio / "noise" / file).is_file():
            path = job.scratch / f"{name}.wav"
            sound = second_half(job.audio / "noise" / file).astype(np.float32)
            _write(path, sound[: round(job.plan.noise_seconds * EAR_RATE_HZ)])
            groups.setdefault(NOISE, []).append(Clip(path, NOISE, "noise", name, "", None))
    return groups


def costed(
    job: Run, groups: Mapping[str, Sequence[Clip]], sounds: Mapping[str, Samples]
) -> dict[str, Cost]:
    """The cost of each system; one that fails is named and left out."""
    folder = job.scratch / "cost"
    folder.mkdir()
    length = COST_SECONDS * EAR_RATE_HZ
    quiet = np.random.default_rng(0).normal(0, 1e-4, length).astype(np.float32)
    np.save(folder / "nothing said.npy", quiet)
    tap = sounds.get(TAP)
    if groups.get(COMMANDS):
        said = quiet.copy() if tap is None else np.resize(tap, length) * np.float32(0.1)
        for at, clip in zip(range(0, length, 5 * EAR_RATE_HZ), groups[COMMANDS], strict=False):
            dry = read_sound(clip.path, EAR_RATE_HZ).samples
            level = 12.0 if tap is not None else None
            one = mixed(clip, dry, Condition(TAP, level), tap)[: length - at]
            said[at : at + len(one)] = one
        np.save(folder / f"{USUAL_SOUND}.npy", said)
    if groups.get(ORDERS):
        talk = [read_sound(clip.path, EAR_RATE_HZ).samples for clip in groups[ORDERS][:12]]
        np.save(folder / "unbroken talk.npy", np.resize(np.concatenate(talk), length))
    found: dict[str, Cost] = {}
    for system in (*job.ours, *job.rivals):
        try:
            found[system.name] = measure(system, folder)
        except RuntimeError as error:
            print(f"The cost of {system.name} could not be measured: {error}")
    return found


def write_json(
    file: Path,
    facts: dict[str, object],
    outcomes: Sequence[Outcome],
    found: Mapping[str, Cost],
    reached: Mapping[str, Sequence[Aim]],
) -> None:
    """Write every figure."""
    facts["cost"] = {name: asdict(cost) for name, cost in found.items()}
    facts["aims"] = {
        name: [asdict(aim) | {"verdict": aim.verdict} for aim in some]
        for name, some in reached.items()
    }
    facts["curves"] = {
        name: {
            level_name(snr): [
                {"over_bar": bar if np.isfinite(bar) else None, "per_100": false, "missed": missed}
                for bar, false, missed in det_curve(outcomes, name, snr)
            ]
            for snr in (None, *AIM_SNRS_DB)
        }
        for name in reached
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _heard(
    job: Run, groups: Mapping[str, Sequence[Clip]], names: Sequence[str], folder: Path
) -> list[Outcome]:
    everything = list(trials(job.plan, job.ours, job.rivals, groups, names))
    asked = [
        trial
        for trial in everything
        if not trial.system.members or member_for(trial.system.members, trial.clip) is not None
    ]
    if len(asked) < len(everything):
        print(
            f"{len(everything) - len(asked)} of {len(everything)} hearings are left out: no fold"
            " has not heard the speaker in training."
        )
    outcomes: list[Outcome] = []
    began = time.monotonic()
    for done in heard(asked, folder, job.jobs):
        outcomes += done
        if sys.stderr.isatty():
            share = len(outcomes) / len(asked)
            left = (time.monotonic() - began) * (1 - share) / max(share, 1e-6)
            print(f"\r{share:4.0%} heard, {left:4.0f} s left ", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return outcomes


def _say_whats_missing(
    job: Run, groups: Mapping[str, Sequence[Clip]], sounds: Mapping[str, Samples]
) -> None:
    print("recordings: " + ", ".join(f"{len(clips)} {name}" for name, clips in groups.items()))
    print("noises: " + ", ".join(sounds))
    if not any(groups.get(group) for group in PEOPLE):
        print(f"{job.audio} holds no commands by people (commands/, words/).")
    if TAP not in sounds:
        print(f"{job.audio}/noise holds no running tap: nothing is heard beside it.")
    if job.events is None:
        print("No events were given (--events): sounds that are no speech are not heard.")


def _write(path: Path, samples: Samples) -> None:
    import soundfile

    soundfile.write(path, samples, EAR_RATE_HZ)
