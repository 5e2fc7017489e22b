"""What the guide says of the breath: how it goes, how strokes ride on it, what was breathed."""

from voiceguide.core.numbers import number
from voiceguide.core.routine.breath import Breath, Way

LONGEST_BREATH = "That is the longest breath there is."
SHORTEST_BREATH = "That is the shortest breath there is."
BREATH_ON = (
    "Your strokes follow the breath: hands return as you breathe in, and stroke as you breathe out."
)
BREATH_SOUNDS = "A rising sound is your breath in, a falling one your breath out."
BREATH_HELD = "While nothing sounds, rest with the breath held."
LONG_PHASES = {
    Way.IN: "Breathe in for as long as the sound rises.",
    Way.HOLD: "Hold until the next sound.",
    Way.OUT: "Breathe out for as long as the sound falls.",
}
LONG_AGAIN = {
    Way.IN: "In again for as long as it rises.",
    Way.OUT: "Out again for as long as it falls.",
}
BREATH_OFF = "Your strokes follow the ticks alone."
BREATHE_ON = "We breathe on."
REST_IN_BREATH = "Let the rest of the time be for your breath."

EXACT_BREATHS = 30
"""Breaths are told exactly up to this, and to ten beyond it."""
MOST_BREATHS = 200
"""No higher number of breaths is told."""
EXACT_COUNTS = 10
"""Counts are told to half a count up to this, and to a whole one beyond it."""
MOST_COUNTS = 20
"""Nobody counts further than this along with a breath."""


def counts(seconds: float) -> str:
    """The length of a phase of a breath, to half a second; above ten to a whole one."""
    halves = 2 * round(seconds) if seconds > EXACT_COUNTS else max(1, round(2 * seconds))
    whole, half = divmod(halves, 2)
    if not whole:
        return "half a count"
    if half:
        return f"{number(whole)} and a half counts"
    return "one count" if whole == 1 else f"{number(whole)} counts"


def phase(way: Way, seconds: float, is_more: bool = False) -> str:
    """What to do in a phase of a breath, and for how long.

    Args:
        is_more: whether an earlier phase of this breath went the same way ("in again").
    """
    if round(seconds) > MOST_COUNTS:
        return (LONG_AGAIN if is_more else LONG_PHASES)[way]
    do = {Way.IN: "Breathe in", Way.HOLD: "Hold", Way.OUT: "Breathe out"}[way]
    return f"{f'{way.value.capitalize()} again' if is_more else do} for {counts(seconds)}."


def breathed(breath: Breath) -> tuple[str, ...]:
    """How a breath goes, phase by phase, and what is heard of its holds."""
    seen: list[Way] = []
    said: list[str] = []
    for each in breath.phases:
        said.append(phase(each.way, each.seconds, each.way is not Way.HOLD and each.way in seen))
        seen.append(each.way)
    return (*said, BREATH_HELD) if Way.HOLD in seen else tuple(said)


def on_breath(breath: Breath) -> tuple[str, ...]:
    """How strokes ride on this breath."""
    return (BREATH_ON, BREATH_SOUNDS, *breathed(breath))


def breaths_done(done: int) -> str:
    """How many breaths of a step are done; of how many is not told, as their number may be open."""
    if done > EXACT_BREATHS:
        done = min(MOST_BREATHS, 10 * (done // 10))
        return f"More than {number(done)} breaths done."
    return f"{number(done).capitalize()} {'breath' if done == 1 else 'breaths'} done."
