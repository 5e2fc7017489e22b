"""What each phrase must score for one person, found from takes of that person's own voice.

A word that somebody says clearly, but the ears score low, may be obeyed at a lower score than
usual. `floor_of` bounds how much lower; docs/measurements.md has the figures behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.decision.thresholds import COSTLY, Thresholds

FLOOR = 0.35
"""No phrase is obeyed at a lower score."""
COSTLY_FLOOR = 0.45
"""The same for commands in ``COSTLY``."""
PERCENTILE = 5.0
"""This percentage of a phrase's scores counts as accidents."""
MARGIN = 0.05
"""By how much the next take may score less than those that were heard."""
SMALLEST_STEP = 0.03
"""A score that is lowered by less than this is not worth a line in the file."""
FEWEST_TAKES = 2
"""The fewest takes of a word: one alone says too little."""
ESSENTIAL = (
    Command.NEXT,
    Command.BACK,
    Command.REPEAT,
    Command.PAUSE,
    Command.RESUME,
    Command.SLOWER,
    Command.FASTER,
    Command.START,
    Command.STOP,
    Command.YES,
    Command.NO,
)
"""The commands that a session cannot do without, in the order of training."""


class Why(StrEnum):
    """Why a phrase got the score it has."""

    LOWERED = "lowered"
    CLEAR = "clear enough as it is"
    FEW = "too few takes"
    UNHEARD = "hardly ever heard as this word"
    CONFUSED = "another word was taken for it"
    NOISE = "the noise was taken for it"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the ears made of one take under one condition."""

    said: Phrase
    take: int
    """Which take of all it was."""
    snr_db: float | None
    """How far it stands over the noise that was mixed in; None for the take as recorded."""
    heard: tuple[tuple[Phrase, float], ...]
    """What was obeyed, with its score, in order."""

    @property
    def right(self) -> bool:
        """Whether the command was obeyed once, and nothing else."""
        return [phrase.meaning for phrase, _ in self.heard] == [self.said.meaning]

    @property
    def wrong(self) -> tuple[Phrase, ...]:
        """Phrases that were obeyed and not said."""
        return tuple(phrase for phrase, _ in self.heard if phrase.meaning != self.said.meaning)


@dataclass(frozen=True, slots=True)
class Bar:
    """What a phrase must score for this person."""

    phrase: Phrase
    score: float
    why: Why
    taken_for_it: str | None = None
    """The word that was taken for it, with ``Why.CONFUSED``."""

    @property
    def lowered(self) -> bool:
        """Whether it is lower than usual."""
        return self.why is Why.LOWERED


def essential(book: Phrasebook) -> tuple[Phrase, ...]:
    """The phrases that are trained when none are named: those the guide itself asks for."""
    chosen = []
    for command in ESSENTIAL:
        phrases = book.of(command)
        asked = [each for each in phrases if f"say {each.text} " in wording.READY.lower()]
        chosen += (asked or list(phrases))[:1]
    return tuple(chosen)


def usual_score(phrase: Phrase, limits: Thresholds) -> float:
    """The score that a phrase needs from somebody whom the ears do not know."""
    return limits.usual_score(phrase.command in COSTLY)


def floor_of(phrase: Phrase, limits: Thresholds) -> float:
    """The lowest score that a phrase may need."""
    floor = COSTLY_FLOOR if phrase.command in COSTLY else FLOOR
    return min(floor, usual_score(phrase, limits))


def propose(verdicts: Sequence[Verdict], limits: Thresholds) -> dict[str, Bar]:
    """A score for each phrase that was said, by its text.

    Args:
        verdicts: every take under every condition, heard with each trained phrase at its floor,
            so that all scores from there on are seen.
        limits: the usual thresholds.
    """
    right: dict[str, list[float]] = defaultdict(list)
    takes: dict[str, set[int]] = defaultdict(set)
    said: dict[str, Phrase] = {}
    for verdict in verdicts:
        text = verdict.said.text
        said[text] = verdict.said
        takes[text].add(verdict.take)
        if verdict.right:
            right[text].append(verdict.heard[0][1])
    return {
        text: _bar(phrase, len(takes[text]), right[text], verdicts, limits)
        for text, phrase in said.items()
    }


def withdraw(
    bars: Mapping[str, Bar],
    verdicts: Iterable[Verdict],
    noise: Iterable[Phrase],
    limits: Thresholds,
) -> dict[str, Bar]:
    """The same bars, with the usual one for each phrase that something else was taken for.

    Args:
        verdicts: the takes as heard with these bars.
        noise: what was obeyed of the noise alone.
    """
    kept = dict(bars)
    for phrase in noise:
        _restore(kept, phrase, Why.NOISE, None, limits)
    for verdict in verdicts:
        for phrase in verdict.wrong:
            _restore(kept, phrase, Why.CONFUSED, verdict.said.text, limits)
    return kept


def lowered(bars: Mapping[str, Bar]) -> dict[str, float]:
    """The scores that differ from the usual ones, by phrase: what `Thresholds.personal` takes."""
    return {text: bar.score for text, bar in bars.items() if bar.lowered}


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which ``percent`` of the values lie, interpolated; at least one value."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _bar(
    phrase: Phrase,
    takes: int,
    scores: Sequence[float],
    verdicts: Sequence[Verdict],
    limits: Thresholds,
) -> Bar:
    usual = usual_score(phrase, limits)
    if takes < FEWEST_TAKES:
        return Bar(phrase, usual, Why.FEW)
    if len(scores) < FEWEST_TAKES:
        return Bar(phrase, usual, Why.UNHEARD)
    wanted = max(percentile(scores, PERCENTILE) - MARGIN, floor_of(phrase, limits))
    # Rounded down: the file shows two places, and the take itself must still reach the score.
    wanted = int(wanted * 100 + 1e-6) / 100
    if wanted > usual - SMALLEST_STEP:
        return Bar(phrase, usual, Why.CLEAR)
    for verdict in verdicts:
        for other, score in verdict.heard:
            if (
                other.meaning == phrase.meaning
                and verdict.said.meaning != phrase.meaning
                and wanted <= score
            ):
                return Bar(phrase, usual, Why.CONFUSED, verdict.said.text)
    return Bar(phrase, wanted, Why.LOWERED)


def _restore(
    bars: dict[str, Bar], phrase: Phrase, why: Why, taken: str | None, limits: Thresholds
) -> None:
    """Give every phrase that means the same its usual score back."""
    for text, bar in bars.items():
        if bar.lowered and bar.phrase.meaning == phrase.meaning:
            bars[text] = Bar(bar.phrase, usual_score(bar.phrase, limits), why, taken)
