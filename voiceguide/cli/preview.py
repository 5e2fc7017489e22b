"""``voiceguide preview``: plays one step of a routine at once, as a session paces it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.manner import add_breathing_option, add_cues_option, breath_from
from voiceguide.cli.options import add_output_option, add_settings_option, add_voice_option
from voiceguide.cli.profile import add_profile_options, check_profile, profile_from
from voiceguide.show.lines import fitted, print_line

if TYPE_CHECKING:
    from voiceguide.core.routine.routine import Routine, Section, Step
    from voiceguide.rehearsal.one_step import PlayedStep
    from voiceguide.settings.tables import Settings

EPILOG = """\
examples:
  voiceguide preview my-hands.yaml                 lists its steps by number
  voiceguide preview my-hands.yaml --step 2
  voiceguide preview my-hands.yaml --step "palm strokes"
  voiceguide preview evening --step jaw-sweep --breathing --wav step.wav

Ctrl-C ends it. Where a session would wait for a word, it ends by itself.
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "preview",
        help="hear one step of a routine",
        description="Hear one step of a routine at once, as a session tells and paces it, or write "
        "its sound to a file. Without --step the steps are listed.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("routine", metavar="ROUTINE", help="the id of a routine, or a file")
    parser.add_argument(
        "--step",
        metavar="N",
        help="the step: its number, id or name; ZONE/STEP if several zones have one of that name",
    )
    parser.add_argument(
        "--wav",
        metavar="FILE",
        type=Path,
        help="write the sound there instead of playing it (.wav or .flac)",
    )
    add_profile_options(parser)
    add_breathing_option(parser)
    add_cues_option(parser)
    add_voice_option(parser)
    add_output_option(parser)
    add_settings_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Render the step, print what is said in it, then play it or write it to a file."""
    import os

    from voiceguide.cli.routine import routine_from
    from voiceguide.cli.sound_output import play_clip, write_clip
    from voiceguide.core.errors import DeviceError
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.system.whole_file import check_writable
    from voiceguide.settings.load import load_settings

    settings = load_settings(args.settings, os.environ)
    shelf = open_shelf(settings, args.settings, os.environ)
    routine = routine_from(args.routine, shelf, settings=args.settings)
    if args.step is None:
        _list(routine)
        return 0
    section, step = find_step(routine, args.step)
    if args.wav:
        check_writable(args.wav)
    played = _played(args, settings, routine, section, step)
    if args.wav:
        write_clip(args.wav, played.sound)
        print(fitted(f"Its sound is in {args.wav}."))
    else:
        device = args.output_device or settings.sound.output_device
        try:
            play_clip(played.sound, device, settings.sound.gain_db)
        except DeviceError as error:
            raise DeviceError(f"{error}; or write the sound: --wav FILE") from error
    return 0


def find_step(routine: "Routine", wanted: str) -> tuple["Section", "Step"]:
    """The step of this number, id or name, with its section.

    Raises:
        SettingsError: there is none, or there are several.
    """
    from voiceguide.core.errors import SettingsError
    from voiceguide.core.suggest import did_you_mean, likely
    from voiceguide.edge.files.routine_values import slug

    steps = list(routine.steps())
    if wanted.isascii() and wanted.isdigit():
        if not 1 <= int(wanted) <= len(steps):
            raise SettingsError(f"there is no step {wanted}; the last one is {len(steps)}")
        return steps[int(wanted) - 1]
    zone, _, name = wanted.rpartition("/")
    found = [
        (section, step)
        for section, step in steps
        if slug(name) in (step.id, slug(step.name))
        and (not zone or slug(zone) in (section.id, slug(section.name)))
    ]
    if not found:
        guess = did_you_mean(likely(wanted, [step.id for _, step in steps], 1))
        hint = guess or f"all are listed by: voiceguide preview {routine.id}"
        raise SettingsError(f"there is no step {wanted!r}; {hint}")
    if len(found) > 1:
        each = " or ".join(f"{section.id}/{step.id}" for section, step in found)
        raise SettingsError(f"there are {len(found)} steps {wanted!r}; say which: {each}")
    return found[0]


def _list(routine: "Routine") -> None:
    """Print its steps, with the numbers that ``--step`` takes."""
    for number, (section, step) in enumerate(routine.steps(), start=1):
        print(fitted(f"{number:>3}  {section.id}/{step.id}: {step.name}"))


def _played(
    args: argparse.Namespace,
    settings: "Settings",
    routine: "Routine",
    section: "Section",
    step: "Step",
) -> "PlayedStep":
    """The step as this person hears it; prints what is said when, and by which voice."""
    from contextlib import ExitStack
    from dataclasses import replace

    from rich.console import Console

    from voiceguide.core.routine.selection import select
    from voiceguide.core.session.preferences import Manner
    from voiceguide.core.session.sayings import session_sayings
    from voiceguide.edge.files.phrase_file import load_phrase_file
    from voiceguide.edge.files.pronounced import for_mouth
    from voiceguide.edge.voice.choice import local_voice
    from voiceguide.rehearsal.entries import Cued, Said
    from voiceguide.rehearsal.one_step import only_step, play_step
    from voiceguide.rehearsal.transcript import transcript
    from voiceguide.sound.cues import load_cues

    profile = profile_from(args)
    check_profile(routine, profile)
    alone = select(only_step(routine, section, step), replace(profile, avoid=()))
    phrases = load_phrase_file(settings.ears.language, settings.ears.phrases)
    book = phrases.book.with_library({alone.id: alone})
    with ExitStack() as stack:
        voice, note = local_voice(
            args.voice or settings.voice.name,
            session_sayings({alone.id: alone}, book),
            for_mouth([alone], phrases),
        )
        stack.callback(voice.close)
        played = play_step(
            alone,
            phrases.book,
            voice,
            load_cues(args.cues or settings.sound.cues),
            manner=Manner(breath_from(args), everything=True),
            preferences=replace(settings.preferences, gain_db=0.0),
        )
    console = Console(highlight=False)
    if note:
        print_line(console, note, "yellow")
    print_line(console, f"{section.name} › {step.name}", "bold")
    heard = tuple(entry for entry in played.entries if isinstance(entry, Said | Cued))
    for line in transcript(heard):
        print_line(console, line)
    if played.waits:
        print_line(console, "Here a session waits for a word.")
    return played
