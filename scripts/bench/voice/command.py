"""The command line of ``scripts/bench_voice``."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from bench.ears.cells import table
from bench.ears.mixing import CLOSE, PLACES
from bench.voice.judge import Judge, missing, plain_words, word_error_rate
from bench.voice.material import heard, recorded, sentences, spoken
from bench.voice.pace import as_json, as_rows, spreads

from voiceguide.core.errors import VoiceguideError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.voice.pack import VoicePack
from voiceguide.edge.voice.pack_store import open_packs
from voiceguide.sound.clear_speech import clear_speech
from voiceguide.sound.clip import Clip
from voiceguide.sound.resample import resample

LEVELS_DB = (None, 6.0, 0.0)
PACE_HEAD = ("pace", "sentences", "middle", "nine in ten", "of the middle", "least, most")


def parser(about: str) -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = argparse.ArgumentParser(
        prog="scripts/bench_voice",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = made.add_argument
    add("--voice", action="append", metavar="NAME", help="may be given again (af_heart)")
    add("--pace", action="append", type=int, metavar="N", help="words a minute, also several (150)")
    add("--place", action="append", choices=PLACES, help="also several (close and 2 m)")
    add(
        "--sentences",
        type=int,
        default=24,
        metavar="N",
        help="sentences, ours of the serum ritual (24)",
    )
    add("--audio", type=Path, metavar="DIR", help="recorded people too, or alone without --voice")
    add("--clips", type=Path, metavar="PACK", help="hear each clip of this pack instead")
    add("--json", type=Path, metavar="FILE", help="everything, as JSON")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench; return 1 if it cannot be run."""
    args = parser(sys.modules["__main__"].__doc__ or "").parse_args(arguments)
    reason = missing()
    try:
        if args.clips:
            if reason:
                raise VoiceguideError(reason)
            report = _clips(args.clips)
        else:
            report = _pace(_voices(args))
            report |= {"without": reason} if reason else _understood(args)
    except VoiceguideError as error:
        print(f"bench_voice: {error}", file=sys.stderr)
        return 1
    if reason:
        print(reason)
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    return 0


def _pace(voices: Sequence[str]) -> dict[str, Any]:
    packs = open_packs()
    told: dict[str, Any] = {}
    for name in voices:
        for pack in packs.get(name, []):
            found = spreads(pack)
            print(f"{name}\n\n{table(PACE_HEAD, as_rows(found))}", flush=True)
            told[name] = as_json(found)
    return {"pace": told}


def _voices(args: argparse.Namespace) -> list[str]:
    return args.voice or ([] if args.audio else ["af_heart"])


def _said(args: argparse.Namespace) -> Iterator[tuple[str, int | None, list[str], list[Clip]]]:
    """By voice and pace: the texts, and how they are said as usual."""
    if args.audio:
        people = recorded(args.audio, args.sentences)
        yield "people", None, [one.text for one in people], [one.clip for one in people]
    texts = sentences(args.sentences)
    for name, pace in product(_voices(args), args.pace or [150]):
        yield name, pace, texts, spoken(name, texts, pace)


def _understood(args: argparse.Namespace) -> dict[str, Any]:
    judge = Judge()
    rows: list[dict[str, Any]] = []
    print("| voice | pace | spoken | where | quiet | tap 6 dB | tap 0 dB |\n" + "|---" * 7 + "|")
    for name, pace, texts, plain in _said(args):
        for clearly, place in product((False, True), args.place or [CLOSE, "2 m"]):
            clips = [clear_speech(clip) for clip in plain] if clearly else plain
            rates = [
                word_error_rate(texts, [judge.transcript(one) for one in sounds])
                for sounds in (heard(clips, plain, place, level) for level in LEVELS_DB)
            ]
            how = "clearly" if clearly else "as usual"
            cells = " | ".join(f"{rate:.3f}" for rate in rates)
            print(f"| {name} | {pace or 'own'} | {how} | {place} | {cells} |", flush=True)
            rows.append(
                {
                    "voice": name,
                    "pace": pace,
                    "spoken": how,
                    "place": place,
                    "sentences": len(texts),
                    "rates": rates,
                }
            )
        words = sum(len(plain_words(text).split()) for text in texts)
        print(f"\n{name}: {len(texts)} sentences of {words} words in each cell\n")
    return {"understood": rows}


def _clips(path: Path) -> dict[str, Any]:
    pack, judge = VoicePack(path), Judge()
    wrong: list[dict[str, Any]] = []
    print("| said | understood | words wrong |\n|---|---|---|")
    for text in sorted(pack.texts):
        clip = pack.get(text)
        transcript = judge.transcript(resample(clip, EAR_RATE_HZ).samples) if clip else ""
        rate = word_error_rate([text], [transcript])
        if rate:
            print(f"| {text} | {transcript.strip()} | {rate:.2f} |", flush=True)
            wrong.append({"text": text, "transcript": transcript, "rate": rate})
    half = sum(one["rate"] >= 0.5 for one in wrong)
    print(
        f"\n{len(pack.texts)} clips, {len(wrong)} not word for word, {half} wrong by half and more"
    )
    return {"clips": len(pack.texts), "wrong": wrong}
