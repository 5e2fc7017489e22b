"""Makes a voice pack: every sentence that the guide can say, rendered with Kokoro.

What the pack holds already is taken over as it is, and only what is new or has changed is rendered.
Can be broken off at any time: what is rendered stays in the store until the pack is whole.
"""

import argparse
import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from voice_pack.store import Store

from voiceguide.core.errors import SpeechError
from voiceguide.core.session.sayings import pack_sayings
from voiceguide.core.timeline.speech import estimate_speech_seconds
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.voice.kokoro import ENGINE, LICENCE, Kokoro, rendering
from voiceguide.edge.voice.pack import SUFFIX, packed, write_pack
from voiceguide.edge.voice.rendering import (
    WORDS_PER_MINUTE,
    finished,
    finished_key,
    former_pack,
    open_kokoro,
    pack_head,
)

ROOT = Path(__file__).resolve().parents[2]
FIRST = ("serum-ritual", "quick", "morning", "evening")
"""Their sentences come first, in case that there is no time for all."""


def main() -> int:
    """Render what is missing, then write the pack; see --help."""
    parser = argparse.ArgumentParser(
        prog="scripts/make_voice_pack",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--voice", default="af_heart", help="the voice's name (af_heart)")
    parser.add_argument(
        "--style",
        type=Path,
        metavar="FILE",
        help="its file where it does not ship: voices/NAME.bin of the npm package kokoro-js",
    )
    parser.add_argument(
        "--from",
        dest="former",
        type=Path,
        metavar="FILE",
        help="the pack to take over from; /dev/null for none (what --out names)",
    )
    parser.add_argument("--store", type=Path, default=ROOT / "bench" / "voice", metavar="DIR")
    parser.add_argument("--model", type=Path, metavar="FILE", help="kokoro-v1.0.int8.onnx")
    parser.add_argument("--out", type=Path, metavar="FILE", help="audio/NAME.pack")
    parser.add_argument("--count", action="store_true", help="only say how much there is to do")
    parser.add_argument("--tidy", action="store_true", help="forget what is no longer wanted")
    args = parser.parse_args()
    try:
        return make(args)
    except SpeechError as error:
        print(f"make_voice_pack: {error}", file=sys.stderr)
        return SpeechError.exit_code


def make(args: argparse.Namespace) -> int:
    """The whole of it."""
    console = Console(highlight=False, soft_wrap=True)
    texts = pack_sayings(load_bundled(), load_phrasebook(), first=FIRST)
    store = Store(args.store)
    out = args.out or ROOT / "audio" / f"{args.voice}{SUFFIX}"
    raw = {text: rendering(args.voice, text, WORDS_PER_MINUTE) for text in texts}
    with former_pack(args.former or out) as former:
        kept = {text: former(text, finished_key(args.voice, text)) for text in texts}
    changed = [text for text in texts if kept[text] is None]
    missing = [text for text in changed if not store.has(raw[text])]
    minutes = sum(estimate_speech_seconds(text, WORDS_PER_MINUTE) for text in missing) / 60
    console.print(
        f"{len(texts)} sentences; taken over: {len(texts) - len(changed)}, "
        f"to be rendered: {len(missing)}, {minutes:.1f} minutes"
    )
    if args.count:
        return 0
    if missing:
        threads = int(os.environ.get("OMP_NUM_THREADS", "1"))
        voice = open_kokoro(args.voice, threads, args.style, args.model)
        render(voice, store, {text: raw[text] for text in missing}, console)
    if args.tidy:
        console.print(f"forgotten: {store.forget_others(raw.values())} files")
    head = pack_head(args.voice, ENGINE, LICENCE)
    clips = (
        kept[text]
        or packed(text, finished_key(args.voice, text), finished(store.get(raw[text]), text))
        for text in texts
    )
    total = sum(size for _, size in write_pack(out, head, clips))
    console.print(f"{out}: {len(texts)} sentences, {total / 1e6:.1f} MB")
    return 0


def render(voice: Kokoro, store: Store, keys: dict[str, str], console: Console) -> None:
    """Render into the store, with a bar on a terminal and a line now and then elsewhere."""
    bar = Progress(
        TextColumn("rendering"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    lengths = {text: estimate_speech_seconds(text, WORDS_PER_MINUTE) for text in keys}
    left, began, done = sum(lengths.values()), time.monotonic(), 0.0
    with bar:
        task = bar.add_task("", total=len(keys))
        for number, (text, key) in enumerate(keys.items(), 1):
            store.put(key, text, voice.render(text, WORDS_PER_MINUTE))
            done += lengths[text]
            left -= lengths[text]
            bar.advance(task)
            if not console.is_terminal and number % 25 == 0:
                rate = (time.monotonic() - began) / done
                console.print(
                    f"{number} of {len(keys)}, {rate:.2f} s a second of speech, "
                    f"{left * rate / 60:.0f} minutes left"
                )
                sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
