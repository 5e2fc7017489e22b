"""What the value of a setting may be, and how it is taken from a file or from variables."""

import math
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

from voiceguide.core.suggest import nearest
from voiceguide.edge.system.text_file import home_expanded
from voiceguide.settings.hosts import is_address, is_host, is_origin
from voiceguide.settings.toml import KeyPath, SettingsFile

PREFIX = "VOICEGUIDE_"
"""Begins the name of every variable that stands for a key."""
_SPOKEN = re.compile(r"[^\W\d_]+(['’-][^\W\d_]+)*( [^\W\d_]+(['’-][^\W\d_]+)*)*")
LONGEST_PHRASE_WORDS = 4
SHORTEST_WORD_LETTERS = 7
"""A phrase of a single word has at least so many letters: shorter words are in everybody's talk."""


class Kind(StrEnum):
    """What a value must be; the text is used in messages and in the documentation."""

    TEXT = "text in quotes"
    PATH = "a folder in quotes"
    FILE = "a file in quotes"
    NAME_OR_PATH = "a name or a folder in quotes"
    NUMBER = "a number"
    WHOLE = "a whole number"
    SWITCH = "true or false"
    CHOICE = "one of"
    CHOICES = "a list of"
    WORDS = "a list of words in quotes"
    ARGUMENTS = "a list of a program and its arguments, all in quotes"
    CLOCK = 'a time of day such as "22:30"'
    ADDRESS = 'an address such as "tcp://192.168.1.5:10300"'
    PHRASES = "a list of spoken phrases in quotes"
    HOSTS = 'a list of names of machines such as "mirror.example.org"'
    ORIGINS = 'a list of origins such as "http://mirror.local:8080"'


@dataclass(frozen=True, slots=True)
class Key:
    """The declaration of one key."""

    kind: Kind
    about: str
    unset: str = ""
    """What happens when there is no value, for keys whose default is none."""
    unit: str = ""
    span: tuple[float, float] = (-math.inf, math.inf)
    """Least and greatest value."""
    choices: type[StrEnum] | None = None

    @property
    def wanted(self) -> str:
        """What would be right, as a phrase that follows “must be”."""
        if self.choices is not None:
            quoted = ", ".join(f'"{choice}"' for choice in self.choices)
            return f"{self.kind} {quoted}"
        if self.span[0] > -math.inf:
            return f"{self.kind} from {self.span[0]:g} to {self.span[1]:g}"
        return self.kind.value


def variable(table: str, name: str) -> str:
    """The environment variable that stands for a key."""
    return f"{PREFIX}{table}_{name}".upper()


Keys = Mapping[str, Mapping[str, Key]]
Values = dict[str, dict[str, Any]]


def take_file(file: SettingsFile, keys: Keys, values: Values) -> list[str]:
    """Put a file's settings into ``values``; what is wrong comes back, in the file's order."""
    homes = {name: table for table, names in keys.items() for name in names}
    found: list[tuple[KeyPath, str]] = []
    for table, content in file.values.items():
        if table not in keys:
            found.append(((table,), _unknown_table(table, keys, homes)))
        elif not isinstance(content, dict):
            found.append(((table,), f"`{table}` is a table; write [{table}], then its keys."))
        else:
            for name, value in content.items():
                if name not in keys[table]:
                    found.append(((table, name), _unknown_key(table, name, keys, homes)))
                    continue
                try:
                    read = read_value(keys[table][name], value, f"`{name}`", file.path.parent)
                    values[table][name] = read
                except ValueError as error:
                    found.append(((table, name), str(error)))
    found.sort(key=lambda problem: file.spot(problem[0]))
    return [file.located(key_path, message) for key_path, message in found]


def take_variables(
    environment: Mapping[str, str], keys: Keys, others: tuple[str, ...], values: Values
) -> list[str]:
    """Put the settings of the environment into ``values``; what is wrong comes back.

    Args:
        others: variables of this prefix that stand for no key.
    """
    known = {variable(table, name): (table, name) for table in keys for name in keys[table]}
    problems: list[str] = []
    for title, text in sorted(environment.items()):
        if not title.startswith(PREFIX) or title in others or not text.strip():
            continue
        if title not in known:
            near = {other.removeprefix(PREFIX).lower(): other for other in (*known, *others)}
            guess = nearest(title.removeprefix(PREFIX), near)
            hint = f"did you mean {near[guess]}?" if guess else "see docs/settings.md."
            problems.append(f"the environment variable {title} stands for no setting; {hint}")
            continue
        table, name = known[title]
        key = keys[table][name]
        try:
            values[table][name] = read_value(key, from_text(key, text.strip()), title, Path())
        except ValueError as error:
            problems.append(f"the environment variable {error}")
    return problems


def from_text(key: Key, text: str) -> Any:
    """A variable's text as the value that a file would hold; unreadable text stays text."""
    if key.kind in (Kind.CHOICES, Kind.WORDS, Kind.PHRASES, Kind.HOSTS, Kind.ORIGINS):
        return [part.strip() for part in text.split(",") if part.strip()]
    if key.kind is Kind.ARGUMENTS:
        try:
            return shlex.split(text)
        except ValueError:
            return text
    if key.kind is Kind.SWITCH:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    try:
        if key.kind is Kind.WHOLE:
            return int(text)
        return float(text) if key.kind is Kind.NUMBER else text
    except ValueError:
        return text


def read_value(key: Key, value: Any, name: str, folder: Path) -> Any:
    """The value as its field holds it.

    Args:
        value: what TOML gives.
        name: how the key is called in a message.
        folder: where relative paths count from.

    Raises:
        ValueError: a sentence that begins with ``name`` and says what would be right.
    """
    wrong = f"{name} must be {key.wanted}, not {_shown(value)}."
    match key.kind, value:
        case Kind.SWITCH, bool():
            return value
        case _, bool():
            _refuse(wrong)
        case (Kind.WHOLE, int()) | (Kind.NUMBER, int() | float()):
            if not key.span[0] <= value <= key.span[1]:
                _refuse(wrong)
            return value if key.kind is Kind.WHOLE else float(value)
        case ((Kind.CHOICES | Kind.WORDS), list()):
            return tuple(dict.fromkeys(_word(key, item, wrong) for item in value))
        case Kind.ARGUMENTS, list() if all(isinstance(x, str) for x in value) and all(value[:1]):
            return tuple(value)
        case Kind.CLOCK, time():
            return value
        case Kind.CLOCK, str() if re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
            hour, minute = value.split(":")
            return time(int(hour), int(minute))
        case Kind.PHRASES, list():
            return tuple(dict.fromkeys(_phrase(item, name, wrong) for item in value))
        case Kind.HOSTS, list() if all(isinstance(x, str) and is_host(x) for x in value):
            return tuple(dict.fromkeys(each.lower() for each in value))
        case Kind.ORIGINS, list() if all(isinstance(x, str) and is_origin(x) for x in value):
            return tuple(dict.fromkeys(each.lower() for each in value))
        case Kind.CHOICE, str():
            return _word(key, value, wrong)
        case ((Kind.TEXT | Kind.PATH | Kind.FILE | Kind.NAME_OR_PATH), str()):
            if not value.strip() or not value.isprintable():
                _refuse(f"{name} is empty or not readable; leave it out or write {key.wanted}.")
            return _placed(key, value, folder)
        case Kind.ADDRESS, str():
            several = [each.strip() for each in value.split(",")]
            return ",".join(several) if all(map(is_address, several)) else _refuse(wrong)
    return _refuse(wrong)


def _word(key: Key, item: Any, wrong: str) -> Any:
    if not isinstance(item, str) or not item.strip():
        _refuse(wrong)
    if key.choices is None:
        return "-".join(item.lower().replace("_", " ").replace("-", " ").split())
    if item not in list(key.choices):
        guess = nearest(item, list(key.choices))
        _refuse(f'{wrong.removesuffix(".")}; did you mean "{guess}"?' if guess else wrong)
    return key.choices(item)


def _phrase(item: Any, name: str, wrong: str) -> str:
    if not isinstance(item, str):
        _refuse(wrong)
    text = " ".join(item.lower().split())
    words = text.split()
    if not _SPOKEN.fullmatch(text):
        _refuse(f"{name}: {_shown(item)} cannot be spoken; write words, no digits.")
    if len(words) > LONGEST_PHRASE_WORDS:
        _refuse(f"{name}: {_shown(item)} is too long; {LONGEST_PHRASE_WORDS} words are the most.")
    if len(words) == 1 and len(text) < SHORTEST_WORD_LETTERS:
        _refuse(f"{name}: {_shown(item)} is too short to be told from talk; write two words.")
    return text


def _placed(key: Key, value: str, folder: Path) -> str | Path:
    """A path in a file counts from that file's folder; a bare name of a model stays one."""
    if key.kind is Kind.TEXT or (key.kind is Kind.NAME_OR_PATH and Path(value).name == value):
        return value
    path = folder / home_expanded(value)
    return path if key.kind in (Kind.PATH, Kind.FILE) else str(path)


def _unknown_table(name: str, keys: Keys, homes: Mapping[str, str]) -> str:
    if name in homes:
        return f"`{name}` belongs in the table [{homes[name]}]."
    tables = nearest(name, keys)
    elsewhere = nearest(name, homes)
    if tables:
        hint = f"did you mean [{tables}]?"
    elif elsewhere:
        hint = f"did you mean `{elsewhere}` in [{homes[elsewhere]}]?"
    else:
        hint = f"known: {', '.join(keys)}."
    return f"there is no table or key `{name}`; {hint}"


def _unknown_key(table: str, name: str, keys: Keys, homes: Mapping[str, str]) -> str:
    if name in homes:
        return f"`{name}` belongs in the table [{homes[name]}], not in [{table}]."
    guess = nearest(name, keys[table])
    hint = f"did you mean `{guess}`?" if guess else f"known: {', '.join(keys[table])}."
    return f"there is no key `{name}` in [{table}]; {hint}"


def _refuse(message: str) -> NoReturn:
    raise ValueError(message)


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value).replace("'", '"') if isinstance(value, str | list) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
