"""The silences between sentences and actions, and the items of which a step is made in time."""

from collections.abc import Iterator, Sequence

from voiceguide.core import wording
from voiceguide.core.routine.routine import Step
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.speech import Speech

GAP_SECONDS = 0.6
"""Between two sentences, and between the end of a step and the next sentence."""
ROOM_SECONDS = 3.0
"""From a sentence that can be answered at once to the one that explains it, for somebody who knows
the answer: 0.6 s to begin, 1.4 s for a name that is said slowly, up to 0.7 s to hear it. The ears
do not know the guide's echo yet so soon after the call, so a word over the guide would be lost.
"""
OPENING_SECONDS = 0.25
"""From the start of the timeline to the very first word, for many loudspeakers swallow the first
sound after a silence."""
EARCON_SECONDS = 0.3
"""From the earcon that answers a command to the sentence after it."""
LEAD_IN_SECONDS = 0.8
"""From the last word to the first stroke, so that the hands can find their place."""
SOFT_CLOSE_SECONDS = 2.0
"""From the end of the last breath to the closing words."""


def step_items(
    step: Step, sentences: Sequence[str], beat: Beat, speech: Speech
) -> Iterator[tuple[str, float]]:
    """The items of a step in time: (say | gap | lead | stroke | breath | hold | wait, seconds).

    A wait for a word is as long as a person usually takes.
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
    """From the end of the last step to the closing words; longer after breaths, to end softly."""
    return SOFT_CLOSE_SECONDS if step and beat.pattern(step) else GAP_SECONDS
