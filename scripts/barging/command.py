"""The command line, the plan and the tables of ``scripts/bench_barge_in``."""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from barging.cancellers import NAMES, OURS
from barging.figures import Row, alone_table, commands_table, compare, row
from barging.material import about, narration, spoken
from barging.rig import Rig, Setting, Take, Word
from benching.clips import COMMANDS, LIVE_ALL, LIVE_TELLING, live_phrases
from benching.people import Member, has, read_speakers
from rich.console import Console

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
NOTHING = {"cancels": False, "masks": False, "trusts": False, "ducks": False}
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
        replace(at_6, name="without mask", masks=False),
        replace(at_6, name="without trust", trusts=False),
        replace(at_6, name="without canceller", cancels=False),
        replace(at_6, name="without any", **NOTHING),
    ]


def alone() -> list[Setting]:
    """The rows of the table of narration with nobody there."""
    return [
        *(Setting("quiet", echo) for echo in ECHOES_DB),
        Setting("two devices", 12.0, devices=REAL),
        Setting("two devices, without mask", 12.0, devices=REAL, masks=False),
        Setting("two devices, without trust", 12.0, devices=REAL, trusts=False),
        Setting("two devices, without both", 12.0, devices=REAL, masks=False, trusts=False),
        Setting("without canceller", 12.0, cancels=False),
        Setting("without any", 12.0, **NOTHING),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, save."""
    parser = argparse.ArgumentParser(description="Commands spoken into the guide's narration.")
    parser.add_argument("--audio", type=Path, metavar="DIR", help="recordings of people")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    parser.add_argument(
        "--fold", action="append", default=[], metavar="MODEL=FILE",
        help="ask this model, instead of the other, about the people in the list (source, tab, "
        "speaker), whom its training left out; given once for each fold",
    )  # fmt: skip
    parser.add_argument("--quick", action="store_true", help="few words, one routine's narration")
    parser.add_argument("--words", type=int, metavar="N", help=f"of each group ({COUNT})")
    parser.add_argument("--row", type=int, action="append", help="only this row (from 0) of both")
    parser.add_argument(
        "--canceller", action="append", choices=NAMES,
        help="what takes the narration out: ours (as ever), WebRTC's AEC3 (needs livekit), ours "
        "and then AEC3, or ours with AEC3's sound heard beside it; given again: each in turn",
    )  # fmt: skip
    parser.add_argument("--only", choices=["commands", "alone"], help="only one of both tables")
    args = parser.parse_args(arguments)
    console = Console()
    book = load_phrasebook()
    members = _members(args.model, args.fold)
    recognisers = {member.model: Recogniser(member.model) for member in members}
    tale = narration(book, ROUTINE)
    narration_db = active_level_db(np.concatenate([clip.samples for clip in tale]))

    def take(setting: Setting, sentences: list[Clip], words: list[Word], live: str) -> Row:
        pooled = Take()
        for member, share in shares(members, words) if words else [(members[0], [])]:
            heard_by, phrases = recognisers[member.model], live_phrases(live)
            rig = Rig(setting, heard_by, phrases, book.decoys, narration_db)
            pooled.add(rig.play(sentences, share))
        return row(setting, pooled)

    said_to: list[Row] = []
    if args.only != "alone":
        with tempfile.TemporaryDirectory() as scratch:
            count = args.words or (QUICK_COUNT if args.quick else COUNT)
            words = about(list(spoken(args.audio, Path(scratch))), count)
        for setting in _rows(settings(), args):
            said_to.append(take(setting, tale, words, LIVE_TELLING))
            compare(said_to)
            console.print(commands_table(said_to[-1:]))
        console.print(commands_table(said_to))
    nobody: list[Row] = []
    if args.only != "commands":
        everything_said = tale if args.quick else narration(book)
        for setting in _rows(alone(), args):
            nobody.append(take(setting, everything_said, [], LIVE_ALL))
            console.print(alone_table(nobody[-1:]), nobody[-1]["self_triggers"])
        console.print(alone_table(nobody))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(said_to + nobody, indent=1) + "\n", "utf-8")
    return 0


def _members(model: str | None, folds: Sequence[str]) -> list[Member]:
    members = [Member(resolve_model(model))]
    for fold in folds:
        name, _, file = fold.rpartition("=")
        members.append(Member(resolve_model(name), read_speakers(Path(file))))
    return members


def _rows(settings: list[Setting], args: argparse.Namespace) -> list[Setting]:
    chosen = [one for number, one in enumerate(settings) if not args.row or number in args.row]
    return [each for one in chosen for each in with_cancellers(one, args.canceller or [OURS])]


def with_cancellers(setting: Setting, names: Sequence[str]) -> list[Setting]:
    """The row with each of the cancellers; once where none is at work."""
    if not setting.narrates or not setting.cancels:
        return [setting]
    named = (("" if name == OURS else f", {name}", name) for name in names)
    return [replace(setting, name=setting.name + after, canceller=name) for after, name in named]


def shares(members: Sequence[Member], words: Sequence[Word]) -> list[tuple[Member, list[Word]]]:
    """Which words each model is asked: people's those whose training left them out.

    The first model is asked everything else, and all where there are no others.
    """
    shares = []
    left = list(words)
    for member in members[1:]:
        unheard = member.unheard or frozenset()
        theirs = [one for one in left if one.recording and has(unheard, one.recording)]
        left = [one for one in left if one not in theirs]
        shares.append((member, theirs))
    if len(members) > 1:
        left = [one for one in left if one.group != COMMANDS]
    return [share for share in ((members[0], left), *shares) if share[1]]
