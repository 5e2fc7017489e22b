"""What to do: frozen values returned by ``Session.handle``, performed by the loop."""

from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core.routine.programme import Standing

FADE_SECONDS = 0.05
"""Narration that is cut off fades this long: 40–60 ms is heard as neither click nor lag."""


class Cue(StrEnum):
    """A short sound; the value is its file name (``audio/<value>.wav``)."""

    TICK = "tick"
    """The onset of a stroke."""
    SIDE = "side"
    """The other side begins."""
    LAST = "last"
    """The onset of the last stroke."""
    HEARD = "heard"
    """A command was accepted."""
    UNDONE = "undone"
    """Something was taken back."""
    DONE = "done"
    """A hold, a timer or the routine is over."""
    ATTENTION = "attention"
    """A gentle reminder follows."""
    FAULT = "fault"
    """Something broke; a sentence follows."""
    BREATHE_IN = "breathe-in"
    """A swell that rises as long as the breath goes in."""
    BREATHE_OUT = "breathe-out"
    """A swell that falls as long as the breath goes out."""
    COUNT = "count"
    """One of the last seconds of a hold or a timer begins; softer than the others."""


SWELLS = frozenset({Cue.BREATHE_IN, Cue.BREATHE_OUT})
"""Cues that are made as long as they have to sound, and need no file."""


@dataclass(frozen=True, slots=True)
class Say:
    """Render and play a sentence; ``SpeechEnded`` with this id follows unless it is hushed."""

    utterance_id: int
    text: str
    at_seconds: float
    """Earliest start; it starts as soon after that as it is rendered."""
    words_per_minute: int | None = None
    """The rate of this sentence alone; None: as it is set."""


@dataclass(frozen=True, slots=True)
class PlayCue:
    """Play a cue at an exact time of the output timeline."""

    cue: Cue
    at_seconds: float
    seconds: float | None = None
    """How long a swell takes; the other cues are as long as they are."""


@dataclass(frozen=True, slots=True)
class Hush:
    """Fade out what sounds within ``FADE_SECONDS`` and drop what is scheduled."""


@dataclass(frozen=True, slots=True)
class Prepare:
    """Render these sentences ahead, the first being the one needed soonest."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetSpeechRate:
    """Every sentence rendered from now on is spoken at this rate."""

    words_per_minute: int


@dataclass(frozen=True, slots=True)
class SetVolume:
    """Everything played from now on has this gain."""

    gain_db: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is in a routine; enough to go on from there another day."""

    routine_id: str
    section_id: str
    step_id: str
    strokes_done: int = 0
    """Strokes of the step that were completed, all sides together."""


@dataclass(frozen=True, slots=True)
class KeepPlace:
    """Remember this place durably, before anything of it is spoken."""

    place: Place
    person: str = ""
    """Whose it is, by their id; empty: of whoever has not said who they are."""


@dataclass(frozen=True, slots=True)
class ForgetPlace:
    """The routine is finished; the next start begins at its beginning."""

    routine_id: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class KeepPreferences:
    """Remember these for next time."""

    tempo: float
    words_per_minute: int
    gain_db: float
    breath_tempo: float = 1.0
    person: str = ""


@dataclass(frozen=True, slots=True)
class KeepProgramme:
    """Remember where the person stands in a programme."""

    standing: Standing
    person: str = ""


@dataclass(frozen=True, slots=True)
class KeepTimer:
    """Remember a person's own timer durably."""

    seconds_left: float | None
    """Until it is over; None: there is none any more."""


Kept = KeepPlace | ForgetPlace | KeepPreferences | KeepTimer | KeepProgramme
"""What is remembered from one session to the next."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The session is over; close the devices once the last sound has faded."""


Effect = (
    Say
    | PlayCue
    | Hush
    | Prepare
    | SetSpeechRate
    | SetVolume
    | KeepPlace
    | ForgetPlace
    | KeepPreferences
    | KeepTimer
    | KeepProgramme
    | Finish
)
