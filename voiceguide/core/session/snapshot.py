"""How a session stands at one moment; terminal, page, house, status and metrics all show this.

It holds plain values, and no word that was said or heard.
"""

from dataclasses import dataclass, field
from typing import Any

from voiceguide.core.events import Fault
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import Routine, Section, Side, Step
from voiceguide.core.session.alarms import Alarm
from voiceguide.core.session.guide import Guide
from voiceguide.core.table import UNDERWAY, State
from voiceguide.core.timeline.progress import Position, following


@dataclass(frozen=True, slots=True)
class Counted:
    """A stroke, a breath or a hold that is under way or about to begin."""

    number: int
    """The number on its side, from 1; 0 before the first."""
    count: int
    """How many there are on this side; 1 for a hold that does not ride on the breath."""
    side: Side
    onset_seconds: float | None
    """When it begins or began, on the session's time axis; None before the first is fixed."""
    period_seconds: float
    is_hold: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One moment of a session."""

    state: State
    routine: Routine | None = None
    """The routine; None before one is chosen."""
    person: str = ""
    """The id of the person who is guided; empty if they have not said who they are."""
    position: Position = field(default_factory=Position)
    """The position; meaningless without a routine."""
    counted: Counted | None = None
    """What is counted; None where the step has nothing to count, or no step is under way."""
    breath: Breath | None = None
    """The breath that paces the step, at tempo 1; None where none does."""
    breaths_per_minute: float | None = None
    """The present tempo of the breath."""
    timer_end_seconds: float | None = None
    """When the present wait ends by itself, on the session's time axis; None where it does not."""
    own_timer_end_seconds: float | None = None
    """When the timer that the person asked for ends; None where none runs."""
    seconds_left: float = 0.0
    """Planned seconds to the end of the last word; 0 without a routine, or after its end."""
    seconds_total: float = 0.0
    """Planned seconds of the whole routine at the present tempo."""
    tempo: float = 1.0
    """Tempo of strokes: 2 is twice as fast as planned."""
    words_per_minute: int = 150
    gain_db: float = 0.0
    """The volume that the person wants; it is remembered."""
    volume_db: float = 0.0
    """The volume at which the guide sounds: less at night, more over noise."""
    is_loud: bool = False
    """Whether the noise is too loud to hear a word in."""
    programme: Programme | None = None
    """The programme that the person follows; None for none."""
    days_done: int = 0
    """How many days of that programme are done."""
    faults: tuple[Fault, ...] = ()

    @property
    def is_underway(self) -> bool:
        """Whether the person is in the middle of a routine."""
        return self.routine is not None and self.state in UNDERWAY

    @property
    def section(self) -> Section | None:
        """The present section; None unless a routine is under way."""
        return self.position.section(self.routine) if self.routine and self.is_underway else None

    @property
    def step(self) -> Step | None:
        """The present step; None unless a routine is under way."""
        return self.position.step(self.routine) if self.routine and self.is_underway else None

    @property
    def routine_id(self) -> str | None:
        """The id of the chosen routine."""
        return self.routine.id if self.routine else None

    @property
    def section_id(self) -> str | None:
        """The id of the section at the position, in any state."""
        return self.position.section(self.routine).id if self.routine else None

    @property
    def step_id(self) -> str | None:
        """The id of the step at the position, in any state."""
        return self.position.step(self.routine).id if self.routine else None

    @property
    def strokes_done(self) -> int:
        """Completed strokes of the step, all sides together; a hold counts as one on each side."""
        return self.position.strokes_done if self.routine else 0

    @property
    def stroke_count(self) -> int:
        """All strokes of the step, both sides together; 0 where it has none."""
        step = self.position.step(self.routine) if self.routine else None
        return step.count * len(step.sides) if step else 0

    @property
    def progress(self) -> float:
        """How much of the routine is done, 0–1."""
        done = 1 - self.seconds_left / self.seconds_total if self.seconds_total else 0.0
        return min(1.0, max(0.0, done))

    @property
    def next_name(self) -> str:
        """The name of the next step, or of the section that it opens; empty after the last."""
        after = following(self.routine, self.position) if self.routine else None
        if after is None or self.routine is None:
            return ""
        next_one = after.section(self.routine) if after.opens_section else after.step(self.routine)
        return next_one.name

    def as_json(self) -> dict[str, Any]:
        """The snapshot for other programs, with names instead of ids where a person reads them.

        No value in it changes by itself between two moments.
        """
        section, step = self.section, self.step
        return {
            "state": self.state.value,
            "person": self.person or None,
            "routine": self.routine.name if self.routine else None,
            "routine_id": self.routine_id,
            "programme": self.programme.name if self.programme else None,
            "days_done": self.days_done,
            "days": len(self.programme.days) if self.programme else 0,
            "section": section.name if section else None,
            "section_id": section.id if section else None,
            "step": step.name if step else None,
            "step_id": step.id if step else None,
            "stroke": self.strokes_done if step else 0,
            "strokes": self.stroke_count if step else 0,
            "progress": round(100 * self.progress),
            "minutes_left": round(self.seconds_left / 60),
            "tempo": round(self.tempo, 2),
            "words_per_minute": self.words_per_minute,
            "breaths_per_minute": self.breaths_per_minute and round(self.breaths_per_minute, 1),
            "volume_db": round(self.volume_db, 1),
            "faults": [fault.value for fault in self.faults],
            "is_loud": self.is_loud,
        }


def snapshot_of(guide: Guide) -> Snapshot:
    """The snapshot after the last event; changes nothing."""
    course, dials = guide.course, guide.dials
    position, _ = guide.strokes.stopped_at()
    step = course.step if course.routine else None
    breath = dials.beat.pattern(step) if step else None
    breathed = dials.beat.breath_of(step) if step else None
    chosen = dials.preferences
    return Snapshot(
        state=course.state,
        routine=course.routine,
        person=course.person,
        position=position,
        counted=_counted(guide, step, breath) if step else None,
        breath=breath,
        breaths_per_minute=60 / breathed.seconds if breathed else None,
        timer_end_seconds=guide.alarms.at(Alarm.TIMER),
        own_timer_end_seconds=guide.own_timer.end_seconds,
        seconds_left=_left(guide),
        seconds_total=guide.length.steps.total if course.routine else 0.0,
        tempo=chosen.tempo,
        words_per_minute=chosen.words_per_minute,
        gain_db=chosen.gain_db,
        volume_db=dials.sounding_db,
        is_loud=guide.loudness.is_loud,
        programme=guide.days.programme,
        days_done=course.memory.standing.done if course.memory.standing else 0,
        faults=guide.faults.broken,
    )


def _counted(guide: Guide, step: Step, breath: Breath | None) -> Counted | None:
    work = step.stroke or step.hold
    if not (work or step.breathe) or guide.state not in UNDERWAY:
        return None
    pace = guide.strokes.pace
    span = pace.span() if pace else None
    own = breath.seconds if breath else work.seconds if work else 0.0
    return Counted(
        number=pace.done + 1 if pace and span else 0,
        count=pace.count if pace else step.count or 1,
        side=pace.side if pace else step.sides[0],
        onset_seconds=span[0] if span else None,
        period_seconds=span[1] if span else own,
        is_hold=step.hold is not None and breath is None,
    )


def _left(guide: Guide) -> float:
    course, routine = guide.course, guide.course.routine
    if routine is None or course.state is State.CLOSING:
        return 0.0
    # A routine that came to its end has no place any more.
    over = course.state is State.ENDED and course.memory.place(routine.id) is None
    return 0.0 if over and course.position != Position() else guide.answers.seconds_left()
