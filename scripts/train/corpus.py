"""Corpora on disk: one raw file of samples, one list of clips, one file of phone labels."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
FRAME_SAMPLES = 160
"""Labels are given for every 10 ms."""
PHONES = (  # noqa: SIM905
    "SIL AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K "
    "L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
).split()
"""Label 0 is silence (and every sound that is no speech); 1–39 are those of CMUdict."""
UNLABELLED = 255
"""The label of a frame of which nobody knows what it is."""


@dataclass(frozen=True, slots=True)
class Clip:
    """One recording in a corpus."""

    source: str
    """Where it is from: ``an4``, ``speech-commands``, ``espeak-ng``, ``tap`` …"""
    speaker: str
    """Who speaks, unique within the source; for synthetic voices the voice and its variant."""
    text: str
    """Words in lower case; empty for sounds without speech."""
    start: int
    """First sample in the raw file."""
    samples: int


class CorpusWriter:
    """Writes ``NAME.i16``, ``NAME.labels`` and ``NAME.jsonl``; the last one appears when all is
    written, so a corpus that was interrupted is not taken for a whole one."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._final = folder / f"{name}.jsonl"
        self._final.unlink(missing_ok=True)
        self._samples = (folder / f"{name}.i16").open("wb")
        self._labels = (folder / f"{name}.labels").open("wb")
        self._clips: list[Clip] = []
        self._at = 0

    def __enter__(self) -> "CorpusWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._samples.close()
        self._labels.close()
        if kind is None:
            lines = "".join(json.dumps(asdict(clip)) + "\n" for clip in self._clips)
            part = self._final.with_suffix(".part")
            part.write_text(lines, encoding="utf-8")
            part.replace(self._final)

    def add(
        self,
        samples: NDArray[np.int16],
        *,
        source: str,
        speaker: str,
        text: str,
        labels: NDArray[np.uint8] | None = None,
    ) -> None:
        """Append a clip of 16 kHz mono samples; a last part of less than 10 ms is dropped.

        Args:
            labels: one index into ``PHONES`` for every 10 ms; None when they are not known yet.
        """
        frames = len(samples) // FRAME_SAMPLES
        if labels is None:
            labels = np.full(frames, UNLABELLED if text else 0, np.uint8)
        padded = np.zeros(frames, np.uint8)
        padded[: len(labels)] = labels[:frames]
        self._samples.write(np.asarray(samples[: frames * FRAME_SAMPLES], np.int16).tobytes())
        self._labels.write(padded.tobytes())
        self._clips.append(Clip(source, speaker, text, self._at, frames * FRAME_SAMPLES))
        self._at += frames * FRAME_SAMPLES


class Corpus:
    """A corpus to read."""

    def __init__(self, folder: Path, name: str) -> None:
        lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        self.clips = [Clip(**json.loads(line)) for line in lines]
        self._samples = np.memmap(folder / f"{name}.i16", np.int16, "r")
        self._labels_file = folder / f"{name}.labels"
        self._labels = np.fromfile(self._labels_file, np.uint8)

    def __iter__(self) -> Iterator[Clip]:
        return iter(self.clips)

    def samples(self, clip: Clip) -> NDArray[np.int16]:
        """The sound of a clip, shape (clip.samples,)."""
        return np.asarray(self._samples[clip.start : clip.start + clip.samples])

    def labels(self, clip: Clip) -> NDArray[np.uint8]:
        """Its labels, one for every 10 ms."""
        first = clip.start // FRAME_SAMPLES
        return self._labels[first : first + clip.samples // FRAME_SAMPLES]

    def relabel(self, clip: Clip, labels: NDArray[np.uint8]) -> None:
        """Give a clip other labels; kept in the file by `save_labels`."""
        self.labels(clip)[:] = labels[: clip.samples // FRAME_SAMPLES]

    def save_labels(self) -> None:
        """Write the labels back."""
        part = self._labels_file.with_suffix(".part")
        part.write_bytes(self._labels.tobytes())
        part.replace(self._labels_file)


def is_complete(folder: Path, name: str) -> bool:
    """Whether this corpus was written to its end."""
    return (folder / f"{name}.jsonl").exists()
