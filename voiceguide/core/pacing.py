"""When strokes, holds and pauses fall: absolute times of the output timeline.

Every onset is the one before plus a period, so nothing drifts; an onset is handed out
``LOOKAHEAD_SECONDS`` before it sounds, so that the mixer can place it on its exact sample.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from voiceguide.core.effects import Cue
from voiceguide.core.routine import Side, Step, Stroke

LOOKAHEAD_SECONDS = 0.25
"""How long before its onset a stroke is fixed; more than the worst hiccup of the loop."""
GAP_SECONDS = 0.6
"""Between two sentences, and between the end of a step and the first word of what follows."""
OPENING_SECONDS = 0.25
"""Before the very first word: many speakers swallow what comes while they wake up."""
EARCON_SECONDS = 0.3
"""A sentence that answers a command leaves the earcon this long."""
LEAD_IN_SECONDS = 0.8
"""From the last word to the first stroke: time to bring the hands into place."""
LAST_NOTICE_SECONDS = 0.9
"""How long before the last onset "last one" is said."""
COUNTING_SECONDS = 0.9
"""No number up to twenty takes longer to say."""
LATE_SECONDS = 0.1
"""A stroke this late (after a suspend) is set anew instead of being made up for."""

TEMPO_STEP = 1.15
TEMPO_RANGE = (0.5, 2.0)
RATE_STEP = 15
RATE_RANGE = (110, 220)
"""Words a minute; 150–200 is comfortable to most, wet ears want less."""
GAIN_STEP_DB = 3.0
GAIN_RANGE_DB = (-21.0, 9.0)

Speech = Callable[[str], float]
"""How long a sentence takes, in seconds."""


def estimate_speech_seconds(text: str, words_per_minute: int) -> float:
    """How long espeak-ng takes for a sentence, from its length; rendering knows exactly.

    Fitted to the 294 sentences of the bundled routines as the guide's voice renders them at 150
    words a minute: 14.3 letters a second, 0.37 s for each comma or colon, 0.23 s besides, off by
    0.24 s (root mean square) a sentence and by nothing in total. At 110, 180 and 220 words a
    minute the whole scales with the rate to within 0.5 %.
    """
    letters = sum(character.isalpha() for character in text)
    rests = sum(text.count(mark) for mark in ",;:—")
    return (letters / 14.3 + 0.37 * rests + 0.23) * 150 / words_per_minute


def side_words(step: Step, index: int) -> str:
    """What is said before the strokes of a side; empty when there is only one side."""
    if len(step.sides) == 1:
        return ""
    return "Left side first." if index == 0 else "Now the right side."


def step_items(
    step: Step, sentences: Sequence[str], tempo: float, speech: Speech
) -> Iterator[tuple[str, float]]:
    """What a step is made of in time: (say | gap | lead | stroke | hold | wait, seconds).

    A wait for a word counts as long as a person usually takes.
    """
    for sentence in sentences:
        yield "gap", GAP_SECONDS
        yield "say", speech(sentence)
    if step.wait:
        yield "wait", step.wait.timer_seconds or step.wait.about_seconds
    if not (step.stroke or step.hold):
        return
    for index in range(len(step.sides)):
        words = side_words(step, index)
        if words:
            yield "gap", GAP_SECONDS
            yield "say", speech(words)
        yield "lead", LEAD_IN_SECONDS
        if step.hold:
            yield "hold", step.hold.seconds
        elif step.stroke:
            for _ in range(step.stroke.count):
                yield "stroke", step.stroke.seconds / tempo


@dataclass(frozen=True, slots=True)
class Onset:
    """One stroke (or hold) that begins."""

    at_seconds: float
    cue: Cue
    number: int
    """1-based, on this side."""
    is_last: bool
    notice_at_seconds: float | None
    """When to say that the one after this is the last; None when it need not be said."""


def counted_aloud(stroke: Stroke, onset: Onset, tempo: float) -> bool:
    """Whether the number of this stroke is spoken: quick ones are counted in fives."""
    if not stroke.count_aloud or onset.is_last:
        return False
    return stroke.seconds / tempo >= COUNTING_SECONDS or onset.number % 5 == 0


class Pace:
    """The strokes of one step: which side, how many are done, when the following one falls."""

    def __init__(self, step: Step, strokes_done: int = 0, held_seconds: float = 0.0) -> None:
        self.step = step
        count = self.count
        self.side_index = min(strokes_done // count, len(step.sides) - 1)
        self.done = min(strokes_done - self.side_index * count, count - 1)
        self.held_seconds = held_seconds
        """How long the present hold has lasted before it was interrupted."""
        self._onset: float | None = None
        """Onset of the stroke under way, or of the first one."""
        self._period = 0.0
        self._under_way = False
        self._ends: list[float] = []
        """Ends of strokes that count as done, though the last of them may still be going on."""

    @property
    def count(self) -> int:
        """Repetitions on each side."""
        return self.step.stroke.count if self.step.stroke else 1

    @property
    def side(self) -> Side:
        """The side being worked on."""
        return self.step.sides[self.side_index]

    @property
    def strokes_done(self) -> int:
        """Completed strokes, all sides together."""
        return self.side_index * self.count + self.done

    @property
    def is_fresh(self) -> bool:
        """Whether nothing of this side has been done."""
        return self.done == 0 and self.held_seconds == 0

    @property
    def can_rest(self) -> bool:
        """Whether strokes may stand still after the present one: not once the last is told."""
        return not self._under_way or self.done + 2 < self.count

    def span(self) -> tuple[float, float] | None:
        """Onset and length of the stroke under way; None while there is none."""
        return (self._onset, self._period) if self._onset is not None and self._under_way else None

    def end_seconds(self) -> float | None:
        """End of the stroke under way; None while there is none."""
        return self._onset + self._period if self._onset is not None and self._under_way else None

    def begin(self, onset_seconds: float) -> None:
        """Set the first onset of a side, or of what is left of it."""
        self._onset = onset_seconds
        self._under_way = False
        self._ends = []

    def next_alarm(self) -> float | None:
        """When ``due`` or ``complete`` must be asked again; None before ``begin``."""
        if self._onset is None:
            return None
        if not self._under_way:
            return self._onset - LOOKAHEAD_SECONDS
        end = self._onset + self._period
        return end if self.done + 1 >= self.count else end - LOOKAHEAD_SECONDS

    def due(self, now: float, tempo: float) -> Onset | None:
        """The onset that must be fixed now, if any; the stroke before it counts as done."""
        if self._onset is None or (alarm := self.next_alarm()) is None or now < alarm - 1e-9:
            return None
        if self._under_way:
            if self.done + 1 >= self.count:
                return None
            self.done += 1
            self._onset += self._period
            self._ends = [end for end in self._ends if end > now] + [self._onset]
        if now > self._onset + LATE_SECONDS:
            self._onset = now + LOOKAHEAD_SECONDS
        self._under_way = True
        self._period = self._seconds_of_one(tempo)
        last = self.done + 1 == self.count
        notice = None
        if self.step.stroke and self.done + 2 == self.count and self.count > 2:
            lead = min(LAST_NOTICE_SECONDS, 0.75 * self._period)
            notice = self._onset + self._period - lead
        marked = last and self.step.stroke is not None and self.count > 1
        return Onset(self._onset, Cue.LAST if marked else Cue.TICK, self.done + 1, last, notice)

    def complete(self, now: float) -> float | None:
        """When the side was completed, if it is by now; then ``next_side`` or the step is over."""
        if self._onset is None or not self._under_way or self.done + 1 < self.count:
            return None
        end = self._onset + self._period
        if now < end - 1e-9:
            return None
        self.done = self.count
        self._onset = None
        self._under_way = False
        return end

    def next_side(self) -> bool:
        """Go to the other side, if there is one left."""
        if self.side_index + 1 >= len(self.step.sides):
            return False
        self.side_index += 1
        self.done = 0
        self.held_seconds = 0.0
        return True

    def standing(self, now: float) -> tuple[int, float]:
        """What to go on from if everything stood still now: (strokes done, seconds held).

        A stroke that is not complete counts as not done, so it will be done again whole; a
        hold goes on for what is left of it. Changes nothing.
        """
        done, held = self.strokes_done, self.held_seconds
        if self._onset is None or not self._under_way:
            return done, held
        if now >= self._onset + self._period - 1e-9:
            return done + 1, 0.0
        if self.step.hold:
            return done, held + max(0.0, now - self._onset)
        # Onsets are fixed ahead: strokes before them may still be going on.
        return done - sum(end > now + 1e-9 for end in self._ends), held

    def stop(self) -> None:
        """No further onset falls."""
        self._onset = None
        self._under_way = False

    def _seconds_of_one(self, tempo: float) -> float:
        if self.step.hold:
            return max(1.0, self.step.hold.seconds - self.held_seconds)
        return self.step.stroke.seconds / tempo if self.step.stroke else 0.0
