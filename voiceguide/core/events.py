"""What happened: frozen values handed to ``Session.handle`` with the time it happened.

All times are seconds on the session's one monotonic axis, the output timeline.
"""

from dataclasses import dataclass
from enum import StrEnum

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.routine.routine import When


class Fault(StrEnum):
    """Something outside that broke, as a person would name it."""

    MICROPHONE = "microphone"
    MUTED = "muted"
    """The microphone is there and gives nothing."""
    SPEAKER = "speaker"
    RECOGNISER = "recogniser"
    VOICE = "voice"
    SLOW = "slow"
    """The voice is rendered more slowly than it is spoken."""
    DISK = "disk"
    LOCK = "lock"
    """Another program holds the journal."""


@dataclass(frozen=True, slots=True)
class Started:
    """The devices are open and the session may begin."""


@dataclass(frozen=True, slots=True)
class CommandHeard:
    """A command was accepted by the ears, or typed."""

    command: Command
    routine_id: str | None = None
    """The chosen routine; only with ``Command.CHOOSE``."""
    when: When | None = None
    """The time of day it was chosen for, where that was said."""
    minutes: int | None = None
    """How long a timer is to run; only with ``Command.TIMER``."""
    person: str | None = None
    """Who said that they are there, by their id; with ``Command.PERSON`` and ``Command.WAKE``."""

    @property
    def word(self) -> str:
        """What was asked for, in a few letters: the routine's id, "next", "timer 3"."""
        name = self.routine_id or self.command.value.replace("_", " ")
        more = self.person if self.minutes is None else self.minutes
        return name if more is None else f"{name} {more}"


def as_heard(phrase: Phrase) -> CommandHeard:
    """What happened when somebody said this."""
    return CommandHeard(
        phrase.command, phrase.routine_id, phrase.when, phrase.minutes, phrase.person
    )


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """An utterance has been heard to its last sample."""

    utterance_id: int
    at_seconds: float
    """When its last sample sounded."""


@dataclass(frozen=True, slots=True)
class SpeechFailed:
    """An utterance could not be rendered; the session must not wait for it."""

    utterance_id: int


@dataclass(frozen=True, slots=True)
class DeadlineReached:
    """The time given by ``Session.next_deadline`` has come."""


@dataclass(frozen=True, slots=True)
class Faulted:
    """A device or worker broke."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Recovered:
    """A device or worker that broke works again."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class RoutineLeftOut:
    """A routine of the person's own cannot be used; the others can."""


@dataclass(frozen=True, slots=True)
class NoiseChanged:
    """The noise has become too loud to hear a word in, or is so no longer."""

    is_loud: bool


@dataclass(frozen=True, slots=True)
class WordMissed:
    """A word that the guide has asked for was probably said, but not clearly enough to obey it."""


@dataclass(frozen=True, slots=True)
class TapClosed:
    """Running water was heard to begin, and has been gone for some seconds."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A tempo or a volume was set as such, not by a word; what is None stays."""

    tempo: float | None = None
    gain_db: float | None = None


@dataclass(frozen=True, slots=True)
class VolumeLimited:
    """The volume may not go over this from now on (the night begins), or has no limit again."""

    limit_db: float | None


@dataclass(frozen=True, slots=True)
class HourTold:
    """The clock tells morning or evening from now on; None: it may be either."""

    when: When | None


@dataclass(frozen=True, slots=True)
class DayBegan:
    """Another day has begun, or this is the first that the session knows."""

    day: str
    """As ISO has it: ``2026-03-01``."""


@dataclass(frozen=True, slots=True)
class TimeToRemind:
    """The time has come that a person chose to be reminded at, and nothing speaks against it."""

    person: str = ""
    """Whom to remind, by their id."""


@dataclass(frozen=True, slots=True)
class ProgrammeChosen:
    """Whoever is guided follows this programme from now on."""

    programme_id: str
    """Empty: they leave the one that they follow."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The person pressed Ctrl-C or the system asks to end."""


Event = (
    Started
    | CommandHeard
    | SpeechEnded
    | SpeechFailed
    | DeadlineReached
    | Faulted
    | Recovered
    | RoutineLeftOut
    | NoiseChanged
    | WordMissed
    | TapClosed
    | Adjusted
    | VolumeLimited
    | HourTold
    | DayBegan
    | TimeToRemind
    | ProgrammeChosen
    | Interrupted
)
