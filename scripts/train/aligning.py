"""First phone labels for speech, by forced alignment with PocketSphinx's English model."""

import contextlib
import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from train.corpus import FRAME_SAMPLES, PHONES, UNLABELLED, Corpus

EXTRA_WORDS = {
    "alexa": "AH L EH K S AH",
    "snowboy": "S N OW B OY",
    "jarvis": "JH AA R V IH S",
    "rubout": "R AH B AW T",
    "viewglass": "V Y UW G L AE S",
    "décolletage": "D EY K OW L AH T AA ZH",
}
"""Words of the recordings that CMUdict lacks."""
BEAMS = (1e-48, 1e-64)
"""Wider ones fail more often: the scores underflow."""
EDGE_SECONDS = 0.1
"""Silence put around a clip: words cut at their first sample are aligned too."""
LOUDEST = 12_000
"""Clips are brought to this peak before they are aligned; recordings may be very soft."""


class Aligner:
    """Labels of a clip from its words; not for several threads."""

    def __init__(self) -> None:
        import pocketsphinx

        self._decoders = [
            pocketsphinx.Decoder(samprate=16000, loglevel="FATAL", lm=None, beam=beam)
            for beam in BEAMS
        ]
        for word, phones in EXTRA_WORDS.items():
            for decoder in self._decoders:
                if decoder.lookup_word(word) is None:
                    decoder.add_word(word, phones, True)

    def align(self, samples: NDArray[np.int16], text: str) -> NDArray[np.uint8] | None:
        """One label for every 10 ms, or None when the words were not found in the sound."""
        words = re.findall(r"[\w'.-]+", text.lower())
        peak = int(np.abs(samples.astype(np.int32)).max(initial=0))
        if not words or peak < 50:
            return None
        edge = np.zeros(round(EDGE_SECONDS * 16000), np.float64)
        loud = np.concatenate((edge, samples * (LOUDEST / peak), edge))
        rng = np.random.default_rng(len(samples))
        sound = (loud + rng.normal(0, 3, len(loud))).astype(np.int16).tobytes()
        for decoder in self._decoders:
            if any(decoder.lookup_word(word) is None for word in words):
                return None
            with contextlib.suppress(RuntimeError):
                return self._phones(decoder, sound, " ".join(words), len(samples))
        return None

    def _phones(
        self, decoder: object, sound: bytes, text: str, samples: int
    ) -> NDArray[np.uint8] | None:
        """Two passes: the words, then their phones."""
        decoder.set_align_text(text)  # type: ignore[attr-defined]
        _hear(decoder, sound)
        if decoder.hyp() is None:  # type: ignore[attr-defined]
            raise RuntimeError("not aligned")
        decoder.set_alignment()  # type: ignore[attr-defined]
        _hear(decoder, sound)
        edge = round(EDGE_SECONDS * 100)
        labels = np.zeros(samples // FRAME_SAMPLES + 2 * edge + 2, np.uint8)
        for word in decoder.get_alignment():  # type: ignore[attr-defined]
            for phone in word:
                if phone.name in PHONES:
                    labels[phone.start : phone.start + phone.duration] = PHONES.index(phone.name)
        labels = labels[edge : edge + samples // FRAME_SAMPLES]
        return labels if labels.any() else None


def _hear(decoder: object, sound: bytes) -> None:
    decoder.start_utt()  # type: ignore[attr-defined]
    decoder.process_raw(sound, no_search=False, full_utt=True)  # type: ignore[attr-defined]
    decoder.end_utt()  # type: ignore[attr-defined]


_worker: dict[str, object] = {}


def _begin(folder: Path, name: str) -> None:
    _worker.update(corpus=Corpus(folder, name), aligner=Aligner())


def _align(index: int) -> NDArray[np.uint8] | None:
    corpus, aligner = _worker["corpus"], _worker["aligner"]
    assert isinstance(corpus, Corpus) and isinstance(aligner, Aligner)
    clip = corpus.clips[index]
    return aligner.align(corpus.samples(clip), clip.text)


def align_corpus(work: Path, name: str, jobs: int) -> Iterator[tuple[int, int, int]]:
    """Label every clip of a corpus that has none yet; yields (done, failed, all).

    What is done is saved every few hundred clips, so an interrupted run goes on from there.
    Clips that cannot be aligned keep `UNLABELLED` and are left out of training.
    """
    folder = work / "corpora"
    corpus = Corpus(folder, name)
    todo = [
        index
        for index, clip in enumerate(corpus.clips)
        if clip.text and (corpus.labels(clip) == UNLABELLED).all()
    ]
    failed = 0
    with multiprocessing.Pool(jobs, _begin, (folder, name)) as pool:
        for done, labels in enumerate(pool.imap(_align, todo, chunksize=8), 1):
            failed += labels is None
            if labels is not None:
                corpus.relabel(corpus.clips[todo[done - 1]], labels)
            if done % 500 == 0 or done == len(todo):
                corpus.save_labels()
                yield done, failed, len(todo)
