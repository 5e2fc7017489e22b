"""The event that is being answered: its time, its command, and the effects so far."""

from voiceguide.core.commands import Command
from voiceguide.core.effects import (
    Effect,
    ForgetPlace,
    Hush,
    KeepPlace,
    KeepProgramme,
    KeepTimer,
    PlayCue,
    Say,
)
from voiceguide.core.timeline.gaps import EARCON_SECONDS, GAP_SECONDS, OPENING_SECONDS

_FIRST = (KeepPlace, ForgetPlace, KeepProgramme, KeepTimer)
"""Effects that must be done before anything is said, so that a kill loses nothing."""


class Turn:
    """Holds one event at a time: every part of the guide reads the time here, and leaves its
    effects here.
    """

    def __init__(self) -> None:
        self.now = 0.0
        """Seconds of the output timeline."""
        self.command: Command | None = None
        """The command that is being obeyed; None where the event is none."""
        self.opens = False
        """Whether the session is being started."""
        self._effects: list[Effect] = []

    def begin(self, now: float, *, opens: bool = False) -> None:
        """Answer another event.

        Args:
            opens: whether the event starts the session, so that its first word waits for nothing.
        """
        self.now = now
        self.command = None
        self.opens = opens
        self._effects = []

    @property
    def speech_start(self) -> float:
        """When the next sentence may begin: after an earcon, or after a pause."""
        if self.opens:
            return max(self.now, OPENING_SECONDS)
        return self.now + (EARCON_SECONDS if self.command else GAP_SECONDS)

    def do(self, *effects: Effect) -> None:
        """Collect effects."""
        self._effects.extend(effects)

    def hush(self) -> None:
        """Cut off what sounds, and drop sounds and words that were collected so far."""
        self._effects = [effect for effect in self._effects if not isinstance(effect, Say)]
        self.do(Hush())

    def take_effects(self) -> tuple[Effect, ...]:
        """Take what was collected, in the order to do it.

        Silence comes first, so that it cuts off nothing new; then what must be kept before anything
        is said; then sounds and words.
        """
        effects, self._effects = self._effects, []
        hush = [e for e in effects if isinstance(e, Hush)][:1]
        memory = [e for e in effects if isinstance(e, _FIRST)]
        cues = [e for e in effects if isinstance(e, PlayCue)]
        rest = [e for e in effects if not isinstance(e, (Hush, PlayCue, *_FIRST))]
        return (*hush, *memory, *cues, *rest)
