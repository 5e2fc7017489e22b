"""``voiceguide`` on the command line."""

import argparse
import importlib
import io
import sys

from voiceguide import __version__
from voiceguide.core.errors import VoiceguideError

COMMANDS = (
    "run",
    "rehearse",
    "routines",
    "show",
    "card",
    "check",
    "history",
    "hear",
    "train-me",
    "models",
    "voices",
    "say",
    "devices",
    "doctor",
    "speaker",
    "status",
    "fleet",
    "serve",
)


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = argparse.ArgumentParser(
        prog="voiceguide",
        description="An offline, hands-free guide through body routines.",
        epilog="example: voiceguide run morning",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"voiceguide {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"voiceguide.cli.{name.replace('-', '_')}").add(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; errors become one plain line on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe that knows no typographic quotes gets a "?", not a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    args = build_parser().parse_args(argv)
    try:
        code: int = args.run(args)
    except VoiceguideError as error:
        print(f"voiceguide: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (``| head``) has seen enough; say nothing more, not even at exit.
        sys.stderr.close()
        return 0
    return code


if __name__ == "__main__":
    sys.exit(main())
