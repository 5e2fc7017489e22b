"""What the record of a rehearsal is made of: what was said, heard and decided, and when."""

from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core.commands import Command
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import Cue
from voiceguide.core.table import State
from voiceguide.rehearsal.person import SpokenLine


class Outcome(StrEnum):
    """What became of something the person said."""

    OBEYED = "obeyed"
    MISSED = "missed"
    """A command that could be said, and nothing followed."""
    WRONG = "wrong"
    """It was taken for another command."""
    NOT_LIVE = "not live"
    """A command that means nothing in that state; rightly ignored."""
    IGNORED = "ignored"
    """No command; rightly ignored."""
    MISTAKEN = "mistaken"
    """No command, yet taken for one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the guide, as it sounded."""

    at_seconds: float
    end_seconds: float
    text: str
    was_cut: bool = False
    """It ended before its last word; ``heard`` is then shorter."""
    heard: str = ""
    """The words that had begun to sound when it was cut, by its length so far."""


@dataclass(frozen=True, slots=True)
class Cued:
    """A cue, as it sounded."""

    at_seconds: float
    cue: Cue
    seconds: float | None = None
    """How long the swell of a breath sounds; None for any other."""


@dataclass(frozen=True, slots=True)
class Uttered:
    """Something the person said."""

    utterance: SpokenLine
    command: Command | None
    """What it asks for; None for no command, or a clip whose words are not known."""
    was_live: bool
    outcome: Outcome

    @property
    def at_seconds(self) -> float:
        """When it began."""
        return self.utterance.start_seconds


@dataclass(frozen=True, slots=True)
class Decided:
    """What the ears made of something."""

    heard: Heard
    cause: str
    """Whose sound it was: ``person``, ``guide`` (its own echo) or ``noise``."""

    @property
    def at_seconds(self) -> float:
        """When it was decided."""
        return self.heard.decided_seconds


@dataclass(frozen=True, slots=True)
class Obeyed:
    """A command that reached the session."""

    at_seconds: float
    command: Command
    routine_id: str | None


@dataclass(frozen=True, slots=True)
class Entered:
    """The session went into a state, or into the same one anew."""

    at_seconds: float
    state: State


@dataclass(frozen=True, slots=True)
class Placed:
    """The session came to a step of the routine."""

    at_seconds: float
    section_id: str
    step_id: str


@dataclass(frozen=True, slots=True)
class Tuned:
    """A tempo, speech rate or volume changed."""

    at_seconds: float
    text: str


@dataclass(frozen=True, slots=True)
class Softened:
    """The guide's narration was softer, because somebody spoke over it."""

    at_seconds: float
    end_seconds: float


@dataclass(frozen=True, slots=True)
class Noted:
    """A remark of the rehearsal itself."""

    at_seconds: float
    text: str


Entry = Said | Cued | Uttered | Decided | Obeyed | Entered | Placed | Tuned | Softened | Noted

ORDER = (Uttered, Softened, Decided, Obeyed, Noted, Tuned, Entered, Placed, Cued, Said)
"""Of entries at the same time: causes come before what follows from them."""
