"""When an utterance seems to be over, so that it is worth hearing again."""

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.thresholds import Thresholds
from voiceguide.core.decision.utterance import Utterance

MOST_WORDS = 3
"""What was written as more words is no command that was misheard; so over the guide, where every
command comes by a second look, a phrase of four words is not obeyed."""


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
    """Whether what was written as a phrase is asked about now.

    Args:
        since: when the text became this phrase.
        final: the recogniser itself has closed the utterance.
        goes_on: a longer phrase of another command begins with this one.
    """
    quiet = limits.prefix_quiet_seconds if goes_on else limits.quiet_seconds
    stable = limits.prefix_stable_seconds if goes_on else limits.stable_seconds
    calls = phrase.command is Command.WAKE
    if calls:
        quiet = max(quiet, limits.wake_quiet_seconds)
    if utterance is not None and now - utterance.end_seconds >= quiet - 1e-6:
        return True
    if calls and utterance is not None and utterance.snr_db >= limits.clear_db:
        return False  # No noise hides where it ends: somebody talks on.
    return final or now - since >= stable - 1e-6


def is_worth_a_second_look(
    limits: Thresholds, text: str, utterance: Utterance, now: float, *, guided: bool
) -> bool:
    """Whether what was written as no command, or while the guide sounded, is asked about now."""
    quiet = quiet_over_guide(limits, utterance) if guided else limits.second_look_seconds
    return (
        now - utterance.end_seconds >= quiet - 1e-6
        and utterance.seconds >= limits.shortest_seconds
        and text.count(" ") < MOST_WORDS
    )


def quiet_over_guide(limits: Thresholds, utterance: Utterance) -> float:
    """How long it must have been quiet over the guide's own sound: longer beside a noise."""
    is_clear = utterance.snr_db >= limits.clear_db
    return limits.over_guide_quiet_seconds if is_clear else limits.quiet_seconds
