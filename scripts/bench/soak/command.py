"""The command line of ``scripts/bench_soak``."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from bench.soak.audition import VOICES, Wire
from bench.soak.live import NEEDED, live, part_of
from bench.soak.report import RIGHT, ROW, Found
from bench.soak.room import soak
from bench.soak.row import SPOKEN, audition, row
from bench.soak.spoken import why_missed
from rich.console import Console

from voiceguide.core.errors import VoiceguideError


def main(arguments: list[str] | None = None) -> int:
    """Soak, print and save; return 0 if every aim is met."""
    parser = argparse.ArgumentParser(
        prog="bench_soak",
        description="Sessions for hours, in the simulated room or live on virtual devices.",
        epilog="example: scripts/bench_soak --hours 5 --json bench/soak.json, or --row",
    )
    parser.add_argument(
        "--hours", type=float, default=5.0, help="hours of sessions in the room (5)"
    )
    parser.add_argument("--live", metavar="MINUTES", type=float, help="one live session instead")
    parser.add_argument(
        "--row", metavar="N", type=int, nargs="?", const=SPOKEN, help="N commands in pauses, in "
        f"voices and words that the ears know; each must be obeyed at once ({SPOKEN})",
    )  # fmt: skip
    parser.add_argument(
        "--voice", metavar="NAME", action="append", default=[], help="a voice of the row instead"
    )
    parser.add_argument(
        "--commands", type=int, default=ROW, help=f"commands in a row that are wanted ({ROW})"
    )
    parser.add_argument("--json", metavar="FILE", type=Path, help="all figures and samples")
    parser.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first session (0)")
    args = parser.parse_args(arguments)
    console = Console(highlight=False)

    def tell(line: str) -> None:
        console.print(line, soft_wrap=True)

    try:
        found = _found(args, tell)
    except VoiceguideError as error:
        print(f"bench_soak: {error}", file=sys.stderr)
        return error.exit_code
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    console.print(found.table(machine, args.commands))
    if any(one.outcome != RIGHT for one in found.spoken):
        console.print(why_missed(found.spoken))
    for problem in found.problems:
        tell(problem)
    report = found.as_json(machine, args.commands)
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 1 if report["missed_aims"] else 0


def _found(args: argparse.Namespace, tell: Callable[[str], None]) -> Found:
    voices = args.voice or VOICES
    if args.live and args.row:
        ((voice, known),) = audition(voices, tell, args.model, Wire(), NEEDED, 1).items()
        return live(args.live, tell, part_of(voice, known), args.model)
    if args.live:
        return live(args.live, tell, model=args.model)
    if args.row:
        return row(args.row, voices, tell, args.seed, args.model)
    return soak(args.hours, tell, args.seed, args.model)
