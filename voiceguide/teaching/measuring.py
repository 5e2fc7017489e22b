"""Hears a person's takes in quiet and beside running water, and finds the scores that they need."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np

from voiceguide.core.commands import Phrase
from voiceguide.core.decision.personal import (
    Bar,
    Verdict,
    floor_of,
    lowered,
    propose,
    usual_score,
    withdraw,
)
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.hearing import hear_recording
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.rehearsal.acoustics import active_level_db
from voiceguide.sound.clip import Samples
from voiceguide.sound.level import dbfs
from voiceguide.teaching.takes import Take

CONDITIONS: tuple[float | None, ...] = (None, 12.0, 6.0)
"""Conditions: the level of the word over the noise mixed in, in dB; None for the take alone."""
AROUND_SECONDS = 1.0
"""How long the noise is heard alone before and after a word."""


@dataclass(frozen=True, slots=True)
class NamedTake:
    """A take, and the phrase that was asked for."""

    phrase: Phrase
    take: Take


@dataclass(frozen=True, slots=True)
class Findings:
    """The results of a training."""

    bars: Mapping[str, Bar]
    """By the text of each phrase, the score it needs."""
    before: tuple[Verdict, ...]
    """What was heard with the usual scores: in the order of the takes, each in every condition."""
    after: tuple[Verdict, ...]
    """The same with the personal scores."""
    kept: Mapping[str, float]
    """The scores of phrases that were not trained now; they stay."""


class Measuring:
    """Hears takes in the background as they come, and finds the scores when all are there.

    Args:
        recogniser: the model with which the person will be heard.
        live: the phrases to listen for: everything that can be said, the hardest case.
        decoys: common words that are no commands.
        trained: the phrases whose scores are wanted.
        noise: at 16 kHz, at least a few seconds.
        kept: the person's scores of phrases that are not trained now.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        live: tuple[Phrase, ...],
        decoys: Sequence[str],
        trained: Sequence[Phrase],
        noise: Samples,
        kept: Mapping[str, float] | None = None,
    ) -> None:
        self._recogniser = recogniser
        self._live = live
        self._decoys = decoys
        self._noise = noise
        self._limits = Thresholds()
        self._kept = dict(kept or {})
        floors = {each.text: floor_of(each, self._limits) for each in trained}
        self._lowest = replace(self._limits, personal=self._kept | floors)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="measuring")
        self._said: list[NamedTake] = []
        self._heard: list[Future[tuple[Verdict, Verdict]]] = []

    def quiet(self, said: NamedTake) -> Verdict:
        """What the ears decide on a take without noise, with the usual scores."""
        return self._verdict(said, 0, None, self._limits)

    def add(self, said: NamedTake) -> None:
        """Begin to hear this take in every condition."""
        index = len(self._said)
        self._said.append(said)
        for snr_db in CONDITIONS:
            self._heard.append(self._pool.submit(self._both, said, index, snr_db))

    def find(self, progress: Callable[[int, int], None]) -> Findings:
        """The scores, once every take has been heard.

        Args:
            progress: is told (how many hearings are done, how many there are).
        """
        pairs = []
        for number, future in enumerate(self._heard, 1):
            pairs.append(future.result())
            progress(number, len(self._heard))
        before = tuple(usual for usual, _ in pairs)
        lowest = tuple(low for _, low in pairs)
        bars = propose(lowest, self._limits)
        while True:
            limits = replace(self._limits, personal=self._kept | lowered(bars))
            after = tuple(self._again(low, limits) for low in lowest)
            noise = self._of_noise(limits)
            fewer = withdraw(bars, after, noise, self._limits)
            mistaken = {each.text for verdict in after for each in verdict.wrong}
            mistaken |= {each.text for each in noise}
            if fewer == bars and not mistaken & self._kept.keys():
                return Findings(bars, before, after, self._kept)
            bars = fewer
            self._kept = {text: self._kept[text] for text in self._kept.keys() - mistaken}

    def close(self) -> None:
        """Drop all takes that have not been heard yet."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _both(self, said: NamedTake, index: int, snr_db: float | None) -> tuple[Verdict, Verdict]:
        low = self._verdict(said, index, snr_db, self._lowest)
        return (low if self._certain(low) else self._verdict(said, index, snr_db)), low

    def _again(self, low: Verdict, limits: Thresholds) -> Verdict:
        if self._certain(low):
            return low
        return self._verdict(self._said[low.take], low.take, low.snr_db, limits)

    def _certain(self, low: Verdict) -> bool:
        """Whether a take that was heard with the lowest scores gives the same with any others.

        It does if everything that was obeyed reached the highest score at the first asking.
        """
        highest = max(
            self._limits.second_look_confidence,
            *(self._limits.score_for(phrase) for phrase in self._live),
        )
        return bool(low.heard) and all(
            score >= max(highest, usual_score(phrase, self._limits)) for phrase, score in low.heard
        )

    def _verdict(
        self, said: NamedTake, index: int, snr_db: float | None, limits: Thresholds | None = None
    ) -> Verdict:
        sound = said.take.samples
        if snr_db is not None:
            sound = beside(sound, self._noise, snr_db, seed=index)
        return Verdict(said.phrase, index, snr_db, self._obeyed(sound, limits or self._limits))

    def _of_noise(self, limits: Thresholds) -> tuple[Phrase, ...]:
        return tuple(phrase for phrase, _ in self._obeyed(self._noise, limits))

    def _obeyed(self, sound: Samples, limits: Thresholds) -> tuple[tuple[Phrase, float], ...]:
        heard = hear_recording(self._recogniser, self._live, sound, self._decoys, limits)
        return tuple((one.phrase, one.confidence) for one in heard if one.phrase)


def beside(word: Samples, noise: Samples, snr_db: float, seed: int) -> Samples:
    """The word (16 kHz) with noise behind it, before it and after it.

    Args:
        word: its level is that of its loudest frames (`active_level_db`).
        noise: at least one sample; it is repeated if it is too short.
        snr_db: level of the word over that of the noise.
        seed: decides where in the noise it begins.
    """
    around = round(AROUND_SECONDS * EAR_RATE_HZ)
    sound = np.pad(word, around).astype(np.float32)
    at = int(np.random.default_rng(seed).integers(len(noise)))
    under = np.take(noise, np.arange(at, at + len(sound)), mode="wrap")
    gain_db = active_level_db(word) - snr_db - dbfs(noise)
    if np.isfinite(gain_db):
        sound += under * np.float32(10 ** (gain_db / 20))
    return np.asarray(np.clip(sound, -1.0, 1.0), np.float32)
