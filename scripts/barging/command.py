"""The command line, the plan and the tables of ``scripts/bench_barge_in``."""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from barging.material import about, narration, spoken
from barging.rig import Rig, Setting, Take, Word
from benching.clips import LIVE_TELLING, live_phrases
from benching.tally import wilson
from rich.console import Console
from rich.table import Table

from voiceguide.core.commands import Command
from voiceguide.edge.model_store import resolve_model
from voiceguide.edge.phrase_file import load_phrasebook
from voiceguide.edge.recogniser import SAMPLE_RATE_HZ, Recogniser
from voiceguide.edge.sound_file import read_sound
from voiceguide.room.acoustics import active_level_db
from voiceguide.room.air import TAP, noise_loop
from voiceguide.room.wire import Devices
from voiceguide.sound.clip import Clip

ECHOES_DB = (0.0, 6.0, 12.0, 18.0)
REAL = Devices(
    delay_seconds=0.12, drift_ppm=100, jumps=((150.0, 0.18), (300.0, 0.09)), distortion_percent=2.0
)
"""Two devices with a small loudspeaker."""
ROUTINE = "serum-ritual"
COUNT, QUICK_COUNT = 68, 12
"""Words of each group."""


def settings() -> list[Setting]:
    """The rows of the table of commands."""
    tap = noise_loop(read_sound(TAP, SAMPLE_RATE_HZ), 12.0)
    at_6 = Setting("quiet", 6.0)
    return [
        replace(at_6, name="no narration", narrates=False),
        *(Setting("quiet", echo) for echo in ECHOES_DB),
        replace(at_6, name="no narration, 0.5 m", metres=0.5, narrates=False),
        replace(at_6, name="quiet, 0.5 m", metres=0.5),
        replace(at_6, name="quiet, 0.5 m", echo_db=12.0, metres=0.5),
        replace(at_6, name="no narration, tap 12 dB", noise=tap, narrates=False),
        replace(at_6, name="tap 12 dB", noise=tap),
        replace(at_6, name="two devices", devices=REAL),
        replace(at_6, name="two devices, +12 dB", echo_db=12.0, devices=REAL),
        replace(at_6, name="without ducking", ducks=False),
        replace(at_6, name="without mask and trust", masks=False),
        replace(at_6, name="without canceller", cancels=False),
        replace(at_6, name="without any", cancels=False, masks=False, ducks=False),
    ]


def alone() -> list[Setting]:
    """The rows of the table of narration with nobody there."""
    return [
        *(Setting("quiet", echo) for echo in ECHOES_DB),
        Setting("two devices", 12.0, devices=REAL),
        Setting("without mask and trust", 12.0, devices=REAL, masks=False),
        Setting("without canceller", 12.0, cancels=False),
        Setting("without any", 12.0, cancels=False, masks=False, ducks=False),
    ]


def commands(setting: Setting, take: Take) -> dict[str, dict[str, object]]:
    """The figures of a take, for each group of words."""
    figures: dict[str, dict[str, object]] = {}
    for group in dict.fromkeys(one.word.group for one in take.spoken):
        said = [one for one in take.spoken if one.word.group == group]
        obeyed = [one for one in said if one.obeyed]
        silent = [take.silent_seconds(one, setting.devices) for one in obeyed] or [np.nan]
        softer = [one.softer_seconds for one in said if one.softer_seconds is not None] or [np.nan]
        low, high = wilson(len(obeyed), len(said))
        figures[group] = {
            "n": len(said),
            "obeyed": len(obeyed) / len(said),
            "obeyed_95": [low, high],
            "wrong": sum(one.wrong for one in said) / len(said),
            "silent_p50_s": float(np.median(silent)),
            "silent_p95_s": float(np.percentile(silent, 95)),
            "softer_p50_s": float(np.median(softer)),
            "missed": sorted(one.word.text for one in said if not one.heard),
        }
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description="Commands spoken into the guide's narration.")
    parser.add_argument("--audio", type=Path, metavar="DIR", help="recordings of people")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    parser.add_argument("--quick", action="store_true", help="few words, one routine's narration")
    parser.add_argument("--words", type=int, metavar="N", help=f"of each group ({COUNT})")
    parser.add_argument("--row", type=int, action="append", help="only this row (from 0) of both")
    parser.add_argument("--only", choices=["commands", "alone"], help="only one of both tables")
    args = parser.parse_args(arguments)
    console = Console()
    book = load_phrasebook()
    recogniser = Recogniser(resolve_model(args.model))
    tale = narration(book, ROUTINE)
    narration_db = active_level_db(np.concatenate([clip.samples for clip in tale]))
    rows: list[dict[str, object]] = []

    def take(setting: Setting, sentences: list[Clip], words: list[Word], live: str) -> Take:
        phrases = live_phrases(LIVE_TELLING) if live == LIVE_TELLING else everything
        rig = Rig(setting, recogniser, phrases, book.decoys, narration_db)
        began = time.perf_counter()
        result = rig.play(sentences, words)
        rows.append(
            {
                "setting": setting.name,
                "echo_db": setting.echo_db,
                "minutes": result.seconds / 60,
                "self_triggers": result.self_triggers,
                "false_ducks": result.false_ducks,
                "groups": commands(setting, result),
                "speed": result.seconds / (time.perf_counter() - began),
            }
        )
        console.print(rows[-1], soft_wrap=True, highlight=False)
        return result

    everything = book.live(command for command in Command if command is not Command.CHOOSE)
    if args.only != "alone":
        with tempfile.TemporaryDirectory() as scratch:
            count = args.words or (QUICK_COUNT if args.quick else COUNT)
            words = about(list(spoken(args.audio, Path(scratch))), count)
        for setting in _rows(settings(), args):
            take(setting, tale, words, LIVE_TELLING)
        console.print(_commands_table(rows))
    if args.only != "commands":
        before = len(rows)
        everything_said = tale if args.quick else narration(book)
        for setting in _rows(alone(), args):
            take(setting, everything_said, [], "everything")
        console.print(_alone_table(rows[before:]))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return 0


def _rows(settings: list[Setting], args: argparse.Namespace) -> list[Setting]:
    return [one for number, one in enumerate(settings) if not args.row or number in args.row]


def _commands_table(rows: list[dict[str, object]]) -> Table:
    table = Table("room, parts", "echo", "voices", "n", "obeyed", "wrong", "silent p50 / p95 s")
    for row in rows:
        groups = row["groups"]
        assert isinstance(groups, dict)
        for group, figures in groups.items():
            low, high = figures["obeyed_95"]
            table.add_row(
                str(row["setting"]),
                f"{row['echo_db']:+g} dB",
                group,
                str(figures["n"]),
                f"{figures['obeyed']:.3f} ({low:.2f}–{high:.2f})",
                f"{figures['wrong']:.3f}",
                f"{figures['silent_p50_s']:.2f} / {figures['silent_p95_s']:.2f}",
            )
    return table


def _alone_table(rows: list[dict[str, object]]) -> Table:
    table = Table("room, parts", "echo", "minutes", "self-triggers", "softer for nothing")
    for row in rows:
        triggers = row["self_triggers"]
        assert isinstance(triggers, list)
        table.add_row(
            str(row["setting"]),
            f"{row['echo_db']:+g} dB",
            f"{row['minutes']:.0f}",
            str(len(triggers)),
            str(row["false_ducks"]),
        )
    return table
