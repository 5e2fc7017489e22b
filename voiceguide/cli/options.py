"""Options that several commands share: settings, model, voice and devices."""

import argparse
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any


def number(lowest: float, highest: float, what: str) -> Callable[[str], float]:
    """The type of an option that is ``what``, between two bounds or equal to one of them."""
    return functools.partial(_number, lowest=lowest, highest=highest, what=what)


def whole_number(lowest: int, highest: int, what: str) -> Callable[[str], int]:
    """As `number`, but for whole numbers."""
    return functools.partial(_whole_number, lowest=lowest, highest=highest, what=what)


def decibels() -> Callable[[str], float]:
    """The type of an option that is a level, or a difference of two levels."""
    return number(-80, 80, "a number of dB")


def _number(text: str, *, lowest: float, highest: float, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not lowest <= value <= highest:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not {what} between {lowest:g} and {highest:g}"
        )
    return value


def _whole_number(text: str, *, lowest: int, highest: int, what: str) -> int:
    _number(text, lowest=lowest, highest=highest, what=what)
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} without a fraction") from None


def add_settings_option(parser: argparse.ArgumentParser, **more: Any) -> None:
    """Add ``--settings``; ``more`` is passed to ``add_argument``."""
    parser.add_argument(
        "--settings", metavar="FILE", type=Path, help="another settings file", **more
    )


def add_page_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--page``: None without it, an empty text if it names no address."""
    parser.add_argument(
        "--page",
        metavar="HOST:PORT",
        nargs="?",
        const="",
        help="show the session on a page for browsers (127.0.0.1:8400: this machine only)",
    )


def add_person_option(
    parser: argparse.ArgumentParser, what: str = "who is guided: a person of the settings, or guest"
) -> None:
    """Add ``--person``; `Settings.person_called` reads it."""
    parser.add_argument("--person", metavar="NAME", help=what)


def add_model_option(
    parser: argparse.ArgumentParser, what: str = "the recogniser's model, by name or folder"
) -> None:
    """Add ``--model``."""
    parser.add_argument("--model", metavar="NAME|PATH", help=what)


def add_voice_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--voice``."""
    parser.add_argument("--voice", metavar="NAME", help="the guide's voice")


def add_input_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--input-device``."""
    parser.add_argument("--input-device", metavar="NAME", help="microphone (part of its name)")


def add_output_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--output-device``."""
    parser.add_argument("--output-device", metavar="NAME", help="loudspeaker (part of its name)")


def add_live_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for model, voice, devices and settings."""
    add_model_option(parser)
    add_voice_option(parser)
    add_input_option(parser)
    add_output_option(parser)
    add_settings_option(parser)


def add_list_and_fetch(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    *,
    what: str,
    listed: str,
    fetched: str,
    example: str,
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Add the actions ``list`` and ``fetch`` of a catalogue.

    Args:
        what: ``model`` or ``voice``.
        listed: what ``list`` shows; the overview has the part before the colon.
        fetched: what ``fetch`` does, after “Fetch a ….”
        example: a name that can be fetched.

    Returns:
        The parsers of both.
    """
    raw = argparse.RawDescriptionHelpFormatter
    listing = actions.add_parser(
        "list",
        help=listed.partition(":")[0].lower(),
        description=listed,
        epilog=f"example: voiceguide {what}s list --json",
        formatter_class=raw,
    )
    listing.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    fetching = actions.add_parser(
        "fetch",
        help=f"fetch a {what}",
        description=f"Fetch a {what}. A fetch that was broken off goes on where it was; {fetched}",
        epilog=f"example: voiceguide {what}s fetch {example}",
        formatter_class=raw,
    )
    fetching.add_argument("name", metavar="NAME", help=f"a name from `voiceguide {what}s list`")
    for parser in (listing, fetching):
        parser.add_argument(
            "--catalogue",
            type=Path,
            metavar="FILE",
            help=f"a list of {what}s of your own, written like models/{what}s.toml",
        )
    return listing, fetching
