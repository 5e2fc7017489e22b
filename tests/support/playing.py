"""A session on virtual time, for screenplays: ``at(8, "pause")`` against a timed transcript.

The stand-in for the loop does what the real one does: effects are performed in order, sentences
never overlap, a hush drops what is sounding, deadlines and speech ends come at their exact time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from voiceguide.core.commands import Command, Phrase, Phrasebook
from voiceguide.core.effects import (
    FADE_SECONDS,
    Effect,
    Finish,
    Hush,
    KeepPlace,
    KeepPreferences,
    KeepTimer,
    PlayCue,
    Say,
    SetSpeechRate,
)
from voiceguide.core.events import (
    CommandHeard,
    DayBegan,
    DeadlineReached,
    Event,
    SpeechEnded,
    Started,
)
from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import Hold, Mode, Routine, Section, Side, Step, Stroke, Wait
from voiceguide.core.session.preferences import GUEST, Guided, Manner, Memory, Preferences
from voiceguide.core.session.sayings import session_sayings
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State
from voiceguide.core.timeline.speech import estimate_speech_seconds

BOOK = Phrasebook(
    "en",
    tuple(
        Phrase(command.value.replace("_", " "), command)
        for command in Command
        if command is not Command.CHOOSE
    ),
)


def small_routine(routine_id: str = "small") -> Routine:
    """Two zones with a step of every mode."""
    return Routine(
        id=routine_id,
        name=f"{routine_id} routine",
        summary="A small routine.",
        safety=("Be gentle.",),
        closing=("All done.",),
        why=("Because it is pleasant.",),
        sections=(
            Section(
                id="neck",
                name="neck",
                steps=(
                    Step("hello", "hello", Mode.SAY, ("Sit upright.", "Breathe out.")),
                    Step(
                        "up",
                        "upward strokes",
                        Mode.STROKE,
                        ("Stroke upward.",),
                        why=("It may help circulation.",),
                        stroke=Stroke(count=5, seconds=4.0),
                    ),
                    Step("rinse", "rinse", Mode.WAIT, ("Rinse.",), wait=Wait(about_seconds=15)),
                ),
            ),
            Section(
                id="jaw",
                name="jaw",
                steps=(
                    Step(
                        "glide",
                        "glide",
                        Mode.STROKE,
                        ("Glide.",),
                        stroke=Stroke(3, 2.0, Side.LEFT_THEN_RIGHT),
                    ),
                    Step("press", "press", Mode.HOLD, ("Press.",), hold=Hold(6.0)),
                    Step(
                        "settle",
                        "settle",
                        Mode.WAIT,
                        ("Let it settle.",),
                        wait=Wait(about_seconds=90, timer_seconds=90),
                    ),
                    Step("end", "end", Mode.SAY, ("Open your eyes.",)),
                ),
            ),
        ),
    )


@lru_cache(maxsize=64)
def _sayings(
    library: tuple[tuple[str, Routine], ...], book: Phrasebook, programmes: tuple[Programme, ...]
) -> frozenset[str]:
    return frozenset(session_sayings(dict(library), book, programmes=programmes))


@dataclass(frozen=True)
class Line:
    """One thing that was heard: a sentence or a cue."""

    at: float
    text: str
    """The sentence, or ``*cue*``."""
    end: float
    utterance_id: int = 0
    was_cut: bool = False


class Play:
    """Plays a session; every line that sounded is in ``lines``."""

    def __init__(
        self,
        library: Mapping[str, Routine] | None = None,
        routine_id: str | None = "small",
        memory: Memory | None = None,
        preferences: Preferences | None = None,
        begin: bool = True,
        manner: Manner | None = None,
        others: tuple[Guided, ...] = (),
        programmes: Mapping[str, Programme] | None = None,
        today: str = "",
        person: str = "",
    ) -> None:
        self.library = library or {"small": small_routine(), "other": small_routine("other")}
        self.programmes = tuple((programmes or {}).values())
        names = {key: (routine.name,) for key, routine in self.library.items()}
        self.book = BOOK.with_routines(names)
        everybody = others or (Guided("anna", self.library), Guided(GUEST, self.library))
        self.session = Session(
            *(self.library, self.book, memory, preferences, routine_id, manner),
            others=everybody,
            programmes=programmes,
            person=person,
        )
        self.now = 0.0
        self._can_say: frozenset[str] | None = None
        self.lines: list[Line] = []
        self.effects: list[tuple[float, Effect]] = []
        self.states: list[tuple[float, State]] = []
        self.finished_at: float | None = None
        self._rate = 150
        self.told: set[int] = set()
        """Utterances whose end the session was told of."""
        self._sounding: list[Line] = []
        """Sentences not broken off whose end it was not told of."""
        self._free_at = 0.0
        """When the last sentence that was not broken off ends."""
        if today:
            self.tell(DayBegan(today))
        if begin:
            self.tell(Started())

    def can_say(self, text: str) -> bool:
        """Whether a sentence is among those that a voice is rendered ahead for."""
        if self._can_say is None:
            # Kept, for it is asked of each sentence, and a library takes long to look up.
            self._can_say = _sayings(tuple(self.library.items()), self.book, self.programmes)
        return text in self._can_say

    def standing(self) -> Snapshot:
        """How the session stands, but for what time alone changes, a timer of the person's own, and
        what is broken.
        """
        still = replace(self.session.snapshot(), counted=None, timer_end_seconds=None)
        still = replace(still, own_timer_end_seconds=None)
        return replace(still, seconds_left=0.0, seconds_total=0.0, faults=())

    def speech(self, text: str) -> float:
        """The stand-in for rendering."""
        return estimate_speech_seconds(text, self._rate)

    def tell(self, event: Event) -> None:
        """Hand over an event at the present time and perform what follows."""
        if isinstance(event, SpeechEnded):
            self.told.add(event.utterance_id)
        for effect in self.session.handle(event, self.now):
            self._perform(effect)
        if not self.states or self.states[-1][1] is not self.session.state:
            self.states.append((self.now, self.session.state))

    def at(
        self,
        seconds: float,
        command: str,
        routine_id: str | None = None,
        minutes: int | None = None,
    ) -> None:
        """Let time pass until then, and say a command."""
        self.until(seconds)
        self.tell(CommandHeard(Command(command), routine_id, minutes=minutes))

    def say(self, command: str, after: float = 0.0, *, minutes: int | None = None) -> None:
        """Say a command a while from now."""
        self.at(self.now + after, command, minutes=minutes)

    def introduce(self, person: str, command: Command = Command.PERSON, after: float = 1.0) -> None:
        """Somebody says who they are, a while from now."""
        self.until(self.now + after)
        self.tell(CommandHeard(command, person=person))

    def until(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(100_000):
            when, event = self.upcoming()
            if when is None or when > seconds or self.finished_at is not None:
                break
            self.now = max(self.now, when)
            self.tell(event)
        else:
            raise AssertionError("time does not pass any more")
        self.now = max(self.now, seconds)

    def until_state(self, state: State, limit: float = 3600.0) -> None:
        """Let time pass until a state is reached."""
        end = self.now + limit
        while self.session.state is not state:
            when, event = self.upcoming()
            assert when is not None, f"nothing happens any more in {self.session.state}"
            assert when <= end, f"{state} is not reached"
            self.now = max(self.now, when)
            self.tell(event)

    def sentences(self) -> list[str]:
        """What was said, in order, cut or not."""
        return [line.text for line in self.lines if not line.text.startswith("*")]

    def heard(self, cue: str) -> list[float]:
        """When a cue sounded."""
        return [line.at for line in self.lines if line.text == f"*{cue}*"]

    def kept(self) -> list[str]:
        """The steps whose place was kept, in order."""
        return [e.place.step_id for _, e in self.effects if isinstance(e, KeepPlace)]

    def timers(self) -> list[float | None]:
        """What was remembered of a timer of the person's own, in order."""
        return [e.seconds_left for _, e in self.effects if isinstance(e, KeepTimer)]

    def preferences(self) -> KeepPreferences:
        """What was last remembered."""
        return [e for _, e in self.effects if isinstance(e, KeepPreferences)][-1]

    def upcoming(self) -> tuple[float | None, Event]:
        """What happens next if nobody says a word, and when; None when nothing does."""
        deadline = self.session.next_deadline()
        self._sounding = [one for one in self._sounding if one.utterance_id not in self.told]
        ends = ((line.end, line.utterance_id) for line in self._sounding if line.end > 0)
        first = min(ends, default=None)
        if first and (deadline is None or first[0] <= deadline):
            return first[0], SpeechEnded(first[1], first[0])
        return deadline, DeadlineReached()

    def _perform(self, effect: Effect) -> None:
        self.effects.append((self.now, effect))
        match effect:
            case Hush():
                self.lines = [
                    replace(line, end=min(line.end, self.now + FADE_SECONDS), was_cut=True)
                    if line.end > self.now and line.utterance_id
                    else line
                    for line in self.lines
                    if line.at <= self.now or line.end <= self.now
                ]
                whole = [line for line in self.lines if line.utterance_id and not line.was_cut]
                self._sounding = [line for line in whole if line.utterance_id not in self.told]
                self._free_at = max((line.end for line in whole), default=0.0)
            case PlayCue(cue, at):
                self.lines.append(Line(at, f"*{cue}*", at))
            case Say(utterance_id, text, at):
                assert self.can_say(text), f"no voice would be rendered ahead for: {text}"
                start = max(at, self.now, self._free_at)
                line = Line(start, text, start + self.speech(text), utterance_id)
                self.lines.append(line)
                self._sounding.append(line)
                self._free_at = max(self._free_at, line.end)
            case SetSpeechRate(rate):
                self._rate = rate
            case Finish():
                self.finished_at = self.now
            case _:
                pass
