"""``voiceguide voices``: lists packs and Piper voices, renders packs, fetches voices."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from voiceguide.cli.options import add_list_and_fetch, add_settings_option
from voiceguide.show.lines import fitted, open_console

_HELP = """\
The guide's voices: packs of sentences rendered ahead, and Piper voices.

A pack says a session if it holds all of its sentences. `render` makes a pack with the sentences of
a routine of your own that are missing so far; it needs the Kokoro voice, which is an extra, and may
be done on another machine. Piper voices are an extra too (docs/voices.md).

Fetched voices are kept in the user's data folder, or in VOICEGUIDE_VOICES_DIR."""

_EPILOG = """\
examples:
  voiceguide voices list
  voiceguide voices render my-routine.yaml
  voiceguide voices render my-routine.yaml --out my-routine.pack
  voiceguide voices fetch en_GB-alba-medium
  voiceguide run --voice en_GB-alba-medium
  voiceguide run --voice my-voice.onnx"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``voices list`` and ``voices fetch``."""
    raw = argparse.RawDescriptionHelpFormatter
    voices = subparsers.add_parser(
        "voices",
        help="list voices, render a routine's sentences, fetch a Piper voice",
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=raw,
    )
    actions = voices.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing, fetching = add_list_and_fetch(
        actions,
        what="voice",
        listed="Packs and Piper voices: what the packs hold, and which voices are here.",
        fetched="size and\nSHA-256 are checked.",
        example="en_GB-alba-medium",
    )
    listing.add_argument(
        "routines",
        nargs="*",
        metavar="ROUTINE",
        help="names or files of routines to look for in the packs (the bundled ones)",
    )
    listing.set_defaults(run=run_list)
    fetching.set_defaults(run=run_fetch)
    rendering = actions.add_parser(
        "render",
        help="make a pack of a routine's sentences",
        description="Make a pack of the sentences that a session with these routines needs and\n"
        "that no pack of the voice has yet. Rendered sentences stay in the cache: a run that was\n"
        "broken off goes on where it was, and after a change only what changed is rendered.",
        epilog="example: voiceguide voices render my-routine.yaml --out my-routine.pack",
        formatter_class=raw,
    )
    rendering.add_argument(
        "routines", nargs="*", metavar="ROUTINE", help="names or files; none: what you have set"
    )
    rendering.add_argument(
        "--voice", metavar="NAME", default="af_heart", help="a voice of Kokoro, Piper or the engine"
    )
    rendering.add_argument(
        "--out", type=Path, metavar="FILE", help="the pack (a file in the user's data folder)"
    )
    rendering.add_argument(
        "--all", action="store_true", help="also the sentences that other packs of the voice have"
    )
    add_settings_option(rendering)
    rendering.set_defaults(run=run_render)


def run_list(args: argparse.Namespace) -> int:
    """Print what voices there are."""
    import json

    from voiceguide.edge.voice.speech_engine import ENGLISH
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
    packs = _packs(args.routines)
    if args.json:
        print(json.dumps([*packs, *rows], indent=2))
        return 0

    for pack in packs:
        head = f"{pack['name']}, pack, {pack['size_bytes'] / 1e6:.3g} MB, licence {pack['licence']}"
        print(fitted(head))
        print(fitted(f"  {pack['about']}"))
        print(fitted(f"  {_told(pack['routines'])}"))
    for row in rows:
        size = f"{row['size_bytes'] / 1e6:.3g} MB"
        head = f"{row['name']}, {row['state']}, {size}, licence {row['licence'] or 'unknown'}"
        print(fitted(head))
        print(fitted(f"  {row['about']}"))
    print(fitted("Fetch one that is available with: voiceguide voices fetch NAME"))
    engine = ", ".join(ENGLISH)
    print(fitted(f"Besides these, the speech engine of this system has its own: {engine} …"))
    return 0


def _packs(names: Sequence[str]) -> list[dict[str, Any]]:
    """Each pack that is here: what it is, and its share of the sentences of these routines.

    Args:
        names: of the routines; empty for the bundled ones.

    Raises:
        RoutineError: a routine does not exist or cannot be read.
    """
    from voiceguide.cli.routine import routine_from
    from voiceguide.cli.shelf import usual_shelf
    from voiceguide.core.session.sayings import pack_sayings
    from voiceguide.edge.files.phrase_file import load_phrasebook
    from voiceguide.edge.files.routine_file import load_bundled
    from voiceguide.edge.voice.pack_store import open_packs

    book = load_phrasebook()
    library = load_bundled()
    if names:
        shelf = usual_shelf()
        library = {one.id: one for one in (routine_from(name, shelf) for name in names)}
    sayings = {name: frozenset(pack_sayings({name: one}, book)) for name, one in library.items()}
    rows = []
    for packs in open_packs().values():
        for pack in packs:
            shares = {name: len(all_ & pack.texts) / len(all_) for name, all_ in sayings.items()}
            rows.append(
                {
                    "name": pack.head.voice,
                    "state": "pack",
                    "language": pack.head.language,
                    "licence": pack.head.licence,
                    "size_bytes": pack.size_bytes,
                    "sentences": len(pack.texts),
                    "routines": shares,
                    "path": str(pack.path),
                    "about": f"{len(pack.texts)} sentences by {pack.head.engine}: {pack.path}",
                }
            )
            pack.close()
    return rows


def _told(shares: Mapping[str, float]) -> str:
    """A sentence that tells which routines a pack can say."""
    whole = [name for name, share in shares.items() if share == 1]
    parts = [f"says all of {', '.join(whole)}"] if whole else []
    parts += [f"of {name} {int(100 * share)} %" for name, share in shares.items() if 0 < share < 1]
    return "; ".join(parts) or "says nothing of these routines"


def run_render(args: argparse.Namespace) -> int:
    """Render what is missing, with a progress bar on a terminal, and write the pack."""
    import os
    from contextlib import ExitStack

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from voiceguide.cli.routine import routine_from
    from voiceguide.core.session.sayings import pack_sayings
    from voiceguide.edge.files.phrase_file import load_phrase_file
    from voiceguide.edge.files.pronounced import for_mouth
    from voiceguide.edge.files.shelf import open_shelf
    from voiceguide.edge.voice.pack import SUFFIX
    from voiceguide.edge.voice.pack_store import lacking, open_packs
    from voiceguide.edge.voice.rendering import estimated_minutes, open_maker, render_pack
    from voiceguide.edge.voice.voice_store import voices_folder
    from voiceguide.settings.load import load_settings

    settings = load_settings(args.settings, os.environ)
    spoken = load_phrase_file(settings.ears.language, settings.ears.phrases)
    book = spoken.book
    shelf = open_shelf(settings, args.settings, os.environ)
    named = (routine_from(name, shelf, settings=args.settings) for name in args.routines)
    library = {routine.id: routine for routine in named}
    texts = pack_sayings(library, book)
    out = args.out or voices_folder() / f"{'-'.join(library) or 'settings'}{SUFFIX}"
    console = open_console()
    with ExitStack() as stack:
        maker = open_maker(
            args.voice, stack, os.cpu_count() or 1, for_mouth(library.values(), spoken)
        )
        others = [
            pack for pack in open_packs().get(maker.head.voice, []) if pack.path != out.resolve()
        ]
        wanted = texts if args.all else lacking(others, texts)
        for pack in others:
            pack.close()
        if not wanted:
            console.print("Nothing is missing: the packs that are here hold all of it.")
            return 0
        minutes = estimated_minutes(wanted)
        console.print(f"{len(wanted)} sentences, {minutes:.1f} minutes of speech", markup=False)
        bar = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        said = False

        def tell(done: int, total: int, seconds: float) -> None:
            nonlocal said
            left = f"{seconds / 60:.0f} minutes left" if seconds >= 90 else f"{seconds:.0f} s left"
            bar.update(task, completed=done, total=total, left=left)
            if not said and seconds > 600:
                said = True
                console.print(
                    f"This machine is slow at it: about {left}. You can stop it and go on later. A "
                    "PC that writes the pack with --out is quicker; until there is a pack, the "
                    "speech engine says the routine.",
                    markup=False,
                )

        with bar:
            task = bar.add_task("", total=len(wanted), left="")
            size = render_pack(out, maker, wanted, tell)
    console.print(f"ready: {out}, {size / 1e6:.2g} MB", markup=False)
    if args.out:
        console.print(
            f"put it into {voices_folder()} on the machine that is to say it", markup=False
        )
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Fetch one voice, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    from voiceguide.edge.voice.voice_store import fetch_voice, load_voices

    catalogue = load_voices(args.catalogue)
    console = open_console()
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
