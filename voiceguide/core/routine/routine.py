"""A routine as the session reads it: Routine › Section › Step › Stroke, all values frozen.

Files are read, validated and turned into these by ``edge/files/routine_file.py``. A section is what
a person calls a *zone*. ``select`` drops what does not apply to a person and a time of day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from voiceguide.core.routine.breath import Breath


class Mode(StrEnum):
    """What a step asks of the person once it has been told."""

    SAY = "say"
    STROKE = "stroke"
    HOLD = "hold"
    BREATHE = "breathe"
    WAIT = "wait"


class Side(StrEnum):
    """Which side of the body; ``LEFT_THEN_RIGHT`` does the whole count on each."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    LEFT_THEN_RIGHT = "left then right"


class When(StrEnum):
    """Time of day."""

    MORNING = "morning"
    EVENING = "evening"


class Skin(StrEnum):
    """What a person's skin needs."""

    SENSITIVE = "sensitive"
    ROSACEA = "rosacea"
    ACNE = "acne"


@dataclass(frozen=True, slots=True)
class Conditions:
    """When a section or step applies; an empty field always does."""

    when: When | None = None
    skin: tuple[Skin, ...] = ()
    """Only for these skins."""
    not_skin: tuple[Skin, ...] = ()
    """Not for these skins."""
    tool: str | None = None
    """Only when the person chose this tool."""
    not_tool: tuple[str, ...] = ()
    """Not when the person chose one of these tools."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The person and the moment a routine is selected for."""

    when: When | None = None
    skin: tuple[Skin, ...] = ()
    avoid: tuple[str, ...] = ()
    """Ids of sections, or their ``region``, that are left out."""
    tool: str | None = None

    @property
    def at_any_hour(self) -> "Profile":
        """The same person without a time of day, for a session finds that out itself."""
        return replace(self, when=None)

    @property
    def key(self) -> str:
        """Skin and tool in one line, by which the history tells profiles apart; may be empty."""
        return " ".join((*sorted(self.skin), *((self.tool,) if self.tool else ())))


@dataclass(frozen=True, slots=True)
class Stroke:
    """A movement repeated at a tempo."""

    count: int
    """Repetitions on each side, 1–100."""
    seconds: float
    """Length of one repetition at tempo 1."""
    side: Side = Side.BOTH
    hands: str = ""
    path: str = ""
    """From → to, for pictures and printed cards."""
    pressure: str = ""
    count_aloud: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """A pressure kept still; not scaled by the tempo."""

    seconds: float
    side: Side = Side.BOTH
    path: str = ""
    """Where, for pictures and printed cards."""


@dataclass(frozen=True, slots=True)
class Breathe:
    """Breaths that the guide leads, with nothing else to do."""

    count: int
    """Breaths, 1–200."""
    breath: Breath | None = None
    """Their pattern; None for that of the routine, or the usual one if it has none."""
    seconds: float | None = None
    """How long they are to take, where the file says so instead of giving their number."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The guide waits for a word, or for a timer that a word ends early."""

    about_seconds: float
    """How long the person usually takes; for planned lengths only."""
    timer_seconds: float | None = None
    """The wait ends by itself after this time; None waits for a word."""
    reminder: str = ""
    """What the gentle reminder says; the guide's own sentence when empty."""
    by_tap: bool = False
    """Whether it also ends when the guide hears the tap being closed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One idea: a few sentences, then something to do."""

    id: str
    """Unique within its section."""
    name: str
    mode: Mode
    say: tuple[str, ...]
    """Sentences, each at most 20 words, spoken one after the other."""
    say_for: tuple[tuple[Skin, tuple[str, ...]], ...] = ()
    """Sentences that replace ``say`` for a skin; the first match wins."""
    short: tuple[str, ...] = ()
    """Sentences in place of ``say`` for a person who knows the routine."""
    short_number: int | None = None
    """Or the number of the one sentence of ``say`` that is enough for them, from 1. With neither,
    they hear all of ``say``."""
    amount: tuple[str, ...] = ()
    """Sentences that say what to take for the step, and how much, for a person who asks."""
    amount_number: int | None = None
    """Or the number of the sentence of ``say`` that says it, from 1."""
    tip: tuple[str, ...] = ()
    """Sentences added after ``say``: cautions and advice."""
    why: tuple[str, ...] = ()
    """Sentences told only when the person asks why."""
    stroke: Stroke | None = None
    hold: Hold | None = None
    wait: Wait | None = None
    breathe: Breathe | None = None
    on_breath: bool = True
    """Whether its strokes or hold ride on the breath in a routine that does so."""
    conditions: Conditions = Conditions()

    @property
    def count(self) -> int:
        """Strokes, or breaths, on each side; 0 where nothing is counted."""
        return self.stroke.count if self.stroke else self.breathe.count if self.breathe else 0

    @property
    def told(self) -> tuple[str, ...]:
        """Everything said before the step is done: ``say``, then ``tip``."""
        return self.say + self.tip

    @property
    def brief(self) -> tuple[str, ...]:
        """What a person hears of the step who knows the routine."""
        return self._picked(self.short_number) or self.short or self.say

    @property
    def amounts(self) -> tuple[str, ...]:
        """The sentences that say what to take for it, and how much; empty where there are none."""
        return self._picked(self.amount_number) or self.amount

    def _picked(self, number: int | None) -> tuple[str, ...]:
        return self.say[number - 1 : number] if number else ()

    @property
    def sides(self) -> tuple[Side, ...]:
        """The sides worked on, in order: one, or left and right."""
        side = self.stroke.side if self.stroke else self.hold.side if self.hold else Side.BOTH
        return (Side.LEFT, Side.RIGHT) if side is Side.LEFT_THEN_RIGHT else (side,)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a routine with a name; a person calls it a zone."""

    id: str
    """Unique within the routine."""
    name: str
    """As spoken: "neck and décolletage"."""
    steps: tuple[Step, ...]
    region: str = ""
    """The part of the body, for ``Profile.avoid`` and pictures."""
    announce: tuple[str, ...] | None = None
    """Sentences said as the zone begins; None for its name, none at all for silence."""
    why: tuple[str, ...] = ()
    conditions: Conditions = Conditions()


@dataclass(frozen=True, slots=True)
class Supply:
    """Something that the person needs at hand."""

    name: str
    """As it is said after "you need": "a towel"."""
    conditions: Conditions = Conditions()


@dataclass(frozen=True, slots=True)
class Picture:
    """The writer's own drawing in place of the face: 240 wide, 290 high, its middle line at 120."""

    outline: tuple[str, ...]
    """SVG path data."""
    regions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """By region, the shape that is lit for it, as SVG path data."""
    places: tuple[tuple[str, float, float], ...] = ()
    """By the names used in paths, a point: how far out from the middle line, and how far down."""


@dataclass(frozen=True, slots=True)
class Routine:
    """A whole routine."""

    id: str
    name: str
    """As spoken: "serum ritual"."""
    summary: str
    """One sentence, spoken and shown when a person asks what it is."""
    sections: tuple[Section, ...]
    called: tuple[str, ...] = ()
    """Other names a person may say, besides ``name``."""
    beforehand: tuple[str, ...] = ()
    """What the person does before the first step; told with the introduction, and not timed."""
    safety: tuple[str, ...] = ()
    """Said before the first step."""
    closing: tuple[str, ...] = ()
    """The last words."""
    why: tuple[str, ...] = ()
    """Reasons for every step; told where neither the step nor its section has its own."""
    breath: Breath | None = None
    """What strokes and holds ride on; None: they have their own seconds."""
    language: str = "en"
    supply: tuple[Supply, ...] = ()
    tool: tuple[str, ...] = ()
    within_seconds: float | None = None
    """The longest that the routine may take; its strokes are made no slower than fits. None: any
    length."""
    pronunciations: tuple[tuple[str, str], ...] = ()
    """(word, how it is said): as phones, ``S K W EY L EY N``, or as a spelling, ``squay-lane``."""
    picture: Picture | None = None
    pressure_for: tuple[tuple[Skin, str], ...] = ()
    """The pressure of every stroke for a skin, in place of its own; the first match wins."""
    is_known: bool = False
    """Whether the person knows it, and so is told less before it begins."""

    @property
    def spoken_names(self) -> tuple[str, ...]:
        """Every name that chooses this routine, lower-case."""
        return tuple(name.lower() for name in (self.name, *self.called))

    def steps(self) -> Iterator[tuple[Section, Step]]:
        """Every step with its section, in order."""
        for section in self.sections:
            for step in section.steps:
                yield section, step
