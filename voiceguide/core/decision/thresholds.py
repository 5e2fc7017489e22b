"""Every threshold of the decision, in one place; docs/measurements.md says how they were chosen.

`scripts/tune_ears` shows what each score costs and gains with a model; `scripts/bench_ears`
measures the whole ears.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from voiceguide.core.commands import Command, Phrase

COSTLY = frozenset({Command.STOP, Command.START_OVER, Command.SKIP_ZONE, Command.PERSON})
"""Commands that cost the person something where they were not meant. Whoever is taken for somebody
else is told of that one's place, and leaves their own in the wrong history."""
WAKE_LETTERS = 9
"""The letters of “hey guide”; a call with more of them may last longer."""
USUAL_LETTERS, MOST_LETTERS = 5, 15
"""Of a phrase whose length changes nothing for a second opinion; and how many letters count."""
OVER_UNKNOWN_ECHO = frozenset({Command.STOP, Command.PAUSE, Command.NEXT})
"""The commands that are obeyed over the guide while its echo is not known."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What it takes to be obeyed. A score is the mean confidence of the votes, 0–1."""

    quiet_seconds: float = 0.10
    """After this much silence a word is heard again, and may be obeyed."""
    prefix_quiet_seconds: float = 0.30
    """The same for words that begin a longer live phrase (``repeat``, ``repeat the zone``)."""
    stable_seconds: float = 0.45
    """An unchanged text is asked about after this long, even where noise hides the silence."""
    prefix_stable_seconds: float = 0.60
    """The same for words that begin a longer live phrase."""
    retry_seconds: float = 0.10
    """Where votes do not agree, they are asked for again after this long, with more sound."""
    tries: int = 3
    """How often votes are asked for on one utterance, at most."""
    confidence: float = 0.75
    """The score that a command needs in quiet."""
    noisy_confidence: float = 0.60
    """The score that it needs beside a noise: there votes agree less on what was really said, and
    they seldom agree on what nobody said."""
    wake_confidence: float = 0.85
    """The score that a call needs in quiet, while the guide sleeps and listens for nothing else."""
    wake_noisy_confidence: float = 0.65
    """The same beside a noise."""
    wake_quiet_seconds: float = 0.30
    """Silence after a call; whoever says "hey, I'd like…" talks on at once."""
    wake_tries: int = 1
    """How often votes are asked for on a call: what nobody said gets no second chance."""
    wake_longest_seconds: float = 1.2
    """What lasts longer is talk and no call."""
    wake_beyond_seconds: float = 0.20
    """Where more sound than this lies before or after the words of a call, it is talk too."""
    clear_db: float = 25.0
    """It is quiet where a voice stands this far over the noise."""
    noisy_db: float = 14.0
    """It is noisy where a voice stands no more than this over the noise. Between the two levels the
    score that is needed lies in between too."""
    drowned_confidence: float = 0.72
    """The score where the voice is hardly louder than the noise: there votes may agree on another
    word."""
    faint_db: float = 8.0
    """Below this level over the noise, the score that is needed rises again …"""
    drowned_db: float = 4.0
    """… down to this level."""
    awaited_confidence: float = 0.55
    """The score that is enough for what the guide has just asked for ("Say go"): more than half of
    the hearings. Little else is said then, and it is what the person most likely says."""
    costly_more: float = 0.15
    """How much more commands in ``COSTLY`` need."""
    second_look_seconds: float = 0.20
    """After this much silence an utterance that was not written as a command is asked about."""
    second_look_confidence: float = 0.85
    """The score that such an utterance needs."""
    opinion_weight: float = 0.40
    """How much less the score must be for each factor of e by which the second opinion's odds of a
    phrase are above …"""
    opinion_neutral: float = 0.10
    """… those of this likelihood in quiet, 0–1; below it the score must be more. It is low, because
    many phrases are alike and most of what is said is none of them."""
    opinion_noisy_neutral: float = 0.15
    """The same beside a noise, where phrases are taken for each other more often."""
    opinion_letter: float = 0.06
    """How much less the score must be for each letter that a phrase has beyond `USUAL_LETTERS`, and
    more for each that it lacks, where there is a second opinion: longer phrases are taken for each
    other less often."""
    opinion_sure: float = 0.80
    """The second opinion is sure of a phrase where it lowers the score by so much, without what a
    long phrase gains. Then the phrase may be obeyed although it is hardly louder than the noise,
    although another one was written, or although no hearing wrote it."""
    awaited_weight: float = 8.0
    """How many times likelier what the guide has just asked for is than the second opinion says."""
    over_guide_confidence: float = 0.80
    """The score that a command needs while the guide itself sounds."""
    unknown_echo_confidence: float = 0.95
    """The score that it needs while the guide sounds and its echo is not known."""
    known_echo_seconds: float = 0.5
    """For so long the echo must be known before an utterance begins."""
    nobody_seconds: float = 0.20
    """After this much silence nobody seems to speak, and whether the echo is known shows again."""
    far_above_echo_db: float = 18.0
    """A word that the guide itself is saying is obeyed where the person was this much louder than
    the echo, the echo was known all the while …"""
    own_word_confidence: float = 0.90
    """… and the score is this high."""
    over_guide_quiet_seconds: float = 0.05
    """Silence after a word that is said over the guide in quiet. Beside a noise, which hides the
    end, it is ``quiet_seconds``."""
    over_guide_slack_seconds: float = 0.25
    """How far a word may reach beyond what was louder than the guide: it may begin softly."""
    refractory_seconds: float = 0.10
    """What begins this soon after a command was obeyed is the rest of it, unless it is written as a
    command."""
    closing_seconds: float = 0.40
    """The recogniser itself closes an utterance only after more silence than this, so that what
    sounds since then belongs to the next one."""
    end_seconds: float = 0.60
    """The silence that ends an utterance for good: the recogniser begins anew."""
    lead_seconds: float = 0.35
    """How much sound before the first loud hop is heard again too: soft beginnings, f and s."""
    longest_base_seconds: float = 0.90
    longest_letter_seconds: float = 0.10
    """A phrase lasts at most the base plus this for each letter; what lasts longer is talk."""
    shortest_seconds: float = 0.08
    """Shorter sounds are clicks and drops."""
    snr_db: float = 3.0
    """How far an utterance must stand over the noise at least, where no second opinion is sure."""
    personal: Mapping[str, float] = field(default_factory=dict)
    """Phrase to the score that is enough for this person (`voiceguide train-me`)."""

    def score_for(self, phrase: Phrase, snr_db: float = math.inf) -> float:
        """The score that a phrase needs at this level over the noise; in quiet by default."""
        if phrase.command is Command.WAKE:
            return self._between(self.wake_confidence, self.wake_noisy_confidence, snr_db)
        score = self.usual_score(phrase.command in COSTLY, snr_db)
        if phrase.is_awaited:
            score = min(score, self.awaited_confidence)
        return min(score, self.personal.get(phrase.text, score))

    def neutral_at(self, snr_db: float) -> float:
        """The likelihood at which a second opinion changes nothing, so far over the noise."""
        return self._between(self.opinion_neutral, self.opinion_noisy_neutral, snr_db)

    def longest_seconds(self, phrase: Phrase) -> float:
        """The longest that a phrase can take to be said."""
        if phrase.command is Command.WAKE:
            return self.wake_longest_seconds + self.longest_letter_seconds * max(
                0, len(phrase.text) - WAKE_LETTERS
            )
        return self.longest_base_seconds + self.longest_letter_seconds * len(phrase.text)

    def usual_score(self, costly: bool, snr_db: float = math.inf) -> float:
        """The score that a command needs from somebody whom the ears do not know."""
        score = self._between(self.confidence, self.noisy_confidence, snr_db)
        drowned = _share(self.faint_db, self.drowned_db, snr_db)
        score += drowned * max(0.0, self.drowned_confidence - self.noisy_confidence)
        return score + self.costly_more * costly

    def _between(self, quiet: float, noisy: float, snr_db: float) -> float:
        return quiet + _share(self.clear_db, self.noisy_db, snr_db) * (noisy - quiet)


def _share(none_db: float, all_db: float, snr_db: float) -> float:
    """0 at ``none_db`` and above, 1 at ``all_db`` and below, linear between them."""
    return min(1.0, max(0.0, (none_db - snr_db) / (none_db - all_db)))
