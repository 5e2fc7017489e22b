"""How long a session lasts: what is left of it, and how it keeps to a length that was asked for.

The clock runs from "go", and stands still in a pause. The longest step of breaths fills the time
that the other steps leave. If the person leaves it early, the longest one after it does; a routine
without a step of breaths gets one at its end. When time is up, the session closes as soon as that
cuts off nothing: after a sentence, a stroke or a breath out.
"""

from dataclasses import replace

from voiceguide.core import wording, wording_breath
from voiceguide.core.routine.on_breath import with_breath
from voiceguide.core.routine.routine import Breathe, Mode, Routine, Section, Step
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.preferences import Manner
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.gaps import (
    GAP_SECONDS,
    LEAD_IN_SECONDS,
    SOFT_CLOSE_SECONDS,
    closing_gap,
    step_items,
)
from voiceguide.core.timeline.pace import Pace
from voiceguide.core.timeline.progress import Position, StepLengths, following, told

_REST = Step(
    "rest",
    "slow breathing",
    Mode.BREATHE,
    (wording_breath.REST_IN_BREATH,),
    breathe=Breathe(count=6),
)
FILLING = Section("quiet-breathing", "quiet breathing", (_REST,), region="breath")
"""The section that a routine without a step of breaths gets at its end, to fill its time."""


def as_wanted(routine: Routine, manner: Manner) -> Routine:
    """A routine as the person wants it for one session: with their breath, and with a step that can
    fill the time if they asked for a length.
    """
    routine = with_breath(routine, manner.breath)
    if manner.length_seconds and not any(step.breathe for _, step in routine.steps()):
        return replace(routine, sections=(*routine.sections, FILLING))
    return routine


class Length:
    """Keeps to the length that was asked for.

    Args:
        wanted_seconds: from "go" to the last word. None if no length was asked for: then the clock
            never runs, and no step is extended or cut short.
    """

    def __init__(
        self, turn: Turn, course: Course, dials: Dials, wanted_seconds: float | None
    ) -> None:
        self._turn = turn
        self._course = course
        self._dials = dials
        self._wanted_seconds = wanted_seconds
        self._ends_at: float | None = None
        """When the last word must have been said; None where no length is kept to."""
        self._rested_at: float | None = None
        """Since when the clock stands still; None while it runs."""
        self._filling: Step | None = None
        """The step that fills the time, where the person left the one that was meant for it."""
        self._steps: StepLengths | None = None
        self._steps_of: tuple[Routine | None, Beat | None] = (None, None)
        """The values that the lengths of the steps were computed from."""

    def planned(self) -> float:
        """How many seconds the whole routine takes, before it is begun."""
        return self._wanted_seconds or self.steps.total

    def offered(self, routine: Routine) -> float:
        """The same for a routine that is offered and not taken yet."""
        if self._wanted_seconds:
            return self._wanted_seconds
        beat = self._dials.offered_beat(routine)
        return StepLengths(routine, beat, self._dials.speech_seconds).total

    @property
    def steps(self) -> StepLengths:
        """How long the steps take with the present settings, whatever length was asked for."""
        routine, beat = self._course.current, self._dials.beat
        if self._steps is None or self._steps_of[0] is not routine or self._steps_of[1] is not beat:
            self._steps = StepLengths(routine, beat, self._dials.speech_seconds)
            self._steps_of = (routine, beat)
        return self._steps

    # The clock.

    def restart(self) -> None:
        """Count from the next "go" on."""
        self._ends_at = None
        self._filling = None

    def forget(self) -> None:
        """Forget the clock: the session is over."""
        self._ends_at = self._rested_at = None

    def run_clock(self) -> None:
        """Start the clock, or let it go on after a rest."""
        now = self._turn.now
        if self._wanted_seconds is not None and self._ends_at is None:
            self._ends_at = now + self._wanted_seconds
        elif self._ends_at is not None and self._rested_at is not None:
            self._ends_at += now - self._rested_at
        self._rested_at = None

    def stop_clock(self) -> None:
        """Stop the clock."""
        if self._rested_at is None:
            self._rested_at = self._turn.now

    @property
    def is_counting(self) -> bool:
        """Whether the session keeps to an end."""
        return self._ends_at is not None

    def clock_left(self) -> float | None:
        """Seconds until the end that was asked for; None where none was, or before "go"."""
        if self._ends_at is None:
            return None
        now = self._turn.now if self._rested_at is None else self._rested_at
        return max(0.0, self._ends_at - now)

    # Filling the time, and cutting short.

    def takes_the_rest(self) -> bool:
        """Whether the present step is the one that fills the time."""
        if self._ends_at is None:
            return False
        step = self._course.step
        if step is not self._filling and self._takes_over():
            self._filling = step
        return step in (self._longest(), self._filling)

    def keep_to_time(self, pace: Pace) -> None:
        """Let no more strokes or breaths begin than there is time for; more, if this step fills
        the time.
        """
        if self._ends_at is None:
            return
        breath = self._dials.beat.breath_of(pace.step)
        at = pace.end_seconds() or pace.onset_seconds
        if at is None or (pace.step.hold and not breath):
            return
        left = self._ends_at - at - self._after(pace.open_ended)
        pace.keep_to(int(max(0.0, left / self._one(pace.step) + 0.5)))

    # Guards.

    def time_is_up(self) -> bool:
        """Whether there is no time to begin anything else in this step."""
        step = self._course.step
        if self._ends_at is None or not (step.count or step.hold) or self._is_rounded():
            return False
        return self._until_closing() < LEAD_IN_SECONDS + self._one(step) / 2

    def no_time_for_next(self, is_cut: bool) -> bool:
        """Whether there is no time left to tell and begin the next step.

        Args:
            is_cut: whether the present step was cut short for lack of time.
        """
        course = self._course
        after = following(course.current, course.position)
        if self._ends_at is None or after is None or self._is_rounded():
            return False
        if is_cut:
            return True
        step = after.step(course.current)
        speech = self._dials.speech_seconds
        sentences = told(course.current, after, self._dials.beat)
        telling = sum(GAP_SECONDS + speech(text) for text in sentences)
        if not (step.count or step.hold):
            return self._until_closing() < telling / 2
        return self._until_closing() < telling + LEAD_IN_SECONDS + self._one(step) / 2

    def _longest(self, first: int = 0) -> Step | None:
        """The longest step of breaths, from the step with this index on."""
        beat = self._dials.beat
        return max(
            (step for _, step in list(self._course.current.steps())[first:] if step.breathe),
            key=lambda step: step.count * beat.seconds_of_one(step),
            default=None,
        )

    def _takes_over(self) -> bool:
        """Whether the present step now fills the time, because the person left the step that was
        meant for it, and this one is the longest after that.
        """
        assert self._ends_at is not None
        step = self._course.step
        if step is not self._longest(self._index()):
            return False
        one = self._one(step)
        planned = step.count * one + self._after(is_open_ended=True)
        return self._ends_at - self._turn.now - LEAD_IN_SECONDS - planned > one

    def _index(self) -> int:
        """The index of the present step among all steps."""
        here = self._course.step
        steps = self._course.current.steps()
        return next(index for index, (_, step) in enumerate(steps) if step is here)

    def _is_rounded(self) -> bool:
        """Whether the step that fills the time has begun; it leaves time for all that follows."""
        steps = [step for _, step in self._course.current.steps()]
        longest = self._longest()
        here = self._index() + (self._course.state is not State.TELLING)
        return any(step is longest for step in steps[:here])

    def _one(self, step: Step) -> float:
        beat = self._dials.beat
        breath = beat.breath_of(step)
        return breath.seconds if breath else beat.seconds_of_one(step)

    def _until_closing(self) -> float:
        assert self._ends_at is not None
        return self._ends_at - self._turn.now - self._closing(SOFT_CLOSE_SECONDS)

    def _after(self, is_open_ended: bool) -> float:
        """The seconds from the end of the present step to the end of the last word."""
        course = self._course
        step, seconds = course.step, 0.0
        at = following(course.current, course.position) if is_open_ended else None
        while at is not None:
            seconds += self._planned(at)
            step = at.step(course.current)
            at = following(course.current, at)
        return seconds + self._closing(closing_gap(step, self._dials.beat))

    def _planned(self, at: Position) -> float:
        routine, dials = self._course.current, self._dials
        sentences = told(routine, at, dials.beat)
        items = step_items(at.step(routine), sentences, dials.beat, dials.speech_seconds)
        return sum(seconds for _, seconds in items)

    def _closing(self, first_gap: float) -> float:
        words = self._course.current.closing or (wording.CLOSING,)
        spoken = sum(self._dials.speech_seconds(text) for text in words)
        return first_gap + spoken + GAP_SECONDS * (len(words) - 1)
