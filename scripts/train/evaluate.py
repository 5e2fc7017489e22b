"""Figures with people who were not in training: each is judged by a network without them."""

import subprocess
import sys
from pathlib import Path

from train.corpus import Corpus
from train.fit import left_out
from train.vocabulary import command_phrases

FOLDS = ("even", "odd")


def write_unheard(work: Path, who: str) -> Path:
    """A table (source, speaker) of the people that this fold's network never heard."""
    people = Corpus(work / "corpora", "people").clips
    unheard = sorted(left_out(people, set(command_phrases()), who))
    path = work / "models" / f"{who}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{source}\t{speaker}\n" for source, speaker in unheard]
    path.write_text("source\tspeaker\n" + "".join(lines), encoding="utf-8")
    return path


def bench(work: Path, out: Path, audio: Path) -> None:
    """Run scripts/bench_ears over the folds; its JSON and pictures lie in ``work/bench``."""
    script = Path(__file__).resolve().parent.parent / "bench_ears"
    folds = [f"--fold={work / 'models' / who}={write_unheard(work, who)}" for who in FOLDS]
    command = [sys.executable, script, "--audio", audio, *folds, "--model", out, "--aims"]
    results = work / "bench"
    results.mkdir(exist_ok=True)
    subprocess.run([*map(str, command), "--json", str(results / "ears.json")], check=True)
