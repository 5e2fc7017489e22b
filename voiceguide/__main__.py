"""``voiceguide`` on the command line."""

import errno
import importlib
import io
import sys
from collections.abc import Sequence

from voiceguide import __version__
from voiceguide.core.errors import VoiceguideError
from voiceguide.core.suggest import did_you_mean, likely
from voiceguide.show.help_lines import Parser
from voiceguide.show.lines import fitted

COMMANDS = (
    "run",
    "rehearse",
    "routines",
    "show",
    "card",
    "new",
    "preview",
    "convert",
    "check",
    "programmes",
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
    "update",
)

OWN_OPTIONS = ("-h", "--help", "--version")
"""What may stand in place of a command."""
LONGEST_MESSAGE = 4_000
"""Characters; what is quoted in one may come from anywhere."""
_DISK = {
    errno.ENOSPC: "no room is left on the disk",
    errno.EDQUOT: "no room is left in your part of the disk",
    errno.EROFS: "the disk is read-only",
    errno.EFBIG: "the file would be larger than is allowed",
    errno.EIO: "the disk failed",
}


def build_parser(commands: Sequence[str] = COMMANDS) -> Parser:
    """The parser of these commands; with the one that was typed alone the program starts sooner."""
    parser = Parser(
        prog="voiceguide",
        description="An offline, hands-free guide through body routines.",
        epilog="example: voiceguide run morning",
    )
    parser.add_argument("--version", action="version", version=f"voiceguide {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in commands:
        importlib.import_module(f"voiceguide.cli.{name.replace('-', '_')}").add(subparsers)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; errors become one plain line on stderr and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or pipe that knows no typographic quotes gets a "?", not a traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    words = sys.argv[1:] if argv is None else argv
    typed = words[:1] if words and words[0] in COMMANDS else COMMANDS
    parser = build_parser(typed)
    if not words:
        parser.print_help(sys.stderr)
        return 2
    if words[0] not in COMMANDS and words[0] not in OWN_OPTIONS:
        parser.error(_no_command(words[0]))
    args = parser.parse_args(words)
    try:
        code: int = args.run(args)
    except VoiceguideError as error:
        _tell(_sentence(error))
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (``| head``) has seen enough; say nothing more, not even at exit.
        sys.stderr.close()
        return 0
    except OSError as error:
        if not error.strerror:
            raise
        why = _DISK.get(error.errno or 0) or error.strerror[:1].lower() + error.strerror[1:]
        where = f" at {error.filename}" if error.filename else ""
        _tell(_sentence(f"{why}{where}; nothing more was done"))
        return 1
    return code


def _tell(sentence: str) -> None:
    print(fitted(f"voiceguide: {sentence}", sys.stderr), file=sys.stderr)


def _no_command(word: str) -> str:
    from voiceguide.edge.files.routine_file import bundled_routines

    if word.startswith("-"):
        return _sentence(f"options stand behind the command, and {word!r} comes first")
    hint = did_you_mean(likely(word, COMMANDS, 1))
    if word in bundled_routines():
        hint = did_you_mean([f"voiceguide run {word}"])
    return _sentence(f"there is no command {word!r}{f'; {hint}' if hint else ''}")


def _sentence(error: Exception | str) -> str:
    """A message that no terminal obeys and everybody can read."""
    shown = "".join(each if each.isprintable() or each == "\n" else "\ufffd" for each in str(error))
    return shown if len(shown) <= LONGEST_MESSAGE else f"{shown[:LONGEST_MESSAGE]} …"


if __name__ == "__main__":
    sys.exit(main())
