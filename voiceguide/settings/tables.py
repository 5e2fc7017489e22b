"""What a person can set: one frozen `Settings`, and the tables of its keys.

Every key is declared once, here or in the file of its table (``sound``, ``speaker``, ``home``,
``page``, ``persons``, ``update``), with its default, unit, range and meaning. The reader
(``load``), the messages and ``docs/settings.md`` all come from these declarations.
"""

from dataclasses import dataclass, field, fields
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, get_args

from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.routine import Profile, When
from voiceguide.core.session.preferences import GUEST, Preferences
from voiceguide.core.spoken import words
from voiceguide.core.timeline.ranges import TEMPO_RANGE
from voiceguide.edge.system.folders import data_folder
from voiceguide.settings.home import GpioSettings, HomeSettings, MqttSettings
from voiceguide.settings.keys import Key, Kind
from voiceguide.settings.page import PageSettings
from voiceguide.settings.persons import AvoidKey, NamedPerson, ProgrammeKey, SkinKey, ToolKey
from voiceguide.settings.sound import EarsSettings, SoundSettings, VoiceSettings, WyomingSettings
from voiceguide.settings.speaker import RemindSettings, WakeSettings
from voiceguide.settings.update import UpdateSettings


class LogLevel(StrEnum):
    """How much is written to the log."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class PersonSettings:
    """Who is guided, so that what does not suit them is left out."""

    when: Annotated[
        When | None,
        Key(
            Kind.CHOICE,
            "The time of day that routines are told for.",
            choices=When,
            unset="by the clock; from noon to five the guide asks",
        ),
    ] = None
    skin: SkinKey = ()
    avoid: AvoidKey = ()
    tool: ToolKey = None
    programme: ProgrammeKey = None
    everything: Annotated[
        bool,
        Key(
            Kind.SWITCH,
            "Whether the guide explains everything every time, also in a known routine.",
        ),
    ] = False
    guest: Annotated[
        bool,
        Key(
            Kind.SWITCH,
            "Whether everybody who has not said who they are is a guest: nothing is remembered of "
            "them, and nothing else in this table holds for them; so they follow no programme.",
        ),
    ] = False


@dataclass(frozen=True, slots=True)
class StrokesSettings:
    """How strokes are paced."""

    tempo: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "Tempo at first; changes by “slower” and “faster” are remembered.",
            unit="times the planned tempo",
            span=TEMPO_RANGE,
        ),
    ] = 1.0
    preparation: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "How long you have to get ready after “go”; soft ticks announce the beginning.",
            unit="seconds",
            span=(0, 60),
        ),
    ] = 0.0


@dataclass(frozen=True, slots=True)
class RoutinesSettings:
    """Routines of your own (docs/routines.md)."""

    own_folder: Annotated[
        Path | None,
        Key(
            Kind.PATH,
            "The folder with routines of your own; each can be chosen by its name.",
            unset="the folder `routines` beside the settings file",
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """What is remembered from one session to the next."""

    keep: Annotated[
        bool, Key(Kind.SWITCH, "Whether the place in a routine, tempo and volume are remembered.")
    ] = True
    folder: Annotated[
        Path | None, Key(Kind.PATH, "The folder of the journal.", unset="the user's data folder")
    ] = None
    history: Annotated[
        bool,
        Key(
            Kind.SWITCH,
            "Whether the guide notes which zones were done on which day, and for how long.",
        ),
    ] = True
    streak: Annotated[
        bool,
        Key(Kind.SWITCH, "Whether the guide tells at the end how many days in a row it has been."),
    ] = True
    day_ends: Annotated[
        int,
        Key(
            Kind.WHOLE,
            "The hour at which a day ends: sessions before it count for the day before.",
            unit="hours after midnight",
            span=(0, 12),
        ),
    ] = 3


@dataclass(frozen=True, slots=True)
class LogSettings:
    """What is written to the log, and what can be read from outside."""

    level: Annotated[
        LogLevel, Key(Kind.CHOICE, "The least urgent messages that appear.", choices=LogLevel)
    ] = LogLevel.WARNING
    metrics_port: Annotated[
        int | None,
        Key(
            Kind.WHOLE,
            "The port for metrics for Prometheus, reachable from this machine only.",
            unset="none are served",
            span=(1024, 65535),
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; each field is a table of the file."""

    person: PersonSettings = field(default_factory=PersonSettings)
    routines: RoutinesSettings = field(default_factory=RoutinesSettings)
    voice: VoiceSettings = field(default_factory=VoiceSettings)
    strokes: StrokesSettings = field(default_factory=StrokesSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    ears: EarsSettings = field(default_factory=EarsSettings)
    wyoming: WyomingSettings = field(default_factory=WyomingSettings)
    wake: WakeSettings = field(default_factory=WakeSettings)
    remind: RemindSettings = field(default_factory=RemindSettings)
    journal: JournalSettings = field(default_factory=JournalSettings)
    log: LogSettings = field(default_factory=LogSettings)
    mqtt: MqttSettings = field(default_factory=MqttSettings)
    home: HomeSettings = field(default_factory=HomeSettings)
    gpio: GpioSettings = field(default_factory=GpioSettings)
    page: PageSettings = field(default_factory=PageSettings)
    update: UpdateSettings = field(default_factory=UpdateSettings)
    persons: tuple[NamedPerson, ...] = ()
    """Everybody with a table of their own."""

    @property
    def profile(self) -> Profile:
        """The person and the moment, as routines are selected by it; without a name."""
        person = self.person
        return Profile(person.when, person.skin, person.avoid, person.tool)

    @property
    def preferences(self) -> Preferences:
        """What to begin with as long as nothing is remembered."""
        return Preferences(self.strokes.tempo, self.voice.words_per_minute, self.sound.gain_db)

    @property
    def person_pins(self) -> dict[str, int]:
        """By the id of a person, the pin of the button that says that they are there."""
        pins = {each.id: each.button for each in self.persons} | {GUEST: self.gpio.guest_button}
        return {person_id: pin for person_id, pin in pins.items() if pin is not None}

    def volume_limit_db(self, now: time) -> float | None:
        """The loudest the guide may be at this time of day; None for no limit."""
        return self.sound.night_gain_db if self.is_night(now) else None

    def is_night(self, now: time) -> bool:
        """Whether this time of day is within the hours of the night."""
        begins, ends = self.sound.night_from, self.sound.night_to
        within = (now >= begins, now < ends)
        return all(within) if begins < ends else any(within)

    @property
    def sleep_seconds(self) -> float | None:
        """When a guide that stays falls asleep (`Manner.sleep_seconds`); None for never."""
        return 60 * self.wake.sleep_minutes if self.wake.calls else None

    @property
    def journal_path(self) -> Path | None:
        """The journal of the person without a name; None if nothing is to be remembered."""
        return self.journal_of("")

    def journal_of(self, person_id: str) -> Path | None:
        """The journal of a person; None if nothing is to be remembered of them."""
        if not self.journal.keep or person_id == GUEST:
            return None
        folder = self.journal.folder or data_folder()
        return folder / (f"journal-{person_id}.sqlite" if person_id else "journal.sqlite")

    def programme_of(self, person_id: str) -> str:
        """The id of the programme that a person is to follow; empty if they choose it."""
        named = {each.id: each.programme for each in self.persons}
        return {"": self.person.programme, GUEST: None, **named}[person_id] or ""

    def person_called(self, name: str) -> str:
        """The id of the person with this name or id; ``guest`` for a guest.

        Raises:
            SettingsError: there is nobody of that name.
        """
        wanted = " ".join(words(name)) or name.casefold()
        ids = {GUEST: GUEST} | {
            text: each.id
            for each in self.persons
            for text in (each.id, " ".join(words(each.id)), " ".join(words(each.said)))
        }
        if wanted in ids or name in ids:
            return ids.get(name) or ids[wanted]
        there = ", ".join((*(each.id for each in self.persons), GUEST))
        raise SettingsError(
            f"there is no person {name!r} in the settings (there are: {there}); "
            "for a new one write a table [persons.NAME] (docs/persons.md)."
        )

    def first_person(self, name: str | None) -> str:
        """The id of the person who is guided until somebody says who they are.

        Args:
            name: of the person that the command line asks for.

        Raises:
            SettingsError: there is nobody of that name.
        """
        if name:
            return self.person_called(name)
        return GUEST if self.person.guest else ""

    @property
    def fleet_folder(self) -> Path:
        """The folder with what a fleet gave this speaker."""
        return (self.journal.folder or data_folder()) / "fleet"

    @property
    def announced_path(self) -> Path | None:
        """The file of what a broker retains of this speaker; None if nothing is remembered."""
        journal = self.journal_path
        return journal.with_name("announced.json") if journal else None


TABLES: dict[str, type] = {
    entry.name: entry.type for entry in fields(Settings) if isinstance(entry.type, type)
}
"""The tables of the file; each is a field of `Settings`."""

KEYS: dict[str, dict[str, Key]] = {
    table: {entry.name: get_args(entry.type)[1] for entry in fields(made)}
    for table, made in TABLES.items()
}
"""Every key's declaration, by table and name."""
