"""Opens, writes and reads again what a live guide remembers from one session to the next."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

from voiceguide.core.effects import KeepProgramme
from voiceguide.core.errors import JournalError
from voiceguide.core.events import Event
from voiceguide.core.routine.programme import Standing, followed
from voiceguide.core.session.preferences import Guided, Memory
from voiceguide.core.session.session import Session
from voiceguide.core.table import RESTING, State
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.writer import JournalWriter
from voiceguide.edge.system.log import Log
from voiceguide.live.diary import Diary, with_history
from voiceguide.loop import Moment
from voiceguide.performer import Keeper, NoKeeper
from voiceguide.settings.tables import Settings
from voiceguide.show.console import Display

_log = Log()


def open_journals(
    settings: Settings, everybody: Iterable[Guided], display: Display
) -> tuple[dict[str, Journal], list[Guided]]:
    """(The journals by the id of the person, everybody with what is remembered of them).

    There is no journal if none is wanted, or if a newer voiceguide wrote it.
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
            _choose(journal, memory.standing, person.programme)
        remembered.append(
            replace(person, memory=memory, preferences=preferences or person.preferences)
        )
    return journals, remembered


class Memories:
    """Everybody's journals while one session lives: written, read again, and told to the session.

    Args:
        everybody: everybody who can be guided.
        display: is told of a journal that had to begin anew.
        post: takes the fault that nothing can be kept, and its end, on the writer's thread.
        do: runs a function of the session on the session's thread; called on the writer's.
        wall: gives the local date and time, with its offset.
    """

    def __init__(
        self,
        settings: Settings,
        everybody: Iterable[Guided],
        display: Display,
        post: Callable[[Event], None],
        do: Callable[[Callable[[Session], None]], None],
        wall: Callable[[], datetime],
    ) -> None:
        journals, remembered = open_journals(settings, everybody, display)
        self._kept = settings.journal
        self._profiles = {person.id: person.profile for person in remembered}
        self._do = do
        self._wall = wall
        self._changes = Changes(journals)
        self._writer = JournalWriter(journals, post) if journals else None
        self._diary: Diary | None = None
        if self._writer and self._kept.history:
            remembered = [
                replace(person, memory=self._with_history(person.memory, person.id, journal))
                if (journal := journals.get(person.id))
                else person
                for person in remembered
            ]
            self._diary = Diary(self._writer.note, wall, self._profiles)
        self.everybody = remembered
        """Everybody with what is remembered of them."""

    @property
    def keeper(self) -> Keeper:
        """Keeps what the session wants to be kept."""
        return self._writer or NoKeeper()

    def note(self, moment: Moment) -> None:
        """Note in the history what was done; a `Watcher`."""
        if self._diary:
            self._diary.watch(moment)

    def checkpoint(self, moment: Moment) -> None:
        """Have the journals tidied when a session has just ended; a `Watcher`."""
        if self._writer and moment.state in (*RESTING, State.ENDED) and moment.effects:
            self._writer.checkpoint()

    def look_back(self, person: str) -> None:
        """Have the session told what the history says of a person today, and which programme they
        follow.
        """
        if self._writer:
            self._writer.read(partial(self._tell, person), person)

    def look_for_changes(self) -> None:
        """Look back for everybody whose journal was written since this was last called."""
        for person in self._changes.since():
            self.look_back(person)

    def close(self) -> None:
        """Write everything, and end the threads."""
        if self._writer:
            self._writer.close()

    def _tell(self, person: str, journal: Journal) -> None:
        """Tell the session what a journal says; on the writer's thread."""
        standing = journal.load()[0].standing
        self._do(lambda session: session.follow(standing, person))
        if self._kept.history:
            memory = self._with_history(Memory(), person, journal)
            self._do(lambda session: session.remember(memory.streak, memory.known, person))

    def _with_history(self, memory: Memory, person: str, journal: Journal) -> Memory:
        kept = self._kept
        return with_history(
            memory,
            journal,
            self._wall(),
            self._profiles[person],
            counts_days=kept.streak,
            day_ends=kept.day_ends,
        )


def _choose(journal: Journal, standing: Standing | None, named: str) -> None:
    """Put the programme that the settings name into the journal."""
    now = followed(standing, named)
    if now is not None and now is not standing:
        with suppress(OSError, JournalError):  # the next write tells of the fault
            journal.keep(KeepProgramme(now))


class Changes:
    """Tells which journals were written since it was last asked, by any program: somebody may
    choose a programme in another shell while the guide sleeps.
    """

    def __init__(self, journals: Mapping[str, Journal]) -> None:
        self._paths = {person: journal.path for person, journal in journals.items()}
        self._written = {person: _written_at(path) for person, path in self._paths.items()}

    def since(self) -> list[str]:
        """The ids of the persons whose journals were written."""
        written = {person: _written_at(path) for person, path in self._paths.items()}
        before, self._written = self._written, written
        return [person for person, at in written.items() if at != before[person]]


def _written_at(path: Path) -> tuple[int, ...]:
    """When a journal was written last: the file itself, and its write-ahead log."""
    times = []
    for each in (path, path.with_name(f"{path.name}-wal")):
        with suppress(OSError):
            times.append(each.stat().st_mtime_ns)
    return tuple(times)
