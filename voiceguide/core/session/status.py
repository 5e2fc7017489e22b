"""What can be shown of a session."""

from dataclasses import dataclass

from voiceguide.core.table import State


@dataclass(frozen=True, slots=True)
class Status:
    """What can be shown of a session."""

    state: State
    routine_id: str | None
    section_id: str | None
    step_id: str | None
    strokes_done: int
    stroke_count: int
    """All sides together; 0 where the step has no strokes."""
    tempo: float
    words_per_minute: int
    gain_db: float
    """The volume that is wanted and remembered."""
    breaths_per_minute: float | None
    """Where the breath paces the step."""
    is_loud: bool
    """Whether the noise is too loud to hear a word in."""
    volume_db: float
    """What sounds: less at night, more over noise."""
