"""The checks of everything besides sound: the system, the settings, the routines, the folders."""

import platform
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from voiceguide import __version__
from voiceguide.core.errors import JournalError, RoutineError, SettingsError, VoiceguideError
from voiceguide.core.routine.programme import Programme
from voiceguide.core.routine.routine import Routine
from voiceguide.doctor.finding import Finding, failed
from voiceguide.edge.files.bundled_programmes import load_bundled_programmes
from voiceguide.edge.files.routine_file import load_bundled
from voiceguide.edge.files.shelf import open_shelf
from voiceguide.edge.journal.journal import Journal
from voiceguide.settings.load import find_settings, load_settings
from voiceguide.settings.programmes import programme_problems
from voiceguide.settings.tables import Settings

LEAST_FREE_BYTES = 50_000_000
"""The free space that is enough: a session writes a few kilobytes, a voice's cache some 10 MB."""

_FOLDER_ADVICE = "free some space, or choose a folder that can be written to"


def system() -> Finding:
    """The versions of voiceguide, Python and the system."""
    return Finding(
        "system",
        True,
        f"voiceguide {__version__}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.release()} on {platform.machine()}",
    )


def check_settings(path: Path | None, environment: Mapping[str, str]) -> tuple[Finding, Settings]:
    """(Whether the settings are valid, the settings); the defaults if they are not."""
    try:
        settings = load_settings(path, environment)
    except SettingsError as error:
        advice = "correct it, or leave it out; docs/settings.md tells every key"
        return failed("settings", error, advice), Settings()
    found = find_settings(path, environment)
    return Finding("settings", True, str(found) if found else "no file; the defaults"), settings


def check_routines(
    settings: Settings, path: Path | None, environment: Mapping[str, str]
) -> tuple[Finding, Mapping[str, Routine], Mapping[str, Programme]]:
    """(How many routines there are and whether all of the person's own can be used, the routines
    that can, the programmes).
    """
    try:
        shelf = open_shelf(settings, path, environment)
    except VoiceguideError as error:
        advice = "correct it, or leave ears.phrases out"
        return failed("routines", error, advice), load_bundled(), load_bundled_programmes()
    if shelf.left_out:
        told = RoutineError(" ".join(shelf.left_out.values()))
        finding = failed("routines", told, "voiceguide check FILE tells everything")
        return finding, shelf.routines, shelf.programmes
    own = len(shelf.own)
    detail = f"{len(shelf.routines) - own} bundled, {own or 'none'} of your own"
    return Finding("routines", True, detail), shelf.routines, shelf.programmes


def check_programmes(settings: Settings, programmes: Mapping[str, Programme]) -> Finding:
    """Whether everybody can follow the programme that the settings name for them."""
    wrong = programme_problems(settings, programmes)
    if wrong:
        advice = "correct it in the settings; docs/programmes.md tells more"
        return failed("programmes", SettingsError(" ".join(wrong)), advice)
    persons = ("", *(each.id for each in settings.persons))
    named = sorted({settings.programme_of(each) for each in persons} - {""})
    detail = f"{len(programmes)} there; the settings name {', '.join(named) or 'none'}"
    return Finding("programmes", True, detail)


def check_journal(settings: Settings) -> Finding:
    """Whether the journal can be written."""
    path = settings.journal_path
    if path is None:
        return Finding("journal", True, "off; nothing is remembered (journal.keep)")
    trouble = _folder_trouble(path.parent)
    if trouble:
        return failed("journal", JournalError(trouble), _FOLDER_ADVICE + " (journal.folder)")
    with Journal(path) as journal:
        memory, _ = journal.load()
        if journal.warning:
            advice = "nothing more, if this is not said again; what was kept is in that file"
            return failed("journal", JournalError(journal.warning), advice)
    free = shutil.disk_usage(path.parent).free
    kept = len(memory.places)
    places = "no place kept" if kept == 0 else f"{kept} place{'s' * (kept > 1)} kept"
    return Finding("journal", True, f"{path}, {places}, {free / 1e9:.1f} GB free")


def check_cache(folder: Path) -> Finding:
    """Whether the cache of rendered sentences can be written."""
    trouble = _folder_trouble(folder)
    if trouble:
        return failed("cache", VoiceguideError(trouble), _FOLDER_ADVICE)
    megabytes = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    return Finding("cache", True, f"{folder}, {megabytes:.1f} MB used")


def _folder_trouble(folder: Path) -> str | None:
    """Why no file can be written in this folder; None if one can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"tried")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"{folder} cannot be written to: {error.strerror}"
    if free < LEAST_FREE_BYTES:
        return f"{folder} has only {free / 1e6:.0f} MB of free space"
    return None
