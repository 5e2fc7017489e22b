"""What can be taken back: where everything stood before a command."""

from dataclasses import dataclass

from voiceguide.core.commands import Command
from voiceguide.core.effects import Place
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.preferences import Preferences
from voiceguide.core.table import RESTING, State
from voiceguide.core.timeline.progress import Position

UNDO_MEMORY_SECONDS = 60.0
"""How old a command may be for "undo" to take it back."""
UNDO_DEPTH = 10

SETTINGS = frozenset(
    {
        Command.SLOWER,
        Command.FASTER,
        Command.SPEAK_SLOWER,
        Command.SPEAK_FASTER,
        Command.LOUDER,
        Command.QUIETER,
        Command.BREATHING_ON,
        Command.BREATHING_OFF,
    }
)
FORGOTTEN = frozenset({State.STOPPING, *RESTING})
"""States that "undo" does not go back to."""
QUESTIONS = frozenset(
    {
        Command.HELP,
        Command.WHY,
        Command.WHERE,
        Command.HOW_LONG,
        Command.WHATS_NEXT,
        Command.HOW_MANY,
        Command.HOW_MUCH,
        Command.SUPPLIES,
        Command.WHICH_SIDE,
        Command.WHAT,
        Command.THANKS,
        Command.TIMER,
        Command.TIMER_OFF,
    }
)


def leads_back(command: Command, state: State) -> bool:
    """Whether "undo" may later lead back to this state, in which that command is obeyed."""
    return command not in SETTINGS | QUESTIONS | {Command.UNDO} and state not in FORGOTTEN


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a session stood, with everything that it takes to go back there."""

    state: State
    routine: Routine | None
    position: Position
    person: str = ""
    """The id of the person who was guided."""
    sentence_index: int = 0
    held_seconds: float = 0.0
    """How long the hold had lasted."""
    timer_left: float | None = None
    """What was left of a timer, in seconds."""
    rest_mark: "Mark | None" = None
    """Where a pause had interrupted the session."""
    kept: Place | None = None
    """The place of the routine that was remembered."""


class UndoStack:
    """The last few commands, newest last, each with what it takes to undo it."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, Mark | Preferences]] = []

    def push(self, now: float, before: Mark | Preferences) -> None:
        """Remember what a command at ``now`` changed: a move, or a preference."""
        self._taken = [*self._taken, (now, before)][-UNDO_DEPTH:]

    def top(self, now: float) -> Mark | Preferences | None:
        """What undo would go back to."""
        if not self._taken or now - self._taken[-1][0] > UNDO_MEMORY_SECONDS:
            return None
        return self._taken[-1][1]

    def drop_move(self) -> None:
        """Forget the newest entry if it is a move, because it was taken back in another way."""
        if self._taken and isinstance(self._taken[-1][1], Mark):
            self._taken.pop()

    def pop(self) -> Mark | Preferences:
        """Take the newest entry off."""
        return self._taken.pop()[1]
