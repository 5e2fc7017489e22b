"""What the votes on an utterance must reach to be obeyed, and what still speaks against it."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import Sounding, is_own
from voiceguide.core.decision.heard import Reason
from voiceguide.core.decision.opinion import Leans, lean_without_length
from voiceguide.core.decision.thresholds import OVER_UNKNOWN_ECHO, Thresholds
from voiceguide.core.decision.utterance import Utterance
from voiceguide.core.decision.votes import Ask, Vote


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and all that is known of the sound it is about."""

    limits: Thresholds
    ask: Ask
    leans: Leans
    """What the second opinion says."""
    utterance: Utterance | None
    """The utterance; None where nothing was loud."""
    guide: Sounding
    """What the guide plays meanwhile."""
    trusted: bool
    """Whether the guide's echo was known all the while."""
    known_before: bool
    """Whether it was known for a while when the utterance began: where the guide begins to speak
    after a pause, what the canceller has not learnt yet sounds like a person."""
    above_echo_db: Sequence[float]
    """How much louder than that echo each hop is that is louder at all."""

    @property
    def snr_db(self) -> float:
        """How far the utterance stands out of the noise; 0 where nothing was loud."""
        return self.utterance.snr_db if self.utterance else 0.0

    def wanted(self, winner: Phrase) -> float:
        """What the votes must reach for this phrase to be obeyed; the second opinion may bring it
        below 0 or above 1.
        """
        return self._usual(winner) - self.leans.get(winner.text, 0.0)

    def _usual(self, winner: Phrase) -> float:
        """The same without a second opinion, 0–1."""
        limits, ask = self.limits, self.ask
        wanted = self._score_for(winner)
        if not (ask.guide_sounds or self.is_written(winner)):
            wanted = max(wanted, limits.second_look_confidence)
        if ask.guide_sounds:
            wanted = max(wanted, limits.over_guide_confidence)
            if not self._is_echo_known:
                wanted = max(wanted, limits.unknown_echo_confidence)
        return wanted

    def _score_for(self, phrase: Phrase) -> float:
        return self.limits.score_for(phrase, self.utterance.snr_db if self.utterance else math.inf)

    def is_written(self, winner: Phrase) -> bool:
        """Whether the recogniser wrote this phrase, or another one of its meaning."""
        return self.ask.phrase is not None and self.ask.phrase.meaning == winner.meaning

    def is_sure_of(self, phrase: Phrase) -> bool:
        """Whether the second opinion is sure of a phrase."""
        return self._lean_alone(phrase) >= self.limits.opinion_sure

    def fits_what_was_written(self, phrase: Phrase) -> bool:
        """Whether a phrase may be obeyed, whatever its votes, beside what the recogniser wrote."""
        return self.ask.phrase is None or self.is_written(phrase) or self.is_sure_of(phrase)

    def _lean_alone(self, phrase: Phrase) -> float:
        return lean_without_length(self.leans, phrase.text, self.limits)

    def refusal(self, winner: Phrase, vote: Vote, score: float) -> Reason | None:
        """Why a phrase is not obeyed although its votes reach what is wanted; None where it is
        obeyed.

        Args:
            vote: the first hearing that wrote it, or `whole`.
        """
        if self.ask.guide_sounds:
            if self.utterance is None or not self._is_within(vote, self.utterance):
                return Reason.GUIDE
            if why := self._refusal_over_guide(winner, vote, score):
                return why
        is_faint = self.snr_db < self.limits.snr_db
        if is_faint and (self.utterance is None or not self.is_sure_of(winner)):
            return Reason.TOO_QUIET
        return Reason.TOO_LONG if self._goes_on(winner, vote) else None

    def likeliest(self, live: Iterable[Phrase]) -> Phrase | None:
        """What is obeyed though no hearing wrote it, because the second opinion is so sure.

        Nothing over the guide, whose own words it knows too; and nothing where a phrase is live
        that it does not know: it may be that one.
        """
        if self.ask.guide_sounds or not self.leans:
            return None
        others = [phrase for phrase in live if phrase.command is not Command.WAKE]
        if any(phrase.text not in self.leans for phrase in others):
            return None

        sure = [
            phrase
            for phrase in others
            if self.is_sure_of(phrase) and self._lean_alone(phrase) >= self._score_for(phrase)
        ]
        return max(sure, key=lambda phrase: self.ask.opinion[phrase.text], default=None)

    def whole(self, winner: Phrase) -> Vote:
        """In place of the hearing that wrote a phrase, where none did: all that was loud."""
        start, end = self.ask.start_seconds, self.ask.end_seconds
        if self.utterance is not None:
            start, end = self.utterance.onset_seconds, self.utterance.end_seconds
        return Vote(winner.text, 0.0, start, end)

    def bounds(self, vote: Vote) -> tuple[float, float]:
        """Onset and end of the words: as the first hearing has them, but within what was loud."""
        start, end = vote.start_seconds, vote.end_seconds
        if self.utterance is not None:
            start = max(start, self.utterance.onset_seconds - self.limits.lead_seconds)
            end = min(max(end, start), self.utterance.end_seconds)
        end = min(end, self.ask.end_seconds)
        return min(start, end), end

    def _is_within(self, vote: Vote, utterance: Utterance) -> bool:
        """Whether the words lie where somebody was louder than the guide."""
        slack = self.limits.over_guide_slack_seconds
        return (
            vote.start_seconds >= utterance.onset_seconds - slack
            and vote.end_seconds <= utterance.end_seconds + slack
        )

    def _refusal_over_guide(self, winner: Phrase, vote: Vote, score: float) -> Reason | None:
        own = is_own(winner.text, vote.start_seconds, vote.end_seconds, self.guide.words)
        if own and not self._is_far_above_echo(score):
            return Reason.OWN_WORD
        if not self._is_echo_known and winner.command not in OVER_UNKNOWN_ECHO:
            return Reason.UNTRUSTED
        return None

    @property
    def _is_echo_known(self) -> bool:
        return self.guide.trusted and self.known_before

    def _is_far_above_echo(self, score: float) -> bool:
        """Whether the person was far louder than the echo can be, and the score is high."""
        return (
            self.trusted
            and self.known_before
            and bool(self.above_echo_db)
            and median(self.above_echo_db) >= self.limits.far_above_echo_db
            and score >= self.limits.own_word_confidence
        )

    def _goes_on(self, winner: Phrase, vote: Vote) -> bool:
        """Whether there was more sound than the phrase can last, or a call was not said alone."""
        lasts = vote.end_seconds - vote.start_seconds
        if winner.command is Command.WAKE and self.utterance is not None:
            if self.utterance.seconds > lasts + self.limits.wake_beyond_seconds:
                return True
            lasts = self.utterance.seconds
        return lasts > self.limits.longest_seconds(winner)
