"""The journal: where a person is in each routine and what they have set, in one small SQLite file
that survives a kill at any instant.
"""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar, assert_never

from voiceguide.core.effects import (
    ForgetPlace,
    KeepPlace,
    KeepPreferences,
    KeepProgramme,
    KeepTimer,
    Kept,
    Place,
)
from voiceguide.core.errors import JournalError, JournalLockedError
from voiceguide.core.routine.programme import Standing
from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.edge.journal.database import (
    BROKEN,
    HELD,
    MIGRATIONS,
    MOST_VERSIONS,
    NOT_THE_FILE,
    SENSELESS,
    BrokenJournalError,
    code_of,
    connect,
    examine,
    is_broken_file,
    migrate,
    newer,
    read,
    version_of,
)

# A row that is replaced gets a new and greater kept_order, so the newest place is the last.
_KEEP_PLACE = """INSERT OR REPLACE INTO place
    (routine_id, section_id, step_id, strokes_done, kept_at) VALUES (?, ?, ?, ?, ?)"""
_KEEP_TIMER = "INSERT OR REPLACE INTO timer VALUES (1, ?)"
_KEEP_PREFERENCES = "INSERT OR REPLACE INTO preferences VALUES (1, ?, ?, ?, ?)"
_KEEP_PROGRAMME = "INSERT OR REPLACE INTO programme VALUES (1, ?, ?, ?)"
# Another may have been chosen, by whatever program, since the day began that is counted now.
_COUNT_DAY = """INSERT INTO programme VALUES (1, ?, ?, ?) ON CONFLICT (only_row) DO UPDATE
    SET done = excluded.done, done_on = excluded.done_on
    WHERE programme_id = excluded.programme_id"""

_T = TypeVar("_T")


class Journal:
    """Remembers durably; the `Keeper` of a real session. One thread at a time may use it.

    The file is opened when it is first needed, and again after a failure, so that it recovers by
    itself from a full disk or a missing folder. A damaged file is moved aside, never deleted.

    Args:
        is_synced: whether each write waits for the disk. If not, what is written survives the end
            of the process, but the end of the machine only after ``sync``.
    """

    def __init__(self, path: Path, *, is_synced: bool = True) -> None:
        self.path = path
        self._is_synced = is_synced
        self.is_newer = False
        """Whether a newer voiceguide wrote the file; then nothing is ever written to it."""
        self.warning: str | None = None
        """What the person should know, in one sentence: the journal was moved aside, or is
        unreadable."""
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def load(self) -> tuple[Memory, Preferences | None]:
        """The places kept, newest last, and the preferences if any were ever kept.

        It never raises: nothing is given for what cannot be read, and ``warning`` says why.
        """
        try:
            return self.using(read)
        except (JournalError, OSError) as error:
            self.warning = f"Nothing can be remembered: {error}"
            return self._read_only()

    def keep(self, effect: Kept) -> None:
        """Write this to the disk before returning.

        Raises:
            JournalError, OSError: it cannot be written; the next call tries again.
        """
        match effect:
            case KeepPlace(Place(routine_id, section_id, step_id, strokes_done)):
                values = (routine_id, section_id, step_id, strokes_done, time.time())
                self._write(_KEEP_PLACE, values)
            case ForgetPlace(routine_id):
                self._write("DELETE FROM place WHERE routine_id = ?", (routine_id,))
            case KeepPreferences(tempo, words_per_minute, gain_db, breath_tempo):
                chosen = (tempo, words_per_minute, gain_db, breath_tempo)
                self._write(_KEEP_PREFERENCES, chosen)
            case KeepTimer(seconds_left):
                self.keep_timer(None if seconds_left is None else time.time() + seconds_left)
            case KeepProgramme(Standing("")):
                self._write("DELETE FROM programme", ())
            case KeepProgramme(Standing(programme_id, done, done_on)):
                statement = _COUNT_DAY if done_on else _KEEP_PROGRAMME
                self._write(statement, (programme_id, done, done_on))
            case _:
                assert_never(effect)

    def keep_timer(self, ends_at: float | None) -> None:
        """Write to the disk when a person's own timer ends, in seconds since 1970; None for no
        timer.

        Raises:
            JournalError, OSError: it cannot be written; the next call tries again.
        """
        if ends_at is None:
            self._write("DELETE FROM timer", ())
        else:
            self._write(_KEEP_TIMER, (ends_at,))

    def sync(self) -> None:
        """Bring all that was written to the disk before returning; any thread may call.

        Raises:
            OSError: the disk failed.
        """
        # Only the write-ahead log: closing a descriptor of the file itself would drop its locks.
        try:
            descriptor = os.open(self.path.with_name(self.path.name + "-wal"), os.O_RDWR)
        except FileNotFoundError:
            return
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def checkpoint(self) -> None:
        """Move everything from the log into the file itself, so that damage to the log loses
        nothing.

        Raises:
            JournalError, OSError: that is not possible now.
        """
        self.using(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Close the file; a later call opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # What was kept is already in the write-ahead log.
            with suppress(sqlite3.Error):
                connection.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, statement: str, values: tuple[str | int | float, ...]) -> None:
        def write(connection: sqlite3.Connection) -> None:
            connection.execute(statement, values)

        self.using(write)

    def using(self, work: Callable[[sqlite3.Connection], _T]) -> _T:
        """The result of ``work`` on the open journal; a damaged one is replaced first.

        Raises:
            JournalError, OSError: the journal cannot be used; the next call tries again.
        """
        try:
            return work(self._open())
        except JournalError:
            self.close()
            raise
        except (sqlite3.Error, BrokenJournalError, *SENSELESS) as error:
            if not self._is_damaged(error):
                self.close()
                raise self._explained(error) from error
        self._move_aside()
        try:
            return work(self._open())
        except (sqlite3.Error, BrokenJournalError, *SENSELESS) as error:
            self.close()
            raise self._explained(error) from error

    def _is_damaged(self, error: Exception) -> bool:
        """Whether the file is to blame, and not the disk, another process or this program."""
        if isinstance(error, BrokenJournalError) or code_of(error) in BROKEN:
            return True
        self.close()
        return code_of(error) not in NOT_THE_FILE and is_broken_file(self.path)

    def _open(self) -> sqlite3.Connection:
        # A file that was removed or replaced under us would be written to and never read again.
        if self._connection is not None and _inode(self.path) == self._inode:
            return self._connection
        self.close()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._inode = _inode(self.path)
        if self._inode and not self.path.is_file():
            # Opening a pipe would hang for ever.
            raise BrokenJournalError("it is no ordinary file")
        self._refuse_newer()
        _make_private(self.path)
        self._connection = connection = connect(self.path, is_synced=self._is_synced)
        self._inode = _inode(self.path)
        migrate(connection, self.path)
        examine(connection)
        return connection

    def _refuse_newer(self) -> None:
        """Raise JournalError, without opening it, for a file that a newer voiceguide wrote."""
        self.is_newer = len(MIGRATIONS) < version_of(self.path) < MOST_VERSIONS
        if self.is_newer:
            raise newer(self.path)

    def _read_only(self) -> tuple[Memory, Preferences | None]:
        """What an earlier session kept in a folder that is now read-only; nothing where there
        is none.
        """
        # SQLite reads a journal in WAL mode only if it may write beside it, or may take it for
        # immutable; it may not be that when another process holds it.
        if not self.path.is_file() or os.access(self.path.parent, os.W_OK):
            return Memory(), None
        try:
            address = f"{self.path.absolute().as_uri()}?immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                return read(connection)
        except (sqlite3.Error, BrokenJournalError, *SENSELESS):
            return Memory(), None

    def _move_aside(self) -> None:
        seen = self._inode
        self.close()
        if _inode(self.path) != seen:
            return  # another process has moved it already
        aside = _free_name(self.path)
        for suffix in ("-wal", "-shm", ""):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                beside = aside.with_name(aside.name + suffix)
                beside.unlink(missing_ok=True)  # no folder can take a file's place
                part.rename(beside)
        self.warning = (
            "What was remembered could not be read, so a new journal is begun; "
            f"the old one is kept as {aside}."
        )

    def _explained(self, error: Exception) -> JournalError:
        if code_of(error) in HELD:
            return JournalLockedError(f"the journal {self.path} is locked by another program.")
        return JournalError(f"the journal {self.path} cannot be used: {error}.")


def _make_private(path: Path) -> None:
    """Keep others from reading the file: it tells where somebody is in a routine, and when."""
    with suppress(OSError):  # on a file system without modes, or in a read-only folder
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0


def _free_name(path: Path) -> Path:
    """Reserve ``journal.broken-<day>.sqlite``, or the first with a number that is free."""
    number, day = 1, time.strftime("%Y-%m-%d")
    while True:
        more = f"-{number}" if number > 1 else ""
        aside = path.with_name(f"{path.stem}.broken-{day}{more}{path.suffix}")
        try:
            aside.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        else:
            return aside
