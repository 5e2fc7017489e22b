"""``voiceguide convert``: routines as schema.org's HowTo or Cooklang-like text, and back."""

import argparse
import sys
from pathlib import Path

from voiceguide.show.lines import fitted

EPILOG = """\
examples:
  voiceguide convert my-hands.yaml my-hands.jsonld    export as a HowTo in JSON-LD
  voiceguide convert evening evening.cook             export as Cooklang-like text
  voiceguide convert howto.json mine.yaml             import
  voiceguide convert soup.cook soup.yaml

What the other format cannot hold is named, one sentence for each kind (docs/routines.md).
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "convert",
        help="export or import a routine",
        description="Convert a routine to schema.org's HowTo (.jsonld, .json) or to Cooklang-like "
        "text (.cook), or such a file to a routine (.yaml). A file that exists is never "
        "overwritten.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="FROM", help="a routine's id or file, or a file to read")
    parser.add_argument("target", metavar="TO", type=Path, help="the file to write")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Convert, and name what the other format cannot hold."""
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.core.errors import SettingsError
    from voiceguide.edge.files.convert import FORMATS, exported, imported
    from voiceguide.edge.files.routine_file import SUFFIXES
    from voiceguide.edge.system.whole_file import check_new, write_whole

    target: Path = args.target
    check_new(target)
    source_kind = FORMATS.get(Path(args.source).suffix.lower())
    target_kind = FORMATS.get(target.suffix.lower())
    if source_kind and target.suffix.lower() in SUFFIXES:
        text, told = imported(Path(args.source), source_kind)
    elif target_kind and not source_kind:
        text, told = exported(usual_shelf().find(args.source), target_kind)
    else:
        raise SettingsError(
            "convert turns a routine (.yaml) into .jsonld, .json or .cook, or one of these into "
            f".yaml, not {args.source} into {target.name}"
        )
    write_whole(target, text)
    for sentence in told:
        print(fitted(sentence, sys.stderr), file=sys.stderr)
    print(fitted(f"wrote {target}"))
    if target_kind is None:
        print(fitted(f"What is left to improve: voiceguide check {target}"))
    return 0
