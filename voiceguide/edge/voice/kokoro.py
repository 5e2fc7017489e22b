"""The Kokoro voice: renders a sentence at an even pace, with the time of each word.

It is Kokoro-82M (Apache 2.0), int8, run by onnxruntime; its phonemes come from espeak-ng through
the package kokoro-onnx. Deterministic up to the runtime's arithmetic.
"""

import hashlib
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SpeechError
from voiceguide.core.rates import VOICE_RATE_HZ
from voiceguide.core.spoken import words
from voiceguide.core.timeline.speech import spoken_seconds
from voiceguide.edge.voice.kokoro_model import durations_alone, with_durations
from voiceguide.edge.voice.respelling import as_written, respelled
from voiceguide.sound.clip import Clip

FRAME_SECONDS = 0.025
RECIPE = "3"
"""Part of every key of a rendering; raise it when a change here changes the sound."""
ENGINE = "Kokoro-82M v1.0, int8"
LICENCE = "Apache-2.0"
SLOWEST, FASTEST = 0.6, 1.4
"""The speeds between which the voice sounds natural; 1 is its own."""

_TOLERANCE = 0.02
_LONGEST_PHONEMES = 400
_MARKS = frozenset(',;:—…()"“”.!?')
"""Symbols that make a pause; neither they nor a space after them count for the pace."""
_NO_SOUND = _MARKS | {" "}


class Kokoro:
    """Renders sentences. Not thread-safe: one thread asks.

    Args:
        model: the bytes of the published model (``whole_model``).
        style: the voice, float32, shape (510, 1, 256): a row for each number of phonemes.
        language: as espeak-ng calls it, ``en-us`` or ``en-gb``.
        threads: how many the runtime may use.
        spellings: how a person wants words said, by the lower-case word.

    Raises:
        SpeechError: the package kokoro-onnx is not installed.
    """

    def __init__(
        self,
        model: bytes,
        style: NDArray[np.float32],
        language: str = "en-us",
        threads: int = 1,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        try:
            import onnxruntime
            from kokoro_onnx.tokenizer import Tokenizer
        except ImportError as error:
            raise SpeechError(f"the Kokoro voice is not installed ({error})") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        provider = ["CPUExecutionProvider"]
        self._whole = onnxruntime.InferenceSession(with_durations(model), options, provider)
        self._timer = onnxruntime.InferenceSession(durations_alone(model), options, provider)
        self._tokenizer: Any = Tokenizer()
        self._style = style
        self._language = language
        self._spellings = dict(spellings or {})
        self._alone = lru_cache(4096)(self._phonemes)

    def render(self, text: str, words_per_minute: int = 150) -> Clip:
        """The sentence as sound with its words, untrimmed, as even in pace as the voice allows.

        Raises:
            SpeechError: it holds nothing that the voice can say.
        """
        written = respelled(text, own=self._spellings)
        parts, told = [], []
        start = 0.0
        for piece in self._pieces(written):
            sound, said = self._piece(piece, words_per_minute)
            told += [
                SpokenWord(word.text, word.start_seconds + start, word.end_seconds + start)
                for word in said
            ]
            parts.append(sound)
            start += len(sound) / VOICE_RATE_HZ
        if not parts:
            raise SpeechError(f"there is nothing to say in the text “{text}”")
        return Clip(np.concatenate(parts), VOICE_RATE_HZ, tuple(told))

    def phonemes(self, text: str) -> str:
        """The phonemes that the voice is given for a text."""
        return self._phonemes(respelled(text, own=self._spellings))

    def _phonemes(self, text: str) -> str:
        found: str = self._tokenizer.phonemize(text, self._language)
        return self._tokenizer.known(" ".join(found.split()))  # type: ignore[no-any-return]

    def _pieces(self, text: str) -> list[str]:
        """The text in pieces, cut between words where it is too long for the model."""
        pieces, present = [], ""
        for word in text.split():
            longer = f"{present} {word}".strip()
            if present and len(longer) > _LONGEST_PHONEMES * 2 // 3:
                pieces.append(present)
                longer = word
            present = longer
        return [piece for piece in [*pieces, present] if self._phonemes(piece).strip(" .,")]

    def _piece(
        self, text: str, words_per_minute: int
    ) -> tuple[NDArray[np.float32], list[SpokenWord]]:
        phonemes = self._phonemes(text)
        tokens = self._tokenizer.tokenize(phonemes)
        style = self._style[min(len(tokens), len(self._style)) - 1]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style.astype(np.float32),
            "speed": np.array([self._speed(text, phonemes, tokens, style, words_per_minute)], "f4"),
        }
        audio, frames = self._whole.run(["audio", "duration"], inputs)
        edges = np.cumsum(np.ravel(frames)) * FRAME_SECONDS
        return np.ravel(audio).astype(np.float32), self._words(text, phonemes, edges)

    def _speed(
        self,
        text: str,
        phonemes: str,
        tokens: Sequence[int],
        style: NDArray[np.float32],
        words_per_minute: int,
    ) -> float:
        """The speed at which the text, pauses aside, takes as long as it should."""
        wanted = spoken_seconds(text, words_per_minute)
        speed = 1.0
        for _ in range(4):
            inputs = {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": style.astype(np.float32),
                "speed": np.array([speed], np.float32),
            }
            frames = np.ravel(self._timer.run(None, inputs)[0])[1:-1]
            pauses = _pauses(phonemes)
            sounding = float(
                sum(frames[index] for index in range(len(frames)) if not pauses[index])
            )
            ratio = sounding * FRAME_SECONDS / wanted
            if abs(ratio - 1) < _TOLERANCE:
                break
            speed = min(max(speed * ratio, SLOWEST), FASTEST)
        return speed

    def _words(self, text: str, phonemes: str, edges: NDArray[np.float64]) -> list[SpokenWord]:
        """Each written word with its times.

        Args:
            edges: the second at which each token begins; the silence before the first word is one.
        """
        groups: list[tuple[str, float, float]] = []
        at = 0
        for group in phonemes.split(" "):
            sounds = [index for index, symbol in enumerate(group, at) if symbol not in _NO_SOUND]
            if sounds:
                first, last = sounds[0], sounds[-1]
                groups.append((group, float(edges[first]), float(edges[last + 1])))
            at += len(group) + 1
        written = [word for word in text.split() if words(word)]
        alone = [self._alone(word) for word in written]
        return [
            SpokenWord(word, start, end)
            for (first, last), (one, until) in _matched(alone, [group[0] for group in groups])
            for start, end, spoken in _shared(groups[one:until], written[first:last])
            for word in words(as_written(spoken, own=self._spellings))
        ]


def _pauses(phonemes: str) -> list[bool]:
    """For each symbol, whether it is part of a pause."""
    return [
        symbol in _MARKS or (symbol == " " and before in _MARKS)
        for before, symbol in zip("." + phonemes, phonemes, strict=False)
    ]


def _shared(
    groups: Sequence[tuple[str, float, float]], written: Sequence[str]
) -> list[tuple[float, float, str]]:
    """Start, end and text of words that were spoken in one go: they share its time by their
    letters.
    """
    start, end = groups[0][1], groups[-1][2]
    letters = [len(word) for word in written]
    ends = np.cumsum(letters) / sum(letters) * (end - start) + start
    return list(zip([start, *ends[:-1].tolist()], ends.tolist(), written, strict=True))


def _matched(
    alone: Sequence[str], groups: Sequence[str]
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Match written words with groups of phonemes: espeak-ng runs small words together ("of the"),
    and makes several of a number.

    Args:
        alone: the phonemes of each written word by itself.
        groups: the phonemes of the sentence, group by group.

    Returns:
        pairs of a slice of the words and a slice of the groups, in order: each (first, end).
    """
    if len(alone) == len(groups):
        return [((one, one + 1), (one, one + 1)) for one in range(len(alone))]
    steps = [(1, 1), (2, 1), (3, 1), (1, 2), (1, 3), (1, 4), (2, 2), (4, 1)]
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {(0, 0): (0.0, None)}
    for one in range(len(alone) + 1):
        for other in range(len(groups) + 1):
            if (one, other) not in best:
                continue
            cost = best[one, other][0]
            for some, many in steps:
                to = (one + some, other + many)
                if to[0] > len(alone) or to[1] > len(groups):
                    continue
                spoken = "".join(groups[other : to[1]])
                written = "".join(alone[one : to[0]]).replace(" ", "")
                unlike = 1 - SequenceMatcher(None, written, spoken, autojunk=False).ratio()
                total = cost + unlike * (some + many) + 0.01 * (some + many - 2)
                if to not in best or total < best[to][0]:
                    best[to] = (total, (one, other))
    end = (len(alone), len(groups))
    if end not in best:
        return [((0, len(alone)), (0, len(groups)))]
    pairs: list[tuple[tuple[int, int], tuple[int, int]]] = []
    while best[end][1] is not None:
        before = best[end][1]
        assert before
        pairs.append(((before[0], end[0]), (before[1], end[1])))
        end = before
    return pairs[::-1]


def rendering(
    voice: str, text: str, words_per_minute: int, spellings: Mapping[str, str] | None = None
) -> str:
    """The key of a sentence's sound, made of all that the sound depends on."""
    spelled = respelled(text, own=spellings or {})
    parts = ("kokoro", RECIPE, voice, str(words_per_minute), spelled)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def load_style(path: Path) -> NDArray[np.float32]:
    """The style of a voice from a file: 510 rows of 256 little-endian numbers, float32 or float16;
    its size tells which.

    Raises:
        SpeechError: the file cannot be read, or is no voice.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SpeechError(f"the voice {path} cannot be read: {error.strerror}") from error
    kind = {510 * 256 * 4: "<f4", 510 * 256 * 2: "<f2"}.get(len(data))
    if kind is None:
        raise SpeechError(f"{path} is no voice of Kokoro: {len(data)} bytes")
    return np.frombuffer(data, kind).astype(np.float32).reshape(510, 1, 256)
