"""``voiceguide train-me``: adapts the ears to a person's own voice."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from voiceguide.cli.options import add_live_options, whole_number
from voiceguide.show.lines import open_console, print_line

if TYPE_CHECKING:
    from rich.console import Console

MOST_TAKES = 9

_DESCRIPTION = """\
Say the words that matter three times each, and the ears learn how sure they must be of them when
you say them. The guide names a word; say it after each knock. A word that the ears hear clearly
enough stays as it is; one that you say well but that scores low is obeyed more readily from then
on, unless another of your words, or the noise, could be taken for it.

What you say stays in memory and is forgotten at the end, unless you keep it with --keep. Ctrl-C
ends at any time and changes nothing. `run` and `hear` use the scores from then on."""

_EPILOG = """\
examples:
  voiceguide train-me                           the eleven words that matter most
  voiceguide train-me --words "next,go back"    only these; the scores of others stay
  voiceguide train-me --keep takes              also keep what was said, as WAV files
  voiceguide train-me --from takes              learn from takes such as takes/next-1.wav
  voiceguide train-me --show                    show your scores
  voiceguide train-me --reset                   delete them

Keep the room quiet meanwhile, and the tap closed: its noise is mixed in afterwards."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``train-me``."""
    parser = subparsers.add_parser(
        "train-me",
        help="adapt the ears to your voice",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--words", metavar="WORD,…", help="phrases to train instead")
    parser.add_argument(
        "--takes",
        type=whole_number(1, MOST_TAKES, "a number of takes"),
        default=3,
        metavar="N",
        help=f"how often each is said, 1 to {MOST_TAKES} (3)",
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the takes as WAV files")
    parser.add_argument(
        "--noise", type=Path, metavar="FILE", help="a recording of your noise (a running tap)"
    )
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument(
        "--from", type=Path, metavar="FOLDER", dest="folder", help="takes that are recorded already"
    )
    instead.add_argument("--show", action="store_true", help="show your scores")
    instead.add_argument(
        "--reset", action="store_true", help="delete your scores; the usual ones then count"
    )
    parser.add_argument("--yes", action="store_true", help="with --reset: do not ask")
    add_live_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train, show the scores or delete them."""
    import os

    from voiceguide.edge.ears.personal_file import personal_path
    from voiceguide.settings.load import load_settings

    console = open_console()
    path = personal_path(args.settings, os.environ)
    if args.reset:
        return _reset(path, args.yes, console)
    settings = load_settings(args.settings, os.environ)
    if args.show:
        return _show(path, args.model or settings.ears.model, console)
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.teaching.training import TrainingOptions, train

    shelf = open_shelf(settings, args.settings, os.environ, args.model)
    options = TrainingOptions(
        path=path,
        settings=settings,
        library=shelf.routines,
        words=tuple(each.strip() for each in args.words.split(",")) if args.words else (),
        takes=args.takes,
        folder=args.folder,
        keep=args.keep,
        noise=args.noise,
        model=args.model or settings.ears.model,
        voice=args.voice or settings.voice.name,
        input_device=args.input_device or settings.sound.input_device,
        input_channel=settings.sound.input_channel,
        output_device=args.output_device or settings.sound.output_device,
    )
    try:
        train(options, console)
    except KeyboardInterrupt:
        console.print("\nStopped; nothing was changed.")
        return 130
    return 0


def _reset(path: Path, is_sure_already: bool, console: "Console") -> int:
    from voiceguide.cli.asking import is_sure
    from voiceguide.edge.ears.personal_file import remove_personal

    if not path.exists():
        console.print("There are no scores to delete.")
        return 0
    if not is_sure_already and not is_sure(
        "Delete the scores that were found from your voice?", "delete your scores"
    ):
        console.print("Nothing was deleted.")
        return 0
    remove_personal(path)
    console.print("Your scores are deleted; the usual ones count again.")
    return 0


def _show(path: Path, model: str | None, console: "Console") -> int:
    from voiceguide.edge.ears.personal_file import model_digest, other_model, read_personal
    from voiceguide.edge.models.model_store import resolve_model

    personal = read_personal(path)
    if personal is None:
        console.print("No scores of your own; every word needs the usual one.")
        console.print("Train them with: voiceguide train-me")
        return 0
    print_line(console, str(path), "bold")
    print_line(console, f"made {personal.made} from {personal.takes} takes for {personal.model}")
    for phrase, score in sorted(personal.scores.items()):
        console.print(f"  {phrase:<20} {score:.2f}")
    if not personal.scores:
        console.print("  every word needs the usual score")
    folder = resolve_model(model)
    if model_digest(folder) != personal.model_sha256:
        print_line(console, other_model(personal, folder), "yellow")
    return 0
