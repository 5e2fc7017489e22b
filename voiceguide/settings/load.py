"""Finds the settings file and reads it, with the ``VOICEGUIDE_*`` variables over it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.folders import CACHE_VARIABLE, config_folder
from voiceguide.edge.system.text_file import Spot, home_expanded
from voiceguide.settings.home import PASSWORD_VARIABLE, RING_PINS
from voiceguide.settings.keys import take_file, take_variables, variable
from voiceguide.settings.persons import TABLE as PERSONS
from voiceguide.settings.persons import NamedPerson, take_persons
from voiceguide.settings.tables import KEYS, TABLES, Settings
from voiceguide.settings.toml import KeyPath, SettingsFile, read_settings_file

FILE_VARIABLE = "VOICEGUIDE_SETTINGS"
"""Names the file to read when no ``--settings`` is given."""

OTHER_VARIABLES = {
    FILE_VARIABLE: "The settings file to read when there is no `--settings`.",
    CACHE_VARIABLE: "The folder for files that can be made again at any time.",
    PASSWORD_VARIABLE: "The broker's password, if `mqtt.password_file` names no file.",
    "VOICEGUIDE_MODELS_DIR": "The folder where fetched recogniser models are kept.",
    "VOICEGUIDE_VOICES_DIR": "The folder where fetched Piper voices are kept.",
}
"""Variables of this prefix that stand for no key."""


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
    file: SettingsFile | None = None
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
    _check_pins(settings, file, environment)
    _check_reminder(settings)
    return settings


def _check_pins(
    settings: Settings, file: SettingsFile | None, environment: Mapping[str, str]
) -> None:
    """Raise SettingsError if two things share a pin, or a guest's button could do nothing."""
    gpio = settings.gpio
    guest: KeyPath = ("gpio", "guest_button")
    pins: dict[KeyPath, int | None] = {
        ("gpio", "button"): gpio.button,
        ("gpio", "light"): gpio.light,
        guest: gpio.guest_button,
        **{(PERSONS, each.id, "button"): each.button for each in settings.persons},
    }
    places = {
        key: spot
        for key, spot in (file.keys if file else {}).items()
        if key in pins and not environment.get(variable("_".join(key[:-1]), key[-1]))
    }
    problems: list[tuple[KeyPath, str]] = []
    users = dict.fromkeys(RING_PINS, "gpio.ring") if gpio.ring is not None else {}
    for key in sorted(pins, key=lambda key: places.get(key, Spot(0, 0))):
        pin, name = pins[key], ".".join(key)
        if pin is None:
            continue
        if pin in users:
            wrong = f"`{name}` is {pin}, but that pin is for `{users[pin]}`; choose another pin."
            problems.append((key, wrong))
        elif key == guest and not settings.persons:
            wrong = f"`{name}` is for a home whose persons have names; write [{PERSONS}.anna] too."
            problems.append((key, wrong))
        users.setdefault(pin, name)
    if problems:
        raise SettingsError(
            "\n".join(
                file.located(key, wrong) if file and key in places else wrong
                for key, wrong in problems
            )
        )


def _check_reminder(settings: Settings) -> None:
    """Raise SettingsError if a reminder could never be spoken, or is for nobody."""
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
