"""``voiceguide hear``: hears sound files with the same ears as in a session."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.options import add_model_option, add_settings_option, decibels
from voiceguide.show.lines import fitted, open_console, print_line

if TYPE_CHECKING:
    from voiceguide.core.commands import Phrase, Phrasebook
    from voiceguide.core.decision.heard import Heard
    from voiceguide.sound.clip import Clip

_DESCRIPTION = """\
Hear recordings with the same ears as in a session, and tell which commands are in them, and when.

WAV, FLAC and other common kinds, any rate, mono or stereo; each file is heard by itself. Times are
seconds from the file's first sample; a decision may come after its end."""

_EPILOG = """\
examples:
  voiceguide hear next.wav
  voiceguide hear --json --state pacing recordings/*.flac
  voiceguide hear --echo-db 6 next.wav  while the guide talks
  voiceguide hear --all talk.wav        also what was rejected, and why

Exit code 3 if a file could not be read; the others are heard all the same."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``hear``."""
    parser = subparsers.add_parser(
        "hear",
        help="what the ears hear in sound files",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a sound file")
    parser.add_argument("--json", action="store_true", help="a line of JSON for each decision")
    parser.add_argument(
        "--state",
        metavar="STATE",
        help="only what can be said in this state of a session (pacing, paused, …); "
        "without it every command is live, and so is what calls the guide",
    )
    parser.add_argument("--all", action="store_true", help="also what was rejected, and why")
    parser.add_argument(
        "--echo-db",
        metavar="N",
        type=decibels(),
        help="hear them while the guide talks in a simulated bathroom, with its echo this many dB "
        "over the recording",
    )
    add_model_option(parser)
    add_settings_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Hear every file in turn and print what was decided."""
    from voiceguide.core.errors import DeviceError
    from voiceguide.core.rates import EAR_RATE_HZ
    from voiceguide.edge.ears.hearing import hear_recording
    from voiceguide.edge.ears.personal_file import personal_path, personal_thresholds
    from voiceguide.edge.ears.recogniser import Recogniser
    from voiceguide.edge.files.phrase_file import load_phrase_file
    from voiceguide.edge.files.pronounced import for_ears
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.files.sound_file import read_sound
    from voiceguide.edge.models.model_store import resolve_model
    from voiceguide.live.caretaker import answering_to
    from voiceguide.live.household import introduced, sounding_names
    from voiceguide.rehearsal.narrated import hear_narrated
    from voiceguide.settings.load import load_settings

    settings = load_settings(args.settings, os.environ)
    ears = settings.ears
    spoken = load_phrase_file(ears.language, ears.phrases)
    shelf = open_shelf(settings, args.settings, os.environ, args.model)
    book = answering_to(spoken.book.with_library(shelf.routines), settings.wake.calls)
    phrases = _live(args.state, introduced(book, settings.persons))
    model = resolve_model(args.model or ears.model)
    thresholds, ignored = personal_thresholds(personal_path(args.settings, os.environ), model)
    if ignored:
        print(fitted(f"voiceguide: {ignored}", sys.stderr), file=sys.stderr)
    sounds = sounding_names(settings.persons) | for_ears(shelf.routines.values(), spoken)
    recogniser = Recogniser(model, sounds)
    recogniser.check(phrases)
    narration = _narration() if args.echo_db is not None else []
    printer = _JsonLines(args.all) if args.json else _Lines()
    unreadable = False
    for file in args.files:
        try:
            samples = read_sound(file, EAR_RATE_HZ).samples
        except DeviceError as error:
            print(fitted(f"voiceguide: {error}", sys.stderr), file=sys.stderr)
            unreadable = True
            continue
        decoys = spoken.book.decoys
        if args.echo_db is None:
            heard = hear_recording(recogniser, phrases, samples, decoys, thresholds)
        else:
            heard = hear_narrated(
                recogniser, phrases, samples, narration, args.echo_db, decoys, thresholds
            )
        printer.show(file, [one for one in heard if one.accepted or args.all])
    return DeviceError.exit_code if unreadable else 0


def _narration() -> "list[Clip]":
    """What the guide narrates: the steps of a bundled routine, by its default voice."""
    from voiceguide.core.session.preferences import Preferences
    from voiceguide.edge.files.routine_file import load_bundled
    from voiceguide.edge.voice.voice import Voice

    steps = [step for _, step in load_bundled()["serum-ritual"].steps()]
    with Voice() as voice:
        rate = Preferences().words_per_minute
        return [voice.render(text, rate) for step in steps[:8] for text in step.told]


def _live(state: str | None, book: "Phrasebook") -> "tuple[Phrase, ...]":
    """The phrases that are live in a state, or in any state at all.

    Raises:
        SettingsError: there is no such state.
    """
    from voiceguide.core.commands import Command
    from voiceguide.core.errors import SettingsError
    from voiceguide.core.live_commands import awaited_commands, live_commands
    from voiceguide.core.table import State

    if state is None:
        return book.live(Command)
    try:
        return book.live(live_commands(state), awaited_commands(state))
    except ValueError:
        known = ", ".join(one.value for one in State)
        raise SettingsError(f"there is no state {state!r}; choose one of {known}.") from None


class _JsonLines:
    """For programs: one JSON object for each decision, on a line of its own."""

    def __init__(self, everything: bool) -> None:
        self._everything = everything

    def show(self, file: Path, heard: "list[Heard]") -> None:
        """Print a file's decisions."""
        import json

        for one in heard:
            record: dict[str, object] = {
                "file": str(file),
                "command": one.phrase.command.value if one.phrase else None,
                "phrase": one.phrase.text if one.phrase else None,
                "start_s": round(one.start_seconds, 3),
                "end_s": round(one.end_seconds, 3),
                "decided_s": round(one.decided_seconds, 3),
                "confidence": round(one.confidence, 3),
                "snr_db": round(one.snr_db, 1),
            }
            if self._everything:
                record |= {
                    "text": one.text,
                    "why": one.why,
                    "alternatives": list(one.alternatives),
                }
            print(json.dumps(record, ensure_ascii=False), flush=True)


class _Lines:
    """For people: a file's name, and under it a line for each decision."""

    def show(self, file: Path, heard: "list[Heard]") -> None:
        """Print a file's decisions."""
        from rich.text import Text

        console = open_console()
        print_line(console, str(file), "bold")
        if not heard:
            console.print(Text("  nothing", style="dim"))
        for one in heard:
            command = one.phrase.command.value if one.phrase else "–"
            line = Text(f"  {command:<12}", style="green" if one.phrase else "dim")
            line.append(f" “{one.text}”".ljust(24))
            line.append(f"{one.start_seconds:7.2f}–{one.end_seconds:.2f} s")
            line.append(f"  decided {one.decided_seconds:.2f} s")
            line.append(f"  sure {one.confidence:.2f}  {one.snr_db:.0f} dB over the noise")
            line.append(f"  ({one.why})")
            print_line(console, line)
