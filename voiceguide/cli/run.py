"""``voiceguide run``: the guide itself."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from voiceguide.cli.manner import (
    add_background_option,
    add_cues_option,
    add_manner_options,
    manner_from,
)
from voiceguide.cli.options import add_live_options, add_page_option, add_person_option
from voiceguide.cli.profile import add_profile_options, check_profile, profile_from
from voiceguide.show.lines import LateConsole, print_line

if TYPE_CHECKING:
    from rich.console import Console

    from voiceguide.core.routine.routine import Profile, Routine
    from voiceguide.live.options import LiveOptions

EPILOG = """\
examples:
  voiceguide run                       the guide asks which routine
  voiceguide run serum-ritual --when morning
  voiceguide run evening --breathing --minutes 15
  voiceguide run --person anna         as one of the persons in the settings, or as a guest
  voiceguide run my-routine.yaml --input-device "USB Mic"

Words can be typed as well as spoken. Ctrl-C ends at any time; the place is kept.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "run",
        help="be guided through a routine",
        description="Be guided through a routine, hands-free. Without sound devices, words "
        "are typed and sentences shown in a terminal; without a terminal either, the routine is "
        "rehearsed in a simulated room.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "routine",
        nargs="?",
        metavar="ROUTINE",
        help="a routine's name or file; asked aloud if left out",
    )
    add_person_option(parser)
    add_profile_options(parser)
    add_manner_options(parser)
    add_cues_option(parser)
    add_background_option(parser)
    add_live_options(parser)
    parser.add_argument(
        "--record", metavar="DIR", type=Path, help="keep the sound of each utterance in DIR"
    )
    parser.add_argument(
        "--plain", action="store_true", help="lines only, without the live display below them"
    )
    add_page_option(parser)
    parser.add_argument(
        "--page-control",
        action="store_true",
        help="let people who have the page's secret link give commands from it",
    )
    parser.add_argument("--debug", action="store_true", help="show why a command was not obeyed")
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        default=Path("session"),
        help="the folder for sound and picture of a rehearsal without sound devices (session)",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the guide, or rehearse where nobody could be guided."""
    from contextlib import ExitStack

    from voiceguide.edge.devices.devices import load_beside
    from voiceguide.edge.devices.native_lines import kept_off_the_terminal

    with ExitStack() as stack:
        stack.enter_context(kept_off_the_terminal())
        # The system's sound takes a while to load: it does so beside all other imports.
        stack.callback(load_beside())
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    import os
    from dataclasses import replace

    from voiceguide.edge.system.collecting import no_collecting

    with no_collecting():
        from voiceguide.app import run_live
    from voiceguide.cli.rehearse import NO_PAGE, NO_RECORD, check_page
    from voiceguide.cli.routine import routine_from
    from voiceguide.edge.ears.personal_file import personal_path
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.service.log_lines import set_up_log
    from voiceguide.live.household import (
        as_suits,
        household,
        names_of,
        profile_of,
    )
    from voiceguide.live.options import LiveOptions
    from voiceguide.settings.load import load_settings
    from voiceguide.settings.programmes import programme_problems

    asked = manner_from(args)
    check_page(args.page)
    settings = load_settings(args.settings, os.environ)
    set_up_log(settings.log.level.value, os.environ)
    person = settings.first_person(args.person)
    profile = merged(profile_of(settings, person), profile_from(args))
    shelf = open_shelf(settings, args.settings, os.environ, args.model)
    routine = (
        routine_from(args.routine, shelf, args.model, args.settings)
        if args.routine is not None
        else None
    )
    if routine:
        check_profile(routine, profile)
    library = shelf.library(routine)
    routine_id = routine.id if routine else None
    there = household(settings, library)
    first = as_suits(there.pop(person), profile, library)
    manner = replace(
        asked,
        when=first.when,
        everything=first.everything,
        preparation_seconds=settings.strokes.preparation,
        hears_tap=settings.ears.tap,
    )
    console = cast("Console", LateConsole())
    options = LiveOptions(
        first=first,
        others=tuple(there.values()) if settings.persons else (),
        names=names_of(settings),
        programmes=shelf.programmes,
        routine_id=routine_id,
        settings=settings,
        model=args.model or settings.ears.model,
        voice=args.voice or settings.voice.name,
        input_device=args.input_device or settings.sound.input_device,
        output_device=args.output_device or settings.sound.output_device,
        record=args.record,
        cues=args.cues or settings.sound.cues,
        background=args.background or settings.sound.background,
        manner=manner,
        personal=personal_path(args.settings, os.environ),
        panel=not args.plain,
        page="" if args.page is None and args.page_control else args.page,
        page_control=args.page_control,
        debug=args.debug,
        left_out=tuple(shelf.left_out.values()),
        notes=programme_problems(settings, shelf.programmes),
    )
    if not run_live(options, console):
        if options.page is not None:
            print_line(console, NO_PAGE)
        if options.record is not None:
            print_line(console, NO_RECORD)
        _rehearse(options, library, profile, args.output, console)
    return 0


def merged(usual: "Profile", asked: "Profile") -> "Profile":
    """A person's usual profile, with what this command line asks for instead."""
    from voiceguide.core.routine.routine import Profile

    return Profile(
        asked.when or usual.when,
        asked.skin or usual.skin,
        tuple(dict.fromkeys((*usual.avoid, *asked.avoid))),
        asked.tool or usual.tool,
    )


def _rehearse(
    options: "LiveOptions",
    library: "dict[str, Routine]",
    profile: "Profile",
    folder: Path,
    console: "Console",
) -> None:
    """Rehearse instead, in the simulated room with a scripted person."""
    from voiceguide.cli.performing import perform
    from voiceguide.core.errors import SettingsError
    from voiceguide.rehearsal.rehearsal import Scene

    print_line(console, "Rehearsing in a simulated bathroom with a scripted person instead.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be made ({error.strerror}); give another folder to --output"
        ) from error
    scene = Scene(
        routine_id=options.routine_id,
        library=library,
        profile=profile,
        model=options.model,
        voice=options.voice,
        cues=options.cues,
        background=options.background,
        manner=options.manner,
    )
    perform(
        scene,
        console,
        json=folder / "session.json",
        wav=folder / "session.wav",
        picture=folder / "session.svg",
    )
