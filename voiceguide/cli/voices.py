"""``voiceguide voices``: the Piper voices, and how one is brought here."""

import argparse
from pathlib import Path
from typing import Any

_HELP = """\
Piper voices: which are known, and how one is brought here. They need the package piper-tts:
scripts/extras piper

Fetched voices are kept in the user's data folder, or in VOICEGUIDE_VOICES_DIR."""

_EPILOG = """\
examples:
  voiceguide voices list
  voiceguide voices fetch en_GB-alba-medium
  voiceguide run --voice en_GB-alba-medium
  voiceguide run --voice my-voice.onnx"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``voices list`` and ``voices fetch``."""
    raw = argparse.RawDescriptionHelpFormatter
    voices = subparsers.add_parser(
        "voices",
        help="list the Piper voices, fetch one",
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=raw,
    )
    actions = voices.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing = actions.add_parser(
        "list",
        help="the voices known by name, and which are here",
        description="The voices known by name, and which are here.",
        epilog="example: voiceguide voices list --json",
        formatter_class=raw,
    )
    listing.add_argument("--json", action="store_true", help="one JSON array instead of a table")
    listing.set_defaults(run=run_list)
    fetching = actions.add_parser(
        "fetch",
        help="bring a voice here",
        description="Bring a voice here. A fetch that was broken off goes on where it was; size\n"
        "and SHA-256 are checked.",
        epilog="example: voiceguide voices fetch en_GB-alba-medium",
        formatter_class=raw,
    )
    fetching.add_argument("name", metavar="NAME", help="a name from `voiceguide voices list`")
    fetching.set_defaults(run=run_fetch)
    for parser in (listing, fetching):
        parser.add_argument(
            "--catalogue",
            type=Path,
            metavar="FILE",
            help="a list of voices of your own, written like models/voices.toml",
        )


def run_list(args: argparse.Namespace) -> int:
    """Print what voices there are."""
    import json

    from voiceguide.edge.voice.voice_store import MODEL_SUFFIX, load_voices, voices_folder

    folder = voices_folder()
    known = load_voices(args.catalogue)
    others = {path.name.removesuffix(MODEL_SUFFIX) for path in folder.glob(f"*{MODEL_SUFFIX}")}
    rows: list[dict[str, Any]] = [
        {
            "name": name,
            "state": "fetched" if (folder / f"{name}{MODEL_SUFFIX}").is_file() else "available",
            "language": voice.language,
            "licence": voice.licence,
            "size_bytes": voice.size_bytes,
            "about": voice.about,
        }
        for name, voice in known.items()
    ]
    rows += (
        {
            "name": name,
            "state": "fetched",
            "language": None,
            "licence": None,
            "size_bytes": (folder / f"{name}{MODEL_SUFFIX}").stat().st_size,
            "about": "put here by hand",
        }
        for name in sorted(others - set(known))
    )
    if args.json:
        print(json.dumps(rows, indent=2))
        return 0

    from rich.console import Console

    console = Console(soft_wrap=True, highlight=False)
    for row in rows:
        size = f"{row['size_bytes'] / 1e6:.3g} MB"
        head = f"{row['name']}, {row['state']}, {size}, licence {row['licence'] or 'unknown'}"
        console.print(head, markup=False)
        console.print(f"  {row['about']}", markup=False)
    console.print("What is available comes with: voiceguide voices fetch NAME")
    console.print("Besides these, the speech engine of this system has voices of its own.")
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Fetch one voice, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from voiceguide.edge.voice.voice_store import fetch_voice, load_voices

    catalogue = load_voices(args.catalogue)
    console = Console(soft_wrap=True, highlight=False)
    known = catalogue.get(args.name)
    if known is not None:
        size = f"{known.size_bytes / 1e6:.3g} MB"
        console.print(f"fetching {args.name}, {size}, licence {known.licence}", markup=False)
    progress = Console(stderr=True)
    bar = Progress(
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=progress,
        transient=True,
        disable=not progress.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=None)
        where = fetch_voice(
            args.name,
            catalogue=catalogue,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    console.print(f"ready: {where}", markup=False)
    console.print(f"use it with: voiceguide run --voice {args.name}", markup=False)
    return 0
