"""The command line, the plan and the tables of ``scripts/bench_barge_in``."""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bench.barge_in.cancellers import NAMES, OURS
from bench.barge_in.figures import Row, alone_table, commands_table, compare, row
from bench.barge_in.material import WORDING, about, narration, played_db, spoken
from bench.barge_in.rig import Rig, Setting, Take, Word
from bench.barge_in.whole import whole
from bench.ears.clips import COMMANDS, LIVE_ALL, LIVE_TELLING, live_phrases
from bench.ears.people import Member, has, read_speakers
from rich.console import Console
from rich.table import Table

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.timeline.ranges import GAIN_RANGE_DB
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.pack_store import AUTO
from voiceguide.rehearsal.air import TAP, noise_loop
from voiceguide.rehearsal.wire import Devices
from voiceguide.sound.clip import Clip

ECHOES_DB = (0.0, 6.0, 12.0, 18.0)
REAL = Devices(
    delay_seconds=0.12, drift_ppm=100, jumps=((150.0, 0.18), (300.0, 0.09)), distortion_percent=2.0
)
"""Two devices with a small loudspeaker."""
NOTHING = {"cancels": False, "masks": False, "trusts": False, "ducks": False}
ROUTINE = "serum-ritual"
TABLES = ("commands", "alone", "whole")
"""The tables: words said over narration, every sentence with nobody there, and whole sessions with
nobody there."""
COUNT, QUICK_COUNT = 68, 12
"""How many words of each group are said."""


def settings() -> list[Setting]:
    """The rows of the table of commands."""
    tap = noise_loop(read_sound(TAP, EAR_RATE_HZ), 12.0)
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
    """The rows of the table of narration with nobody there, at full volume."""
    rows = [
        *(Setting("quiet", echo) for echo in ECHOES_DB),
        Setting("two devices", 12.0, devices=REAL),
        Setting("two devices, without mask", 12.0, devices=REAL, masks=False),
        Setting("two devices, without trust", 12.0, devices=REAL, trusts=False),
        Setting("two devices, without both", 12.0, devices=REAL, masks=False, trusts=False),
        Setting("without canceller", 12.0, cancels=False),
        Setting("without any", 12.0, **NOTHING),
    ]
    return [replace(row, gain_db=GAIN_RANGE_DB[1]) for row in rows]


def sessions() -> list[Setting]:
    """The rows of the table of whole sessions with nobody there, at full volume."""
    return [row for row in alone() if row.cancels and row.masks and row.trusts]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and save."""
    parser = argparse.ArgumentParser(description="Commands spoken into the guide's narration.")
    parser.add_argument("--audio", type=Path, metavar="DIR", help="recordings of people")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    parser.add_argument(
        "--fold", action="append", default=[], metavar="MODEL=FILE",
        help="use this model for the people in the list (source, tab, speaker), whom its training "
        "left out; given once for each fold",
    )  # fmt: skip
    parser.add_argument("--voice", metavar="NAME", default=AUTO, help="the guide's (auto)")
    parser.add_argument("--quick", action="store_true", help="few words, one routine")
    parser.add_argument("--words", type=int, metavar="N", help=f"words of each group ({COUNT})")
    parser.add_argument(
        "--part", action="append", choices=[*load_bundled(), WORDING],
        help="with nobody there: only this routine, or only what the guide says of itself",
    )  # fmt: skip
    parser.add_argument("--row", type=int, action="append", help="only this row of each (from 0)")
    parser.add_argument(
        "--canceller", action="append", choices=NAMES,
        help="the echo canceller: ours, WebRTC's AEC3 (needs livekit), ours and then AEC3 (the "
        "cascade), or ours with the sound of AEC3 or of the cascade heard as well; several in turn",
    )  # fmt: skip
    parser.add_argument("--only", choices=TABLES, help="only one of the three tables")
    args = parser.parse_args(arguments)
    console = Console()
    book = load_phrasebook()
    members = _members(args.model, args.fold)
    recognisers = {member.model: Recogniser(member.model) for member in members}
    tale = narration(book, [ROUTINE], args.voice)
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}

    def take(setting: Setting, sentences: list[Clip], words: list[Word], live: str) -> Row:
        pooled = Take()
        level_db = played_db(tale, setting.gain_db)
        for member, share in shares(members, words) if words else [(members[0], [])]:
            heard_by, phrases = recognisers[member.model], live_phrases(live)
            rig = Rig(setting, heard_by, phrases, book.decoys, level_db)
            pooled.add(rig.play(sentences, share))
        return row(setting, pooled)

    def done(name: str, one: Row) -> None:
        """Print a row as soon as it is measured, and keep it."""
        rows[name].append(one)
        if name == "commands":
            compare(rows[name])
            console.print(commands_table([one]))
        else:
            console.print(alone_table([one]), one["self_triggers"])
        if args.json:
            args.json.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps([each for table in rows.values() for each in table], indent=1)
            args.json.write_text(text + "\n", "utf-8")

    parts = args.part or ([ROUTINE] if args.quick else [*load_bundled(), WORDING])
    if args.only in (None, "commands"):
        with tempfile.TemporaryDirectory() as scratch:
            count = args.words or (QUICK_COUNT if args.quick else COUNT)
            words = about(list(spoken(args.audio, Path(scratch))), count)
        for setting in _rows(settings(), args):
            done("commands", take(setting, tale, words, LIVE_TELLING))
    if args.only in (None, "alone"):
        said = narration(book, parts, args.voice)
        for setting in _rows(alone(), args):
            done("alone", take(setting, said, [], LIVE_ALL))
    routines = [part for part in parts if part != WORDING]
    if routines and args.only in (None, "whole"):
        for setting in _rows(sessions(), args):
            pooled = Take()
            for name in routines:
                pooled.add(whole(name, setting, recognisers[members[0].model], args.voice))
            done("whole", row(setting, pooled))
    console.print(*(_table(name, of_it) for name, of_it in rows.items() if of_it))
    return 0


def _table(name: str, rows: list[Row]) -> Table:
    return commands_table(rows) if name == "commands" else alone_table(rows)


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
    """The row with each of these cancellers; only one row if it is without a canceller."""
    if not setting.narrates or not setting.cancels:
        return [setting]
    named = (("" if name == OURS else f", {name}", name) for name in names)
    return [replace(setting, name=setting.name + after, canceller=name) for after, name in named]


def shares(members: Sequence[Member], words: Sequence[Word]) -> list[tuple[Member, list[Word]]]:
    """The words for each model: the words of a person go to the model whose training left them out.

    All other words go to the first model.
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
