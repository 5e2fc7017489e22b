"""How a session stands, as the house is told it."""

from dataclasses import asdict, dataclass
from typing import Any

from voiceguide.core.session.session import Session
from voiceguide.core.table import State

UNDERWAY = (State.TELLING, State.PACING, State.WAITING, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Report:
    """One moment of a session; no word of what was said or heard is in it."""

    state: str
    routine: str | None = None
    """Its name, and below its id; None before one is chosen."""
    routine_id: str | None = None
    section: str | None = None
    step: str | None = None
    stroke: int = 0
    """Strokes of the step that are done."""
    strokes: int = 0
    """Strokes of the step, all sides together."""
    progress: int = 0
    """Of the whole routine, in percent."""
    minutes_left: int = 0
    tempo: float = 1.0
    volume_db: float = 0.0
    faults: tuple[str, ...] = ()
    is_loud: bool = False
    """Whether it is too loud there to hear a word."""

    def as_json(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return asdict(self) | {"faults": list(self.faults)}


def report_of(session: Session) -> Report:
    """How the session stands; only on the thread that owns it."""
    status, look = session.status(), session.outlook()
    routine = look.routine
    underway = routine is not None and session.state in UNDERWAY
    section = look.position.section(routine) if routine and underway else None
    step = look.position.step(routine) if routine and underway else None
    total = look.seconds_total
    done = 1 - look.seconds_left / total if total else 0.0
    return Report(
        state=session.state.value,
        routine=routine.name if routine else None,
        routine_id=routine.id if routine else None,
        section=section.name if section else None,
        step=step.name if step else None,
        stroke=status.strokes_done if step else 0,
        strokes=status.stroke_count if step else 0,
        progress=round(100 * min(1.0, max(0.0, done))),
        minutes_left=round(look.seconds_left / 60),
        tempo=round(status.tempo, 2),
        volume_db=round(status.volume_db, 1),
        faults=tuple(fault.value for fault in look.faults),
        is_loud=status.is_loud,
    )
