"""What a person has set by voice, and how far it goes."""

from dataclasses import dataclass, field, replace

from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.effects import Place
from voiceguide.core.pacing import (
    GAIN_RANGE_DB,
    GAIN_STEP_DB,
    RATE_RANGE,
    RATE_STEP,
    TEMPO_RANGE,
    TEMPO_STEP,
)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Remembered from one session to the next."""

    tempo: float = 1.0
    """Strokes per planned stroke: 2 is twice as fast, 0.5–2."""
    words_per_minute: int = 150
    """Speech rate, 110–220."""
    gain_db: float = 0.0
    """Volume, −21 to +9."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What earlier sessions left: places, the newest last, and the streak."""

    places: tuple[Place, ...] = field(default=())
    streak: int = 0
    """Days in a row that there will have been once this session is done; 0 is not spoken of."""

    @property
    def latest(self) -> Place | None:
        """Where the last unfinished session was left."""
        return self.places[-1] if self.places else None

    def place(self, routine_id: str) -> Place | None:
        """Where this routine was left."""
        return next((p for p in reversed(self.places) if p.routine_id == routine_id), None)

    def keeping(self, place: Place) -> "Memory":
        """With this place instead of an older one of the same routine."""
        return replace(self, places=(*self.forgetting(place.routine_id).places, place))

    def forgetting(self, routine_id: str) -> "Memory":
        """Without the place of this routine."""
        return replace(self, places=tuple(p for p in self.places if p.routine_id != routine_id))


def changed(preferences: Preferences, command: Command) -> tuple[Preferences, str]:
    """The preferences after a command, and the sentence to say when an end is reached."""
    match command:
        case Command.SLOWER:
            tempo = max(TEMPO_RANGE[0], preferences.tempo / TEMPO_STEP)
            at_end = tempo == TEMPO_RANGE[0]
            return replace(preferences, tempo=tempo), wording.SLOWEST_STROKES if at_end else ""
        case Command.FASTER:
            tempo = min(TEMPO_RANGE[1], preferences.tempo * TEMPO_STEP)
            at_end = tempo == TEMPO_RANGE[1]
            return replace(preferences, tempo=tempo), wording.FASTEST_STROKES if at_end else ""
        case Command.SPEAK_SLOWER:
            rate = max(RATE_RANGE[0], preferences.words_per_minute - RATE_STEP)
            words = wording.SLOWEST_SPEECH if rate == RATE_RANGE[0] else ""
            return replace(preferences, words_per_minute=rate), words
        case Command.SPEAK_FASTER:
            rate = min(RATE_RANGE[1], preferences.words_per_minute + RATE_STEP)
            words = wording.FASTEST_SPEECH if rate == RATE_RANGE[1] else ""
            return replace(preferences, words_per_minute=rate), words
        case Command.LOUDER:
            gain = min(GAIN_RANGE_DB[1], preferences.gain_db + GAIN_STEP_DB)
            return replace(preferences, gain_db=gain), (
                wording.LOUDEST if gain == GAIN_RANGE_DB[1] else ""
            )
        case Command.QUIETER:
            gain = max(GAIN_RANGE_DB[0], preferences.gain_db - GAIN_STEP_DB)
            return replace(preferences, gain_db=gain), (
                wording.SOFTEST if gain == GAIN_RANGE_DB[0] else ""
            )
    raise ValueError(f"{command} changes no preference")
