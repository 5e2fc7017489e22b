"""The command line of ``scripts/tune_ears``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.ears.command import our_systems
from bench.tune.evidence import Case, Question, gather


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, judge, print and save; return 0, or 2 if something is missing."""
    args = _parser().parse_args(arguments)
    kept = args.out / "evidence.json"
    if args.reuse and not args.silence:
        if not kept.is_file():
            print(f"tune_ears: {kept} is not there; leave out --reuse.", file=sys.stderr)
            return 2
        cases = [_case(one) for one in json.loads(kept.read_text())]
    else:
        if args.audio is None or not args.audio.is_dir():
            print("tune_ears: give the folder of the recordings (--audio).", file=sys.stderr)
            return 2
        try:
            (system,) = our_systems(args.model, args.fold)
        except (ValueError, OSError) as problem:
            print(f"tune_ears: {problem}.", file=sys.stderr)
            return 2
        args.out.mkdir(parents=True, exist_ok=True)
        if args.silence:
            from bench.tune.silence import measure

            measure(args.audio, system.members, args.share, args.jobs, args.out)
            return 0
        cases = []
        for case in gather(args.audio, system.members, args.share, args.jobs):
            cases.append(case)
            if len(cases) % 50 == 0:
                print(f"\r{len(cases)} heard", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        cases.sort(key=lambda case: (case.group, case.key, case.snr_db or 99.0))
        kept.write_text(json.dumps([asdict(case) for case in cases]))
    from bench.tune.curves import report

    report(cases, args.out)
    return 0


def _parser() -> argparse.ArgumentParser:
    import __main__

    parser = argparse.ArgumentParser(
        prog="tune_ears",
        description=__main__.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--audio", type=Path, metavar="DIR", help="the recordings")
    judged = parser.add_mutually_exclusive_group()
    judged.add_argument(
        "--model", action="append", default=[], metavar="DIR", help="the model to judge, once"
    )
    judged.add_argument(
        "--fold", action="append", default=[], metavar="MODEL=FILE",
        help="a network of a cross-validation and a table of the people it never heard "
        "(source, tab, speaker); given once for each fold",
    )  # fmt: skip
    add("--out", type=Path, required=True, metavar="DIR", help="where everything is kept")
    add("--share", type=float, default=1.0, help="share of the recordings to hear (1)")
    add("--jobs", type=int, default=2, help="processes at a time (2)")
    add("--reuse", action="store_true", help="judge what was gathered before")
    add(
        "--silence", action="store_true",
        help="measure instead, command by command, how long the silence after it must be",
    )  # fmt: skip
    return parser


def _case(kept: dict) -> Case:
    questions = [Question(**one) for one in kept.pop("questions")]
    return Case(**kept, questions=questions)
