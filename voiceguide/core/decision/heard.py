"""The record that every utterance leaves: what the ears heard and decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core.commands import Phrase

LONGEST_MISSED_SECONDS = 1.3
"""What goes on for longer is talk, and no word for the guide that was not understood."""
CLEAR_DB = 14.0
"""How far a word must stand over the noise to be taken for one that was said to the guide."""


class Reason(StrEnum):
    """Why an utterance was obeyed or not, in words for records and people."""

    AGREED = "votes agree"
    AGREED_SECOND_LOOK = "votes agree on a second look"
    NO_COMMAND = "not a command"
    DISAGREE = "the hearings disagree"
    UNSURE = "not sure enough"
    """All hearings wrote the same command, with too little confidence, or the second opinion speaks
    against it."""
    GUIDE = "the guide's own voice"
    OWN_WORD = "the guide's own word"
    """The guide itself was saying the word, or one like it, at that moment."""
    UNTRUSTED = "the echo is not known yet"
    """It was said over the guide while it could not yet be told from the guide's echo."""
    TOO_QUIET = "too quiet"
    TOO_LONG = "part of longer talk"
    NEVER_STILL = "never still long enough"
    REMOTE = "the other machine heard it"
    REMOTE_OTHER = "the other machine heard something else"


@dataclass(frozen=True, slots=True)
class Heard:
    """One utterance, accepted or rejected, with everything needed to understand why."""

    text: str
    """What the recogniser wrote, ``[unk]`` included."""
    phrase: Phrase | None
    """The accepted phrase; None when rejected."""
    why: Reason
    """Why it was accepted or rejected."""
    start_seconds: float
    """Onset of the utterance on the caller's time axis."""
    end_seconds: float
    """End of its last word."""
    decided_seconds: float
    """When it was decided; less ``end_seconds`` this is the latency."""
    confidence: float
    """0–1, the mean of the votes, more or less by the second opinion; what is obeyed reached its
    bar with it."""
    snr_db: float
    """Level of the utterance over the measured noise floor."""
    alternatives: tuple[str, ...] = ()
    """Other texts of partial results, in the order in which they appeared."""

    @property
    def accepted(self) -> bool:
        """Whether it is obeyed."""
        return self.phrase is not None

    def was_nearly(self, live: Iterable[Phrase]) -> bool:
        """Whether it was probably a word that the guide has asked for, and was not understood.

        Args:
            live: the phrases that were listened for.
        """
        if self.why not in (Reason.NO_COMMAND, Reason.DISAGREE, Reason.UNSURE):
            return False
        is_short = self.end_seconds - self.start_seconds <= LONGEST_MISSED_SECONDS
        if not is_short or self.snr_db < CLEAR_DB:
            return False
        written = {self.text, *self.alternatives}
        return any(phrase.is_awaited and phrase.text in written for phrase in live)


@dataclass(frozen=True, slots=True)
class Reading:
    """The measure of a hop, 10 ms of sound (`voiceguide.sound.noise.NoiseMeter`)."""

    level_dbfs: float
    floor_dbfs: float
    """Level of the noise alone."""
    active: bool
    """Whether somebody speaks, or something sounds."""
