"""What a live guide remembers from one session to the next, as it is opened."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from voiceguide.core.session.preferences import Guided
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.system.log import Log
from voiceguide.settings.tables import Settings
from voiceguide.show.console import Display

_log = Log()


def open_journals(
    settings: Settings, everybody: Iterable[Guided], display: Display
) -> tuple[dict[str, Journal], list[Guided]]:
    """What remembers, by the id of the person (nothing, where that is not wanted or is not ours),
    and everybody with what it remembered of them.
    """
    journals: dict[str, Journal] = {}
    remembered: list[Guided] = []
    for person in everybody:
        path = settings.journal_of(person.id)
        if path is None:
            remembered.append(person)
            continue
        journal = Journal(path, is_synced=False)
        memory, preferences = journal.load()
        if journal.warning:
            display.note(journal.warning)
            _log.warning("journal", "began anew", reason=journal.warning)
        if journal.is_newer:
            preferences = None
        else:
            journals[person.id] = journal
        remembered.append(
            replace(person, memory=memory, preferences=preferences or person.preferences)
        )
    return journals, remembered


class Changes:
    """Tells which journals were written since it was asked last, by whatever program: somebody may
    choose a programme in another shell while the guide sleeps.
    """

    def __init__(self, journals: Mapping[str, Journal]) -> None:
        self._paths = {person: journal.path for person, journal in journals.items()}
        self._written = {person: _written_at(path) for person, path in self._paths.items()}

    def since(self) -> list[str]:
        """The ids of those whose journals were written."""
        written = {person: _written_at(path) for person, path in self._paths.items()}
        before, self._written = self._written, written
        return [person for person, at in written.items() if at != before[person]]


def _written_at(path: Path) -> tuple[int, ...]:
    """When a journal was written: the file itself, or its log."""
    times = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            times.append(each.stat().st_mtime_ns)
    return tuple(times)
