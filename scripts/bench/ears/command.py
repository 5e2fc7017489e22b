"""The command line of ``scripts/bench_ears``: what to compare, and where the figures go."""

import argparse
import importlib.util
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.ears.people import Listed, Member, read_speakers
from bench.ears.plan import ALL_TALK, FULL, QUICK
from bench.ears.running import Run, run
from bench.ears.systems import OURS, PLAIN, SPHINX, System
from bench.voice.judge import missing

from voiceguide.core.errors import VoiceguideError
from voiceguide.edge.models.model_store import DEFAULT_MODEL, find_model, resolve_model

PUBLIC = "vosk-model-small-en-us-0.15"


def parser(about: str) -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog="scripts/bench_ears",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--audio", type=Path, required=True, metavar="DIR", help="the recordings")
    add("--model", action="append", default=[], metavar="NAME|DIR", help="may be given again")
    add(
        "--fold", action="append", default=[], metavar="MODEL=FILE",
        help="a model of a cross-validation, and the speakers that it never heard (columns source, "
        "speaker); given once for each fold; the figures of all folds are pooled",
    )  # fmt: skip
    add("--speakers", type=Path, metavar="FILE", help="hear only these people")
    add("--exclude-speakers", type=Path, metavar="FILE", help="do not hear these people")
    add("--model-small", type=Path, metavar="DIR", help="Vosk's public small model")
    add("--noise", type=Path, metavar="DIR", help="more noises: sound files, used as a whole")
    add("--events", type=Path, metavar="DIR", help="sounds without speech, for false accepts")
    much = made.add_mutually_exclusive_group()
    much.add_argument(
        "--quick", dest="plan", action="store_const", const=QUICK, default=FULL,
        help="a fixed tenth of the words, in 2 minutes",
    )  # fmt: skip
    much.add_argument(
        "--talk", dest="plan", action="store_const", const=ALL_TALK,
        help="all the talk and no commands: with everything live, and while strokes are paced",
    )  # fmt: skip
    add("--no-rivals", action="store_true", help="our ears only")
    add("--aims", action="store_true", help="print the aims and whether they are reached")
    add(
        "--judge",
        action="store_true",
        help="give the aims also for the near-human clips whose text Whisper tiny writes",
    )
    add("--json", type=Path, metavar="FILE", help="write every figure to FILE, and FILE.png")
    add("--picture", type=Path, metavar="FILE", help="write the picture to FILE instead")
    add("--jobs", type=int, default=os.cpu_count() or 1, metavar="N", help="processes at a time")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; return the exit code."""
    about = getattr(sys.modules.get("__main__"), "__doc__", None) or __doc__ or ""
    args = parser(about).parse_args(arguments)
    if not args.audio.is_dir():
        return _refused(f"there is no folder {args.audio}; give the recordings", 2)
    try:
        ours = our_systems(args.model, args.fold)
        rivals = [] if args.no_rivals else rival_systems(ours, args.model_small)
        only, without = _listed(args.speakers), _listed(args.exclude_speakers)
    except VoiceguideError as error:
        return _refused(str(error), error.exit_code)
    except (ValueError, OSError) as error:
        return _refused(str(error), 2)
    if args.judge and (why := missing()):
        return _refused(why, 2)
    picture = args.picture or (args.json and args.json.with_suffix(".png"))
    if picture and importlib.util.find_spec("matplotlib") is None:
        print("matplotlib is not installed: no picture is drawn.")
        picture = None
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-ears-") as scratch:
        job = Run(
            audio=args.audio,
            scratch=Path(scratch),
            ours=ours,
            rivals=rivals,
            plan=args.plan,
            only=only,
            without=without,
            noise=args.noise,
            events=args.events,
            jobs=args.jobs,
            aims=args.aims or args.judge,
            judge=args.judge,
            json=args.json,
            picture=picture,
        )
        try:
            run(job)
        except VoiceguideError as error:
            return _refused(str(error), error.exit_code)
    spent = sum(os.times()[:4])  # its child processes included
    minutes = (time.monotonic() - began) / 60
    print(f"{minutes:.1f} minutes in all, {spent:.0f} s of processor time.")
    return 0


def our_systems(models: Sequence[str], folds: Sequence[str]) -> list[System]:
    """The models and the cross-validation to compare.

    Raises:
        VoiceguideError: a model is missing.
        ValueError: ``--fold`` is not written as MODEL=FILE.
        OSError: a list of speakers cannot be read.
    """
    systems = []
    if folds:
        members = []
        for fold in folds:
            model, found, file = fold.rpartition("=")
            if not found:
                raise ValueError(f"--fold {fold}: write it as MODEL=FILE")
            members.append(Member(resolve_model(model), read_speakers(Path(file))))
        systems.append(System(f"{OURS}, {len(members)} folds", OURS, tuple(members)))
    for model in models or ([] if folds else [DEFAULT_MODEL]):
        folder = resolve_model(model).resolve()
        name = f"{OURS}, {folder.name}"
        if any(system.name == name for system in systems):
            name = f"{OURS}, {folder.parent.name}/{folder.name}"
        systems.append(System(name, OURS, (Member(folder),)))
    return systems


def rival_systems(ours: Sequence[System], small: Path | None) -> list[System]:
    """The systems to compare ours with; prints which of them are missing."""
    first = ours[0]
    rivals = [System(f"{PLAIN}, {first.name.split(', ', 1)[1]}", PLAIN, first.members)]
    public = resolve_model(small) if small else find_model(PUBLIC)
    if public:
        rivals.append(System(f"{PLAIN}, {public.name}", PLAIN, (Member(public),)))
    else:
        print(f"{PUBLIC} is not here, so it is not compared.")
    if importlib.util.find_spec("pocketsphinx"):
        rivals.append(System(SPHINX, SPHINX))
    else:
        print("PocketSphinx is not installed, so it is not compared.")
    return rivals


def _listed(file: Path | None) -> Listed | None:
    return read_speakers(file) if file else None


def _refused(why: str, code: int) -> int:
    print(f"bench_ears: {why}", file=sys.stderr)
    return code
