"""A session on the breath, and what sounded of it."""

from dataclasses import dataclass

from support.playing import Play

from voiceguide.core.effects import SWELLS, Cue, Effect, Hush, PlayCue
from voiceguide.core.events import Started
from voiceguide.core.routine.breath import Breath, parse_breath
from voiceguide.core.routine.routine import Breathe, Mode, Routine, Section, Step
from voiceguide.core.session.preferences import Manner, Preferences
from voiceguide.core.session.session import Session
from voiceguide.core.table import State


@dataclass(frozen=True)
class Swell:
    """A swell that began to sound."""

    at: float
    cue: Cue
    seconds: float
    was_interrupted: bool = False
    """Whether the breath was broken off after its beginning."""


class BreathPlay(Play):
    """A session played on virtual time; every swell that sounded is in ``swells``."""

    def __init__(
        self,
        *steps: Step,
        breath: str | None = None,
        minutes: float | None = None,
        closing: tuple[str, ...] = ("Bye.",),
        preferences: Preferences | None = None,
    ) -> None:
        manner = Manner(parse_breath(breath) if breath else None, minutes * 60 if minutes else None)
        zone = Section("hands", "hands", steps)
        routine = Routine("tiny", "tiny routine", "A tiny routine.", (zone,), closing=closing)
        self._swells: list[Swell] = []
        super().__init__({"tiny": routine}, "tiny", preferences=preferences, begin=False)
        self.session = Session(self.library, self.book, None, preferences, "tiny", manner)

    def begin(self) -> "BreathPlay":
        """Start the session, and say "go" once it has introduced itself."""
        self.tell(Started())
        self.at(40, "start")
        return self

    @property
    def swells(self) -> list[Swell]:
        """Those that have begun to sound by now."""
        return [swell for swell in self._swells if swell.at <= self.now]

    def ins(self) -> list[float]:
        """When a breath went in."""
        return [swell.at for swell in self.swells if swell.cue is Cue.BREATHE_IN]

    def outs(self) -> list[float]:
        """When one went out."""
        return [swell.at for swell in self.swells if swell.cue is Cue.BREATHE_OUT]

    def last_word(self) -> float:
        """When the last word ended."""
        return max(line.end for line in self.lines if line.utterance_id)

    def _perform(self, effect: Effect) -> None:
        super()._perform(effect)
        if isinstance(effect, Hush):
            kept = [swell for swell in self._swells if swell.at <= self.now]
            if kept and (
                len(kept) < len(self._swells) or kept[-1].at + kept[-1].seconds > self.now
            ):
                last = kept[-1]
                kept[-1] = Swell(last.at, last.cue, last.seconds, was_interrupted=True)
            self._swells = kept
        elif isinstance(effect, PlayCue) and effect.cue in SWELLS:
            assert effect.seconds is not None
            self._swells.append(Swell(effect.at_seconds, effect.cue, effect.seconds))


def breathe_step(count: int, pattern: str | None = None, *say: str, name: str = "breaths") -> Step:
    """A step of breaths, told by "Breathe."."""
    breath: Breath | None = parse_breath(pattern) if pattern else None
    return Step(name, name, Mode.BREATHE, say or ("Breathe.",), breathe=Breathe(count, breath))


def lasting(minutes: float, *steps: object, **more: object) -> BreathPlay:
    return BreathPlay(*steps, minutes=minutes, **more).begin()


def length(play: BreathPlay) -> float:
    play.until_state(State.ENDED)
    return play.last_word() - 40
