"""``voiceguide say``: says a sentence in the guide's voice."""

import argparse
from pathlib import Path
from typing import Any

from voiceguide.cli.options import (
    add_output_option,
    add_settings_option,
    add_voice_option,
    whole_number,
)
from voiceguide.cli.sound_output import play_clip, write_clip
from voiceguide.core.timeline.ranges import RATE_RANGE
from voiceguide.show.lines import fitted

EPILOG = """\
examples:
  voiceguide say "Warm the serum between your palms."
  voiceguide say "Ceramides and bakuchiol, approx. 5 ml." --out sentence.wav
  voiceguide say "Left side first." --voice af_heart --rate 120

The text is printed as it will be said, then spoken.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "say",
        help="hear a sentence in the guide's voice",
        description="Speak a sentence as a session would, or write it to a file.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("text", metavar="TEXT", help="what to say")
    add_voice_option(parser)
    parser.add_argument(
        "--rate",
        metavar="N",
        type=whole_number(*RATE_RANGE, "a number of words a minute"),
        help=f"words a minute, {RATE_RANGE[0]} to {RATE_RANGE[1]} (that of the settings)",
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="write it to FILE (.wav, .flac)")
    add_output_option(parser)
    add_settings_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Render, then play or write."""
    import os
    from contextlib import ExitStack

    from voiceguide.core.errors import SettingsError
    from voiceguide.core.spoken import as_spoken
    from voiceguide.edge.files.phrase_file import load_phrase_file
    from voiceguide.edge.files.pronounced import for_mouth
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.voice.rendering import one_sentence
    from voiceguide.settings.load import load_settings

    settings = load_settings(args.settings, os.environ)
    rate = args.rate or settings.voice.words_per_minute
    spoken = as_spoken(args.text)
    if not spoken:
        raise SettingsError(f"there is no word in “{args.text}”; give something to say")
    phrases = load_phrase_file(settings.ears.language, settings.ears.phrases)
    routines = open_shelf(settings, args.settings, os.environ).routines.values()
    with ExitStack() as stack:
        named = args.voice or settings.voice.name
        clip, voice = one_sentence(named, spoken, rate, stack, for_mouth(routines, phrases))
    print(fitted(f"{voice}: {spoken}"))
    if args.out:
        write_clip(args.out, clip)
    else:
        play_clip(clip, args.output_device or settings.sound.output_device, settings.sound.gain_db)
    return 0
