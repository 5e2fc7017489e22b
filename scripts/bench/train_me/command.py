"""The command line of ``scripts/bench_train_me``."""

import argparse
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import soundfile
from bench.ears.cells import level_name, table
from bench.ears.clips import WEB, WORDS, Clip, everything, meaning, recordings, spread
from bench.ears.mixing import Condition, mixed
from bench.ears.plan import TAP
from rich.console import Console

from voiceguide.core.commands import Phrase, Phrasebook
from voiceguide.core.decision.personal import essential
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.personal_file import personal_thresholds
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.models.model_store import resolve_model
from voiceguide.edge.voice.voice import Voice
from voiceguide.rehearsal.air import TAP as TAP_FILE
from voiceguide.settings.tables import Settings
from voiceguide.sound.clip import Samples
from voiceguide.sound.resample import resample
from voiceguide.teaching.measuring import CONDITIONS
from voiceguide.teaching.training import TrainingOptions, train

VOICES = ("gmw/en-gb-scotland", "gmw/de", "roa/fr", "inc/hi", "gmw/en-us")
TAUGHT, TOLD = (140, 155, 170), (132, 148, 163)
"""Words a minute of the takes that are learnt from, and of those that are counted."""
OTHERS = {WORDS: 240, WEB: 150}
"""Recordings without a command."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was heard of a voice in a condition, or of recordings without a command."""

    voice: str
    """Who trained the ears."""
    level: str
    """The level of the tap, or the recordings."""
    n: int
    right: tuple[int, int]
    """Before and after the training, like the next one."""
    wrong: tuple[int, int]


class Pupil:
    """A voice that trains the ears, and is heard before and after.

    Args:
        book: everything that can be said.
    """

    def __init__(self, voice_name: str, recogniser: Recogniser, book: Phrasebook) -> None:
        self.name, self._recogniser, self._book = voice_name, recogniser, book
        self._noise = read_sound(TAP_FILE, EAR_RATE_HZ).samples

    def train(self, model: Path, scratch: Path) -> Thresholds:
        """Say the words, and return the thresholds that come of it."""
        takes = scratch / "takes"
        takes.mkdir()
        for phrase, number, sound in self._said(TAUGHT):
            path = takes / f"{phrase.text.replace(' ', '-')}-{number}.wav"
            soundfile.write(path, sound, EAR_RATE_HZ)
        file = scratch / "personal.toml"
        options = TrainingOptions(path=file, settings=Settings(), folder=takes, model=str(model))
        train(options, Console(file=io.StringIO()))
        return personal_thresholds(file, model)[0]

    def count(self, personal: Thresholds) -> Iterator[Counted]:
        """Other takes, in each condition."""
        said = list(self._said(TOLD))
        for snr_db in CONDITIONS:
            right, wrong = [0, 0], [0, 0]
            condition = Condition(TAP if snr_db is not None else None, snr_db)
            for phrase, number, dry in said:
                name = Path(f"{self.name.replace('/', '-')}-{phrase.text}-{number}")
                clip = Clip(name, "", "", self.name, phrase.text, meaning(phrase))
                sound = mixed(clip, dry, condition, self._noise)
                for place, thresholds in enumerate((Thresholds(), personal)):
                    obeyed = self.obeyed(sound, thresholds)
                    right[place] += obeyed == [clip.wanted]
                    wrong[place] += bool(obeyed) and obeyed != [clip.wanted]
            level = level_name(snr_db)
            yield Counted(self.name, level, len(said), (right[0], right[1]), (wrong[0], wrong[1]))

    def obeyed(self, sound: Samples, thresholds: Thresholds) -> list[str]:
        """The meanings of what is obeyed in a sound."""
        heard = hear_recording(
            self._recogniser, self._book.phrases, sound, self._book.decoys, thresholds
        )
        return [meaning(one.phrase) for one in heard if one.phrase]

    def _said(self, rates: Sequence[int]) -> Iterator[tuple[Phrase, int, Samples]]:
        with closing(Voice(voice_name=self.name)) as voice:
            for phrase in essential(self._book):
                for number, rate in enumerate(rates, 1):
                    sound = resample(voice.render(phrase.text, rate), EAR_RATE_HZ).samples
                    yield phrase, number, 0.5 * sound


def measured(model: Path, audio: Path | None, voices: Sequence[str] = VOICES) -> Iterator[Counted]:
    """Train with each voice, and count."""
    book = everything()
    recogniser = Recogniser(model)
    recogniser.check(book.phrases)
    talk = list(recordings(audio)) if audio else []
    others = {
        group: spread([clip for clip in talk if clip.group == group], count)
        for group, count in OTHERS.items()
    }
    usual: dict[str, int] = {}
    for name in voices:
        pupil = Pupil(name, recogniser, book)
        with tempfile.TemporaryDirectory(prefix="bench-train-me-") as scratch:
            personal = pupil.train(model, Path(scratch))
        yield from pupil.count(personal)
        for group, clips in others.items():
            if not clips:
                continue
            if group not in usual:  # the same for every voice
                usual[group] = _false(pupil, clips, Thresholds())
            wrong = usual[group], _false(pupil, clips, personal)
            yield Counted(pupil.name, group, len(clips), (0, 0), wrong)


def _false(pupil: Pupil, clips: Sequence[Clip], thresholds: Thresholds) -> int:
    sounds = (read_sound(clip.path, EAR_RATE_HZ).samples for clip in clips)
    return sum(bool(pupil.obeyed(sound, thresholds)) for sound in sounds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the bench."""
    made = argparse.ArgumentParser(
        prog="scripts/bench_train_me",
        description=sys.modules["__main__"].__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument("--audio", type=Path, metavar="DIR", help="recordings without a command")
    made.add_argument("--model", metavar="NAME|PATH", help="the recogniser's model")
    made.add_argument("--json", type=Path, metavar="FILE", help="write everything as JSON")
    args = made.parse_args(arguments)
    found = list(measured(resolve_model(args.model), args.audio))
    rows = [
        (one.voice, one.level, str(one.n), *(f"{a} → {b}" for a, b in (one.right, one.wrong)))
        for one in found
    ]
    print(table(("voice", "heard", "n", "right", "obeyed as another, or no command"), rows))
    if args.json:
        args.json.parent.mkdir(parents=True, exist_ok=True)
        args.json.write_text(json.dumps([asdict(one) for one in found], indent=1) + "\n", "utf-8")
    return 0
