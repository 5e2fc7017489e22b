"""Sounds that the bench makes itself: synthetic commands, the narration of a device, events."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from bench.ears.clips import EVENTS, NARRATION, SYNTHETIC, Clip, meaning, sounds_in

from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.routine.routine import Routine
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.rehearsal.acoustics import active_level_db

VOICES = {
    "espeak-ng Scottish f2": ["espeak-ng", "-v", "en-gb-scotland+f2", "-s", "140"],
    "espeak-ng Scottish m1": ["espeak-ng", "-v", "en-gb-scotland+m1", "-s", "160"],
    "espeak-ng US f3": ["espeak-ng", "-v", "en-us+f3", "-s", "150"],
    "flite awb": ["flite", "-voice", "awb"],
}
"""The voices that `scripts/train_ears` keeps for tests."""
NARRATOR = ["espeak-ng", "-v", "en-us"]
RATES = (165, 145, 185, 155, 175)
"""Words a minute; the routines are told again at another rate until there is enough."""
LEVEL_DB = -26.0


def synthetic(scratch: Path) -> Iterator[Clip]:
    """Every phrase except the names of routines, by every voice that can be rendered here."""
    for number, (voice, command) in enumerate(VOICES.items()):
        if shutil.which(command[0]) is None:
            continue
        for phrase in load_phrasebook().phrases:
            path = scratch / f"{number}-{phrase.text.replace(' ', '-')}.wav"
            _render(command, phrase.text, path)
            yield Clip(path, SYNTHETIC, command[0], voice, phrase.text, meaning(phrase))


def narration(scratch: Path, seconds: float) -> Iterator[Clip]:
    """The bundled routines, told one after the other by another device, for so many seconds."""
    if shutil.which(NARRATOR[0]) is None:
        return
    total = 0.0
    for rate in RATES:
        for routine in load_bundled().values():
            for number, text in enumerate(_told(routine)):
                path = scratch / f"narration-{rate}-{routine.id}-{number}.wav"
                _render([*NARRATOR, "-s", str(rate)], text, path)
                total += soundfile.info(path).duration
                yield Clip(path, NARRATION, "narration", routine.id, text, None)
                if total >= seconds:
                    return


def events(folder: Path, scratch: Path) -> Iterator[Clip]:
    """Sounds without speech: the files of a folder, or of its corpus ``events-heldout``."""
    if not (folder / "events-heldout.jsonl").is_file():
        yield from sounds_in(folder, EVENTS)
        return
    from train.corpus import Corpus

    corpus = Corpus(folder, "events-heldout")
    for number, clip in enumerate(corpus.clips):
        path = scratch / f"event-{number}.wav"
        soundfile.write(path, corpus.samples(clip), EAR_RATE_HZ)
        yield Clip(path, EVENTS, "events", clip.source, "", None)


def _told(routine: Routine) -> Iterator[str]:
    """What the guide says of a routine, one text for each section."""
    yield " ".join((routine.summary, *routine.safety))
    for section in routine.sections:
        said = [section.name + ".", *section.why]
        for step in section.steps:
            said += [*step.told, *step.why]
        yield " ".join(said)
    if routine.closing:
        yield " ".join(routine.closing)


def _render(command: list[str], text: str, path: Path) -> None:
    """Render a text into a file, at 16 kHz and the level of ordinary speech."""
    espeak = command[0] == "espeak-ng"
    raw = path.with_suffix(".raw.wav")
    arguments = ["-w", str(raw), text] if espeak else ["-o", str(raw), "-t", text]
    subprocess.run([*command, *arguments], check=True, capture_output=True)
    samples = read_sound(raw, EAR_RATE_HZ).samples
    raw.unlink()
    gain = 10 ** ((LEVEL_DB - active_level_db(samples)) / 20) if np.any(samples) else 1.0
    soundfile.write(path, samples * gain, EAR_RATE_HZ)
