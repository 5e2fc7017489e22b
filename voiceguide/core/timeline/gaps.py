"""The silences between what is said and done, and what a step is made of in time."""

from collections.abc import Iterator, Sequence

from voiceguide.core import wording
from voiceguide.core.routine.routine import Step
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.speech import Speech

GAP_SECONDS = 0.6
"""Between two sentences, and between the end of a step and the first word of what follows."""
OPENING_SECONDS = 0.25
"""Before the very first word: many speakers swallow what comes while they wake up."""
EARCON_SECONDS = 0.3
"""A sentence that answers a command leaves the earcon this long."""
LEAD_IN_SECONDS = 0.8
"""From the last word to the first stroke: time to bring the hands into place."""
SOFT_CLOSE_SECONDS = 2.0
"""From the end of the last breath to the last words."""


def step_items(
    step: Step, sentences: Sequence[str], beat: Beat, speech: Speech
) -> Iterator[tuple[str, float]]:
    """What a step is made of in time: (say | gap | lead | stroke | breath | hold | wait, seconds).

    A wait for a word counts as long as a person usually takes.
    """
    for sentence in sentences:
        yield "gap", GAP_SECONDS
        yield "say", speech(sentence)
    if step.wait:
        yield "wait", step.wait.timer_seconds or step.wait.about_seconds
    if not (step.count or step.hold):
        return
    kind = "hold" if step.hold else "stroke" if step.stroke else "breath"
    for index in range(len(step.sides)):
        words = wording.side_words(step, index)
        if words:
            yield "gap", GAP_SECONDS
            yield "say", speech(words)
        yield "lead", LEAD_IN_SECONDS
        for _ in range(step.count or 1):
            yield kind, beat.seconds_of_one(step)


def closing_gap(step: Step | None, beat: Beat) -> float:
    """From the end of the last step to the last words: long after a breath, to close softly."""
    return SOFT_CLOSE_SECONDS if step and beat.pattern(step) else GAP_SECONDS
