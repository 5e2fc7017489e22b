"""What the keeper of a fleet wants a room to have, as a message on the broker; pure.

Its topics, below the prefix of all speakers:

* ``ID/wanted`` (JSON, retained): files with the sums of their contents, and settings.
* ``~parts/SUM/N`` (bytes, retained): piece N of the file with that sum, sent once for all rooms.
* ``ID/has`` (JSON, retained): what the room has taken of it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from voiceguide.settings.keys import take_variables, variable
from voiceguide.settings.tables import KEYS

PARTS = "~parts"
"""Its tilde cannot be in the id of a speaker (`topics.slug`)."""
WANTED, HAS = "wanted", "has"
PIECE_BYTES = 12_288
"""A piece and its topic fit into the largest message that a speaker takes (`broker.LARGEST_BYTES`).
"""
MOST_BYTES = 64_000_000
"""The largest file that a room takes; the pack that ships is a quarter of it."""
MOST_FILES = 60

OPEN_KEYS: Mapping[str, tuple[str, ...]] = {
    "person": ("when", "skin", "avoid", "tool", "everything", "programme", "guest"),
    "strokes": ("tempo",),
    "voice": ("words_per_minute",),
    "sound": ("gain_db", "night_gain_db", "night_from", "night_to"),
    "wake": ("sleep_minutes",),
    "journal": ("keep", "history", "streak"),
}
"""The settings that the fleet may set in a room: none that names a device, a file, an address or a
program."""

_NAME = re.compile(r"routines/[a-z0-9][a-z0-9_-]{0,59}\.yaml|phrases\.yaml|voice\.pack")
_SUM = re.compile(r"[0-9a-f]{64}")


class WantedError(Exception):
    """What the keeper wants cannot be done; the text says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """A file, known by its content."""

    sha256: str
    size_bytes: int

    @property
    def pieces(self) -> int:
        """How many pieces it is sent in."""
        return max(1, -(-self.size_bytes // PIECE_BYTES))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a room is to have."""

    files: Mapping[str, Content] = field(default_factory=dict)
    """By name: ``routines/NAME.yaml``, ``phrases.yaml``, ``voice.pack``."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """By key (``sound.night_gain_db``), the values as a variable of the environment has them."""

    @property
    def digest(self) -> str:
        """A short digest of all of it, which tells one version from another."""
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]

    def as_json(self) -> str:
        """The message; empty if nothing is wanted."""
        if not self.files and not self.settings:
            return ""
        files = {
            name: {"sha256": content.sha256, "bytes": content.size_bytes}
            for name, content in sorted(self.files.items())
        }
        told = {"files": files, "settings": dict(sorted(self.settings.items()))}
        return json.dumps(told, ensure_ascii=False)

    @property
    def variables(self) -> dict[str, str]:
        """The settings as variables of the environment."""
        return {variable(*key.split(".", 1)): text for key, text in self.settings.items()}

    def check_settings(self) -> None:
        """Raises:
        WantedError: a setting has a value that it cannot have.
        """
        problems = take_variables(self.variables, KEYS, (), {table: {} for table in KEYS})
        if problems:
            raise WantedError(problems[0])


def parse_wanted(payload: bytes) -> Wanted:
    """Read the message.

    Raises:
        WantedError: it is nonsense, or asks for what no room allows.
    """

    if not payload:
        return Wanted()
    try:
        told: Any = json.loads(payload)
        files = {
            str(name): Content(str(each["sha256"]), int(each["bytes"]))
            for name, each in told["files"].items()
        }
        settings = {str(key): str(text) for key, text in told["settings"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise WantedError("it is not written as `voiceguide fleet` writes it") from None
    if len(files) > MOST_FILES:
        raise WantedError(f"it has {len(files)} files; {MOST_FILES} are the most")
    for name, content in files.items():
        check_name(name)
        if not _SUM.fullmatch(content.sha256) or not 0 <= content.size_bytes <= MOST_BYTES:
            raise WantedError(f"{name} has no size or sum that a room takes")
    for key in settings:
        check_key(key)
    return Wanted(files, settings)


def check_name(name: str) -> None:
    """Raises:
    WantedError: a room takes no file of this name.
    """
    if not _NAME.fullmatch(name):
        raise WantedError(f"a room takes no file called {name!r}")


def check_key(key: str) -> None:
    """Raises:
    WantedError: no fleet sets this key.
    """
    table, _, name = key.partition(".")
    if name not in OPEN_KEYS.get(table, ()):
        known = ", ".join(f"{table}.{each}" for table, names in OPEN_KEYS.items() for each in names)
        raise WantedError(f"`{key}` cannot be set from afar; these can: {known}")
    assert name in KEYS[table]


def pieces_of(data: bytes) -> list[bytes]:
    """The pieces in which a file is sent."""
    return [data[at : at + PIECE_BYTES] for at in range(0, len(data) or 1, PIECE_BYTES)]


def content_of(data: bytes) -> Content:
    """A file's size and sum."""
    return Content(hashlib.sha256(data).hexdigest(), len(data))
