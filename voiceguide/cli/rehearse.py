"""``voiceguide rehearse``: runs the whole guide in a simulated bathroom with a scripted person."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.manner import (
    add_background_option,
    add_cues_option,
    add_manner_options,
    manner_from,
)
from voiceguide.cli.options import (
    add_model_option,
    add_voice_option,
    decibels,
    number,
    whole_number,
)
from voiceguide.cli.profile import add_profile_options, check_profile, profile_from
from voiceguide.show.lines import print_line

if TYPE_CHECKING:
    from voiceguide.core.session.preferences import Manner
    from voiceguide.rehearsal.screenplay import Screenplay

EPILOG = """\
examples:
  voiceguide rehearse serum-ritual --when morning
  voiceguide rehearse morning --noise tap --snr-db 15 --wav session.wav --picture session.svg
  voiceguide rehearse quick --say "when ready +1: go" --say "20 slower" --json session.json
  voiceguide rehearse evening --screenplay my-evening.txt
  voiceguide rehearse breathing --minutes 10 --breathing box

Without --screenplay, --say and --say-wav a default person answers every question and every wait.
docs/rehearse.md tells how a screenplay is written.
"""
NO_PAGE = "--page shows live sessions only; it does not apply to a rehearsal."
NO_RECORD = "--record keeps what is said to a live session; in a rehearsal --wav does so."


MOST_SEED = 2**32
_DELAY = number(0, 500, "a number of milliseconds")
_MINUTES = number(0.1, 60, "a number of minutes")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "rehearse",
        help="run a whole session in a simulated room",
        description="Run the whole guide (its voice, its ears, its session) in a simulated "
        "bathroom with a scripted person, faster than real time. The same seed gives the same "
        "session. Nothing of it is remembered.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("routine", metavar="ROUTINE", help="the id of a routine, or a file")
    words = parser.add_argument_group("what the person says")
    words.add_argument("--screenplay", metavar="FILE", type=Path, help="lines like “12.5 next”")
    words.add_argument(
        "--say",
        metavar="LINE",
        action="append",
        default=[],
        help="one line of a screenplay, such as “12.5 next” (may be given more than once)",
    )
    words.add_argument(
        "--say-wav",
        metavar="LINE",
        action="append",
        default=[],
        help="a sound at a time, such as “30 clip.wav” (may be given more than once)",
    )
    words.add_argument("--person-voice", metavar="NAME", help="the synthesiser's voice for them")
    room = parser.add_argument_group("the room")
    room.add_argument("--room", choices=["bathroom", "dry"], default="bathroom")
    room.add_argument(
        "--noise", metavar="tap|none|FILE", default="none", help="the noise in the room (none)"
    )
    room.add_argument(
        "--snr-db",
        metavar="N",
        type=decibels(),
        default=15.0,
        help="the person's voice over the noise, in dB (15)",
    )
    room.add_argument(
        "--echo-db",
        metavar="N",
        type=decibels(),
        default=-6.0,
        help="the guide's voice over the person's at the microphone, in dB (-6)",
    )
    room.add_argument(
        "--delay-ms",
        metavar="N",
        type=_DELAY,
        default=40.0,
        help="how late the loudspeaker plays (40)",
    )
    room.add_argument(
        "--delay-jump",
        metavar="S:MS",
        type=_jump,
        action="append",
        default=[],
        help="another delay from a second on, such as 90:180 (may be given more than once)",
    )
    room.add_argument(
        "--drift-ppm",
        metavar="N",
        type=number(-1000, 1000, "a number of millionths"),
        default=0.0,
        help="how much slower the loudspeaker's clock runs, in millionths (0)",
    )
    room.add_argument(
        "--distortion-percent",
        metavar="N",
        type=number(0, 20, "a percentage"),
        default=0.0,
        help="harmonics that the loudspeaker adds to a loud tone (0)",
    )
    room.add_argument(
        "--seed",
        metavar="N",
        type=whole_number(0, MOST_SEED, "a number"),
        default=0,
        help="the seed of everything random (0)",
    )
    sleep = parser.add_argument_group("sleep")
    sleep.add_argument(
        "--asleep",
        metavar="PHRASE",
        nargs="?",
        const="hey guide",
        help="begin asleep, as a speaker does, until this phrase is said (hey guide); "
        "the routine is then chosen by its name",
    )
    sleep.add_argument(
        "--sleep-minutes",
        metavar="N",
        type=_MINUTES,
        default=10.0,
        help="with --asleep: fall asleep this long after a session (10)",
    )
    add_profile_options(parser)
    add_manner_options(parser)
    add_cues_option(parser)
    add_background_option(parser)
    add_model_option(parser)
    add_voice_option(parser)
    parser.add_argument(
        "--limit-minutes",
        metavar="N",
        type=_MINUTES,
        default=3.0,
        help="end when the guide has waited this long for an answer (3)",
    )
    output = parser.add_argument_group("what to write, besides the transcript")
    output.add_argument("--json", metavar="FILE", type=Path, help="the transcript as JSON")
    output.add_argument(
        "--wav", metavar="FILE", type=Path, help="what the microphone recorded (.wav or .flac)"
    )
    output.add_argument("--picture", metavar="FILE", type=Path, help="the timeline (.svg)")
    # These are accepted so that a message can say why they do nothing here.
    parser.add_argument("--page", nargs="?", const="", help=argparse.SUPPRESS)
    parser.add_argument("--page-control", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Rehearse, print the transcript and the figures, and write the files."""
    from rich.console import Console

    from voiceguide.cli.performing import perform
    from voiceguide.cli.routine import routine_from
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.core.errors import SettingsError
    from voiceguide.rehearsal.rehearsal import PERSON_VOICE, Scene
    from voiceguide.rehearsal.wire import Devices

    if args.picture and args.picture.suffix.lower() != ".svg":
        raise SettingsError(
            f"pictures are written as SVG only; give --picture a name that ends in .svg, "
            f"not {args.picture.name}"
        )
    check_page(args.page)
    console = Console(highlight=False)
    if args.page is not None or args.page_control:
        print_line(console, NO_PAGE)
    shelf = usual_shelf(args.model)
    routine = routine_from(args.routine, shelf, args.model)
    profile = profile_from(args)
    check_profile(routine, profile)
    scene = Scene(
        routine_id=None if args.asleep else routine.id,
        library=shelf.library(routine),
        profile=profile,
        screenplay=_screenplay(args),
        room=args.room,
        noise=args.noise,
        snr_db=args.snr_db,
        echo_db=args.echo_db,
        devices=Devices(
            delay_seconds=args.delay_ms / 1000,
            drift_ppm=args.drift_ppm,
            jumps=tuple(sorted(args.delay_jump)),
            distortion_percent=args.distortion_percent,
        ),
        seed=args.seed,
        model=args.model,
        voice=args.voice,
        person_voice=args.person_voice or PERSON_VOICE,
        cues=args.cues,
        background=args.background,
        manner=_manner(args),
        wake=(args.asleep.lower(),) if args.asleep else (),
        limit_seconds=60 * args.limit_minutes,
    )
    perform(scene, console, json=args.json, wav=args.wav, picture=args.picture)
    return 0


def check_page(where: str | None) -> None:
    """Check before anything begins that ``--page`` names an address.

    Raises:
        SettingsError: it does not.
    """
    from voiceguide.show.page.address import parse_address

    if where is not None:
        parse_address(where)


def _manner(args: argparse.Namespace) -> "Manner":
    from dataclasses import replace

    manner = manner_from(args)
    return replace(manner, sleep_seconds=60 * args.sleep_minutes) if args.asleep else manner


def _screenplay(args: argparse.Namespace) -> "Screenplay | None":
    from voiceguide.rehearsal.screenplay import (
        Screenplay,
        parse_clip_line,
        parse_line,
        read_screenplay,
    )

    lines = list(read_screenplay(args.screenplay).lines) if args.screenplay else []
    lines += [parse_line(text, f"--say {text!r}", Path()) for text in args.say]
    lines += [parse_clip_line(text, f"--say-wav {text!r}", Path()) for text in args.say_wav]
    return Screenplay(tuple(lines)) if lines else None


def _jump(text: str) -> tuple[float, float]:
    at, _, delay = text.partition(":")
    return number(0, 7200, "a number of seconds")(at), _DELAY(delay) / 1000
