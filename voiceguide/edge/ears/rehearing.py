"""Hears an utterance again in several ways; each hearing is a vote on what was said."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import soxr
from numpy.typing import NDArray

from voiceguide.core.decision.opinion import Opinion
from voiceguide.core.decision.votes import UNKNOWN, Ask, Vote
from voiceguide.core.rates import BLOCK_SAMPLES, EAR_RATE_HZ
from voiceguide.edge.ears.recogniser import Recogniser
from voiceguide.edge.ears.recogniser_port import Stream

KEPT_SECONDS = 4.0
"""How much sound is kept to be heard again; longer than any phrase with its lead."""
HEARINGS = ((0.92, False), (1.08, False), (1.0, False), (1.0, True))
"""How an utterance is heard again: at which speed, and whether among the decoys too."""
ENOUGH = 2
"""So many of them do where a second opinion knows every live phrase, and the guide is silent."""
WAKE_HEARINGS = ((1.0, True), (0.92, True), (1.08, True))
"""The same for a call that wakes the guide: always among the decoys."""
SMALL_MODEL_BYTES = 10_000_000
"""A larger network takes too long to hear everything again and again: one hearing decides."""
LARGE_HEARINGS = ((1.0, False),)
PHRASE_WEIGHT, UNKNOWN_WEIGHT = 5, 10
"""Among decoys, a phrase weighs as much in the grammar as five of them, and `[unk]` as ten. The
recogniser knows no weights but how often a phrase stands in its grammar."""
WAKE_PHRASE_WEIGHT, WAKE_DECOY_WEIGHT = 3, 10
"""The same for a call, where `[unk]` weighs 1: whole words take the place of the filler."""
WAKE_DECOYS = (
    *("high", "a", "i", "okay", "hate", "they", "day", "side", "wide", "ride", "glide", "higher"),
    *("got", "god", "get", "gate", "gave", "agree", "light", "night"),
)
"""Words close to “hey guide” that are not among the usual decoys."""

Block = NDArray[np.int16]
IsUndecided = Callable[[Ask, Sequence[Vote], int], bool]
"""Whether the votes so far leave open what is decided, where there are so many at most."""


class Rehearing:
    """Keeps the last seconds of sound, and hears a stretch of them again when asked to.

    Args:
        recogniser: hears it.
        decoys: words offered beside the phrases; those that the model lacks are left out.
    """

    def __init__(self, recogniser: Recogniser, decoys: Sequence[str]) -> None:
        self._recogniser = recogniser
        self._decoys = recogniser.known(decoys)
        self._wake_decoys = recogniser.known(WAKE_DECOYS)
        network = recogniser.folder / "am" / "final.mdl"
        is_small = not network.exists() or network.stat().st_size < SMALL_MODEL_BYTES
        self._usual_hearings = HEARINGS if is_small else LARGE_HEARINGS
        self._hearings: Sequence[tuple[float, bool]] = self._usual_hearings
        self._has_opinions = False
        """Whether the second opinion is asked, and knows every live phrase."""
        self._streams: dict[bool, Stream] = {}
        """By whether decoys are offered too."""
        self._kept: deque[Block] = deque(maxlen=round(KEPT_SECONDS * EAR_RATE_HZ / BLOCK_SAMPLES))

    def keep(self, block: Block) -> None:
        """Keep a block of 16 kHz sound, shape (`BLOCK_SAMPLES`,); the oldest one goes."""
        self._kept.append(block)

    def renew(self, texts: Sequence[str], *, asleep: bool) -> None:
        """Make new recognisers for these phrases.

        Args:
            asleep: whether the phrases are calls that wake the guide.
        """
        second = self._recogniser.second_opinion
        known = second.phrases if second else ()
        self._has_opinions = not asleep and set(texts) <= set(known)
        words = {word for text in texts for word in text.split()}
        decoys = [decoy for decoy in self._decoys if decoy not in words]
        stream = self._recogniser.stream
        if asleep:
            near = [*decoys, *self._wake_decoys, *sorted(words - set(texts))]
            weighed = [*texts] * WAKE_PHRASE_WEIGHT + [UNKNOWN] + near * WAKE_DECOY_WEIGHT
            self._hearings, self._streams = WAKE_HEARINGS, {True: stream(weighed)}
        else:
            weighed = [*texts] * PHRASE_WEIGHT + [UNKNOWN] * UNKNOWN_WEIGHT + decoys
            self._hearings = self._usual_hearings
            self._streams = {False: stream([*texts, UNKNOWN]), True: stream(weighed)}

    def votes(
        self,
        ask: Ask,
        now_seconds: float,
        is_undecided: IsUndecided,
    ) -> tuple[Vote, ...]:
        """Hear the stretch again in one way after another, as long as that can change anything.

        Args:
            ask: names the stretch.
            now_seconds: the end of the newest block, on the axis of ``ask``.
        """
        hearings = self.hearings(ask)
        heard = self._heard(hearings, *self._stretch(ask, now_seconds))
        votes: list[Vote] = []
        while is_undecided(ask, votes, len(hearings)) and (vote := next(heard, None)):
            votes.append(vote)
        return tuple(votes)

    def opinion(self, ask: Ask, now_seconds: float) -> Opinion:
        """The second opinion on a stretch; empty where the model has none.

        Args:
            ask: names the stretch.
            now_seconds: the end of the newest block, on the axis of ``ask``.
        """
        second = self._recogniser.second_opinion
        return second.on(self._stretch(ask, now_seconds)[0]) if second else {}

    def hearings(self, ask: Ask) -> Sequence[tuple[float, bool]]:
        """In which ways a stretch is heard at most: each one's speed, and whether among decoys."""
        few = self._has_opinions and not ask.guide_sounds
        return self._hearings[:ENOUGH] if few else self._hearings

    def _heard(
        self, hearings: Iterable[tuple[float, bool]], stretch: Block, start_seconds: float
    ) -> Iterator[Vote]:
        """Each hearing of a stretch that begins then; one that is not asked for costs nothing."""
        for speed, among_decoys in hearings:
            sound = stretch if speed == 1.0 else _at_speed(stretch, speed)
            found = self._streams[among_decoys].whole(sound.tobytes())
            yield Vote(
                found.text,
                found.confidence,
                start_seconds + found.start_seconds * speed,
                start_seconds + found.end_seconds * speed,
            )

    def _stretch(self, ask: Ask, now_seconds: float) -> tuple[Block, float]:
        """The kept sound that a question is about, and when it begins in seconds."""
        kept = np.concatenate(self._kept)
        kept_from = now_seconds - len(kept) / EAR_RATE_HZ
        first = max(0, round((ask.start_seconds - kept_from) * EAR_RATE_HZ))
        last = max(first, round((ask.end_seconds - kept_from) * EAR_RATE_HZ))
        return kept[first:last], kept_from + first / EAR_RATE_HZ


def _at_speed(samples: Block, speed: float) -> Block:
    """The sound, faster and higher by this factor (slower and lower where it is below 1)."""
    return np.asarray(soxr.resample(samples, EAR_RATE_HZ * speed, EAR_RATE_HZ), np.int16)
