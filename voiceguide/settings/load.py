"""Finds the settings file and reads it, with the ``VOICEGUIDE_*`` variables over it."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.folders import CACHE_VARIABLE, config_folder
from voiceguide.edge.system.text_file import home_expanded
from voiceguide.settings.home import PASSWORD_VARIABLE
from voiceguide.settings.keys import take_file, take_variables
from voiceguide.settings.persons import TABLE as PERSONS
from voiceguide.settings.persons import NamedPerson, take_persons
from voiceguide.settings.tables import KEYS, TABLES, Settings
from voiceguide.settings.toml import read_settings_file

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
