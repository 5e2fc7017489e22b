"""The command line of the training: stages that each resume where they stopped."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from train.corpus import is_complete

FOLDS = ("even", "odd")
"""Networks that measure what the shipped one will do with people it never heard: each was
trained without every second of the people who said a command in a recording."""
SPOKEN = ("people", "synthetic")


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    work: Path
    out: Path
    audio: Path
    hours: float
    scale: float
    jobs: int
    seed: int
    shape: str


def prepare(job: Job) -> None:
    """Recordings, synthetic speech, noise, events, rooms, and the words in them."""
    from train.recordings import gather_people
    from train.rooms import make_rooms
    from train.sounds import make_sounds
    from train.vocabulary import write_vocabulary
    from train.voices import speak

    gather_people(job.work, job.audio)
    speak(job.work, job.hours, job.seed, job.jobs)
    make_sounds(job.work, job.audio, job.seed, job.jobs)
    make_rooms(job.work, job.seed, job.jobs)
    write_vocabulary(job.work, SPOKEN)


def align(job: Job) -> None:
    """First phone labels, by PocketSphinx, for what has none."""
    from train.aligning import align_corpus

    for name in SPOKEN:
        if not is_complete(job.work / "corpora", name):
            raise SystemExit(f"{job.work}: there is no corpus {name!r}; run the stage prepare.")
        for done, failed, of in align_corpus(job.work, name, job.jobs):
            print(f"{name}: {done} of {of} clips aligned, {failed} of them in vain", flush=True)


def train(job: Job) -> None:
    """The networks: one that knows frames, then those that know phrases."""
    from train.recipe import train_all

    train_all(job.work, job.scale, job.shape, job.seed, job.jobs)


def export(job: Job) -> None:
    """Model folders of the trained networks."""
    from train.export import export_model

    for who in FOLDS:
        network = job.work / "networks" / f"{who}.pt"
        export_model(job.work, job.work / "models" / who, network)
    export_model(job.work, job.out, job.work / "networks" / "nobody.pt")
    print(f"{job.out} is written; {job.work}/models holds the networks of the folds")


def evaluate(job: Job) -> None:
    """Figures with people who were not in training, by scripts/bench_ears."""
    from train.evaluate import bench

    bench(job.work, job.out, job.audio)


STAGES: dict[str, Callable[[Job], None]] = {
    "prepare": prepare,
    "align": align,
    "train": train,
    "export": export,
    "evaluate": evaluate,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one stage, or all."""
    parser = argparse.ArgumentParser(
        prog="scripts/train_ears",
        description="Trains a command model in Vosk's format (scripts/train/README.md).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="stages, in their order:\n"
        + "\n".join(f"  {name:<10}{stage.__doc__}" for name, stage in STAGES.items())
        + "\n\nexample: scripts/train_ears all --audio ~/recordings --out models/NAME",
    )
    parser.add_argument("stage", choices=["all", *STAGES], help="what to do; all does everything")
    parser.add_argument("--audio", type=Path, required=True, help="folder of recordings (README)")
    parser.add_argument("--out", type=Path, required=True, help="model folder to write")
    parser.add_argument(
        "--work", type=Path, default=Path("training-work"), help="where everything in between goes"
    )
    parser.add_argument("--hours", type=float, default=4.0, help="of synthetic speech (4)")
    parser.add_argument("--scale", type=float, default=1.0, help="how long to train: 1 is a night")
    parser.add_argument("--shape", choices=["full", "small"], default="full", help="of the network")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument("--seed", type=int, default=7)
    args = vars(parser.parse_args(arguments))
    stage = args.pop("stage")
    job = Job(**args)
    if not job.audio.is_dir():
        print(f"train_ears: there is no folder {job.audio}.", file=sys.stderr)
        return 2
    for name, work in STAGES.items():
        if stage in ("all", name):
            print(f"== {name}: {work.__doc__}", flush=True)
            work(job)
    return 0


if __name__ == "__main__":
    sys.exit(main())
