"""What happens to a guide: words, presses, faults, noise, hiccups, kills and clocks that jump.

Happenings are drawn while the session runs, so that most words are live when they are said. Each is
kept as a plain value with its time, so that a seed can be played again with some of them left out.
"""

from dataclasses import dataclass
from random import Random

from simulation.world import World

from voiceguide.core.commands import Command
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    Event,
    Fault,
    ProgrammeChosen,
    TapClosed,
    VolumeLimited,
    WordMissed,
)
from voiceguide.core.presses import Press
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.session.session import Session
from voiceguide.core.table import State


@dataclass(frozen=True, slots=True)
class Word:
    """A person said or typed a command; it need not be live in the present state."""

    command: Command
    routine_id: str | None = None
    minutes: int | None = None
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """The one button was pressed."""

    press: Press


@dataclass(frozen=True, slots=True)
class Told:
    """Something outside the session tells it an event."""

    event: Event


@dataclass(frozen=True, slots=True)
class Breaks:
    """Something outside breaks: a voice then renders nothing, a disk keeps nothing."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Heals:
    """It works again."""

    fault: Fault


@dataclass(frozen=True, slots=True)
class Noise:
    """It becomes too loud to hear a word, or quiet enough again."""

    is_loud: bool


@dataclass(frozen=True, slots=True)
class Speaks:
    """Somebody begins to speak in the room, but not to the guide; or stops speaking."""

    is_so: bool


@dataclass(frozen=True, slots=True)
class Hiccup:
    """The loop stands still for some seconds, while the sound goes on."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Jump:
    """The wall clock is set; nothing that keeps time may be disturbed by it."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Kill:
    """The process is killed, and another is started later."""

    effects: int
    """How many more effects are performed before it."""
    away_seconds: float
    """How long it takes until somebody starts another."""


What = Word | Pressed | Told | Breaks | Heals | Noise | Speaks | Hiccup | Jump | Kill


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens, and when."""

    at_seconds: float
    """Seconds of sound since the first start, all lives together."""
    what: What


LEADS = {
    State.CHOOSING: Command.CHOOSE,
    State.DAY: Command.YES,
    State.REMINDING: Command.YES,
    State.HOUR: Command.NO,
    State.OFFERING: Command.YES,
    State.READY: Command.START,
    State.STOPPING: Command.RESUME,
    State.CLOSING: Command.STOP,
    State.PAUSED: Command.RESUME,
    State.IDLE: Command.CHOOSE,
    State.ASLEEP: Command.WAKE,
}
"""The command that leads on in each state; in all others it is "next"."""


def draw_happening(chance: Random, world: World, session: Session, now: float) -> Happening:
    """Draw what happens next."""
    delay = chance.choice((0.0, 0.05, 0.25, 1.0, 1.0, 3.0)) * chance.random()
    if chance.random() < 0.8:
        delay = chance.expovariate(1 / world.thinking_seconds)
    if session.state is State.ASLEEP and chance.random() < 0.3:
        delay = chance.choice((60.0, 240.0, 600.0))
    if chance.random() < 0.02:
        delay = chance.choice((61.0, 130.0, 700.0))
    if _rinses(session) and chance.random() < 0.5:
        return Happening(round(now + chance.uniform(1, 15), 3), Told(TapClosed()))
    return Happening(round(now + delay, 3), _what(chance, world, session))


def _rinses(session: Session) -> bool:
    """Whether the person is being told to rinse, or rinses."""
    shown = session.snapshot()
    step = shown.step if shown.state in (State.TELLING, State.WAITING) else None
    return bool(step and step.wait and step.wait.by_tap)


def _what(chance: Random, world: World, session: Session) -> What:
    kind = chance.random()
    if Command.PERSON in session.commands() and chance.random() < 0.2:
        return _word(chance, world, Command.PERSON)
    if Command.TIMER in session.commands() and chance.random() < 0.02:
        return Word(Command.TIMER, minutes=1)
    if kind < 0.30:
        return _word(chance, world, LEADS.get(session.state, Command.NEXT))
    if kind < 0.62:
        return _word(chance, world, chance.choice(sorted(session.commands() or Command)))
    if kind < 0.70:
        return _word(chance, world, chance.choice(sorted(Command)))
    if kind < 0.78:
        return Pressed(chance.choice(list(Press)))
    if kind < 0.86:
        fault = chance.choice(list(Fault))
        return chance.choice((Breaks, Heals))(fault)
    if kind < 0.89:
        return Noise(chance.random() < 0.5)
    if kind < 0.90:
        return Speaks(chance.random() < 0.5)
    if kind < 0.93:
        return Hiccup(chance.choice((0.05, 0.3, 1.0, 5.0)))
    if kind < 0.95:
        return Jump(chance.choice((-86_400.0, -3600.0, -1.0, 59.0, 3600.0, 400 * 86_400.0)))
    if kind < 0.98:
        return Told(
            chance.choice(
                (
                    ProgrammeChosen(chance.choice((*world.programmes, *world.programmes, ""))),
                    Adjusted(tempo=chance.uniform(0.3, 3)),
                    Adjusted(gain_db=chance.uniform(-30, 20)),
                    VolumeLimited(chance.choice((None, -6.0, 0.0))),
                    TapClosed(),
                    WordMissed(),
                )
            )
        )
    return Kill(chance.choice((0, 0, 1, 2, 3, 8)), chance.choice((2.0, 90.0, 90_000.0)))


def _word(chance: Random, world: World, command: Command) -> Word:
    if command is Command.CHOOSE:
        return Word(command, chance.choice((*world.library, "no such routine")[:3]))
    if command is Command.TIMER:
        return Word(command, minutes=chance.choice((0, 1, 1, 2, 5, 20)))
    if command is Command.PERSON or (command is Command.WAKE and chance.random() < 0.5):
        return Word(command, person=chance.choice((*world.persons, GUEST, "nobody of that name")))
    return Word(command)


def event_of(word: Word) -> CommandHeard:
    """The word as the ears hand it over."""
    return CommandHeard(word.command, word.routine_id, minutes=word.minutes, person=word.person)
