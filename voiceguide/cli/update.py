"""``voiceguide update``: tells what is newer, and fetches it."""

import argparse
from typing import TYPE_CHECKING, Any

from voiceguide.cli.options import add_settings_option
from voiceguide.core.errors import ModelError, SettingsError
from voiceguide.show.lines import fitted

if TYPE_CHECKING:
    from voiceguide.edge.models.updates import Offered

EPILOG = """\
examples: voiceguide update --check
          voiceguide update af_heart-2.pack

Only this command asks for updates, and only if update.address and update.key are set
(docs/updates.md). It puts a program into the present folder, for you to install; models and voices
go where the guide looks for them.
"""


def add(subparsers: Any) -> None:
    """Add the command's parser."""
    parser = subparsers.add_parser(
        "update",
        help="show what is newer, at an address of your settings",
        description="Tell what is newer in a signed list, or fetch a file of it. A fetch that was "
        "broken off is resumed, and a file is kept only if its size and SHA-256 are right.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="only tell what is newer")
    what.add_argument("name", metavar="NAME", nargs="?", help="fetch this file of the list")
    add_settings_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Tell, or fetch."""
    import os

    from voiceguide.core.suggest import did_you_mean, likely
    from voiceguide.edge.models.updates import read_updates
    from voiceguide.settings.load import load_settings

    update = load_settings(args.settings, os.environ).update
    if not update.address or not update.key:
        raise SettingsError(
            "updates are off; write address and key into the settings: [update] (docs/updates.md)"
        )
    offered = read_updates(update.address, update.key)
    if not args.check:
        if args.name not in offered:
            near = likely(args.name, offered)
            hint = did_you_mean(near) or "voiceguide update --check tells what there is"
            raise SettingsError(f"the list has no {args.name!r}; {hint}")
        print(fitted(_fetch(offered[args.name])))
        return 0
    newer = [each for each in offered.values() if _is_news(each)]
    for each in newer:
        size = f"{each.download.size_bytes / 1e6:.3g} MB"
        print(fitted(f"{each.name} ({each.kind}, {size}, {each.licence}): {each.about}"))
    print("Fetch one with: voiceguide update NAME" if newer else "Nothing is newer.")
    return 0


def _is_news(each: "Offered") -> bool:
    from voiceguide.edge.models.model_store import find_model
    from voiceguide.edge.models.updates import OfferedKind
    from voiceguide.edge.voice.voice_store import voices_folder

    match each.kind:
        case OfferedKind.PROGRAM:
            return each.is_newer_program(_architecture())
        case OfferedKind.MODEL:
            return find_model(each.name) is None
        case OfferedKind.VOICE:
            path = voices_folder() / each.name
            return not path.is_file() or path.stat().st_size != each.download.size_bytes


def _fetch(each: "Offered") -> str:
    """Fetch one file, and return the line that tells where it is.

    Raises:
        ModelError, SpeechError: it cannot be fetched, or is not what the list says.
        DiskError: the disk is full, or the folder cannot be written to.
    """
    from pathlib import Path

    from voiceguide.edge.models.catalogue import KnownModel
    from voiceguide.edge.models.download import cannot_write_in, discard, download
    from voiceguide.edge.models.model_fetch import fetch_model
    from voiceguide.edge.models.updates import OfferedKind
    from voiceguide.edge.voice.pack import SUFFIX, VoicePack
    from voiceguide.edge.voice.voice_store import voices_folder

    if each.kind is OfferedKind.MODEL:
        known = KnownModel(each.name, each.about, "", each.licence, 0, each.download)
        where = fetch_model(each.name, catalogue={each.name: known})
        return f"ready: {where}; use it with: voiceguide run --model {each.name}"
    is_voice = each.kind is OfferedKind.VOICE
    folder, suffix = (voices_folder(), SUFFIX) if is_voice else (Path.cwd(), ".deb")
    if Path(each.name).suffix != suffix:
        raise ModelError(f"{each.name}: a {each.kind} of the list must end with {suffix}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{each.name}.part"
        download(each.download, part)
        if is_voice:
            VoicePack(part).close()
        part.replace(folder / each.name)
        discard(part)
    except OSError as error:
        raise cannot_write_in(folder, error) from error
    if is_voice:
        return f"ready: {folder / each.name}"
    return f"fetched {each.name}; install it with: sudo apt install ./{each.name}"


def _architecture() -> str:
    import platform

    processor = platform.machine()
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(processor, processor)
