"""What the ears and the decision tell each other: a block, a question, and the votes on it."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from voiceguide.core.commands import Meaning, Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Reading
from voiceguide.core.decision.opinion import Opinion

UNKNOWN = "[unk]"
"""What the recogniser writes for speech outside its grammar."""


@dataclass(frozen=True, slots=True)
class BlockHeard:
    """What is known at the end of one block of sound."""

    now_seconds: float
    text: str
    """What the recogniser has written since the utterance began; empty when nothing."""
    readings: tuple[Reading, ...]
    """The block, hop by hop; the last one ends at ``now_seconds``."""
    final: bool = False
    """Whether the recogniser itself has closed the utterance."""
    guide_sounds: bool = False
    """Whether the guide itself can be heard; ``readings`` are then active only where somebody is
    louder."""
    guide: Sounding = SILENT
    """What the guide plays."""
    above_echo_db: tuple[float, ...] = ()
    """How much louder than the guide's echo each hop is that is louder at all."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: hear this stretch again, and bring the votes to `Decider.answer`."""

    start_seconds: float
    end_seconds: float
    now_seconds: float
    """The end of the newest block, which is when it is decided."""
    phrase: Phrase | None
    """The phrase that was written; None for a second look at a text that is no command."""
    guide_sounds: bool
    opinion: Opinion = field(default_factory=dict)
    """The second opinion on the stretch; empty without one."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one hearing of the stretch wrote."""

    text: str
    confidence: float
    """0–1, the lowest of its words."""
    start_seconds: float
    """Onset of its first word on the caller's axis."""
    end_seconds: float


def sums(votes: Iterable[Vote], live: Mapping[str, Phrase]) -> dict[Meaning, float]:
    """The sum of the confidences for each meaning, over the votes that wrote a live phrase."""
    return {
        meaning: sum(vote.confidence for vote in its) for meaning, its in _said(votes, live).items()
    }


def _said(votes: Iterable[Vote], live: Mapping[str, Phrase]) -> dict[Meaning, list[Vote]]:
    """The votes that wrote a live phrase, by its meaning."""
    found: dict[Meaning, list[Vote]] = defaultdict(list)
    for vote in votes:
        phrase = live.get(vote.text)
        if phrase is not None:
            found[phrase.meaning].append(vote)
    return found


def count(
    votes: Sequence[Vote],
    live: Mapping[str, Phrase],
    wanted: Callable[[Phrase], float],
    known: Container[str] = (),
) -> tuple[float, Phrase | None, list[Vote]]:
    """The meaning whose mean confidence over all votes is farthest above what it must reach: that
    mean, its surest phrase, and the votes for it.

    Args:
        wanted: what the mean must reach for a phrase.
        known: the phrases that there is a second opinion on. It takes any other phrase for
            something else, so it does not choose where the hearings most wrote another.
    """
    means = {meaning: value / len(votes) for meaning, value in sums(votes, live).items()}
    if not means:
        return 0.0, None, []
    said = _said(votes, live)
    surest = {
        meaning: live[max(its, key=lambda vote: vote.confidence).text]
        for meaning, its in said.items()
    }
    best = max(means, key=lambda meaning: means[meaning])
    if surest[best].text in known:
        best = max(means, key=lambda meaning: means[meaning] - wanted(surest[meaning]))
    return means[best], surest[best], said[best]


def bared(ask: Ask, votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """The votes; over the guide, without the unknown words at both ends."""
    if not ask.guide_sounds:
        return tuple(votes)
    return tuple(replace(vote, text=_bare(vote.text)) for vote in votes)


def _bare(text: str) -> str:
    """The text without the unknown words at both ends, which are the guide's own voice."""
    words = text.split()
    while words and words[0] == UNKNOWN:
        words.pop(0)
    while words and words[-1] == UNKNOWN:
        words.pop()
    return " ".join(words)
