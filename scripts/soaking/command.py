"""The command line of ``scripts/bench_soak``."""

import argparse
import json
import os
import platform
from pathlib import Path

from rich.console import Console
from soaking.live import live
from soaking.report import ROW
from soaking.room import soak


def main(arguments: list[str] | None = None) -> int:
    """Soak, print, save; 0 when every aim is met."""
    parser = argparse.ArgumentParser(
        prog="bench_soak",
        description="Sessions for hours, in the simulated room or live on virtual devices.",
        epilog="example: scripts/bench_soak --hours 5 --json bench/soak.json",
    )
    parser.add_argument("--hours", type=float, default=5.0, help="of sessions in the room (5)")
    parser.add_argument("--live", metavar="MINUTES", type=float, help="one live session instead")
    parser.add_argument("--commands", type=int, default=ROW, help=f"wanted in a row ({ROW})")
    parser.add_argument("--json", metavar="FILE", type=Path, help="all figures and samples")
    parser.add_argument("--seed", type=int, default=0, help="of the first session's person (0)")
    args = parser.parse_args(arguments)
    console = Console(highlight=False)

    def tell(line: str) -> None:
        console.print(line, soft_wrap=True)

    found = live(args.live, tell) if args.live else soak(args.hours, tell, args.seed)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    console.print(found.table(machine, args.commands))
    for problem in found.problems:
        tell(problem)
    report = found.as_json(machine, args.commands)
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 1 if report["missed_aims"] else 0
