"""The words of a person in a rehearsal, said by one of Kokoro's voices, and the screenplay to them.

example: cd scripts && ../.venv/bin/python -m train.kokoro_person --voice am_eric --out PERSON
         voiceguide rehearse morning --screenplay PERSON/play.txt --noise tap --snr-db 12
"""

import argparse
from pathlib import Path

import numpy as np
import soundfile
from train.corpus import SAMPLE_RATE_HZ
from train.kokoro_model import home
from train.kokoro_texts import Utterance
from train.kokoro_voices import DEVELOPMENT, Renderer, Speaker
from train.texts import line
from train.voices import trimmed
from train.voices_engines import Rendered

PLAY = (
    ("offering", 1, "no"),
    ("ready", 1, "go"),
    ("waiting", 2, "next"),
    ("telling #3", 2, "repeat"),
    ("pacing #2", 5, "slower"),
    ("pacing #4", 4, "where am i"),
    ("pacing #5", 4, "pause"),
    ("paused", 2, "continue"),
    ("pacing #8", 3, "undo"),
)
"""When the person speaks, how many seconds after that, and their words."""
SEED = 3


def play() -> str:
    """The screenplay; its sounds lie beside it."""
    return "".join(f"when {when} +{wait}: <{_file(words)}> {words}\n" for when, wait, words in PLAY)


def write_person(voice: str, out: Path) -> None:
    """Write the screenplay and its sounds into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    renderer, rng = Renderer(home()), np.random.default_rng(SEED)
    who = Speaker(((voice, 1.0),), british=voice.startswith("b"))
    for *_, words in PLAY:
        said = Utterance((line("command", words),), (".",))
        sound = renderer.render(said, who, rng, 1.0, own=False)[0]
        clip = trimmed(Rendered(sound), rng)[0]
        soundfile.write(out / _file(words), clip, SAMPLE_RATE_HZ)
    (out / "play.txt").write_text(play(), "utf-8")


def _file(words: str) -> str:
    return f"{words.replace(' ', '-')}.flac"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="train.kokoro_person", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--voice", choices=DEVELOPMENT, required=True, help="one left out of training"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    args = parser.parse_args()
    write_person(args.voice, args.out)


if __name__ == "__main__":
    main()
