"""The sentences, and their sound at the listener."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from bench.ears.clips import table_rows
from bench.ears.mixing import heard_at, noise_at

from voiceguide.core.errors import SettingsError
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.core.session.sayings import routine_sayings
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.sound_file import read_sound
from voiceguide.edge.voice.choice import local_voice
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.rehearsal.air import TAP
from voiceguide.sound.clip import Clip, Samples
from voiceguide.sound.resample import resample
from voiceguide.sound.speech import tidy_speech
from voiceguide.sound.voice_port import speak

ROUTINE = "serum-ritual"
WORDS = range(5, 19)
MARGIN_SECONDS = 0.5
"""How long the noise is heard alone before and after a sentence."""
TABLES = (("speech", "transcripts.tsv"), ("people", "people.tsv"))
SPELLED = frozenset({"an4"})
"""Folders of letters and digits, which are no sentences."""
_TURNED_SAMPLES = 7_919
"""How far the noise moves on from sentence to sentence."""


def sentences(count: int) -> list[str]:
    """Some sentences of the routine, in order; the same in every run."""
    sayings = dict.fromkeys(routine_sayings(load_bundled()[ROUTINE]))
    texts = [text for text in sayings if len(text.split()) in WORDS]
    chosen = np.random.default_rng(3).choice(len(texts), min(count, len(texts)), replace=False)
    return [texts[index] for index in sorted(chosen)]


def spoken(voice_name: str, texts: Sequence[str], words_per_minute: int) -> list[Clip]:
    """Each of these texts, said by a voice."""
    voice, _ = local_voice(voice_name, texts)
    with closing(voice):
        return [speak(voice, text, words_per_minute) for text in texts]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A sentence that a person read, and its recording."""

    text: str
    clip: Clip


def recorded(audio: Path, count: int) -> list[Recorded]:
    """Some sentences of people, as long as ours, as loud as ours; the same in every run.

    They are taken from the tables that tell what is said in a recording
    (``scripts/train/README.md``).
    """
    rows = [
        (folder / row["file"], row["text"])
        for folder, table in ((audio / one, two) for one, two in TABLES)
        for row in table_rows(folder / table)
        if len(row["text"].split()) in WORDS and (folder / row["file"]).parent.name not in SPELLED
    ]
    if not rows:
        raise SettingsError(
            f"{audio} holds no sentences with their texts; give another folder to --audio"
        )
    chosen = np.random.default_rng(3).choice(len(rows), min(count, len(rows)), replace=False)
    return [
        Recorded(text, tidy_speech(read_sound(path, EAR_RATE_HZ)))
        for path, text in (rows[index] for index in sorted(chosen))
    ]


def heard(
    clips: Sequence[Clip], plain: Sequence[Clip], place: str, snr_db: float | None
) -> list[Samples]:
    """Each clip as it is heard at a place in the bathroom, beside a tap or in quiet, 16 kHz.

    The level of the noise is set against the sentence as it is usually spoken.
    """
    tap = read_sound(TAP, EAR_RATE_HZ).samples
    made = []
    for number, (clip, usual) in enumerate(zip(clips, plain, strict=True)):
        voice = _at(place, clip)
        if snr_db is not None:
            noise = noise_at(place, np.resize(np.roll(tap, -number * _TURNED_SAMPLES), len(voice)))
            noise_db = 10 * np.log10(np.mean(np.square(noise, dtype=np.float64)))
            gain_db = active_level_db(_at(place, usual)) - snr_db - noise_db
            voice = voice + noise * np.float32(10 ** (gain_db / 20))
        made.append(voice)
    return made


def _at(place: str, clip: Clip) -> Samples:
    margin = round(MARGIN_SECONDS * EAR_RATE_HZ)
    return heard_at(place, np.pad(resample(clip, EAR_RATE_HZ).samples, margin))
