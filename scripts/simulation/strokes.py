"""Checks that strokes are conserved: each falls when it should, and each of a step is done once.

This looks at what a session answers, not at what it remembers: a cue is an onset, a hush cuts off
the present stroke, and a stroke that is not cut off is done. The simulation and the tests use it.
"""

from math import inf, isclose

from voiceguide.core.commands import Command
from voiceguide.core.effects import Cue, Hush, PlayCue, Say
from voiceguide.core.events import Adjusted, CommandHeard, DeadlineReached, Event
from voiceguide.core.session.session import Session
from voiceguide.core.session.undo import QUESTIONS, SETTINGS
from voiceguide.core.table import State
from voiceguide.core.timeline.pace import LATE_SECONDS, LOOKAHEAD_SECONDS
from voiceguide.core.wording import TIMER_OVER
from voiceguide.core.wording_faults import LOUD
from voiceguide.loop import Moment

MOVES = (
    frozenset(Command)
    - SETTINGS
    - QUESTIONS
    - {Command.PAUSE, Command.RESUME, Command.NOT_YET, Command.OKAY}
)


class Broken(AssertionError):  # noqa: N818 - it names a broken rule, and reads as one
    """A rule does not hold; ``rule`` is its name."""

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(f"{rule}: {what}")
        self.rule = rule


class StrokeLedger:
    """Counts the strokes of one session, and compares the count with the session's own."""

    def __init__(self) -> None:
        self.whole = 0
        """Strokes of the present step that are done; after a move, the number the session gives."""
        self._going_on: list[tuple[float, float]] = []
        """Onset and end of each stroke that is not over."""
        self._follows: float | None = None
        """When the next onset must fall, unless something interrupts."""
        self._last_onset = -inf
        self._step: tuple[int, int] | None = None
        """Count and number of sides of the step that was being paced."""

    def take(self, moment: Moment, before: State, session: Session) -> None:
        """Check one moment of a session that was in state ``before``.

        Raises:
            Broken: a stroke was lost or doubled, or fell when it should not.
        """
        event, now = moment.event, moment.at_seconds
        guide = session._guide
        status = session.snapshot()
        self.whole += sum(end <= now + 1e-6 for _, end in self._going_on)
        self._going_on = [stroke for stroke in self._going_on if stroke[1] > now + 1e-6]
        for effect in moment.effects:
            match effect:
                case Hush():
                    self._going_on, self._follows = [], None
                    # A stroke on the breath that had not begun now never sounds.
                    self._last_onset = min(self._last_onset, now)
                case PlayCue(Cue.SIDE):
                    self._follows = None
                    self._check_side(session)
                case PlayCue(Cue.TICK | Cue.LAST, at):
                    self._check_onset(at, session, now)
                case Say(text=text) if text in (LOUD, TIMER_OVER):
                    if self._going_on:
                        raise Broken("strokes", f"the guide says {text!r} during a stroke")
                    self._follows = None
        if _sets_tempo(event):
            self._check_retuned(session, now)
        if isinstance(event, CommandHeard) and event.command in MOVES:
            self.whole = status.strokes_done
        elif session.state is State.PACING and guide.course.step.stroke:
            if guide.length.is_counting:
                self.whole = status.strokes_done  # a side may be cut short where time is
            elif status.strokes_done != self.whole:
                told = f"the session counts {status.strokes_done}, but {self.whole} were done"
                raise Broken("strokes", told)
        elif before is State.PACING and self._step and isinstance(event, DeadlineReached):
            count, sides = self._step
            if self.whole != count * sides and not guide.length.is_counting:
                raise Broken("strokes", f"{self.whole} were done of {count} on {sides} sides")
            self.whole = 0
        if session.state is State.TELLING:
            self.whole = 0
        step = guide.course.step if guide.course.routine else None
        self._step = (step.stroke.count, len(step.sides)) if step and step.stroke else None

    def _check_side(self, session: Session) -> None:
        guide = session._guide
        stroke = guide.course.step.stroke
        if stroke and self.whole != stroke.count and not guide.length.is_counting:
            raise Broken("strokes", f"the other side begins after {self.whole} of {stroke.count}")

    def _check_onset(self, onset: float, session: Session, now: float) -> None:
        guide = session._guide
        stroke, pace = guide.course.step.stroke, guide.strokes.pace
        expected = self._follows
        if expected is not None and now > expected + LATE_SECONDS:
            expected = now + LOOKAHEAD_SECONDS  # too late for its time
        if expected is not None and not isclose(onset, expected, abs_tol=1e-6):
            raise Broken("onsets", f"a stroke falls at {onset:.3f} s, not at {expected:.3f} s")
        if onset <= self._last_onset:
            raise Broken("onsets", f"{onset:.3f} s does not follow {self._last_onset:.3f} s")
        self._last_onset = onset
        if not stroke or not pace:
            return
        if pace.rides_on_breath:
            end = pace.end_seconds()
            if end is None or onset >= end:
                raise Broken("onsets", f"the stroke of {onset:.3f} s is not within its breath")
            self._follows = None
        else:
            self._follows = end = onset + stroke.seconds / guide.dials.beat.tempo
        self._going_on.append((onset, end))

    def _check_retuned(self, session: Session, now: float) -> None:
        """Check that a change just before an onset changes the stroke that begins there."""
        guide = session._guide
        pace, stroke = (
            guide.strokes.pace,
            guide.course.step.stroke if guide.course.routine else None,
        )
        if not (self._going_on and pace and stroke) or pace.rides_on_breath:
            return
        onset, end = self._going_on[-1]
        if onset > now and pace.end_seconds() != end:
            self._follows = onset + stroke.seconds / guide.dials.beat.tempo
            if pace.end_seconds() is None or not isclose(pace.end_seconds() or 0, self._follows):
                raise Broken("onsets", f"the stroke of {onset:.3f} s has another length")
            self._going_on[-1] = (onset, self._follows)


def _sets_tempo(event: Event) -> bool:
    if isinstance(event, CommandHeard):
        return event.command in (Command.SLOWER, Command.FASTER, Command.UNDO)
    return isinstance(event, Adjusted)
