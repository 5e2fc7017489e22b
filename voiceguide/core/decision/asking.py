"""Decides when an utterance seems to be over, so that it is worth hearing again."""

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.utterance import Utterance

MOST_WORDS = 3
"""The most words of a misheard command: a longer text gets no second look. Over the guide every
command comes by a second look, so that phrases of four words are not obeyed there."""


def is_over(
    limits: Thresholds,
    phrase: Phrase,
    utterance: Utterance | None,
    now: float,
    *,
    since: float,
    final: bool,
    goes_on: bool,
) -> bool:
    """Whether to ask now about a text that is a phrase.

    Args:
        since: when the text became this phrase.
        final: whether the recogniser itself has closed the utterance.
        goes_on: whether a longer phrase of another command begins with this one.
    """
    quiet = limits.prefix_quiet_seconds if goes_on else limits.quiet_seconds
    stable = limits.prefix_stable_seconds if goes_on else limits.stable_seconds
    calls = phrase.command is Command.WAKE
    if calls:
        quiet = max(quiet, limits.wake_quiet_seconds)
    if utterance is not None and now - utterance.end_seconds >= quiet - 1e-6:
        return True
    if calls and utterance is not None and utterance.snr_db >= limits.clear_db:
        return False  # Somebody talks on, for there is no noise that could hide the end.
    return final or now - since >= stable - 1e-6


def is_worth_a_second_look(
    limits: Thresholds, text: str, utterance: Utterance, now: float, *, guided: bool
) -> bool:
    """Whether to ask now about a text that is no command, or was written while the guide
    sounded.
    """
    quiet = quiet_over_guide(limits, utterance) if guided else limits.second_look_seconds
    return (
        now - utterance.end_seconds >= quiet - 1e-6
        and utterance.seconds >= limits.shortest_seconds
        and text.count(" ") < MOST_WORDS
    )


def quiet_over_guide(limits: Thresholds, utterance: Utterance) -> float:
    """How long it must be quiet after a word said over the guide: longer beside a noise."""
    is_clear = utterance.snr_db >= limits.clear_db
    return limits.over_guide_quiet_seconds if is_clear else limits.quiet_seconds
