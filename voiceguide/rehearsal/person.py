"""The person of a rehearsal: follows a screenplay, and says again what was not obeyed."""

from dataclasses import dataclass, field

import numpy as np

from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.table import State
from voiceguide.rehearsal.screenplay import At, InState, Line, OnWords, Screenplay

AGAIN_SECONDS = 4.0
"""After this much silence a person who was not obeyed says it again."""

MOST_TRIES = 10
"""How often they say it before they give up, until the state is entered again."""

FEWER_TRIES = 3
"""The same for what is said on one occasion only, on which nothing depends."""

BETWEEN_SECONDS = 0.4
"""The shortest silence between two things that the person says."""

WOBBLE_SECONDS = 0.25
"""By how much the time of a reaction varies, up and down."""


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One thing the person said."""

    line: Line
    state: State
    """The state of the session when they began."""
    start_seconds: float
    end_seconds: float

    @property
    def label(self) -> str:
        """The words, or the clip's name."""
        return self.line.words or (self.line.clip.name if self.line.clip else "")


@dataclass(slots=True)
class _Rule:
    """A ``when`` line, and how often it was said since its state was entered."""

    line: Line
    moment: InState
    command: Command | None
    delay_seconds: float = 0.0
    tries_left: int = 0

    @property
    def most_tries(self) -> int:
        """How often it may be said before the state is left."""
        return MOST_TRIES if self.moment.occasion is None else FEWER_TRIES


@dataclass(slots=True)
class Person:
    """Is told what happens in the room, and tells what to say next.

    ``due`` is asked once a block, and answers by everything told before. With the same seed the
    person does the same.
    """

    screenplay: Screenplay
    phrasebook: Phrasebook
    seed: int
    _random: np.random.Generator = field(init=False)
    _timed: list[tuple[float, Line]] = field(init=False)
    _listening_for: list[Line] = field(init=False)
    _rules: list[_Rule] = field(init=False)
    _entered: dict[State, int] = field(init=False, default_factory=dict)
    _state: State | None = field(init=False, default=None)
    _quiet_since: float = field(init=False, default=0.0)
    _free_at: float = field(init=False, default=0.0)
    _spoke_at: float = field(init=False, default=-1e9)

    def __post_init__(self) -> None:
        lines = self.screenplay.lines
        self._random = np.random.default_rng([self.seed, 1])
        self._timed = [(line.moment.seconds, line) for line in lines if isinstance(line.moment, At)]
        self._listening_for = [line for line in lines if isinstance(line.moment, OnWords)]
        self._rules = [
            _Rule(line, line.moment, self.command_of(line))
            for line in lines
            if isinstance(line.moment, InState)
        ]

    def command_of(self, line: Line) -> Command | None:
        """The command that the line asks for; None for no command, or a clip of unknown words."""
        phrase = self.phrasebook.find(line.words.rstrip(".!?"))
        return phrase.command if phrase else None

    @property
    def has_more(self) -> bool:
        """Whether the person will certainly say something else."""
        return bool(self._timed)

    @property
    def is_done(self) -> bool:
        """Whether the person says nothing more as long as the session stays in this state."""
        return not self._timed and not any(rule.tries_left for rule in self._rules)

    def entered(self, state: State, at_seconds: float) -> None:
        """Take in that the session entered a state, perhaps the same one again."""
        self._state = state
        occasion = self._entered[state] = self._entered.get(state, 0) + 1
        self._quiet_since = max(self._quiet_since, at_seconds)
        for rule in self._rules:
            here = rule.moment.state is state and rule.moment.occasion in (None, occasion)
            rule.tries_left = rule.most_tries if here else 0
            rule.delay_seconds = self._about(rule.moment.delay_seconds)

    def guide_spoke(
        self,
        text: str,
        start_seconds: float,
        end_seconds: float,
        words: tuple[SpokenWord, ...] = (),
    ) -> None:
        """Take in that the guide begins a sentence, its end, and the times of its words."""
        self._quiet_since = max(self._quiet_since, end_seconds)
        told = " ".join(text.lower().split())
        for line in tuple(self._listening_for):
            moment = line.moment
            if isinstance(moment, OnWords) and moment.part in told:
                self._listening_for.remove(line)
                origin = end_seconds if moment.from_end else start_seconds
                if moment.word is not None and words:
                    origin = words[min(moment.word, len(words)) - 1].start_seconds
                self._timed.append((origin + moment.delay_seconds, line))

    def guide_hushed(self, at_seconds: float) -> None:
        """Take in that the guide broke off what it was saying."""
        self._quiet_since = at_seconds

    def was_obeyed(self, command: Command) -> None:
        """Take in that the guide obeyed a command."""
        for rule in self._rules:
            if rule.command is command and rule.tries_left < rule.most_tries:
                rule.tries_left = 0

    def due(self, until_seconds: float) -> tuple[float, Line] | None:
        """The next thing to say, if it begins before this time: (its start, the line).

        The caller says it, and tells its end by ``uttered`` before it asks again.
        """
        waiting = sorted(self._timed, key=lambda pair: pair[0])
        if waiting and max(waiting[0][0], self._free_at) < until_seconds:
            self._timed.remove(waiting[0])
            return max(waiting[0][0], self._free_at), waiting[0][1]
        for rule in self._rules:
            if not rule.tries_left:
                continue
            again = self._spoke_at + AGAIN_SECONDS if rule.tries_left < rule.most_tries else 0.0
            start = max(self._quiet_since + rule.delay_seconds, again, self._free_at)
            if start < until_seconds:
                rule.tries_left = rule.tries_left - 1 if rule.command else 0
                return start, rule.line
        return None

    def uttered(self, end_seconds: float) -> None:
        """Take in when the line ends that ``due`` returned last."""
        self._spoke_at = end_seconds
        self._free_at = end_seconds + BETWEEN_SECONDS

    def _about(self, seconds: float) -> float:
        wobble = min(WOBBLE_SECONDS, seconds / 2)
        return float(seconds + self._random.uniform(-wobble, wobble))
