"""The breath as a clock: a pattern of phases, how it is written, and how it grows slower or faster.

A breath goes in once and out once, and may be held anywhere; the way in or out may be split into
several phases (a double breath in). A change of pace is spread over two breaths, and a phase that
has begun is never changed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

MINUTE_RANGE = (3.0, 12.0)
"""How many breaths a minute a person can reach with "slower" and "faster"."""
PERIOD_RANGE = (60.0 / MINUTE_RANGE[1], 60.0 / MINUTE_RANGE[0])
"""The same in seconds of one breath. "Slower" does not stretch a breath that is written longer."""
LONGEST_SECONDS = 240.0
"""The longest breath that can be written: four phases of the longest."""
FASTEST = 4.0
"""The greatest tempo of a breath: a quarter of its written length."""
PHASE_RANGE = (0.5, 60.0)
"""Seconds of one phase as it is written."""
WORDS_AFTER_SECONDS = 0.4
"""A word said along with a breath begins no sooner than this after the start of a phase …"""
WORDS_BEFORE_SECONDS = 0.3
"""… and ends at least this long before the next phase."""
HOW = "write it like 4-0-6-0 (in, hold, out, hold), in 3 in 1 out 6, box, calm or relax"

_NAMED = {"calm": "4-0-6-0", "box": "4-4-4-4", "relax": "4-7-8-0"}
_NUMBER = r"\d{1,3}(?:\.\d{1,3})?"
_SHORT = re.compile(rf"{_NUMBER}(?:-{_NUMBER})*")
_LONG_PART = re.compile(rf"([a-z]+)\s*({_NUMBER})\s*s?")


class Way(StrEnum):
    """What a person does in a phase: breathe in, breathe out, or hold."""

    IN = "in"
    HOLD = "hold"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a breath."""

    way: Way
    seconds: float


@dataclass(frozen=True, slots=True)
class Breath:
    """One breath: phases, the first of which goes in. Made by ``parse_breath``."""

    phases: tuple[Phase, ...]

    @property
    def seconds(self) -> float:
        """Length of the breath, from its start to that of the next one."""
        return sum(phase.seconds for phase in self.phases)

    @property
    def out_after_seconds(self) -> float:
        """Time from the start of the breath to the start of its first phase out."""
        return next(start for start, phase in self.starts() if phase.way is Way.OUT)

    def starts(self) -> Iterator[tuple[float, Phase]]:
        """Each phase with its start, in seconds from the beginning of the breath."""
        start = 0.0
        for phase in self.phases:
            yield start, phase
            start += phase.seconds

    def at_tempo(self, tempo: float) -> "Breath":
        """This breath faster (over 1) or slower, as far as ``tempo_range`` allows."""
        slowest, fastest = self.tempo_range()
        factor = 1 / min(max(tempo, slowest), fastest)
        return Breath(tuple(Phase(phase.way, phase.seconds * factor) for phase in self.phases))

    def room_for(self, seconds: float, *, at_end: bool = False) -> float | None:
        """Where in the breath words of this length fit without covering the start of a phase.

        Args:
            seconds: how long the words are.
            at_end: look for the latest such place before the next breath, not for the earliest.

        Returns:
            Seconds from the start of the breath; None where they fit nowhere.
        """
        needed = WORDS_AFTER_SECONDS + seconds + WORDS_BEFORE_SECONDS
        phases = [(start, phase) for start, phase in self.starts() if phase.seconds >= needed]
        if not at_end:
            return phases[0][0] + WORDS_AFTER_SECONDS if phases else None
        if not phases or phases[-1][1] is not self.phases[-1]:
            return None
        return self.seconds - WORDS_BEFORE_SECONDS - seconds

    def tempo_range(self) -> tuple[float, float]:
        """The least and the greatest tempo that ``at_tempo`` obeys in full."""
        slowest, fastest = self.seconds / PERIOD_RANGE[1], self.seconds / PERIOD_RANGE[0]
        return min(1.0, slowest), min(fastest, FASTEST)

    def __str__(self) -> str:
        return " ".join(f"{phase.way.value} {phase.seconds:g}" for phase in self.phases)


def parse_breath(text: str) -> Breath:
    """The pattern in a text.

    ``4-0-6-0`` are the seconds of in, hold, out, hold (``4-6``: in and out; ``4-2-6``: in, hold,
    out); ``in 3 in 1 out 6`` names any phases; ``calm``, ``box`` and ``relax`` are common ones.

    Raises:
        ValueError: a plain sentence that says what is wrong and how to write it.
    """
    tidy = " ".join(text.lower().replace(",", " ").split())
    tidy = re.sub(r" ?[‐‑–—-] ?", "-", tidy)  # documents write dashes where keyboards have hyphens
    written = _NAMED.get(tidy, tidy)
    if _SHORT.fullmatch(written):
        return _checked(_shorthand(written, text), text)
    parts = _LONG_PART.findall(written)
    if not parts or _LONG_PART.sub("", written).strip():
        raise ValueError(f"{text!r} is no breath; {HOW}")
    for word, _ in parts:
        if word not in list(Way):
            raise ValueError(f"{word!r} is no part of a breath; use in, hold and out")
    return _checked((Phase(Way(word), float(seconds)) for word, seconds in parts), text)


def _shorthand(written: str, text: str) -> Iterator[Phase]:
    numbers = [float(part) for part in written.split("-")]
    ways = {
        2: (Way.IN, Way.OUT),
        3: (Way.IN, Way.HOLD, Way.OUT),
        4: (Way.IN, Way.HOLD, Way.OUT, Way.HOLD),
    }.get(len(numbers))
    if ways is None:
        raise ValueError(f"{text!r} has {len(numbers)} numbers; {HOW}")
    return (Phase(way, seconds) for way, seconds in zip(ways, numbers, strict=True))


def _checked(phases: Iterable[Phase], text: str) -> Breath:
    left = tuple(phase for phase in phases if phase.seconds > 0)
    moving = [phase.way for phase in left if phase.way is not Way.HOLD]
    if Way.IN not in moving or Way.OUT not in moving:
        raise ValueError(f"{text!r} must lead both in and out; {HOW}")
    if left[0].way is not Way.IN:
        raise ValueError(f"{text!r} must begin with the breath in; {HOW}")
    if moving != sorted(moving, key=(Way.IN, Way.OUT).index):
        raise ValueError(f"{text!r} leads in again after out; write one breath, it is repeated")
    low, high = PHASE_RANGE
    for phase in left:
        if not low <= phase.seconds <= high:
            raise ValueError(
                f"{text!r} has a phase of {phase.seconds:g} s; use {low:g} to {high:g} s"
            )
    breath = Breath(left)
    shortest = PERIOD_RANGE[0]
    if not shortest - 1e-9 <= breath.seconds <= LONGEST_SECONDS + 1e-9:
        raise ValueError(
            f"{text!r} takes {breath.seconds:g} s a breath; use {shortest:g} to"
            f" {LONGEST_SECONDS:g} s"
        )
    return breath


CALM = parse_breath("calm")
"""The usual breath: six a minute, the way out longer than the way in."""


class Glide:
    """The tempo of each breath: a change of it is spread over two breaths."""

    def __init__(self) -> None:
        self._wanted: float | None = None
        self._present = 1.0
        self._coming: list[float] = []

    def next(self, wanted: float) -> float:
        """The tempo of the breath that begins now, on its way to the wanted tempo.

        The very first breath has the wanted tempo at once.
        """
        if self._wanted is None:
            self._present = wanted
        elif wanted != self._wanted:
            self._coming = [sqrt(self._present * wanted), wanted]
        self._wanted = wanted
        if self._coming:
            self._present = self._coming.pop(0)
        return self._present
