"""Recordings of people, read from a folder into corpora.

Beside a layout of our own two public ones are read as they come: Common Voice (``clips/`` and
``validated.tsv``) and the Multilingual Spoken Words Corpus (``en_splits.csv`` or ``splits.csv``
and ``clips/``), each at the top of the folder or in a folder of its own below it.
"""

import csv
import re
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
    "people": "words and sentences from public repositories, each with a licence of its own: "
    "CC0, public domain, CC BY (people.tsv)",
    "common-voice": "Common Voice, CC0; Mozilla and its contributors",
    "mswc": "Multilingual Spoken Words Corpus, CC BY 4.0; MLCommons",
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


def words_said(text: str) -> str:
    """A transcript in lower case, with nothing but letters, digits and apostrophes inside words."""
    plain = text.lower().replace("’", "'").replace("-", " ")
    return " ".join(re.findall(r"[^\W_]+(?:'[^\W_]+)*", plain))


def list_people(audio: Path) -> Iterator[Recording]:
    """Every transcribed recording under ``audio`` (the README here tells its layout).

    Where the speaker is not known every recording counts as a speaker of its own.
    """
    for folder, table in (
        ("commands", "commands.tsv"),
        ("words", "words.tsv"),
        ("speech", "transcripts.tsv"),
        ("people", "people.tsv"),
    ):
        for row in _rows(audio / folder / table):
            path = audio / folder / row["file"]
            text = row["text"].strip().lower()
            if folder == "commands":
                source = "an4"
            elif folder == "words":
                source = "wake-words" if text in WAKE_WORDS else "speech-commands"
            elif folder == "people":
                source, text = "people", words_said(text)
            else:
                source = row["file"].split("/")[0]
            yield Recording(path, source, row["speaker"].strip() or path.stem, text)
    for folder in (audio, *sorted(one for one in audio.iterdir() if one.is_dir())):
        yield from list_common_voice(folder)
        yield from list_mswc(folder)


def list_common_voice(folder: Path) -> Iterator[Recording]:
    """The validated recordings of Common Voice's folder of one language.

    ``validated.tsv`` has, among others, the columns ``client_id``, ``path`` and ``sentence``.
    """
    for row in _rows(folder / "validated.tsv"):
        text = words_said(row["sentence"])
        if text:
            path = folder / "clips" / row["path"]
            yield Recording(path, "common-voice", row["client_id"], text)


def list_mswc(folder: Path) -> Iterator[Recording]:
    """The recordings of the Multilingual Spoken Words Corpus that were found to be valid.

    Its table has the columns ``LINK`` (below ``clips/``), ``WORD``, ``VALID`` and ``SPEAKER``.
    """
    for name in ("en_splits.csv", "splits.csv"):
        for row in _rows(folder / name, ","):
            if row.get("VALID", "True").strip().lower() != "true":
                continue
            path = folder / "clips" / row["LINK"]
            speaker = row["SPEAKER"].strip()
            if speaker in ("", "NA"):
                speaker = path.stem
            yield Recording(path, "mswc", speaker, words_said(row["WORD"]))


def _rows(table: Path, delimiter: str = "\t") -> Iterator[dict[str, str]]:
    """The rows of a table; none where there is no table. A quote means nothing between tabs."""
    if table.is_file():
        quoting = csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
        with table.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines, delimiter=delimiter, quoting=quoting)


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
