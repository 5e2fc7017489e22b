"""One life of a guide: from its start, from the journal, to its end or its being killed."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil, isclose
from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
from simulation.happenings import (
    Breaks,
    Heals,
    Hiccup,
    Jump,
    Kill,
    Noise,
    Pressed,
    Told,
    What,
    Word,
    event_of,
)
from simulation.rules import Rules, WatchedMixer
from simulation.strokes import Broken
from simulation.voice import SilentVoice
from simulation.world import World

from voiceguide.core.commands import TIMER_MINUTES, Command
from voiceguide.core.decision.audibility import NoiseNow
from voiceguide.core.effects import (
    Cue,
    Effect,
    ForgetPlace,
    KeepPlace,
    KeepPreferences,
    KeepTimer,
    Kept,
    Place,
)
from voiceguide.core.errors import JournalError
from voiceguide.core.events import CommandHeard, Event, Fault, Faulted, Recovered, Started
from voiceguide.core.history import Visit
from voiceguide.core.presses import command_of
from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.core.session.session import Session
from voiceguide.edge.journal import database
from voiceguide.edge.journal import journal as journal_file
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit
from voiceguide.live.diary import Diary, with_history
from voiceguide.loop import Conductor, Moment
from voiceguide.performer import Performer
from voiceguide.sound.clip import Clip

RATE = 1000
"""Nobody listens: a low rate is enough to tell the time by."""
CUES = {cue: Clip(np.full(20, 0.1, np.float32), RATE) for cue in Cue}
FIRST_DAY = datetime(2026, 3, 1, 8, tzinfo=UTC)


class Killed(BaseException):
    """The process is gone."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a guide is made of; a test puts in what is broken."""

    session: type[Session] = Session
    performer: type[Performer] = Performer


@dataclass(slots=True)
class Outside:
    """What outlives the process: the wall clock and what the journal should hold."""

    wall_seconds: float = 0.0
    """How far the wall clock is from the first day, without the time of the present life."""
    preferences: KeepPreferences | None = None
    timer_ends: float | None = None
    """When a timer of the person's own is over, by the wall clock."""
    kept: dict[str, Place] = field(default_factory=dict)
    is_unsure: bool = False
    """Whether the disk failed, so that less may have been kept."""


class Life:
    """Runs one session on virtual time.

    Args:
        path: the journal.
        chance: how long sentences take to render.
        tell: takes every moment, for a transcript.
    """

    def __init__(
        self,
        world: World,
        path: Path,
        outside: Outside,
        chance: Random,
        parts: Parts,
        tell: Callable[[Moment], None],
    ) -> None:
        self.world = world
        self.outside = outside
        self.journal = Journal(path, is_synced=False)
        self._calls: deque[Callable[[], None]] = deque()
        """Sentences that were rendered; as in the live loop they are taken in later."""
        self._fatal: int | None = None
        self._disk_broken = False
        with self._wall_clock():
            memory, preferences = self.journal.load()
        self._check_loaded(memory, preferences)
        memory = with_history(memory, self.journal, self._wall(), "", counts_days=True)
        self.mixer = WatchedMixer(RATE)
        self.voice = SilentVoice(RATE, lambda: self.now, lambda: _delay(world, chance))
        self.session = parts.session(
            world.library,
            world.book,
            memory,
            preferences or Preferences(),
            world.routine_id,
            world.manner,
        )
        self.rules = Rules(
            world, self.session, self.mixer, outside.kept, lambda: not outside.is_unsure
        )
        diary = Diary(self._note, self._wall)

        def performer(post: Callable[[Event], None]) -> Performer:
            return _mortal(parts.performer, self._tick)(
                self.mixer, self.voice, CUES, self, post, self._calls.append
            )  # fmt: skip

        def watch(moment: Moment) -> None:
            tell(moment)
            diary.watch(moment)

        self.conductor = Conductor(self.session, performer, watch)

    @property
    def now(self) -> float:
        """Seconds of this life's output timeline."""
        return self.mixer.position / RATE

    def start(self) -> None:
        """The devices are open."""
        with self._wall_clock():
            self.conductor.handle(Started(), self.now)
            self._advance()

    def until(self, seconds: float) -> bool:
        """Let time pass until then; gives whether the session goes on."""
        with self._wall_clock():
            for _ in range(20_000):
                if self.session.has_ended:
                    return False
                due = self._due()
                if due is None or due > seconds:
                    self._pass(seconds)
                    self._advance()
                    return not self.session.has_ended
                self._pass(due)
                self._advance()
        raise Broken("time goes on", "twenty thousand steps, and no end")

    def happen(self, what: What) -> None:
        """Something happens now."""
        with self._wall_clock():
            self._happen(what)
            if not self.session.has_ended:
                self._advance()

    def next_seconds(self) -> float | None:
        """When something happens by itself."""
        return self._due()

    def _happen(self, what: What) -> None:
        conductor, now = self.conductor, self.now
        match what:
            case Word():
                conductor.handle(event_of(what), now)
            case Pressed(press):
                command = command_of(press, self.session.state)
                if command is not None:
                    first = next(iter(self.world.library))
                    routine_id = first if command is Command.CHOOSE else None
                    conductor.handle(CommandHeard(command, routine_id), now)
            case Told(event):
                conductor.handle(event, now)
            case Breaks(Fault.DISK) | Heals(Fault.DISK):
                self._disk_broken = isinstance(what, Breaks)
            case Breaks(Fault.VOICE) | Heals(Fault.VOICE):
                self.voice.is_broken = isinstance(what, Breaks)
            case Breaks(fault):
                conductor.handle(Faulted(fault), now)
            case Heals(fault):
                conductor.handle(Recovered(fault), now)
            case Noise(is_loud):
                conductor.listen_to_noise(NoiseNow(is_loud, -3.0 if is_loud else 30.0), now)
            case Hiccup(seconds):
                self._pass(now + seconds)
            case Jump(seconds):
                self.outside.wall_seconds += seconds
            case Kill(effects):
                if not effects:
                    raise Killed
                self._fatal = effects

    def keep(self, effect: Kept) -> None:
        """See ``Keeper``: in the journal, while there is a disk."""
        outside = self.outside
        if self._disk_broken:
            outside.is_unsure = True
            raise OSError("the disk is full")
        self.journal.keep(effect)
        match effect:
            case KeepPlace(place):
                outside.kept.pop(place.routine_id, None)
                outside.kept[place.routine_id] = place
                outside.is_unsure = False
            case ForgetPlace(routine_id):
                outside.kept.pop(routine_id, None)
            case KeepPreferences():
                outside.preferences = effect
            case KeepTimer(seconds):
                ends = None if seconds is None else self._wall().timestamp() + seconds
                outside.timer_ends = ends

    def end(self) -> None:
        """Let go of the journal."""
        self.journal.close()
        self.outside.wall_seconds += self.now

    def _check_loaded(self, memory: Memory, preferences: Preferences | None) -> None:
        """The journal holds what was kept, in its order."""
        outside = self.outside
        if self.journal.warning:
            raise Broken("the journal is whole", self.journal.warning)
        if memory.places != tuple(outside.kept.values()):
            raise Broken("the journal is whole", f"{memory.places} and not {outside.kept}")
        ends = outside.timer_ends
        left = None if ends is None else ends - self._wall().timestamp()
        if left is None or not 0 < left < 60 * TIMER_MINUTES[-1]:
            left = memory.timer_left if left else None  # over, or the clock was set
        if memory.timer_left != left and not isclose(memory.timer_left or 0, left or 0):
            raise Broken("the journal is whole", f"{memory.timer_left} s and not {left} s")
        told = preferences and (
            *(preferences.tempo, preferences.words_per_minute),
            *(preferences.gain_db, preferences.breath_tempo),
        )
        kept = outside.preferences
        if told != (kept and (kept.tempo, kept.words_per_minute, kept.gain_db, kept.breath_tempo)):
            raise Broken("the journal is whole", f"{preferences} and not {kept}")

    def _note(self, visit: Visit) -> None:
        if not self._disk_broken:
            with suppress(OSError, JournalError):
                note_visit(self.journal, visit)

    def _wall(self) -> datetime:
        here = self.now if hasattr(self, "mixer") else 0.0
        return FIRST_DAY + timedelta(seconds=self.outside.wall_seconds + here)

    @contextmanager
    def _wall_clock(self) -> Iterator[None]:
        """Have the journal see the wall clock of this world."""
        true = journal_file.time
        journal_file.time = database.time = SimpleNamespace(  # type: ignore[assignment]
            time=lambda: self._wall().timestamp(), monotonic=true.monotonic,
            strftime=true.strftime, sleep=true.sleep,
        )  # fmt: skip
        try:
            yield
        finally:
            journal_file.time = database.time = true

    def _tick(self) -> None:
        if self._fatal is not None:
            self._fatal -= 1
            if self._fatal < 0:
                raise Killed

    def _due(self) -> float | None:
        times = (self.conductor.next_seconds(), self.voice.next_seconds())
        return min((time for time in times if time is not None), default=None)

    def _pass(self, seconds: float) -> None:
        samples = ceil(seconds * RATE) - self.mixer.position
        if samples < 1 and seconds > self.now:
            samples = 1  # by the last bit of a float
        if samples > 0:
            self.mixer.render(samples)

    def _advance(self) -> None:
        self.voice.finish(self.now)
        self.conductor.advance(self.now)
        while self._calls:
            self._calls.popleft()()
            self.conductor.advance(self.now)
        self.rules.settled(self.now)


def _mortal(performer: type[Performer], tick: Callable[[], None]) -> type[Performer]:
    """This performer, who may die before any effect."""

    class Mortal(performer):  # type: ignore[valid-type, misc]
        def perform(self, effect: Effect) -> None:
            tick()
            super().perform(effect)

    return Mortal


def _delay(world: World, chance: Random) -> float:
    return chance.choice((0.0, 0.02, 0.4, 2.5)) if world.slow_voice else 0.0
