"""What a picture of a session needs: the moment within the step, and what is left."""

from dataclasses import dataclass

from voiceguide.core.events import Fault
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.routine import Routine, Side
from voiceguide.core.session.alarms import Alarm
from voiceguide.core.session.guide import Guide
from voiceguide.core.table import State
from voiceguide.core.timeline.progress import Position


@dataclass(frozen=True, slots=True)
class Outlook:
    """Beyond ``Status``: for whoever draws."""

    routine: Routine | None
    position: Position
    """Only means something where there is a routine."""
    side: Side | None
    """The side being worked on; None where the step has no strokes."""
    number: int
    """Of the stroke under way on its side, 1-based; 0 while there is none."""
    count: int
    """Strokes or breaths on a side; 1 for a hold that no breath paces, 0 where nothing is done."""
    breath: Breath | None
    """What paces the step, at tempo 1; None where no breath does."""
    onset_seconds: float | None
    """When that stroke begins or began, on the session's time axis."""
    period_seconds: float
    timer_end_seconds: float | None
    """When the present wait ends by itself; None where it does not."""
    seconds_left: float
    """Planned, to the end of the last step; 0 without a routine, or when it is over."""
    seconds_total: float
    """Planned, of the whole routine at the present tempo."""
    faults: tuple[Fault, ...]


def outlook(guide: Guide) -> Outlook:
    """How things stand at ``guide.turn.now``; changes nothing."""
    course, pace = guide.course, guide.strokes.pace
    step = course.step if course.routine else None
    span = pace.span() if pace else None
    paced = step is not None and (step.stroke or step.hold or step.breathe) is not None
    sides = step.sides if step and paced else (None,)
    count = (step.count or 1) if step and paced else 0
    position, _ = guide.strokes.standing()
    return Outlook(
        routine=course.routine,
        position=position,
        side=pace.side if pace else sides[0],
        number=pace.done + 1 if pace and span else 0,
        count=pace.count if pace else count,
        breath=guide.dials.beat.pattern(step) if step and paced else None,
        onset_seconds=span[0] if span else None,
        period_seconds=span[1] if span else 0.0,
        timer_end_seconds=guide.alarms.at(Alarm.TIMER),
        seconds_left=_left(guide),
        seconds_total=guide.length.seconds_left(Position()) if course.routine else 0.0,
        faults=guide.faults.broken,
    )


def _left(guide: Guide) -> float:
    course, routine = guide.course, guide.course.routine
    if routine is None or course.state is State.CLOSING:
        return 0.0
    # A routine that was led to its end has no place any more.
    over = course.state is State.ENDED and course.memory.place(routine.id) is None
    return 0.0 if over and course.position != Position() else guide.answers.seconds_left()
