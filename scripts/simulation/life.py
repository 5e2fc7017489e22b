"""One life of a guide: from its start with the journal to its end, or until it is killed."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
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
    Speaks,
    Told,
    What,
    Word,
    event_of,
)
from simulation.home_rules import HomeRules, Reminded
from simulation.outside import Outside
from simulation.rules import Rules, WatchedMixer
from simulation.strokes import Broken
from simulation.voice import SilentVoice
from simulation.world import World

from voiceguide.core.commands import Command
from voiceguide.core.decision.audibility import NoiseNow
from voiceguide.core.effects import Cue, Effect, KeepTimer, Kept, Place
from voiceguide.core.errors import JournalError
from voiceguide.core.events import CommandHeard, Event, Fault, Faulted, Recovered, Started
from voiceguide.core.history import Visit
from voiceguide.core.presses import command_of
from voiceguide.core.session.preferences import Guided, Preferences
from voiceguide.core.session.session import Session
from voiceguide.core.table import RESTING
from voiceguide.edge.journal import database
from voiceguide.edge.journal import journal as journal_file
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import note_visit
from voiceguide.home.house import House
from voiceguide.home.orders import Choices
from voiceguide.live.diary import Diary, with_history
from voiceguide.loop import Conductor, Moment
from voiceguide.performer import Performer
from voiceguide.sound.clip import Clip

RATE = 1000
"""Sampling rate of the output timeline: nobody listens, so a low one is enough to tell the time."""
CUES = {cue: Clip(np.full(20, 0.1, np.float32), RATE) for cue in Cue}
LOOK_SECONDS = 20.0
"""How often a guide that rests looks at the clock, to see whether a reminder is due."""


class Killed(BaseException):
    """The process was killed."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The classes that a guide is made of; a test puts a broken one in."""

    session: type[Session] = Session
    performer: type[Performer] = Performer


class Life:
    """Runs one session on virtual time.

    Args:
        path: the journal of the person without a name; those of others lie beside it.
        chance: draws how long sentences take to render.
        tell: is given every moment, for a transcript.
    """

    def __init__(
        self,
        world: World,
        path: Path,
        outside: Outside,
        reminded: Reminded,
        chance: Random,
        parts: Parts,
        tell: Callable[[Moment], None],
    ) -> None:
        self.world = world
        self.outside = outside
        self._reminded = reminded
        self.journals = {
            person: Journal(path.with_name(file_of(person)), is_synced=False)
            for person in world.known_persons
        }
        self._calls: deque[Callable[[], None]] = deque()
        """Calls of the performer for sentences that were rendered; made later, as by the live
        loop."""
        self._posted: deque[Event] = deque()
        """Events that the house has posted."""
        self._fatal: int | None = None
        self._disk_broken = False
        self._is_quiet = True
        self.mixer = WatchedMixer(RATE)
        with self._wall_clock():
            while outside.to_keep:
                self.keep(outside.to_keep.pop(0))
            first, *others = [self._remembered(person) for person in world.everybody]
        self.voice = SilentVoice(RATE, lambda: self.now, lambda: _delay(world, chance))
        self.session = parts.session(
            first.library,
            world.book,
            first.memory,
            first.preferences,
            world.routine_id if world.routine_id in first.library else None,
            world.manner,
            first.id,
            others,
            world.programmes,
        )
        self.home_rules = HomeRules(
            *(world, self.session, outside, reminded), self._wall, lambda: self._is_quiet
        )
        self.rules = Rules(
            *(world, self.session, self.mixer, self._places, self.home_rules),
            lambda: not outside.is_unsure,
        )
        self._house = House(
            world.settings, "1", self.session, Choices({}), lambda do: do(), self._posted.append,
            self._wall, is_quiet=lambda: self._is_quiet,
        )  # fmt: skip
        diary = Diary(self._note, self._wall)

        def performer(post: Callable[[Event], None]) -> Performer:
            return _mortal(parts.performer, self._tick)(
                self.mixer, self.voice, CUES, self, post, self._calls.append
            )  # fmt: skip

        def watch(moment: Moment) -> None:
            tell(moment)
            diary.watch(moment)
            self._house.watch(moment)

        self.conductor = Conductor(self.session, performer, watch)

    @property
    def now(self) -> float:
        """Seconds of this life's output timeline."""
        return self.mixer.position / RATE

    def start(self) -> None:
        """Start the session, as when the devices are open."""
        with self._wall_clock():
            self._tend()
            self.conductor.handle(Started(), self.now)
            self._advance()

    def until(self, seconds: float) -> bool:
        """Let time pass until then; return whether the session goes on."""
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
        raise Broken("time goes on", "there is no end after twenty thousand steps")

    def happen(self, what: What) -> None:
        """Have something happen now."""
        with self._wall_clock():
            self._happen(what)
            if not self.session.has_ended:
                self._advance()

    def next_seconds(self) -> float | None:
        """When something is due by itself; None where nothing is."""
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
            case Speaks(is_so):
                self._is_quiet = not is_so
            case Hiccup(seconds):
                self._pass(now + seconds)
            case Jump(seconds):
                self.outside.wall_seconds += seconds
                if seconds < 0:
                    self._reminded.clock_was_set()
            case Kill(effects):
                if not effects:
                    raise Killed
                self._fatal = effects

    def keep(self, effect: Kept) -> None:
        """See ``Keeper``: keep it in the journal, as long as the disk works."""
        outside = self.outside
        if self._disk_broken:
            outside.is_unsure = True
            raise OSError("the disk is full")
        journal = self.journals.get("" if isinstance(effect, KeepTimer) else effect.person)
        if journal is None:
            return
        journal.keep(effect)
        outside.note(effect, self.now)

    def end(self) -> None:
        """Close the journals."""
        for journal in self.journals.values():
            journal.close()
        self.outside.wall_seconds += self.now

    def check_folder(self, folder: Path) -> None:
        """Check that the folder holds no journal but those of known persons."""
        wanted = {file_of(person) for person in self.world.known_persons}
        found = {file.name.partition(".sqlite")[0] + ".sqlite" for file in folder.iterdir()}
        if not found <= wanted:
            raise Broken("a guest leaves nothing", f"{sorted(found - wanted)}")

    def _remembered(self, person: Guided) -> Guided:
        """The person with what their journal holds, which must be what was kept."""
        journal = self.journals.get(person.id)
        if journal is None:
            return person
        memory, preferences = journal.load()
        if journal.warning:
            raise Broken("the journal is whole", journal.warning)
        self.outside.check(person.id, memory, preferences)
        if not person.id:
            self.outside.check_timer(memory)
        memory = with_history(memory, journal, self._wall(), "", counts_days=True)
        return replace(person, memory=memory, preferences=preferences or Preferences())

    def _places(self) -> dict[str, Place]:
        return self.outside.known(self.session.person).places

    def _note(self, visit: Visit) -> None:
        journal = self.journals.get(visit.person)
        if journal and not self._disk_broken:
            with suppress(OSError, JournalError):
                note_visit(journal, visit)

    def _wall(self) -> datetime:
        return self.outside.wall(self.now)

    @contextmanager
    def _wall_clock(self) -> Iterator[None]:
        """Give the journal the wall clock of this world."""
        true = journal_file.time
        journal_file.time = database.time = SimpleNamespace(  # type: ignore[assignment]
            time=lambda: self._wall().timestamp(), monotonic=true.monotonic,
            strftime=true.strftime, sleep=true.sleep,
        )  # fmt: skip
        try:
            yield
        finally:
            journal_file.time = database.time = true

    def _tend(self) -> None:
        self._house.tend()
        while self._posted:
            self.conductor.handle(self._posted.popleft(), self.now)

    def _tick(self) -> None:
        if self._fatal is not None:
            self._fatal -= 1
            if self._fatal < 0:
                raise Killed

    def _due(self) -> float | None:
        rests = self.session.state in RESTING and self.world.settings.remind.at
        look = self.now + LOOK_SECONDS if rests else None
        times = (self.conductor.next_seconds(), self.voice.next_seconds(), look)
        return min((time for time in times if time is not None), default=None)

    def _pass(self, seconds: float) -> None:
        samples = ceil(seconds * RATE) - self.mixer.position
        if samples < 1 and seconds > self.now:
            samples = 1  # they differ by less than a sample
        if samples > 0:
            self.mixer.render(samples)

    def _advance(self) -> None:
        self.voice.finish(self.now)
        self.conductor.advance(self.now)
        self._tend()
        while self._calls:
            self._calls.popleft()()
            self.conductor.advance(self.now)
            self._tend()
        self.rules.settled(self.now)


def file_of(person: str) -> str:
    """The name of a person's journal file."""
    return f"journal-{person}.sqlite" if person else "journal.sqlite"


def _mortal(performer: type[Performer], tick: Callable[[], None]) -> type[Performer]:
    """A subclass of the performer that may be killed before any effect."""

    class Mortal(performer):  # type: ignore[valid-type, misc]
        def perform(self, effect: Effect) -> None:
            tick()
            super().perform(effect)

    return Mortal


def _delay(world: World, chance: Random) -> float:
    return chance.choice((0.0, 0.02, 0.4, 2.5)) if world.slow_voice else 0.0
