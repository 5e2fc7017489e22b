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
LEFT_OUT = ("nobody", *FOLDS, "base")
SPOKEN = ("people", "synthetic")
OPINION_MINUTES = 120.0


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
    shape: str | None
    near_minutes: float
    begin: Path | None
    minutes: float
    without: str
    mean: Path | None


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


def voices(job: Job) -> None:
    """Near-human voices: as many shards as are whole after --near-minutes."""
    from train.kokoro_voices import render

    render(job.work, job.near_minutes, job.seed)


def align(job: Job) -> None:
    """First phone labels for what has none: by PocketSphinx, or by the model of --begin."""
    if job.begin is not None:
        from train.recipe import label

        label(job.work, job.begin, job.jobs)
        return
    from train.aligning import align_corpus

    for name in SPOKEN:
        if not is_complete(job.work / "corpora", name):
            raise SystemExit(f"{job.work}: there is no corpus {name!r}; run the stage prepare.")
        for done, failed, of in align_corpus(job.work, name, job.jobs):
            print(f"{name}: {done} of {of} clips aligned, {failed} of them in vain", flush=True)


def train(job: Job) -> None:
    """The networks: one that knows frames, then those that know phrases. Or --begin, trained on."""
    from train.recipe import refine, train_all

    if job.begin is not None:
        refine(job.work, job.begin, job.shape, job.scale, job.minutes, job.without, job.seed)
        return
    train_all(job.work, job.scale, job.shape, job.seed, job.jobs)


def export(job: Job) -> None:
    """Model folders of the trained networks."""
    from train.export import export_model
    from train.recipe import REFINED

    if job.begin is not None:
        network = job.work / "networks" / f"{REFINED}.pt"
        export_model(job.work, job.out, network, graph=job.begin)
        print(f"{job.out} is written; its graph is that of {job.begin} with the words taught since")
        return
    for who in FOLDS:
        network = job.work / "networks" / f"{who}.pt"
        export_model(job.work, job.work / "models" / who, network)
    export_model(job.work, job.out, job.work / "networks" / "nobody.pt")
    print(f"{job.out} is written; {job.work}/models holds the networks of the folds")


def opinion(job: Job) -> None:
    """The second opinion of the exported model; it begins with the network that hears phones."""
    from train.opinion_file import write_opinion
    from train.opinion_fit import fit_opinion, load_opinion
    from train.recipe import phone_network
    from train.vocabulary import read_vocabulary

    trunk, out = phone_network(job.work, job.begin), job.work / "networks" / "opinion.pt"
    fit_opinion(job.work, out, trunk, job.minutes or OPINION_MINUTES, job.without, job.seed)
    learnt = load_opinion(out, *([job.mean] if job.mean else []))
    write_opinion(job.out, list(read_vocabulary(job.work)), *learnt)
    print(f"{job.out} has a second opinion", flush=True)


def evaluate(job: Job) -> None:
    """Figures with people who were not in training, by scripts/bench_ears."""
    from train.evaluate import bench

    bench(job.work, job.out, job.audio)


STAGES: dict[str, Callable[[Job], None]] = {
    "prepare": prepare,
    "voices": voices,
    "align": align,
    "train": train,
    "export": export,
    "opinion": opinion,
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
    parser.add_argument(
        "--shape",
        choices=["wide", "full", "small"],
        help="of a fresh network (full), or what that of --begin is widened to (as it is)",
    )
    parser.add_argument(
        "--near-minutes", type=float, default=120, help="how long to render near-human voices (120)"
    )
    parser.add_argument(
        "--begin", type=Path, help="a model folder to train on, instead of fresh networks"
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=0,
        help="with --begin, and for the second opinion (120): end the training after so long",
    )
    parser.add_argument(
        "--without",
        choices=LEFT_OUT,
        default="nobody",
        help="with --begin, and for the second opinion: who takes no part",
    )
    parser.add_argument(
        "--mean",
        type=Path,
        metavar="CHECKPOINT",
        help="for the second opinion: write the mean of what was trained and of this, from which "
        "it went on",
    )
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
