"""Recordings of people, read from a folder into corpora."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from train.corpus import SAMPLE_RATE_HZ, CorpusWriter, is_complete

LICENCES = {
    "an4": "CMU AN4, free for any purpose; Carnegie Mellon University, 1991–2005",
    "librispeech": "LibriSpeech test-other, CC BY 4.0; Vassil Panayotov and others",
    "vctk": "CSTR VCTK Corpus, CC BY 4.0; University of Edinburgh",
    "speech-commands": "Speech Commands, CC BY 4.0; Google",
    "wake-words": "wake-word-benchmark, Apache 2.0; Picovoice",
}
WAKE_WORDS = frozenset(
    {"alexa", "computer", "jarvis", "smart mirror", "snowboy", "view glass"},
)
"""Texts in ``words/`` that are from the wake-word-benchmark; its speakers are not named."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A file, who speaks and what."""

    path: Path
    source: str
    speaker: str
    text: str


def list_people(audio: Path) -> Iterator[Recording]:
    """Every transcribed recording under ``audio`` (the README here tells its layout).

    Where the speaker is not known every recording counts as a speaker of its own.
    """
    for folder, table in (
        ("commands", "commands.tsv"),
        ("words", "words.tsv"),
        ("speech", "transcripts.tsv"),
    ):
        if not (audio / folder / table).is_file():
            continue
        with (audio / folder / table).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                path = audio / folder / row["file"]
                text = row["text"].strip().lower()
                if folder == "commands":
                    source = "an4"
                elif folder == "words":
                    source = "wake-words" if text in WAKE_WORDS else "speech-commands"
                else:
                    source = row["file"].split("/")[0]
                yield Recording(path, source, row["speaker"].strip() or path.stem, text)


def read_recording(path: Path) -> NDArray[np.int16]:
    """Any sound file as 16 kHz mono, shape (n,)."""
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples[:, 0]
    if rate_hz != SAMPLE_RATE_HZ:
        mono = soxr.resample(mono, rate_hz, SAMPLE_RATE_HZ)
    return np.asarray(np.clip(mono * 32768, -32768, 32767).round(), np.int16)


def gather_people(work: Path, audio: Path) -> None:
    """Write the corpus ``people`` once; a recording that cannot be read ends it with its name."""
    folder = work / "corpora"
    if is_complete(folder, "people"):
        return
    with CorpusWriter(folder, "people") as corpus:
        for one in list_people(audio):
            try:
                samples = read_recording(one.path)
            except soundfile.LibsndfileError as error:
                raise SystemExit(f"{one.path} cannot be read ({error}).") from error
            corpus.add(samples, source=one.source, speaker=one.speaker, text=one.text)
