"""What a person can set: one frozen `Settings` from a TOML file and ``VOICEGUIDE_*`` variables.

Every key is declared once, here or in the files of its tables (``sound``, ``home``), with its
default, unit, range and meaning; the reader, the messages and
``docs/settings.md`` all come from these declarations.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args

from voiceguide.core.errors import SettingsError
from voiceguide.core.routine.routine import Profile, When
from voiceguide.core.session.preferences import GUEST, Preferences
from voiceguide.core.spoken import words
from voiceguide.core.timeline.ranges import TEMPO_RANGE
from voiceguide.edge.system.folders import CACHE_VARIABLE, config_folder, data_folder
from voiceguide.edge.system.text_file import home_expanded
from voiceguide.settings.home import PASSWORD_VARIABLE, GpioSettings, HomeSettings, MqttSettings
from voiceguide.settings.keys import Key, Kind, take_file, take_variables
from voiceguide.settings.persons import TABLE as PERSONS
from voiceguide.settings.persons import (
    AvoidKey,
    NamedPerson,
    ProgrammeKey,
    SkinKey,
    ToolKey,
    take_persons,
)
from voiceguide.settings.sound import EarsSettings, SoundSettings, VoiceSettings, WyomingSettings
from voiceguide.settings.toml import read_settings_file
from voiceguide.settings.update import UpdateSettings

FILE_VARIABLE = "VOICEGUIDE_SETTINGS"
"""Names the file to read when no ``--settings`` is given."""

OTHER_VARIABLES = {
    FILE_VARIABLE: "The settings file to read when there is no `--settings`.",
    CACHE_VARIABLE: "The folder for what can be made again at any time.",
    PASSWORD_VARIABLE: "The broker's password, where `mqtt.password_file` names no file.",
    "VOICEGUIDE_MODELS_DIR": "The folder where fetched recogniser models are kept.",
    "VOICEGUIDE_VOICES_DIR": "The folder where fetched Piper voices are kept.",
}
"""Variables of this prefix that stand for no key."""


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
            unset="as the clock tells; from noon to five the guide asks",
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
            "Whether everything is told every time, also of a routine that the person knows.",
        ),
    ] = False


@dataclass(frozen=True, slots=True)
class StrokesSettings:
    """How strokes are paced."""

    tempo: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "Tempo until “slower” or “faster” is said; that is remembered.",
            unit="times the planned tempo",
            span=TEMPO_RANGE,
        ),
    ] = 1.0
    preparation: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "How long the guide lets you get ready after “go”; soft ticks tell when it begins.",
            unit="seconds",
            span=(0, 60),
        ),
    ] = 0.0


@dataclass(frozen=True, slots=True)
class RoutinesSettings:
    """Routines of one's own (docs/routines.md)."""

    own_folder: Annotated[
        Path | None,
        Key(
            Kind.PATH,
            "Where routines of one's own lie; each can be chosen by its name.",
            unset="the folder `routines` beside the settings file",
        ),
    ] = None


@dataclass(frozen=True, slots=True)
class WakeSettings:
    """When `voiceguide speaker` listens, and when it sleeps."""

    calls: Annotated[
        tuple[str, ...],
        Key(
            Kind.PHRASES,
            "What calls it when it sleeps; with an empty list it never sleeps, and asks at once.",
            unset="it never sleeps",
        ),
    ] = ("hey guide",)
    sleep_minutes: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "It sleeps so long after the end of a session, or a question that nobody answered.",
            unit="minutes",
            span=(1, 240),
        ),
    ] = 10.0


@dataclass(frozen=True, slots=True)
class RemindSettings:
    """A reminder by `voiceguide speaker`, once a day (docs/programmes.md)."""

    at: Annotated[
        time | None,
        Key(
            Kind.CLOCK,
            "When it is spoken: by day, while the guide sleeps and nobody speaks.",
            unset="never",
        ),
    ] = None
    person: Annotated[
        str | None,
        Key(
            Kind.TEXT,
            "Whose programme it tells of: a person of the settings.",
            unset="whoever has no name",
        ),
    ] = None
    later_minutes: Annotated[
        float,
        Key(
            Kind.NUMBER,
            "How long after “later” it asks once again.",
            unit="minutes",
            span=(1, 240),
        ),
    ] = 30.0


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """What is remembered from one session to the next."""

    keep: Annotated[
        bool, Key(Kind.SWITCH, "Whether the place in a routine, tempo and volume are remembered.")
    ] = True
    folder: Annotated[
        Path | None, Key(Kind.PATH, "Where the journal lies.", unset="the user's data folder")
    ] = None
    history: Annotated[
        bool,
        Key(Kind.SWITCH, "Whether it is noted on which day which zones were done, and how long."),
    ] = True
    streak: Annotated[
        bool,
        Key(Kind.SWITCH, "Whether the guide tells at the end how many days in a row it has been."),
    ] = True
    day_ends: Annotated[
        int,
        Key(
            Kind.WHOLE,
            "The hour at which a day ends: what is begun before it counts for the day before.",
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
            "The port of this machine alone on which metrics for Prometheus are served.",
            unset="none are served",
            span=(1024, 65535),
        ),
    ] = None


class SkinTone(StrEnum):
    """The skin of the person in the pictures."""

    LIGHT = "light"
    MEDIUM = "medium"
    BROWN = "brown"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class PageSettings:
    """The page for a mirror display (`--page`, docs/mirror.md)."""

    names: Annotated[
        tuple[str, ...],
        Key(
            Kind.HOSTS,
            "Further names by which browsers may ask for it, such as one of a proxy before it; "
            "this machine's own at home are known.",
            unset="this machine's own",
        ),
    ] = ()
    frame_ancestors: Annotated[
        tuple[str, ...],
        Key(
            Kind.ORIGINS,
            "Whose pages may show it in a frame, such as a MagicMirror or Home Assistant.",
            unset="nobody's",
        ),
    ] = ()
    skin_tone: Annotated[
        SkinTone,
        Key(
            Kind.CHOICE,
            "The skin of the person in the pictures (of the card: `--skin-tone`).",
            choices=SkinTone,
        ),
    ] = SkinTone.LIGHT


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
    """Whoever has a table of their own."""

    @property
    def profile(self) -> Profile:
        """The person and the moment, as routines are selected by it; without a name."""
        person = self.person
        return Profile(person.when, person.skin, person.avoid, person.tool)

    @property
    def preferences(self) -> Preferences:
        """What to begin with as long as nothing is remembered."""
        return Preferences(self.strokes.tempo, self.voice.words_per_minute, self.sound.gain_db)

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
        """The journal's file of whoever has no name; None when nothing is to be remembered."""
        return self.journal_of("")

    def journal_of(self, person_id: str) -> Path | None:
        """The journal's file of a person; None when nothing is to be remembered of them."""
        if not self.journal.keep or person_id == GUEST:
            return None
        folder = self.journal.folder or data_folder()
        return folder / (f"journal-{person_id}.sqlite" if person_id else "journal.sqlite")

    def programme_of(self, person_id: str) -> str:
        """The id of the programme that somebody is to follow; empty where that is left to them."""
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

    @property
    def fleet_folder(self) -> Path:
        """What a fleet gave this speaker."""
        return (self.journal.folder or data_folder()) / "fleet"

    @property
    def announced_path(self) -> Path | None:
        """The file of what a broker keeps of this speaker; None when nothing is remembered."""
        journal = self.journal_path
        return journal.with_name("announced.json") if journal else None


TABLES: dict[str, type] = {
    "person": PersonSettings,
    "routines": RoutinesSettings,
    "voice": VoiceSettings,
    "strokes": StrokesSettings,
    "sound": SoundSettings,
    "ears": EarsSettings,
    "wyoming": WyomingSettings,
    "wake": WakeSettings,
    "remind": RemindSettings,
    "journal": JournalSettings,
    "log": LogSettings,
    "mqtt": MqttSettings,
    "home": HomeSettings,
    "gpio": GpioSettings,
    "page": PageSettings,
    "update": UpdateSettings,
}
"""The tables of the file; each is a field of `Settings`."""

KEYS: dict[str, dict[str, Key]] = {
    table: {entry.name: get_args(entry.type)[1] for entry in fields(made)}
    for table, made in TABLES.items()
}
"""Every key's declaration, by table and name."""


def settings_path() -> Path:
    """The file that is read when none is named: in the user's config folder."""
    return config_folder() / "settings.toml"


def find_settings(path: Path | None, environment: Mapping[str, str]) -> Path | None:
    """The file that `load_settings` reads; None when there is none."""
    if path is not None:
        return path
    if environment.get(FILE_VARIABLE):
        return home_expanded(environment[FILE_VARIABLE])
    return settings_path() if settings_path().exists() else None


def beside_settings(name: str, path: Path | None, environment: Mapping[str, str]) -> Path:
    """A file or folder of this name beside the settings file that is in use, or would be.

    Args:
        path: the settings file named on the command line.
        environment: may name one too (``VOICEGUIDE_SETTINGS``).
    """
    return (find_settings(path, environment) or settings_path()).with_name(name)


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of a file, and over them those of the environment.

    Args:
        path: the file; None for ``VOICEGUIDE_SETTINGS``, or else `settings_path()` if it exists.
        environment: variables such as ``VOICEGUIDE_VOICE_WORDS_PER_MINUTE``; an empty one
            counts as not set.

    Raises:
        SettingsError: every problem, one a line; those of the file with line and column.
    """
    values: dict[str, dict[str, Any]] = {table: {} for table in TABLES}
    problems: list[str] = []
    found = find_settings(path, environment)
    persons: tuple[NamedPerson, ...] = ()
    if found is not None:
        file = read_settings_file(found)
        persons, wrong = take_persons(file)
        rest = {name: table for name, table in file.values.items() if name != PERSONS}
        problems += take_file(replace(file, values=rest), KEYS, values) + wrong
    problems += take_variables(environment, KEYS, tuple(OTHER_VARIABLES), values)
    if problems:
        raise SettingsError("\n".join(problems))
    settings = Settings(
        **{name: made(**values[name]) for name, made in TABLES.items()}, persons=persons
    )
    _check_reminder(settings)
    return settings


def _check_reminder(settings: Settings) -> None:
    """Raise SettingsError where a reminder could never be spoken, or is nobody's."""
    remind, sound = settings.remind, settings.sound
    if remind.person:
        settings.person_called(remind.person)
    if remind.at and settings.is_night(remind.at):
        night = f"{sound.night_from:%H:%M} to {sound.night_to:%H:%M}"
        raise SettingsError(
            f"`remind.at` is {remind.at:%H:%M}, and at night ({night}) the guide speaks to nobody "
            "by itself; choose a time of the day, or change `sound.night_from` and "
            "`sound.night_to`."
        )
