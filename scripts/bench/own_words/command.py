"""The command line of ``scripts/bench_own_words``."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.ears.cells import table
from bench.ears.clips import everything

from voiceguide.core.commands import Phrase, Phrasebook
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.voice import Voice
from voiceguide.sound.resample import resample

VOICES = ("en-gb-scotland", "en-us", "en-gb", "en-029")
NAMES = (
    "kombucha", "retinol serum", "bakuchiol serum", "zumbarella", "mango massage",
    "lavender massage", "jojoba oil", "hyaluronic step", "niacinamide", "rose quartz",
    "eucalyptus steam", "collagen mask", "turmeric evening", "shiatsu for two",
)  # fmt: skip
WORDS_A_MINUTE = 150
OUTCOMES = ("right", "wrong", "missed")


@dataclass(frozen=True, slots=True)
class Said:
    """A name that a voice said, and what was obeyed."""

    name: str
    voice: str
    obeyed: str | None

    @property
    def outcome(self) -> str:
        """``right``, ``wrong`` or ``missed``."""
        if self.obeyed is None:
            return "missed"
        return "right" if self.obeyed == self.name else "wrong"


def book() -> Phrasebook:
    """Everything that can be said, and the names."""
    return everything().with_routines({name: (name,) for name in NAMES})


def heard(model: Path, voices: Sequence[str] = VOICES) -> Iterator[Said]:
    """Each name by each voice."""
    phrases = book()
    recogniser = Recogniser(model)
    recogniser.check(phrases.phrases)
    for voice_name in voices:
        with closing(Voice(voice_name=voice_name)) as voice:
            for name in NAMES:
                sound = resample(voice.render(name, WORDS_A_MINUTE), EAR_RATE_HZ).samples
                decided = hear_recording(recogniser, phrases.phrases, sound, phrases.decoys)
                obeyed = [one.phrase for one in decided if one.phrase]
                yield Said(name, voice_name, _what(obeyed[0]) if obeyed else None)


def _what(phrase: Phrase) -> str:
    return phrase.routine_id or str(phrase.command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench."""
    made = argparse.ArgumentParser(
        prog="scripts/bench_own_words",
        description=sys.modules["__main__"].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    made.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON")
    args = made.parse_args(arguments)
    said = list(heard(resolve_model(args.model)))
    rows = [
        (voice, str(len(of)), *(str(sum(one.outcome == kind for one in of)) for kind in OUTCOMES))
        for voice in (*VOICES, "all")
        if (of := [one for one in said if voice in (one.voice, "all")])
    ]
    print(table(("voice", "names", *OUTCOMES), rows))
    for one in said:
        if one.outcome != "right":
            print(f"{one.outcome}: {one.name} by {one.voice}: {one.obeyed or 'nothing'}")
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps([asdict(one) for one in said], indent=1) + "\n", "utf-8")
    return 0
