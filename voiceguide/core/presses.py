"""One button: what its presses are, and what each of them means in each state; pure."""

from enum import StrEnum
from math import inf

from voiceguide.core.commands import Command
from voiceguide.core.live_commands import live_commands
from voiceguide.core.table import State

LONG_SECONDS = 0.8
"""A press that is held this long is a long one, and counts while it is still held."""
AGAIN_SECONDS = 0.35
"""A second press this soon after the first one's end makes the two a double press."""
BOUNCE_SECONDS = 0.03
"""A contact closes and opens a few times in its first milliseconds."""


class Press(StrEnum):
    """What a hand did."""

    SHORT = "short"
    DOUBLE = "double"
    LONG = "long"


class Presses:
    """Makes presses of a contact that closes and opens; all time is an argument in seconds."""

    def __init__(self) -> None:
        self._contact = False
        """Whether it is closed; ``_is_down`` follows it once it has stopped bouncing."""
        self._contact_at = -inf
        self._is_down = False
        self._changed_at = -inf
        self._short_at: float | None = None
        """When a press ended that may still become a double one."""
        self._is_used = False
        """Whether the press under way has counted already."""

    def change(self, is_closed: bool, now: float) -> list[Press]:
        """The contact has closed or opened; what has become clear by then."""
        clear = self.pass_time(now)
        if is_closed != self._contact:
            self._contact, self._contact_at = is_closed, now
        return clear + self.pass_time(now)

    def pass_time(self, now: float) -> list[Press]:
        """What has become clear by now."""
        clear: list[Press] = []
        while (due := self.next_seconds()) <= now:
            if self._contact != self._is_down and due == self._settled():
                clear += self._turn(due)
            elif self._is_down:
                self._is_used = True
                clear.append(Press.LONG)
            else:
                self._short_at = None
                clear.append(Press.SHORT)
        return clear

    def next_seconds(self) -> float:
        """When something becomes clear if nothing happens until then; infinite if nothing does."""
        times = [inf]
        if self._contact != self._is_down:
            times.append(self._settled())
        if self._is_down and not self._is_used:
            times.append(self._changed_at + LONG_SECONDS)
        if self._short_at is not None:
            times.append(self._short_at + AGAIN_SECONDS)
        return min(times)

    def _settled(self) -> float:
        """When the contact's newest position is taken for the button's."""
        return max(self._contact_at, self._changed_at + BOUNCE_SECONDS)

    def _turn(self, now: float) -> list[Press]:
        self._is_down, self._changed_at = self._contact, now
        if not self._is_down:
            if not self._is_used:
                self._short_at = now
            return []
        self._is_used = self._short_at is not None
        self._short_at = None
        return [Press.DOUBLE] if self._is_used else []


USUAL = {Press.SHORT: Command.NEXT, Press.DOUBLE: Command.REPEAT, Press.LONG: Command.STOP}
MEANINGS: dict[Press, dict[str, Command]] = {
    Press.SHORT: {
        State.IDLE: Command.CHOOSE,
        State.ASLEEP: Command.WAKE,
        State.CHOOSING: Command.CHOOSE,
        State.DAY: Command.YES,
        State.REMINDING: Command.YES,
        State.HOUR: Command.YES,
        State.OFFERING: Command.YES,
        State.PAUSED: Command.RESUME,
        State.STOPPING: Command.RESUME,
    },
    Press.DOUBLE: {},
    Press.LONG: {
        State.TELLING: Command.PAUSE,
        State.PACING: Command.PAUSE,
        State.WAITING: Command.PAUSE,
    },
}
"""Where a press means something else than usual."""


def command_of(press: Press, state: str) -> Command | None:
    """What a press asks for; None where that means nothing now."""
    command = MEANINGS[press].get(state, USUAL[press])
    return command if command in live_commands(state) else None
