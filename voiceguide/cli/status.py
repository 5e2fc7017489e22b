"""``voiceguide status``: asks a running guide from another shell how it is doing."""

import argparse
from pathlib import Path
from typing import Any

from voiceguide.show.lines import fitted


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "status",
        help="show how a running guide is doing",
        description="Ask the guide that runs on this machine for its state, place and faults, what "
        "it heard last and why it obeyed or not, its latencies, lost blocks and memory.",
        epilog="example: voiceguide status --json",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    parser.add_argument("--socket", metavar="FILE", type=Path, help="the socket it answers at")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask and print."""
    import json
    import os

    from voiceguide.core.errors import SettingsError
    from voiceguide.edge.service.status_socket import ask_any
    from voiceguide.live.vitals import as_text

    answer = ask_any(args.socket, os.environ)
    try:
        report = json.loads(answer)
        text = as_text(report)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise SettingsError(
            "what answers is not a guide, or a guide of another version; end it and start it again"
        ) from error
    print(json.dumps(report, ensure_ascii=False) if args.json else fitted(text))
    return 0
