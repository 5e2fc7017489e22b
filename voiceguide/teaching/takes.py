"""Takes: a word that is said once, cut out of a microphone's sound, and judged by its sound."""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.utterance import Utterance, UtteranceTracker
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ, HOP_SECONDS
from voiceguide.sound.clip import Samples
from voiceguide.sound.noise import NoiseMeter
from voiceguide.sound.quiet import quiet_like

MARGIN_SECONDS = 0.6
"""How much sound is kept before and after the word, from which the ears learn the background."""
END_SECONDS = 0.7
"""The silence that ends a take; gaps within words such as *next* are shorter."""
WAIT_SECONDS = 5.0
"""After this much silence a person may not have noticed the knock."""
LONGEST_SECONDS = 3.5
"""The longest take that is waited for."""
CLOSE_SECONDS = 1.5
"""A recording up to this long may be cut so close that it holds only its word."""
SHORTEST_SECONDS = 0.08
"""A shorter sound was a drop, a click or a knock."""
SOFTEST_DB = 6.0
"""The least level of a take over the noise in dB: twice as many as the ears ask for."""
CLIPPED_LEVEL = 0.98
CLIPPED_SAMPLES = 8
"""How many samples at the microphone's limit make a crackle that can be heard."""

Block = NDArray[np.int16]

_AROUND: Samples = np.zeros(2 * EAR_RATE_HZ, np.float32)
"""Two seconds of quiet: half before a recording, half after it."""


class Flaw(StrEnum):
    """Why a take is of no use."""

    SILENT = "nothing was said"
    SOFT = "too soft"
    CLIPPED = "too loud for the microphone"
    LONG = "too long"
    OTHER = "another word"


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A word, said once."""

    samples: Samples
    """16 kHz, with some quiet on both sides."""
    word_seconds: float
    snr_db: float
    """Level of the word over that of the noise around it."""


def flaw_of(take: Take, phrase: Phrase) -> Flaw | None:
    """What is wrong with the sound of a take; None if nothing is."""
    if np.count_nonzero(np.abs(take.samples) >= CLIPPED_LEVEL) >= CLIPPED_SAMPLES:
        return Flaw.CLIPPED
    if take.snr_db < SOFTEST_DB:
        return Flaw.SOFT
    limits = Thresholds()
    longest = limits.longest_base_seconds + limits.longest_letter_seconds * len(phrase.text)
    if take.word_seconds > longest:
        return Flaw.LONG
    return None


class TakeCutter:
    """Waits for one word in a stream of blocks and cuts it out.

    It is fed all the time, so that it knows the noise, but only what is said after ``open`` counts.
    Samples are its clock.
    """

    def __init__(self) -> None:
        self._meter = NoiseMeter(EAR_RATE_HZ)
        self._tracker = UtteranceTracker()
        self._kept: deque[Block] = deque()
        self._fed = 0
        self._hops = 0
        self._opened: float | None = None

    def open(self) -> None:
        """Take the next word as a take."""
        self._tracker.clear()
        self._opened = self._hops * HOP_SECONDS

    def feed(self, block: Block) -> Take | Flaw | None:
        """Take in sound, 16 kHz mono, shape (n,); return the take it completes, or its flaw."""
        self._kept.append(block)
        self._fed += len(block)
        readings = self._meter.read(block.astype(np.float32) / np.float32(32768))
        self._hops += len(readings)
        now = self._hops * HOP_SECONDS
        if self._opened is None:
            self._forget(now - MARGIN_SECONDS)
            return None
        self._tracker.update(now, readings)
        utterance = self._tracker.utterance
        if utterance is None:
            self._forget(now - 2 * MARGIN_SECONDS)
            return self._closed(Flaw.SILENT) if now - self._opened >= WAIT_SECONDS else None
        if utterance.seconds > LONGEST_SECONDS:
            return self._closed(Flaw.LONG)
        if now - utterance.end_seconds < END_SECONDS:
            return None
        if utterance.seconds < SHORTEST_SECONDS:
            self._tracker.clear()
            return None
        return self._closed(self._cut(utterance))

    def _closed(self, outcome: Take | Flaw) -> Take | Flaw:
        self._opened = None
        return outcome

    def _cut(self, utterance: Utterance) -> Take:
        sound = np.concatenate(self._kept)
        begin = self._fed - len(sound)
        first = round((utterance.onset_seconds - MARGIN_SECONDS) * EAR_RATE_HZ) - begin
        last = round((utterance.end_seconds + MARGIN_SECONDS) * EAR_RATE_HZ) - begin
        cut = sound[max(0, first) : max(0, last)]
        return Take(cut.astype(np.float32) / np.float32(32768), utterance.seconds, utterance.snr_db)

    def _forget(self, before_seconds: float) -> None:
        """Drop sound that can no longer belong to a take."""
        while (
            self._kept
            and (self._fed - sum(map(len, self._kept)) + len(self._kept[0])) / EAR_RATE_HZ
            < before_seconds
        ):
            self._kept.popleft()


def take_of(samples: Samples) -> Take | Flaw:
    """The take in a recording of a word, 16 kHz.

    The recording is kept whole; one that is cut so close that it holds no quiet gets some added.
    """
    found = _only_word(samples, quiet_like(samples, len(_AROUND)))
    if isinstance(found, Take):
        return Take(samples, found.word_seconds, found.snr_db)
    if len(samples) > CLOSE_SECONDS * EAR_RATE_HZ:
        return found
    around = quiet_like(_AROUND[:0], len(_AROUND))
    found = _only_word(samples, around)
    if isinstance(found, Take):
        margin = round(MARGIN_SECONDS * EAR_RATE_HZ)
        padded = np.concatenate((around[:margin], samples, around[margin : 2 * margin]))
        return Take(padded, found.word_seconds, found.snr_db)
    return found


def _only_word(samples: Samples, quiet: Samples) -> Take | Flaw:
    """The first word of a recording, with quiet put around it from which to learn the noise."""

    lead = len(quiet) // 2
    sound = np.concatenate((quiet[:lead], samples, quiet[lead:]))
    blocks = (np.clip(sound, -1.0, 1.0) * 32767).round().astype(np.int16)
    cutter = TakeCutter()
    opened = lead - EAR_RATE_HZ // 10
    cutter.feed(blocks[:opened])
    cutter.open()
    step = BLOCK_SAMPLES
    for start in range(opened, len(blocks), step):
        found = cutter.feed(blocks[start : start + step])
        if found is not None:
            return found
    return Flaw.SILENT
