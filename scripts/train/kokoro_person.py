"""The words of a person in a rehearsal, said by one of Kokoro's voices, and screenplays to them.

example: cd scripts && ../.venv/bin/python -m train.kokoro_person --voice am_eric --out PERSON
         voiceguide rehearse morning --screenplay PERSON/play.txt --noise tap --snr-db 12
         voiceguide rehearse morning --screenplay PERSON/questions.txt
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

PLAYS = {
    "play": (
        ("offering", 1, "no"),
        ("ready", 1, "go"),
        ("waiting", 2, "next"),
        ("telling #3", 2, "repeat"),
        ("pacing #2", 5, "slower"),
        ("pacing #4", 4, "where am i"),
        ("pacing #5", 4, "pause"),
        ("paused", 2, "continue"),
        ("pacing #8", 3, "undo"),
    ),
    "questions": (
        ("offering", 1, "no"),
        ("ready", 1, "okay"),
        ("waiting", 2, "how much"),
        ("waiting", 14, "not yet"),
        ("waiting", 20, "done"),
        ("waiting #2", 2, "what do i need"),
        ("waiting #2", 16, "finished"),
        ("waiting #3", 2, "got it"),
        ("waiting #4", 2, "i'm ready"),
        ("pacing", 4, "which side"),
        ("pacing #2", 4, "how many"),
        ("pacing #3", 4, "what's next"),
        ("pacing #4", 4, "timer three minutes"),
        ("pacing #5", 4, "what was that"),
        ("pacing #6", 4, "how long"),
        ("pacing #7", 4, "stop the timer"),
        ("pacing #8", 4, "tell me everything"),
        ("closing", 4, "thank you"),
    ),
}
"""For each screenplay when the person speaks, how many seconds after that, and their words."""
SEED = 3


def play(name: str) -> str:
    """A screenplay of `PLAYS`; its sounds lie beside it."""
    return "".join(
        f"when {when} +{wait}: <{_file(words)}> {words}\n" for when, wait, words in PLAYS[name]
    )


def write_person(voice: str, out: Path) -> None:
    """Write the screenplays and their sounds into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    renderer, rng = Renderer(home()), np.random.default_rng(SEED)
    who = Speaker(((voice, 1.0),), british=voice.startswith("b"))
    for words in dict.fromkeys(words for said in PLAYS.values() for *_, words in said):
        said = Utterance((line("command", words),), (".",))
        sound = renderer.render(said, who, rng, 1.0, own=False)[0]
        clip = trimmed(Rendered(sound), rng)[0]
        soundfile.write(out / _file(words), clip, SAMPLE_RATE_HZ)
    for name in PLAYS:
        (out / f"{name}.txt").write_text(play(name), "utf-8")


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
