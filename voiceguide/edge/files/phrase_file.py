"""Finds phrase files: those that ship (``voiceguide/phrases/<language>.yaml``) and a person's
own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from voiceguide.core.commands import Phrasebook
from voiceguide.core.errors import SettingsError
from voiceguide.edge.system.kept import kept

PHRASES_FOLDER = Path(__file__).resolve().parents[2] / "phrases"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class PhraseFile:
    """The contents of a phrase file."""

    book: Phrasebook
    pronunciations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How the person says words, ``{"serum": ("S EH R AH M",)}``."""
    said: Mapping[str, str] = field(default_factory=dict)
    """For the voice, the first way in which each of these words is written: phones or a
    spelling."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """For each word of the phrases, in order, the line where it first stands."""


def load_phrasebook(language: str = "en", own: Path | None = None) -> Phrasebook:
    """The phrases of the person's own file, else those that ship for this language (``en``).

    Raises:
        SettingsError: there are no phrases for this language.
        RoutineError: the file is wrong; names the line.
    """
    return load_phrase_file(language, own).book


@cache
def load_phrase_file(language: str = "en", own: Path | None = None) -> PhraseFile:
    """The person's own phrase file, else the one that ships; each is read once.

    Raises:
        SettingsError: there are no phrases for this language.
        RoutineError: the file is wrong; names the line.
    """
    path = own or PHRASES_FOLDER / f"{language}.yaml"
    if own is None and (not _LANGUAGE.fullmatch(language) or not path.is_file()):
        there = ", ".join(sorted(file.stem for file in PHRASES_FOLDER.glob("*.yaml")))
        raise SettingsError(f"there are no phrases for the language {language!r}; choose: {there}.")

    def read() -> PhraseFile:
        from voiceguide.edge.files.phrase_reading import read_phrase_file

        return read_phrase_file(path)

    return read() if own else kept(f"phrases-{language}", (path,), read)
