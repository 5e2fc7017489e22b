"""The clips of all corpora in memory, sorted into pools from which sequences are laid out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from train.corpus import UNLABELLED, Clip, Corpus, is_complete
from train.kokoro_texts import ALONE, SHARD

TALK_SECONDS = 2.5
"""Clips without a command that are longer than this are talk, shorter ones are words."""
MOST_LOOSE_WORDS = 3
NO_PHRASE, FREE, FILLER = -3, -2, -1
"""A frame's phrase: silence or speech, but no phrase; anything; speech that is no phrase."""
LIKE_SPEECH = frozenset({"reversed-speech", "scrambled-speech", "vowel-tone", "hum"})
"""Events whose frames are those of speech, one by one: they have no phones to learn."""
CORPORA = ("people", "synthetic", "events")
NEAR = "kokoro"
"""What the names of corpora of near-human voices begin with; and their source."""
ALONE_FROM = f"{NEAR}-{ALONE // SHARD:04}"
"""The near-human corpora from this one on hold phrases and words that were said alone."""


def corpora_in(work: Path) -> tuple[str, ...]:
    """The names of all corpora that are there, those of near-human voices included."""
    folder = work / "corpora"
    near = sorted(path.stem for path in folder.glob(f"{NEAR}-*.jsonl"))
    return (*(name for name in CORPORA if is_complete(folder, name)), *near)


@dataclass(frozen=True, slots=True)
class Pool:
    """Clips of one kind; all arrays have one entry for every clip."""

    start: NDArray[np.int64]
    """First sample in `Sounds.samples`."""
    samples: NDArray[np.int64]
    level: NDArray[np.float32]
    """Root mean square of its active part, on the 16-bit scale."""
    phrase: NDArray[np.int16]
    """Index of the phrase it is, `FILLER` or `FREE`."""
    share: NDArray[np.float64]
    """How likely it is to be drawn; sums to 1."""

    def draw(self, rng: np.random.Generator, n: int) -> NDArray[np.int64]:
        """Indices of n clips."""
        return np.searchsorted(np.cumsum(self.share), rng.random(n), side="right").clip(
            max=len(self.share) - 1
        )


@dataclass(frozen=True, slots=True)
class Sounds:
    """Everything that is heard in training."""

    samples: NDArray[np.int16]
    """All clips after one another."""
    labels: NDArray[np.uint8]
    """One for every 10 ms."""
    pools: dict[str, Pool]
    noise: NDArray[np.int16]
    """All noise after one another."""
    noise_pieces: dict[str, list[tuple[int, int]]]
    """For every kind of noise the first sample and length of its pieces."""
    rooms: Tensor
    """Impulse responses, shape (rooms, taps), on the device."""

    @property
    def device(self) -> torch.device:
        """Where batches are made."""
        return self.rooms.device


def active_level(samples: NDArray[np.int16]) -> float:
    """Root mean square of the hops (20 ms) within 20 dB of the loudest."""
    hops = samples[: len(samples) // 320 * 320].astype(np.float32).reshape(-1, 320)
    power = np.square(hops - hops.mean()).mean(1) if len(hops) else np.ones(1, np.float32)
    loud = power[power >= 0.01 * power.max(initial=0)]
    return float(max(np.sqrt(loud.mean()), 1.0))


def phrase_of(text: str, phrases: Sequence[str], vocabulary: frozenset[str]) -> int:
    """The phrase that a text is, else unknown speech, also when a phrase's words are in it.

    A few words alone that are partly those of phrases may be explained either way.
    """
    if text in phrases:
        return phrases.index(text)
    words = text.split()
    return FREE if vocabulary & set(words) and len(words) <= MOST_LOOSE_WORDS else FILLER


def _pool_name(corpus: str, clip: Clip, phrase: int) -> str:
    if corpus == "events":
        return "events"
    kind = "people" if corpus == "people" else "near" if clip.source == NEAR else "synthetic"
    if phrase >= 0:
        return f"command {kind}"
    return f"{'talk' if clip.samples > TALK_SECONDS * 16_000 else 'word'} {kind}"


def _text_of(corpus: str, clip: Clip) -> str:
    """Clips of one text share how often they are drawn. Sounds without speech have no text but
    their source. A lone phrase sounds different, so it counts as another text."""
    if corpus == "events":
        return f"{clip.source} {clip.text}"
    is_alone = clip.source == NEAR and corpus >= ALONE_FROM
    return f"{clip.text}, alone" if is_alone else clip.text


def load_sounds(
    work: Path,
    phrases: Sequence[str],
    device: torch.device,
    left_out: frozenset[tuple[str, str]] = frozenset(),
    corpora: Iterable[str] | None = None,
) -> Sounds:
    """Read the corpora, without the clips of the speakers (source, speaker) left out."""
    vocabulary = frozenset(word for phrase in phrases for word in phrase.split())
    samples: list[NDArray[np.int16]] = []
    labels: list[NDArray[np.uint8]] = []
    rows: dict[str, list[tuple[int, int, float, int, str]]] = {}
    at = 0
    for name in corpora_in(work) if corpora is None else corpora:
        corpus = Corpus(work / "corpora", name)
        for clip in corpus:
            known = corpus.labels(clip)
            if (clip.source, clip.speaker) in left_out or not len(known):
                continue
            if clip.text and (known == UNLABELLED).all():
                continue
            phrase = phrase_of(clip.text, phrases, vocabulary) if clip.text else NO_PHRASE
            if clip.source in LIKE_SPEECH:
                known = np.full_like(known, UNLABELLED)
            sound = corpus.samples(clip)
            rows.setdefault(_pool_name(name, clip, phrase), []).append(
                (at, clip.samples, active_level(sound), phrase, _text_of(name, clip))
            )
            samples.append(sound)
            labels.append(known)
            at += clip.samples
    noise, pieces = _load_noise(work)
    rooms = np.load(work / "corpora" / "rooms.npz")
    responses = rooms[rooms.files[0]].astype(np.float32)
    return Sounds(
        np.concatenate(samples),
        np.concatenate(labels),
        {name: _pool(found) for name, found in rows.items()},
        noise,
        pieces,
        torch.from_numpy(responses).to(device),
    )


def _pool(rows: list[tuple[int, int, float, int, str]]) -> Pool:
    """Texts that are there often are drawn more often, but only by the root of their number."""
    texts = [row[4] for row in rows]
    _unique, inverse, counts = np.unique(texts, return_inverse=True, return_counts=True)
    share = counts[inverse] ** -0.5
    return Pool(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] for row in rows], np.float32),
        np.array([row[3] for row in rows], np.int16),
        share / share.sum(),
    )


def _load_noise(work: Path) -> tuple[NDArray[np.int16], dict[str, list[tuple[int, int]]]]:
    assert is_complete(work / "corpora", "noise")
    corpus = Corpus(work / "corpora", "noise")
    pieces: dict[str, list[tuple[int, int]]] = {}
    sounds, at = [], 0
    for clip in corpus:
        sounds.append(corpus.samples(clip))
        pieces.setdefault(clip.source, []).append((at, clip.samples))
        at += clip.samples
    return np.concatenate(sounds), pieces
