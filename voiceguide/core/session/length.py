"""How long a session lasts, where the person said so: when it ends, and what fills the time.

The clock runs from "go" and stands still in a pause. The longest step of breaths takes what time
there is; if it is left before its end, the longest of those that follow does; a routine without one
gets one at its end. When time is up the session closes where that
cuts off nothing: after a sentence, a stroke or a breath out.
"""

from dataclasses import replace

from voiceguide.core import wording
from voiceguide.core.routine.routine import Breathe, Mode, Routine, Section, Step
from voiceguide.core.session.state import Standing
from voiceguide.core.table import State
from voiceguide.core.timeline.pacing import (
    GAP_SECONDS,
    LEAD_IN_SECONDS,
    SOFT_CLOSE_SECONDS,
    closing_gap,
    step_items,
)
from voiceguide.core.timeline.progress import Position, following, told

_REST = Step(
    "rest", "slow breathing", Mode.BREATHE, (wording.REST_IN_BREATH,), breathe=Breathe(count=6)
)
FILLING = Section("quiet-breathing", "quiet breathing", (_REST,), region="breath")
"""What a routine without a step of breaths gets at its end where it is to last so long."""


class Lasting(Standing):
    """Keeps to the length that was asked for; where none was, nothing here does anything."""

    def take(self, routine: Routine) -> None:
        """Choose a routine, with something in it that can take whatever time there is."""
        if self.manner.length_seconds and not any(step.breathe for _, step in routine.steps()):
            routine = replace(routine, sections=(*routine.sections, FILLING))
        self.routine = routine
        self.ends_at = None
        self.filling = None
        self.preferences = replace(self.preferences, breath=self.manner.breath or routine.breath)

    def run_clock(self) -> None:
        """Begin to count, or go on after a rest."""
        length = self.manner.length_seconds
        if length is not None and self.ends_at is None:
            self.ends_at = self.now + length
        elif self.ends_at is not None and self.rested_at is not None:
            self.ends_at += self.now - self.rested_at
        self.rested_at = None

    def stop_clock(self) -> None:
        """Stand still from now on."""
        if self.rested_at is None:
            self.rested_at = self.now

    def clock_left(self) -> float | None:
        """Seconds until the end that was asked for; None where none was, or before "go"."""
        if self.ends_at is None:
            return None
        return max(0.0, self.ends_at - (self.now if self.rested_at is None else self.rested_at))

    def takes_the_rest(self) -> bool:
        """Whether the present step is the one that takes what time there is."""
        if self.ends_at is None:
            return False
        if self.step is not self.filling and self._takes_over():
            self.filling = self.step
        return self.step in (self._longest(), self.filling)

    def keep_to_time(self) -> None:
        """Let no more strokes or breaths begin than there is time for."""
        pace = self.active
        if pace is None or self.ends_at is None:
            return
        breath = self.beat.breath_of(pace.step)
        at = pace.end_seconds() or pace.onset_seconds
        if at is None or (pace.step.hold and not breath):
            return
        one = breath.seconds if breath else self.beat.seconds_of_one(pace.step)
        left = self.ends_at - at - self._after(pace.open_ended)
        pace.keep_to(int(max(0.0, left / one + 0.5)))

    # Guards.

    def time_is_up(self) -> bool:
        """Whether nothing more of this step can be begun."""
        if self.ends_at is None or not (self.step.count or self.step.hold) or self._is_rounded():
            return False
        one = self._one(self.step)
        return self._until_closing() < LEAD_IN_SECONDS + one / 2

    def no_time_for_next(self) -> bool:
        """Whether the following step cannot be told and begun any more."""
        after = following(self.current, self.position)
        if self.ends_at is None or after is None or self._is_rounded():
            return False
        if self.active and self.active.is_cut:
            return True
        step = after.step(self.current)
        telling = sum(GAP_SECONDS + self._speech(text) for text in told(self.current, after))
        if not (step.count or step.hold):
            return self._until_closing() < telling / 2
        one = self._one(step)
        return self._until_closing() < telling + LEAD_IN_SECONDS + one / 2

    def _longest(self, first: int = 0) -> Step | None:
        """Of the steps of breaths from the one with this index on."""
        return max(
            (step for _, step in list(self.current.steps())[first:] if step.breathe),
            key=lambda step: step.count * self.beat.seconds_of_one(step),
            default=None,
        )

    def _takes_over(self) -> bool:
        """Whether the step that was to take the time was left before its end, and the present one
        is the longest after it.
        """
        assert self.ends_at is not None
        if self.step is not self._longest(self._index()):
            return False
        planned = self.step.count * self._one(self.step) + self._after(is_open_ended=True)
        return self.ends_at - self.now - LEAD_IN_SECONDS - planned > self._one(self.step)

    def _index(self) -> int:
        """Of the present step, among all."""
        steps = self.current.steps()
        return next(index for index, (_, step) in enumerate(steps) if step is self.step)

    def _is_rounded(self) -> bool:
        """Whether the time was filled already, and what follows is counted in."""
        steps = [step for _, step in self.current.steps()]
        longest = self._longest()
        here = self._index() + (self.state is not State.TELLING)
        return any(step is longest for step in steps[:here])

    def _one(self, step: Step) -> float:
        breath = self.beat.breath_of(step)
        return breath.seconds if breath else self.beat.seconds_of_one(step)

    def _until_closing(self) -> float:
        assert self.ends_at is not None
        return self.ends_at - self.now - self._closing(SOFT_CLOSE_SECONDS)

    def _after(self, is_open_ended: bool) -> float:
        """From the end of the present step to the end of the last word."""
        step, seconds = self.step, 0.0
        at = following(self.current, self.position) if is_open_ended else None
        while at is not None:
            seconds += self._planned(at)
            step = at.step(self.current)
            at = following(self.current, at)
        return seconds + self._closing(closing_gap(step, self.beat))

    def _planned(self, at: Position) -> float:
        items = step_items(at.step(self.current), told(self.current, at), self.beat, self._speech)
        return sum(seconds for _, seconds in items)

    def _closing(self, first_gap: float) -> float:
        words = self.current.closing or (wording.CLOSING,)
        spoken = sum(self._speech(text) for text in words)
        return first_gap + spoken + GAP_SECONDS * (len(words) - 1)
