"""Every threshold of the decision, in one place; docs/ears.md says what chose them.

`scripts/tune_ears` draws the curve of the scores for a model, `scripts/bench_ears` measures the
whole ears with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voiceguide.core.commands import Command

COSTLY = frozenset({Command.STOP, Command.START_OVER, Command.SKIP_ZONE})
"""Commands that cost the person something when they were not meant."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What it takes to be obeyed; the scores were chosen on a curve (docs/ears.md)."""

    quiet_seconds: float = 0.15
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
    confidence: float = 0.65
    """Mean of the votes' confidence for the winner, from which a command is obeyed."""
    costly_confidence: float = 0.75
    """The same for commands in ``COSTLY``."""
    second_look_seconds: float = 0.20
    """After this much silence an utterance that was not written as a command is asked about."""
    second_look_confidence: float = 0.85
    """What it then takes."""
    over_guide_confidence: float = 0.85
    """What it takes while the guide itself sounds."""
    over_guide_slack_seconds: float = 0.25
    """So far a word may then reach out of what was louder than the guide: soft beginnings."""
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
    """What a phrase must score for this person instead, by its text (`voiceguide train-me`)."""
