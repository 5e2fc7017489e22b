"""What a second opinion on an utterance is worth, beside the votes."""

import math
from collections import defaultdict
from collections.abc import Mapping

from voiceguide.core.commands import Command, Meaning, Phrase
from voiceguide.core.decision.thresholds import MOST_LETTERS, USUAL_LETTERS, Thresholds

Opinion = Mapping[str, float]
"""How likely an utterance is each phrase as a whole, 0–1, by a second network. A phrase that this
network does not know is missing. What is left to 1 is anything else."""
Leans = Mapping[str, float]
"""Phrase to how much less the votes must reach for it; below 0, how much more. A phrase without an
opinion is missing."""
SUREST = 1e-5
"""A likelihood counts as no nearer than this to 0 and 1."""


def leans(opinion: Opinion, live: Mapping[str, Phrase], limits: Thresholds, snr_db: float) -> Leans:
    """What an opinion says for and against each live phrase that it knows, calls excepted.

    Phrases of one meaning count together. What is not live is as likely as anything else, and what
    the guide has just asked for is likelier than the network knows.

    Args:
        snr_db: how far the utterance stands over the noise.
    """
    weighed = {
        text: likely * (limits.awaited_weight if live[text].is_awaited else 1.0)
        for text, likely in opinion.items()
        if text in live and live[text].command is not Command.WAKE
    }
    rest = 1.0 - sum(opinion[text] for text in weighed)
    of_meaning: dict[Meaning, float] = defaultdict(float)
    for text, likely in weighed.items():
        of_meaning[live[text].meaning] += likely
    total = rest + sum(of_meaning.values())
    neutral = _log_odds(limits.neutral_at(snr_db))
    return {
        text: limits.opinion_weight * (_log_odds(of_meaning[live[text].meaning] / total) - neutral)
        + _lean_of_length(text, limits)
        for text in weighed
    }


def lean_without_length(found: Leans, text: str, limits: Thresholds) -> float:
    """What an opinion says for a phrase if it gains nothing by being long: long phrases are taken
    for each other less often only where the hearings wrote them. -inf without an opinion.
    """
    return found.get(text, -math.inf) - max(0.0, _lean_of_length(text, limits))


def _lean_of_length(text: str, limits: Thresholds) -> float:
    """The part of it that comes from the length of a phrase; below 0 for a short one."""
    letters = min(len(text.replace(" ", "")), MOST_LETTERS)
    return limits.opinion_letter * (letters - USUAL_LETTERS)


def _log_odds(likely: float) -> float:
    within = min(max(likely, SUREST), 1 - SUREST)
    return math.log(within / (1 - within))
