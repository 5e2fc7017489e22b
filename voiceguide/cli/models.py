"""``voiceguide models``: lists the recogniser models, and fetches one."""

import argparse

from voiceguide.cli.options import add_list_and_fetch, add_settings_option
from voiceguide.show.lines import fitted, open_console, print_line, print_table

_HELP = """\
List the recogniser models, or fetch one.

Fetched models are kept in the user's data folder, or in VOICEGUIDE_MODELS_DIR."""

_EPILOG = """\
examples:
  voiceguide models list
  voiceguide models fetch vosk-model-small-en-us-0.15
  voiceguide run --model vosk-model-small-en-us-0.15"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``models list`` and ``models fetch``."""
    models = subparsers.add_parser(
        "models",
        help="list the recogniser models, fetch a larger one",
        description=_HELP,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)
    listing, fetching = add_list_and_fetch(
        actions,
        what="model",
        listed="All models: what is here, what can be fetched, and which one is in use.",
        fetched="the size\nand the SHA-256 are checked before anything is unpacked.",
        example="vosk-model-small-en-us-0.15",
    )
    add_settings_option(listing)
    listing.set_defaults(run=run_list)
    fetching.set_defaults(run=run_fetch)


def run_list(args: argparse.Namespace) -> int:
    """Print what models there are."""
    import json
    import os
    from dataclasses import asdict

    from voiceguide.edge.models.catalogue import load_catalogue
    from voiceguide.edge.models.model_list import list_models
    from voiceguide.settings.load import load_settings

    in_use = load_settings(args.settings, os.environ).ears.model
    rows = list_models(load_catalogue(args.catalogue), in_use=in_use)
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return 0

    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for title in ("name", "", "state", "lang", "licence"):
        table.add_column(title, no_wrap=True)
    for title in ("size", "memory"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.name,
            "→" if row.in_use else "",
            row.state,
            row.language or "–",
            row.licence or "–",
            _megabytes(row.size_bytes),
            _megabytes(row.memory_bytes),
        )
    print_table(table)
    print()
    for row in rows:
        print(fitted(f"{row.name}: {row.about}"))
    print(fitted("→ is in use; fetch one that is available with: voiceguide models fetch NAME"))
    return 0


def run_fetch(args: argparse.Namespace) -> int:
    """Fetch one model, with a progress bar on a terminal."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    from voiceguide.edge.models.catalogue import load_catalogue
    from voiceguide.edge.models.model_fetch import fetch_model, whole_model
    from voiceguide.edge.models.model_store import fetched_folder

    catalogue = load_catalogue(args.catalogue)
    folder = fetched_folder()
    console = open_console()
    known = catalogue.get(args.name)
    if known is not None:
        here = whole_model(args.name, folder)
        if here is not None:
            print_line(console, f"{args.name} is here already: {here}")
            return 0
        if known.download is not None:
            size = _megabytes(known.download.size_bytes)
            print_line(console, f"fetching {args.name}, {size}, licence {known.licence}")
    bar = Progress(
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    )
    with bar:
        task = bar.add_task("", total=None)
        where = fetch_model(
            args.name,
            folder=folder,
            catalogue=catalogue,
            on_progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    print_line(console, f"ready: {where}")
    print_line(console, f"use it with: voiceguide run --model {args.name}")
    return 0


def _megabytes(size_bytes: int | None) -> str:
    return "–" if size_bytes is None else f"{size_bytes / 1e6:.3g} MB"
