"""Reads the orders that a speaker takes over a broker, and refuses nonsense; pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from voiceguide.core.commands import TIMER_MINUTES, Command
from voiceguide.core.events import Adjusted, CommandHeard, ProgrammeChosen
from voiceguide.core.timeline.ranges import GAIN_RANGE_DB, TEMPO_RANGE

LONGEST_BYTES = 200
"""The longest payload of an order."""

DO, TEMPO, VOLUME, ROUTINE = "do", "set/tempo", "set/volume", "set/routine"
PERSON, PROGRAMME = "set/person", "set/programme"
"""The topics of orders, below the speaker's own."""
LISTENED = (DO, TEMPO, VOLUME, ROUTINE, PERSON, PROGRAMME)
NO_PROGRAMME = "No programme"
"""The choice that leaves a programme; ``none`` does so too."""

Order = CommandHeard | Adjusted | ProgrammeChosen


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen; each a mapping from ids to names."""

    routines: Mapping[str, str]
    persons: Mapping[str, str] = field(default_factory=dict)
    """The persons of the home; empty if nobody has a name."""
    programmes: Mapping[str, str] = field(default_factory=dict)


class OrderError(Exception):
    """A payload that is no order; the text says why."""


def parse_order(topic: str, payload: bytes, choices: Choices) -> Order:
    """Read an order.

    Args:
        topic: without the speaker's own part.

    Raises:
        OrderError: it makes no sense, or names something that does not exist.
    """
    if len(payload) > LONGEST_BYTES:
        raise OrderError(f"it is {len(payload)} bytes long")
    try:
        text = payload.decode("utf-8").strip()
    except UnicodeDecodeError:
        raise OrderError("it is no text") from None
    match topic:
        case "do":
            return _told(text)
        case "set/tempo":
            return Adjusted(tempo=_number(text, TEMPO_RANGE))
        case "set/volume":
            return Adjusted(gain_db=_number(text, GAIN_RANGE_DB))
        case "set/routine":
            return CommandHeard(Command.CHOOSE, _chosen(text, choices.routines, "routine"))
        case "set/person":
            person = _chosen(text, choices.persons, "person")
            return CommandHeard(Command.PERSON, person=person)
        case "set/programme":
            leaves = text.casefold() in ("none", NO_PROGRAMME.casefold())
            there = choices.programmes
            return ProgrammeChosen("" if leaves else _chosen(text, there, "programme"))
    raise OrderError("nothing is listened to there")


def _told(text: str) -> CommandHeard:
    name, _, minutes = text.lower().partition(" ")
    if name != Command.TIMER or minutes == "off":
        return CommandHeard(_command(text))
    if minutes not in map(str, TIMER_MINUTES):
        first, last = TIMER_MINUTES[0], TIMER_MINUTES[-1]
        raise OrderError(f"{text!r} has no minutes from {first} to {last}; write “timer 3”")
    return CommandHeard(Command.TIMER, minutes=int(minutes))


def _command(text: str) -> Command:
    name = text.lower().replace(" ", "_")
    needs_more = (Command.CHOOSE, Command.PERSON)
    if name not in [each.value for each in Command] or name in needs_more:
        raise OrderError(f"{text!r} is no command")
    return Command(name)


def _number(text: str, span: tuple[float, float]) -> float:
    try:
        value = float(text)
    except ValueError:
        raise OrderError(f"{text!r} is no number") from None
    if not math.isfinite(value) or not span[0] <= value <= span[1]:
        raise OrderError(f"{text} is not from {span[0]:g} to {span[1]:g}")
    return value


def _chosen(text: str, there: Mapping[str, str], what: str) -> str:
    wanted = text.casefold()
    for each, name in there.items():
        if wanted in (each.casefold(), name.casefold()):
            return each
    raise OrderError(f"there is no {what} {text!r}")
