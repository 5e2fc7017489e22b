"""Measures how long the silence after a command must be: what each command gains from more."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from bench.ears.clips import PEOPLE, SYNTHETIC, WORDS, Clip, everything, meaning, recordings, spread
from bench.ears.mixing import QUIET, Condition, mixed, word_end
from bench.ears.people import Member, member_for
from bench.ears.rendering import synthetic
from bench.tune.evidence import begin, worker

from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.files.sound_file import read_sound

SILENCES = (0.05, 0.10, 0.15, 0.20, 0.25)
"""The lengths of silence to try, in seconds."""
TAP = Condition("tap", 6.0)
WORDS_HEARD = 150

Task = tuple[Clip, Condition, int]
Answer = tuple[bool, bool, float | None]
"""(Whether only the right command was obeyed, whether another was, seconds from the word's end)."""
Row = tuple[str, str, float]
"""(People or synthetic voices, what was said, the silence in seconds)."""


def measure(audio: Path, members: Sequence[Member], share: float, jobs: int, out: Path) -> None:
    """Hear everything, print the table and write ``silence.json``."""
    with tempfile.TemporaryDirectory(prefix="tune-ears-") as scratch:
        tasks = list(_tasks(audio, tuple(members), share, Path(scratch)))
        models = [member.model for member in members]
        with get_context("spawn").Pool(jobs, begin, (audio, models)) as pool:
            answers = pool.imap_unordered(_heard, tasks, chunksize=4)
            rows = tabulate(one for several in answers for one in several)
    for (who, what, silence), row in sorted(rows.items()):
        print(f"{who:18} {what:24} {silence:.2f} s  {_line(row)}")
    saved = [{"who": k[0], "said": k[1], "silence": k[2], **row} for k, row in rows.items()]
    (out / "silence.json").write_text(json.dumps(saved, indent=1))


def tabulate(answers: Iterable[tuple[Row, Answer]]) -> dict[Row, dict[str, Any]]:
    """Counts and latencies of each command, and of all commands by a kind of voice together."""
    found: dict[Row, list[Answer]] = defaultdict(list)
    for (who, what, silence), answer in answers:
        found[who, what, silence].append(answer)
        if who != WORDS:
            found[who, "(all)", silence].append(answer)
    table = {}
    for key, rows in found.items():
        late = [seconds for _, _, seconds in rows if seconds is not None]
        table[key] = {
            "n": len(rows),
            "right": sum(right for right, _, _ in rows),
            "wrong": sum(wrong for _, wrong, _ in rows),
            "latency_p50_p95": [round(float(np.percentile(late, p)), 3) for p in (50, 95)]
            if late
            else None,
        }
    return table


def _tasks(audio: Path, members: tuple[Member, ...], share: float, scratch: Path) -> Iterable[Task]:
    clips = list(recordings(audio))
    said = [clip for clip in clips if clip.group in PEOPLE]
    said = [*spread(said, round(len(said) * share)), *_spread(list(synthetic(scratch)), share)]
    others = [clip for clip in clips if clip.group == WORDS]
    for clip in said:
        yield from _asked(clip, (QUIET, TAP), members)
    for clip in spread(others, round(WORDS_HEARD * share)):
        yield from _asked(clip, (QUIET,), members)


def _spread(clips: list[Clip], share: float) -> list[Clip]:
    return spread(clips, round(len(clips) * share))


def _asked(
    clip: Clip, conditions: Sequence[Condition], members: tuple[Member, ...]
) -> Iterable[Task]:
    # No network was trained with the synthetic voices, so any may hear them.
    member = 0 if clip.group == SYNTHETIC else member_for(members, clip)
    if member is not None:
        for condition in conditions:
            yield clip, condition, member


def _heard(task: Task) -> list[tuple[Row, Answer]]:
    clip, condition, member = task
    dry = read_sound(clip.path, EAR_RATE_HZ).samples
    sound = mixed(clip, dry, condition, worker["tap"])
    end = word_end(dry, condition)
    who = clip.group if clip.group in (SYNTHETIC, WORDS) else "people"
    found: list[tuple[Row, Answer]] = []
    for silence in SILENCES:
        heard = hear_recording(
            worker["recognisers"][member],
            everything().phrases,
            sound,
            everything().decoys,
            replace(Thresholds(), quiet_seconds=silence),
        )
        obeyed = [one for one in heard if one.phrase]
        said = [meaning(one.phrase) for one in obeyed if one.phrase]
        right = said == [clip.wanted]
        wrong = any(one != clip.wanted for one in said)
        late = obeyed[0].decided_seconds - end if right and end is not None else None
        found.append(((who, clip.wanted or "(no command)", silence), (right, wrong, late)))
    return found


def _line(row: dict[str, Any]) -> str:
    late = row["latency_p50_p95"]
    times = f"  after {late[0]:.2f} / {late[1]:.2f} s" if late else ""
    return f"n {row['n']:4}  right {row['right']:4}  wrong {row['wrong']:3}{times}"
