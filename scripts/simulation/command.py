"""The command line of ``scripts/simulate``."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import Pool

from simulation.life import Parts
from simulation.shrink import shrink
from simulation.trial import Outcome, play

SHOWN = 60
"""How many of the last lines of a transcript are shown of a failure."""
MOST_FAILURES = 10
"""How many failures are shown in full; of the others only a line."""


def main(arguments: list[str] | None = None) -> int:
    """Play the seeds; return 0 when no rule was broken."""
    parser = argparse.ArgumentParser(
        prog="simulate",
        description="Play seeded sessions of the whole guide in virtual time, without sound.",
        epilog="example: scripts/simulate --sessions 5000 --seed 1",
    )
    parser.add_argument("--sessions", type=_count, default=500, help="how many sessions (500)")
    parser.add_argument(
        "--seed", type=int, default=1, help="the first seed; each session takes the next (1)"
    )
    parser.add_argument("--jobs", type=_count, default=1, help="processes at a time (1)")
    parser.add_argument(
        "--replay", metavar="SEED", type=int, help="play one seed, and print its transcript"
    )
    parser.add_argument(
        "--only", metavar="N,N", type=_numbers, help="replay only these happenings, from 0"
    )
    args = parser.parse_args(arguments)
    if args.replay is not None:
        outcome = play(args.replay, only=args.only)
        print("\n".join(outcome.transcript))
        print(outcome.broken or "No rule was broken.")
        return int(outcome.broken is not None)
    if args.only is not None:
        parser.error("--only goes with --replay SEED")
    return _many(range(args.seed, args.seed + args.sessions), args.jobs)


def tell_failure(outcome: Outcome, parts: Parts | None = None) -> str:
    """A failure in words: its seed, its last moments, and how to see it again."""

    def still_fails(numbers: Sequence[int]) -> bool:
        return play(outcome.seed, parts, numbers, outcome.happenings).rule == outcome.rule

    numbers = shrink(range(len(outcome.happenings)), still_fails)
    small = play(outcome.seed, parts, numbers, outcome.happenings)
    if small.rule != outcome.rule:  # these happenings alone do not break it: show all
        numbers, small = list(range(len(outcome.happenings))), outcome
    only = ",".join(map(str, numbers)) or "none"
    return "\n".join(
        (
            f"seed {outcome.seed}: {outcome.broken}",
            *small.transcript[-SHOWN:],
            f"{small.broken}",
            f"see it again: scripts/simulate --replay {outcome.seed} --only {only}",
        )
    )


def _many(seeds: range, jobs: int) -> int:
    began = time.monotonic()
    sessions = lives = steps = failures = 0
    hours = 0.0
    with Pool(jobs) as pool:
        for outcome in pool.imap_unordered(_lean, seeds, chunksize=10):
            sessions += 1
            lives += outcome.lives
            steps += outcome.steps
            hours += outcome.seconds / 3600
            if outcome.broken:
                failures += 1
                if failures <= MOST_FAILURES:
                    print(tell_failure(play(outcome.seed)), end="\n\n", flush=True)
                else:
                    print(f"seed {outcome.seed}: {outcome.broken}", flush=True)
    took = time.monotonic() - began
    print(
        f"{sessions} sessions ({lives} lives, {steps} steps, {hours:.0f} h of guiding) in "
        f"{took:.0f} s, {sessions / took:.1f} a second with {jobs} of {os.cpu_count()} cores: "
        + (f"{failures} broke a rule." if failures else "no rule was broken.")
    )
    sys.stdout.flush()
    return 1 if failures else 0


def _lean(seed: int) -> Outcome:
    """Play a seed, and leave out what is shown of failures only."""
    return replace(play(seed), transcript=[], happenings=[])


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not at least 1")
    return number


def _numbers(text: str) -> list[int]:
    return [] if text == "none" else [int(number) for number in text.split(",")]
