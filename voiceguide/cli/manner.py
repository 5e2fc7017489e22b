"""The options for how a person wants one session; `run` and `rehearse` share them."""

import argparse

from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.breath import CALM, Breath, parse_breath
from voiceguide.core.session.preferences import Manner

Options = argparse.ArgumentParser | argparse._ArgumentGroup
MINUTES_RANGE = (1.0, 120.0)


def add_manner_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--breathing`` and ``--minutes``; read them with `manner_from`."""
    group = parser.add_argument_group("breath and length")
    add_breathing_option(group)
    group.add_argument(
        "--minutes",
        metavar="N",
        help="how long the session lasts, from “go” on; breaths fill the time that is left",
    )


def add_breathing_option(parser: Options) -> None:
    """Add ``--breathing`` alone; read it with `breath_from`."""
    parser.add_argument(
        "--breathing",
        nargs="?",
        const=str(CALM),
        metavar="PATTERN",
        help="strokes follow the breath: 4-0-6-0 (in, hold, out, hold; the usual one), "
        "“in 3 in 1 out 6”, box, calm or relax",
    )


def add_cues_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--cues``."""
    parser.add_argument(
        "--cues", metavar="SET|FOLDER", help="the short sounds: bowl, wood, soft, or a folder"
    )


def add_background_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--background``."""
    parser.add_argument(
        "--background",
        metavar="drone|FILE",
        help="a quiet sound behind everything: a drone, or a sound file in a loop",
    )


def manner_from(args: argparse.Namespace) -> Manner:
    """The manner that these options ask for.

    Raises:
        SettingsError: the breath or the length makes no sense.
    """
    return Manner(breath_from(args), _seconds(args.minutes))


def breath_from(args: argparse.Namespace) -> Breath | None:
    """The breath that was asked for; None for that of the routine.

    Raises:
        SettingsError: it is no breath.
    """
    if args.breathing is None:
        return None
    try:
        return parse_breath(args.breathing)
    except ValueError as error:
        raise SettingsError(f"--breathing: {error}.") from None


def _seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        minutes = float(text)
    except ValueError:
        minutes = float("nan")
    low, high = MINUTES_RANGE
    if not low <= minutes <= high:
        raise SettingsError(f"--minutes must be a number from {low:g} to {high:g}, not {text}.")
    return 60 * minutes
