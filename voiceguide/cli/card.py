"""``voiceguide card``: a routine on paper, to hang beside the mirror."""

import argparse
from pathlib import Path

from voiceguide.cli.manner import add_breathing_option, breath_from
from voiceguide.cli.profile import add_profile_options, check_profile, profile_from
from voiceguide.show.lines import fitted

ENDINGS = (".html", ".pdf")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "card",
        help="a printable sheet of a routine",
        description="Write a sheet to hang beside the mirror: every step in order with its "
        "picture, the cautions, the words to say. A PDF needs Chromium or Chrome; the HTML can be "
        "printed from any browser.",
        epilog="examples:\n  voiceguide card quick\n"
        "  voiceguide card serum-ritual --when morning -o ritual.pdf\n"
        "  voiceguide card weekly --large --paper letter -o weekly.pdf\n"
        "  voiceguide card gua-sha --breathing calm",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("routine", metavar="ROUTINE", help="the id of a routine, or a file")
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=Path,
        help="a name that ends in .html or .pdf (ROUTINE-card.html)",
    )
    parser.add_argument(
        "--paper", choices=("a4", "letter"), default="a4", help="the size of the paper (a4)"
    )
    parser.add_argument(
        "--large", action="store_true", help="large print, on as many pages as that takes"
    )
    parser.add_argument(
        "--skin-tone",
        choices=("light", "medium", "brown", "dark"),
        default="light",
        help="the skin of the person in the pictures (light)",
    )
    add_profile_options(parser)
    add_breathing_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the card of the routine selected for the person and the moment."""
    from voiceguide.cli.routine import routine_from
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.core.errors import SettingsError
    from voiceguide.core.routine.selection import select
    from voiceguide.core.timeline.lengths import lengths
    from voiceguide.edge.files.phrase_file import load_phrasebook
    from voiceguide.edge.system.whole_file import write_whole
    from voiceguide.show.drawing.card import card
    from voiceguide.show.drawing.fit import Paper
    from voiceguide.show.print_pdf import write_pdf

    whole = routine_from(args.routine, usual_shelf())
    target: Path = args.output or Path(f"{whole.id}-card.html")
    if target.suffix.lower() not in ENDINGS:
        raise SettingsError(f"-o takes a name that ends in .html or .pdf, not {target.name}")
    profile = profile_from(args)
    check_profile(whole, profile)
    breath = breath_from(args)
    length = lengths(whole, profile, breath)
    html = card(
        select(whole, profile),
        load_phrasebook(),
        breath,
        length,
        paper=Paper(args.paper),
        large=args.large,
        skin_tone=args.skin_tone,
    )
    if target.suffix.lower() == ".pdf":
        write_pdf(html, target)
    else:
        write_whole(target, html)
    print(fitted(f"The card is in {target}."))
    return 0
