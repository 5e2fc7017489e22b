"""The world of a seed: the routines, the persons, their settings, and what earlier days left."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from functools import cache
from random import Random

from voiceguide.core.commands import Phrasebook
from voiceguide.core.effects import KeepPlace, KeepProgramme, Kept, Place
from voiceguide.core.routine.breath import Breath, parse_breath
from voiceguide.core.routine.programme import Programme, Standing
from voiceguide.core.routine.routine import (
    Breathe,
    Hold,
    Mode,
    Profile,
    Routine,
    Section,
    Side,
    Skin,
    Step,
    Stroke,
    Wait,
    When,
)
from voiceguide.core.routine.selection import select
from voiceguide.core.session.preferences import GUEST, Guided, Manner
from voiceguide.edge.files.phrase_file import load_phrasebook
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.settings.persons import NamedPerson
from voiceguide.settings.tables import RemindSettings, Settings

BREATHS = ("calm", "box", "relax", "in 3 in 1 out 6", "2.5-0-2.5-0", "5-2-8-5")
SENTENCES = (
    "Look up.",
    "Let the shoulders sink.",
    "Breathe slowly, and rest.",
    "Hold the skin taut with one hand and glide with the other, as light as a feather.",
)
SMALL = 0.6
"""The share of worlds with small random routines: more happens in them in less time."""


@dataclass(frozen=True, slots=True)
class World:
    """What does not change while a seed is played."""

    library: dict[str, Routine]
    book: Phrasebook
    routine_id: str | None
    manner: Manner
    profile: Profile
    thinking_seconds: float
    """How long the person usually takes before something happens."""
    slow_voice: bool
    """Whether sentences take a while to be rendered."""
    persons: tuple[str, ...]
    """The named persons of the home; empty where nobody has a name."""
    programmes: dict[str, Programme]
    settings: Settings
    earlier: tuple[Kept, ...]
    """What the journals hold before the first start."""
    hour: float
    """When the first life begins, in hours by the wall clock."""

    @property
    def known_persons(self) -> tuple[str, ...]:
        """The ids of everybody who has a journal."""
        return ("", *self.persons)

    @property
    def everybody(self) -> tuple[Guided, ...]:
        """Everybody who can be guided, the first one first."""
        guest = (Guided(GUEST, self.library),) if self.persons else ()
        named = (
            # One of them leaves something out.
            Guided(person, dict(list(self.library.items())[: max(1, len(self.library) - number)]))
            for number, person in enumerate(self.persons)
        )
        return (Guided("", self.library), *named, *guest)


def draw_world(chance: Random) -> World:
    """Draw the world of a seed."""
    profile = _profile(chance)
    if chance.random() < SMALL:
        ids = ("small", "other")[: chance.randint(1, 2)]
        library = {routine_id: small_routine(chance, routine_id) for routine_id in ids}
    else:
        whole = _bundled()
        ids = tuple(chance.sample(sorted(whole), chance.randint(1, 3)))
        library = {routine_id: select(whole[routine_id], profile) for routine_id in ids}
        # A routine of which nothing is left for this person cannot be chosen.
        library = {key: one for key, one in library.items() if one.sections}
        library = library or {"quick": whole["quick"]}
    persons = ("anna", "ben") if chance.random() < 0.3 else ()
    hour = chance.choice((8.0, 13.0, 19.0, 1.9, 23.9))
    return World(
        persons=persons,
        programmes=_programmes(chance, tuple(library)),
        settings=_settings(chance, persons, hour),
        earlier=tuple(_earlier(chance, library, persons)),
        hour=hour,
        library=library,
        book=_book().with_library(library).with_wake(("hey guide",)),
        routine_id=chance.choice((None, *library)),
        manner=Manner(
            breath=_breath(chance) if chance.random() < 0.25 else None,
            length_seconds=60 * chance.choice((1, 2, 3, 5, 10)) if chance.random() < 0.25 else None,
            sleep_seconds=chance.choice((60.0, 300.0)) if chance.random() < 0.4 else None,
        ),
        profile=profile,
        thinking_seconds=chance.choice((0.3, 2.0, 8.0)),
        slow_voice=chance.random() < 0.5,
    )


def _programmes(chance: Random, ids: tuple[str, ...]) -> dict[str, Programme]:
    """Two programmes: one day for each routine, and a few days of the same routine."""
    short = Programme("short", "short", "Short.", (ids[0],) * chance.randint(1, 3))
    return {"all": Programme("all", "all", "All.", ids), "short": short}


def _earlier(
    chance: Random, library: dict[str, Routine], persons: tuple[str, ...]
) -> Iterator[Kept]:
    """Draw the programmes that people follow, and the places at which they stopped."""
    for person in ("", *persons):
        if chance.random() < 0.4:
            yield KeepProgramme(Standing(chance.choice(("all", "short", "short"))), person)
        if chance.random() < 0.2:
            routine = chance.choice(list(library.values()))
            section = chance.choice(routine.sections)
            step = chance.choice(section.steps)
            yield KeepPlace(Place(routine.id, section.id, step.id, 0), person)


def _settings(chance: Random, persons: tuple[str, ...], hour: float) -> Settings:
    """Draw settings with a reminder soon after the first start, or without one."""
    minutes = round(60 * hour) + chance.choice((1, 3, 10))
    at = time(minutes // 60 % 24, minutes % 60) if chance.random() < 0.6 else None
    whose = chance.choice((None, *persons))
    later = chance.choice((1.0, 5.0))
    return Settings(
        remind=RemindSettings(at, whose, later), persons=tuple(map(NamedPerson, persons))
    )


def small_routine(chance: Random, routine_id: str) -> Routine:
    """Draw a routine of a few steps of any kind."""
    sections = tuple(
        Section(
            f"zone-{number}",
            f"zone {number}",
            tuple(_step(chance, f"step-{index}") for index in range(chance.randint(1, 3))),
        )
        for number in range(chance.randint(1, 3))
    )
    return Routine(
        routine_id,
        routine_id,
        "Small.",
        sections,
        safety=("Be gentle.",),
        closing=("All done.",) if chance.random() < 0.5 else (),
        breath=_breath(chance) if chance.random() < 0.2 else None,
        within_seconds=120.0 if chance.random() < 0.1 else None,
    )


def _step(chance: Random, step_id: str) -> Step:
    mode = chance.choice(list(Mode))
    # A step that only says something needs a sentence.
    least = int(mode is Mode.SAY)
    say = tuple(chance.sample(SENTENCES, chance.randint(least, 2)))
    side = chance.choice(list(Side))
    return Step(
        step_id,
        f"a {mode.value} step",
        mode,
        say,
        why=("Because it is pleasant.",) if chance.random() < 0.3 else (),
        stroke=Stroke(
            chance.randint(1, 9),
            chance.choice((0.5, 1.0, 2.5, 4.0)),
            side,
            count_aloud=chance.random() < 0.3,
        )
        if mode is Mode.STROKE
        else None,
        hold=Hold(chance.choice((1.0, 3.0, 8.0, 30.0)), side) if mode is Mode.HOLD else None,
        wait=Wait(
            chance.choice((2.0, 10.0, 19.0)),
            chance.choice((None, None, 5.0, 20.0, 90.0)),
            by_tap=chance.random() < 0.5,
        )
        if mode is Mode.WAIT
        else None,
        breathe=Breathe(chance.randint(1, 6), _breath(chance) if chance.random() < 0.5 else None)
        if mode is Mode.BREATHE
        else None,
    )


def _profile(chance: Random) -> Profile:
    return Profile(
        when=chance.choice((None, *When)),
        skin=tuple(chance.sample(list(Skin), chance.choice((0, 0, 0, 1, 2)))),
        avoid=tuple(chance.sample(("neck", "eyes", "jaw", "forehead"), chance.choice((0, 0, 1)))),
        tool=chance.choice((None, None, "gua-sha", "roller")),
    )


def _breath(chance: Random) -> Breath:
    return parse_breath(chance.choice(BREATHS))


@cache
def _bundled() -> dict[str, Routine]:
    return load_bundled()


@cache
def _book() -> Phrasebook:
    return load_phrasebook()
