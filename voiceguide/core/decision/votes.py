"""What the ears and the decision tell each other: a block, a question, and the votes on it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voiceguide.core.commands import Meaning, Phrase
from voiceguide.core.decision.guide_sound import SILENT, Sounding
from voiceguide.core.decision.heard import Reading

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
    """The recogniser itself has closed the utterance."""
    guide_sounds: bool = False
    """The guide itself can be heard; ``readings`` are then active only where somebody is
    louder than it."""
    guide: Sounding = SILENT
    """What it plays."""
    above_echo_db: tuple[float, ...] = ()
    """By how much each hop that is louder than the guide's echo is so."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Hear this stretch again and bring the votes to `Decider.answer`."""

    start_seconds: float
    end_seconds: float
    now_seconds: float
    """The end of the newest block, when the decision will have fallen."""
    phrase: Phrase | None
    """What was written; None for a second look at what was written as no command."""
    guide_sounds: bool


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
    """What the confidences for each meaning add up to, of what was written as a live phrase."""
    found: dict[Meaning, float] = defaultdict(float)
    for vote in votes:
        phrase = live.get(vote.text)
        if phrase is not None:
            found[phrase.meaning] += vote.confidence
    return found


def count(
    votes: Sequence[Vote], live: Mapping[str, Phrase]
) -> tuple[float, Phrase | None, list[Vote]]:
    """The mean confidence for what has most of it, its surest phrase, and the votes for it."""
    found = sums(votes, live)
    if not found:
        return 0.0, None, []
    best = max(found, key=lambda meaning: found[meaning])
    said = [vote for vote in votes if vote.text in live and live[vote.text].meaning == best]
    strongest = max(said, key=lambda vote: vote.confidence)
    return found[best] / len(votes), live[strongest.text], said


def bared(ask: Ask, votes: Iterable[Vote]) -> tuple[Vote, ...]:
    """The votes; over the guide without what is unknown at their ends."""
    if not ask.guide_sounds:
        return tuple(votes)
    return tuple(replace(vote, text=_bare(vote.text)) for vote in votes)


def _bare(text: str) -> str:
    """Without what is unknown at both ends: there it is the guide's own voice."""
    words = text.split()
    while words and words[0] == UNKNOWN:
        words.pop(0)
    while words and words[-1] == UNKNOWN:
        words.pop()
    return " ".join(words)
