"""Every threshold of the decision, in one place; docs/measurements.md says what chose them.

`scripts/tune_ears` draws the curve of the scores for a model, `scripts/bench_ears` measures the
whole ears with them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from voiceguide.core.commands import Command, Phrase

COSTLY = frozenset({Command.STOP, Command.START_OVER, Command.SKIP_ZONE})
"""Commands that cost the person something when they were not meant."""
WAKE_LETTERS = 9
"""Of “hey guide”; a longer call may take longer."""
OVER_UNKNOWN_ECHO = frozenset({Command.STOP, Command.PAUSE, Command.NEXT})
"""What can be said over the guide while its echo is not known."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What it takes to be obeyed; the scores were chosen on a curve (docs/measurements.md)."""

    quiet_seconds: float = 0.10
    """Silence after a word before it is heard again and may be obeyed."""
    prefix_quiet_seconds: float = 0.30
    """The same for words that begin a longer live phrase (``repeat``, ``repeat the zone``)."""
    stable_seconds: float = 0.45
    """An unchanged text is asked about after this long, also when noise hides the silence."""
    prefix_stable_seconds: float = 0.60
    """The same for words that begin a longer live phrase."""
    retry_seconds: float = 0.10
    """Votes that do not agree are asked again after this long, with more sound at the end."""
    tries: int = 3
    """So often at most."""
    confidence: float = 0.75
    """Mean of the votes' confidence for the winner, from which a command is obeyed in quiet."""
    noisy_confidence: float = 0.60
    """The same beside a noise: there the votes agree less on what was rightly said, while what
    nobody said seldom makes them agree."""
    wake_confidence: float = 0.90
    """What it takes in quiet to be called, asleep, where nothing but that is listened for."""
    wake_noisy_confidence: float = 0.65
    """The same beside a noise."""
    wake_quiet_seconds: float = 0.30
    """Silence after a call: who says "hey, I'd like…" talks on at once."""
    wake_tries: int = 1
    """Votes for a call are not asked again: what nobody said gets no second chance."""
    wake_longest_seconds: float = 1.2
    """Longer is talk, no call."""
    wake_beyond_seconds: float = 0.20
    """What sounds on by more than this, before or behind the words of a call, is talk too."""
    clear_db: float = 25.0
    """Level over the noise from which it is quiet."""
    noisy_db: float = 14.0
    """Level over the noise up to which it is noisy; in between the score needed is in between."""
    drowned_confidence: float = 0.72
    """The same where the voice is hardly louder than the noise: there the votes may agree on
    another word."""
    faint_db: float = 8.0
    """Level over the noise below which the score needed rises again …"""
    drowned_db: float = 4.0
    """… up to here."""
    costly_more: float = 0.10
    """So much more is needed for commands in ``COSTLY``."""
    second_look_seconds: float = 0.20
    """After this much silence an utterance that was not written as a command is asked about."""
    second_look_confidence: float = 0.85
    """What it then takes."""
    over_guide_confidence: float = 0.80
    """What it takes while the guide itself sounds."""
    unknown_echo_confidence: float = 0.95
    """What it takes while it sounds and its echo is not known."""
    far_above_echo_db: float = 18.0
    """A word that the guide itself is saying is obeyed when it was so much louder than the echo,
    the echo known all the while …"""
    own_word_confidence: float = 0.90
    """… and the score so high."""
    over_guide_quiet_seconds: float = 0.05
    """Silence after a word that is said over the guide in quiet; beside a noise, which hides where
    it ends, it is ``quiet_seconds``."""
    over_guide_slack_seconds: float = 0.25
    """So far a word may then reach out of what was louder than the guide: soft beginnings."""
    refractory_seconds: float = 0.10
    """What begins so soon after a command was obeyed is the rest of it, unless it is written as
    a command."""
    closing_seconds: float = 0.40
    """The recogniser itself closes an utterance only after more silence than this: what sounds
    since then is the next one."""
    end_seconds: float = 0.60
    """Silence that ends an utterance for good: the recogniser begins anew."""
    lead_seconds: float = 0.35
    """Sound before the first loud hop that is heard again too: soft beginnings, f and s."""
    longest_base_seconds: float = 0.90
    longest_letter_seconds: float = 0.10
    """A phrase lasts at most the base plus this for each letter; longer is talk, no command."""
    shortest_seconds: float = 0.08
    """Shorter sounds are clicks and drops."""
    snr_db: float = 3.0
    """Least level over the noise."""
    personal: Mapping[str, float] = field(default_factory=dict)
    """What is enough of a phrase for this person, by its text (`voiceguide train-me`)."""

    def score_for(self, phrase: Phrase, snr_db: float = math.inf) -> float:
        """The score from which a phrase is obeyed at this level over the noise (in quiet)."""
        if phrase.command is Command.WAKE:
            return self._between(self.wake_confidence, self.wake_noisy_confidence, snr_db)
        score = self.usual_score(phrase.command in COSTLY, snr_db)
        return min(score, self.personal.get(phrase.text, score))

    def longest_seconds(self, phrase: Phrase) -> float:
        """The longest that a phrase can take to be said."""
        if phrase.command is Command.WAKE:
            return self.wake_longest_seconds + self.longest_letter_seconds * max(
                0, len(phrase.text) - WAKE_LETTERS
            )
        return self.longest_base_seconds + self.longest_letter_seconds * len(phrase.text)

    def usual_score(self, costly: bool, snr_db: float = math.inf) -> float:
        """The same for somebody the ears do not know."""
        score = self._between(self.confidence, self.noisy_confidence, snr_db)
        drowned = _share(self.faint_db, self.drowned_db, snr_db)
        score += drowned * max(0.0, self.drowned_confidence - self.noisy_confidence)
        return score + self.costly_more * costly

    def _between(self, quiet: float, noisy: float, snr_db: float) -> float:
        return quiet + _share(self.clear_db, self.noisy_db, snr_db) * (noisy - quiet)


def _share(none_db: float, all_db: float, snr_db: float) -> float:
    """0 from the one level on, 1 down to the other, straight in between."""
    return min(1.0, max(0.0, (none_db - snr_db) / (none_db - all_db)))
