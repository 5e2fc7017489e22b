"""What a person can set by voice, what is remembered of them, and what they want of a session."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voiceguide.core import wording, wording_breath
from voiceguide.core.commands import Command
from voiceguide.core.effects import Place
from voiceguide.core.routine.breath import Breath
from voiceguide.core.routine.known import Acquaintance
from voiceguide.core.routine.programme import Standing
from voiceguide.core.routine.routine import Routine, When
from voiceguide.core.session.volume import Volume
from voiceguide.core.timeline.ranges import RATE_RANGE, RATE_STEP, TEMPO_RANGE, TEMPO_STEP
from voiceguide.core.timeline.speech import spoken_rate


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person has set; remembered from one session to the next."""

    tempo: float = 1.0
    """Tempo of strokes, 0.5–2: 2 is twice as fast as planned."""
    words_per_minute: int = 150
    """Speech rate as it was chosen, 110–220."""
    gain_db: float = 0.0
    """Volume in dB, −21 to +9."""
    breath_tempo: float = 1.0
    """Tempo of the breath, as far as 3–12 breaths a minute allow: 2 is twice as fast as written."""
    breath: Breath | None = None
    """The breath that strokes and holds ride on; None if they have seconds of their own. Not
    remembered."""

    @property
    def spoken_rate(self) -> int:
        """Words a minute as they are said: fewer while strokes ride on the breath."""
        return spoken_rate(self.words_per_minute, self.breath is not None)

    @property
    def breathed(self) -> Breath | None:
        """That breath at the present tempo."""
        return self.breath.at_tempo(self.breath_tempo) if self.breath else None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a person wants one session."""

    breath: Breath | None = None
    """The pattern for every breath, and for strokes to ride on; None: as the routine has it."""
    length_seconds: float | None = None
    """Length from "go" to the last word; None: as long as the routine takes."""
    sleep_seconds: float | None = None
    """After this time without a word the guide falls asleep, until it is called; None: it does not
    stay, but ends with the session."""
    when: When | None = None
    """The time of day that routines are told for; None: by the clock."""
    everything: bool = False
    """Whether the guide explains everything every time, also to a person who knows the routine."""
    hears_tap: bool = True
    """Whether a step that says rinse ends when the guide hears the tap being closed."""
    preparation_seconds: float = 0.0
    """Time between "go" and the first word of the first step."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of earlier sessions."""

    places: tuple[Place, ...] = field(default=())
    streak: int = 0
    """How many days in a row it will be once this session is done; the guide does not speak of 0.
    """
    age_seconds: float = field(default=0.0, compare=False)
    """How old the newest place was when this was read."""
    known: tuple[tuple[str, Acquaintance], ...] = ()
    """How well the person knows routines, by id."""
    timer_left: float | None = field(default=None, compare=False)
    """How many seconds were left of the person's own timer when this was read; None: no timer."""
    standing: Standing | None = None
    """Where they stand in the programme that they follow; None where they follow none."""

    @property
    def latest(self) -> Place | None:
        """Where the last session stopped that was not finished."""
        return self.places[-1] if self.places else None

    def place(self, routine_id: str) -> Place | None:
        """Where the person stopped in this routine."""
        return next((p for p in reversed(self.places) if p.routine_id == routine_id), None)

    def acquaintance(self, routine_id: str) -> Acquaintance:
        """How well the person knows this routine."""
        return dict(self.known).get(routine_id, Acquaintance())

    def keeping(self, place: Place) -> "Memory":
        """The same memory with this place, instead of an older one of the same routine."""
        return replace(self, places=(*self.forgetting(place.routine_id).places, place))

    def forgetting(self, routine_id: str) -> "Memory":
        """The same memory without the place of this routine."""
        return replace(self, places=tuple(p for p in self.places if p.routine_id != routine_id))


@dataclass(frozen=True, slots=True)
class Guided:
    """A person of the home, with what makes their sessions their own."""

    id: str
    """Empty for a person who has not said who they are."""
    library: Mapping[str, Routine]
    """The routines that can be chosen, selected for the person."""
    memory: Memory = field(default_factory=Memory)
    preferences: Preferences = field(default_factory=Preferences)
    when: When | None = None
    """See ``Manner.when``."""
    everything: bool = False
    """See ``Manner.everything``."""
    profile: str = ""
    """By which profile the person's history is told apart (`Profile.key`)."""
    programme: str = ""
    """The id of the programme that the settings name for them; empty: they choose by themselves."""


GUEST = "guest"
"""The id of a guest, of whom nothing is kept, not even until the next guest."""


def changed(
    preferences: Preferences,
    command: Command,
    breath: Breath | None = None,
    volume: Volume | None = None,
) -> tuple[Preferences, str]:
    """The preferences after a command, and the sentence to say when an end is reached.

    "Slower" and "faster" change the tempo of `breath` if one is given, and that of strokes if not.
    """
    if breath and command in (Command.SLOWER, Command.FASTER):
        return _breathing(preferences, command, breath)
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
            gain, words = (volume or Volume()).louder(preferences.gain_db)
            return replace(preferences, gain_db=gain), words
        case Command.QUIETER:
            gain, words = (volume or Volume()).quieter(preferences.gain_db)
            return replace(preferences, gain_db=gain), words
    raise ValueError(f"{command} changes no preference")


def _breathing(
    preferences: Preferences, command: Command, breath: Breath
) -> tuple[Preferences, str]:
    slowest, fastest = breath.tempo_range()
    now = min(max(preferences.breath_tempo, slowest), fastest)
    if command is Command.SLOWER:
        tempo = max(slowest, now / TEMPO_STEP)
        words = wording_breath.LONGEST_BREATH if tempo == slowest else ""
    else:
        tempo = min(fastest, now * TEMPO_STEP)
        words = wording_breath.SHORTEST_BREATH if tempo == fastest else ""
    return replace(preferences, breath_tempo=tempo), words
