"""The entries of a rehearsal's record: what was said, heard and decided, and when."""

from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core.commands import Command
from voiceguide.core.decision.heard import Heard
from voiceguide.core.effects import Cue
from voiceguide.core.table import State
from voiceguide.rehearsal.person import SpokenLine


class Outcome(StrEnum):
    """The result of something that the person said."""

    OBEYED = "obeyed"
    MISSED = "missed"
    """A command that was live, but was not obeyed."""
    WRONG = "wrong"
    """A command that was taken for another one."""
    NOT_LIVE = "not live"
    """A command that was not live in that state, and was rightly ignored."""
    IGNORED = "ignored"
    """No command, and rightly ignored."""
    MISTAKEN = "mistaken"
    """No command, but taken for one."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of the guide, as it sounded."""

    at_seconds: float
    end_seconds: float
    text: str
    was_cut: bool = False
    """Whether it was cut off before its end; then ``heard`` is shorter."""
    heard: str = ""
    """The words that had begun to sound when it was cut off, estimated from its length so far."""


@dataclass(frozen=True, slots=True)
class Cued:
    """A cue, as it sounded."""

    at_seconds: float
    cue: Cue
    seconds: float | None = None
    """How long the swell of a breath sounds; None for any other cue."""


@dataclass(frozen=True, slots=True)
class Uttered:
    """Something the person said."""

    utterance: SpokenLine
    command: Command | None
    """The command it asks for; None for no command, or for a clip whose words are not known."""
    was_live: bool
    outcome: Outcome

    @property
    def at_seconds(self) -> float:
        """When it began."""
        return self.utterance.start_seconds


@dataclass(frozen=True, slots=True)
class Decided:
    """What the ears decided on a sound."""

    heard: Heard
    cause: str
    """Where the sound came from: ``person``, ``guide`` (its own echo) or ``noise``."""

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
    """The session entered a state, perhaps the same one again."""

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
    """A note by the rehearsal itself."""

    at_seconds: float
    text: str


Entry = Said | Cued | Uttered | Decided | Obeyed | Entered | Placed | Tuned | Softened | Noted

ORDER = (Uttered, Softened, Decided, Obeyed, Noted, Tuned, Entered, Placed, Cued, Said)
"""The order of entries with the same time: causes come before their effects."""
