"""Where a session stands, and the effects being collected: what every other room builds on.

The guide is one model in rooms, each a class that knows those below it: ``Standing``, ``Lasting``,
``Strokes``, ``Deadlines``, ``Asides``, ``Answers``, ``Script`` and at last ``Guide``. No clock and
no I/O: ``now`` is set before anything is asked of it.
"""

from collections.abc import Mapping
from enum import Enum

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import (
    Effect,
    ForgetPlace,
    Hush,
    KeepPlace,
    PlayCue,
    Prepare,
    Say,
)
from voiceguide.core.events import Fault
from voiceguide.core.routine.routine import Routine, Step
from voiceguide.core.session.loudness import Loudness
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.preferences import Manner, Memory, Preferences
from voiceguide.core.session.undo import Mark, UndoStack
from voiceguide.core.session.volume import Volume
from voiceguide.core.table import State
from voiceguide.core.timeline import pacing
from voiceguide.core.timeline.beat import Beat
from voiceguide.core.timeline.pacing import GAP_SECONDS, Pace
from voiceguide.core.timeline.progress import (
    Position,
    coming,
    least_tempo,
    position_of,
    seconds_left,
)

EARS = frozenset({Fault.MICROPHONE, Fault.MUTED, Fault.RECOGNISER})
REMIND_SECONDS = 20.0
"""The first gentle reminder; each following one comes after twice the time."""


class Alarm(Enum):
    """Why the session wants to be called at a time."""

    STROKE = "stroke"
    REMIND = "remind"
    TIMER = "timer"
    MARK = "mark"
    LINGER = "linger"
    TOLD = "told"
    SLEEP = "sleep"


class Standing:
    """Everything that changes during a session. ``state`` is set by the machine."""

    state: State

    def __init__(
        self,
        library: Mapping[str, Routine],
        book: Phrasebook,
        memory: Memory,
        preferences: Preferences,
        named: str | None,
        manner: Manner,
    ) -> None:
        self.library = library
        self.book = book
        self.memory = memory
        self.preferences = preferences
        self.manner = manner
        self.ends_at: float | None = None
        """When the last word is to have been said, where a length was asked for and counts."""
        self.rested_at: float | None = None
        """Since when that clock stands still."""
        self.filling: Step | None = None
        """The step that takes what time there is, where the one meant for it was left."""
        self.named = named
        """The routine the person asked for before the session began."""
        self.wanted = named
        """The routine that a ``choose`` is about."""
        self.command: Command | None = None
        """The command being obeyed; None when time passed or a sentence ended."""
        self.now = 0.0
        self.effects: list[Effect] = []
        self.alarms: dict[Alarm, float] = {}
        self.mouth = Mouth()
        self.undone = UndoStack()
        self.routine: Routine | None = None
        self.position = Position()
        self.active: Pace | None = None
        self.was_breathing = False
        """Whether the state before was paced by the breath."""
        self.rest_mark: Mark | None = None
        """What a pause or a stop interrupted."""
        self.reopened: Mark | None = None
        """What the state being entered goes back to, instead of beginning anew."""
        self.remind_after = REMIND_SECONDS
        self.opening = False
        """Whether the session is being started: its first word need not wait for anything."""
        self.broken: set[Fault] = set()
        self.loudness = Loudness()
        self.volume = Volume()
        self.entries = 0
        """How many states have been entered."""
        self.led_on_at: float | None = None
        """When the guide last led on by itself, until a word moves something."""
        self.help_page = 0
        self.heard_at = 0.0
        """When the last word was obeyed."""

    @property
    def current(self) -> Routine:
        """The chosen routine; only asked where there is one."""
        assert self.routine is not None
        return self.routine

    @property
    def step(self) -> Step:
        """The present step."""
        return self.position.step(self.current)

    def stays(self) -> bool:
        """Whether the guide is still there when a session is over."""
        return self.manner.sleep_seconds is not None

    @property
    def deaf(self) -> bool:
        """Whether no word can be heard."""
        return not self.broken.isdisjoint(EARS)

    def mark(self) -> Mark:
        """Where everything stands now; changes nothing."""
        position, held = self.position, 0.0
        if self.active and self.state is State.PACING:
            done, held = self.active.standing(self.now)
            position = Position(position.section_index, position.step_index, done)
        timer = self.alarms.get(Alarm.TIMER)
        return Mark(
            state=self.state,
            routine=self.routine,
            position=position,
            sentence_index=self.mouth.sentence_index,
            held_seconds=held,
            timer_left=None if timer is None else max(1.0, timer - self.now),
            rest_mark=self.rest_mark,
            kept=self.memory.place(self.routine.id) if self.routine else None,
        )

    @property
    def beat(self) -> Beat:
        """What strokes and breaths go by now."""
        chosen = self.preferences
        least = least_tempo(self.routine, self._speech) if self.routine else 0.0
        return Beat(
            max(chosen.tempo, least), chosen.breath, chosen.breath_tempo, self.manner.breath
        )

    def kept_position(self, routine_id: str | None) -> Position | None:
        """Where a routine was left, unless that was its very beginning."""
        place = self.memory.place(routine_id) if routine_id else None
        routine = self.library.get(routine_id) if routine_id else None
        position = position_of(routine, place) if routine and place else None
        if position is None or (position.section_index, position.step_index) == (0, 0):
            return None
        return position

    # Effects.

    def do(self, *effects: Effect) -> None:
        """Collect effects."""
        self.effects.extend(effects)

    def hush(self) -> None:
        """Cut off what sounds, and words that were collected but not yet handed out."""
        self.effects = [effect for effect in self.effects if not isinstance(effect, Say)]
        self.do(Hush())

    def take_effects(self) -> tuple[Effect, ...]:
        """What was collected, in the order to do it: silence first, so that it cuts off only the
        old; then what must be remembered before it is spoken; then sounds and words.
        """
        effects, self.effects = self.effects, []
        hush = [e for e in effects if isinstance(e, Hush)][:1]
        memory = [e for e in effects if isinstance(e, KeepPlace | ForgetPlace)]
        for effect in memory:
            if isinstance(effect, KeepPlace):
                self.memory = self.memory.keeping(effect.place)
            else:
                self.memory = self.memory.forgetting(effect.routine_id)
        cues = [e for e in effects if isinstance(e, PlayCue)]
        rest = [e for e in effects if not isinstance(e, Hush | KeepPlace | ForgetPlace | PlayCue)]
        return (*hush, *memory, *cues, *rest)

    def ask(self, *sentences: str) -> None:
        """Begin to say what the state waits for the end of."""
        self.do(*self.mouth.narrate(sentences, self.speech_start()))

    def prepare_from(self, position: Position) -> None:
        """Have the sentences from here on rendered ahead, and those that come unforeseen."""
        fixed = (wording.LAST_ONE, wording.STOPPED, wording.LOUD, *wording.FAULTS.values())
        streak = wording.streak(self.memory.streak)
        self.do(Prepare((*coming(self.current, position), *fixed, *streak)))

    # Time.

    def speech_start(self) -> float:
        """When the next sentence may begin: after an earcon, or after a pause."""
        if self.opening:
            return self.now + pacing.OPENING_SECONDS
        return self.now + (pacing.EARCON_SECONDS if self.command else GAP_SECONDS)

    def _speech(self, text: str) -> float:
        return pacing.estimate_speech_seconds(text, self.preferences.words_per_minute)

    def seconds_left(self, position: Position, is_told: bool = False) -> float:
        """Planned time from a position to the end of the last step."""
        return seconds_left(self.current, position, self.beat, self._speech, is_told)
