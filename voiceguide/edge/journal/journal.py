"""The journal: where a person is in each routine, and what they have set, kept through a kill
at any instant. One small SQLite file."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from voiceguide.core.effects import ForgetPlace, KeepPlace, KeepPreferences, Place
from voiceguide.core.errors import JournalError, JournalLockedError
from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.core.timeline.ranges import (
    BREATH_TEMPO_RANGE,
    GAIN_RANGE_DB,
    RATE_RANGE,
    TEMPO_RANGE,
)

BUSY_SECONDS = 1.0
"""How long to wait for another process; its writes take milliseconds."""
MOST_VERSIONS = 1000
"""A schema version from here on was never written by any voiceguide: the file is damaged."""

MIGRATIONS = (
    """CREATE TABLE place (
        kept_order INTEGER PRIMARY KEY,
        routine_id TEXT NOT NULL UNIQUE,
        section_id TEXT NOT NULL,
        step_id TEXT NOT NULL,
        strokes_done INTEGER NOT NULL
    )""",
    """CREATE TABLE preferences (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        tempo REAL NOT NULL,
        words_per_minute INTEGER NOT NULL,
        gain_db REAL NOT NULL
    )""",
    """CREATE TABLE visit (
        began_at TEXT NOT NULL,
        routine_id TEXT NOT NULL,
        seconds REAL NOT NULL,
        zones TEXT NOT NULL,
        tempo REAL NOT NULL,
        finished INTEGER NOT NULL,
        PRIMARY KEY (began_at, routine_id)
    )""",
    "ALTER TABLE preferences ADD COLUMN breath_tempo REAL NOT NULL DEFAULT 1.0",
    "ALTER TABLE place ADD COLUMN kept_at REAL NOT NULL DEFAULT 0.0",
)
"""Step ``n`` leads from schema version ``n`` to ``n + 1``; a step is never changed, only added."""

_PLACES = "SELECT routine_id, section_id, step_id, strokes_done FROM place ORDER BY kept_order"
_NEWEST = "SELECT kept_at FROM place ORDER BY kept_order DESC LIMIT 1"
_PREFERENCES = "SELECT tempo, words_per_minute, gain_db, breath_tempo FROM preferences"
# A row that is replaced gets a new, greater kept_order, so the newest place is the last.
_KEEP_PLACE = """INSERT OR REPLACE INTO place
    (routine_id, section_id, step_id, strokes_done, kept_at) VALUES (?, ?, ?, ?, ?)"""
_KEEP_PREFERENCES = "INSERT OR REPLACE INTO preferences VALUES (1, ?, ?, ?, ?)"

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_NOT_THE_FILE = {*_HELD, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT}
"""What says nothing against the file itself."""
_SENSELESS = (UnicodeDecodeError, ValueError, TypeError, IndexError, OverflowError)
"""What Python's SQLite and whoever reads values make of a damaged file besides its own errors."""
LARGEST_BYTES = 1 << 28
"""A file that is larger was never a journal."""
_USER_VERSION_AT = 60
_FORMATS_AT = 18
"""Where a file of SQLite has these in its head (sqlite.org/fileformat.html)."""
_T = TypeVar("_T")


class _BrokenError(Exception):
    """The file is no journal, or a damaged one."""


class Journal:
    """Remembers durably; the `Keeper` of a real session. One thread at a time.

    The file is opened when it is first needed, and again after a failure, so a full disk or a
    folder that comes back later heals by itself. A damaged file is moved aside, never deleted.

    Args:
        is_synced: whether each write waits for the disk. If not, what is written survives the end
            of the process, but the end of the machine only after ``sync``.
    """

    def __init__(self, path: Path, *, is_synced: bool = True) -> None:
        self.path = path
        self._is_synced = is_synced
        self.is_newer = False
        """Whether a newer voiceguide wrote it; then nothing is ever written to it."""
        self.warning: str | None = None
        """What the person should know, in one sentence: a journal moved aside or unreadable."""
        self._connection: sqlite3.Connection | None = None
        self._inode = 0

    def load(self) -> tuple[Memory, Preferences | None]:
        """The places kept, newest last, and the preferences if any were ever kept.

        Never raises: what cannot be read is nothing, and ``warning`` says why.
        """
        try:
            return self.using(_read)
        except (JournalError, OSError) as error:
            self.warning = f"Nothing can be remembered: {error}"
            return self._read_only()

    def keep(self, effect: KeepPlace | ForgetPlace | KeepPreferences) -> None:
        """Have this on the disk before returning.

        Raises:
            JournalError, OSError: it cannot be written; the next call tries afresh.
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

    def sync(self) -> None:
        """Have all that was written on the disk before returning; any thread may call.

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
        """Bring everything into the file itself: damage to the log then loses nothing.

        Raises:
            JournalError, OSError: it cannot be done now.
        """
        self.using(lambda connection: connection.execute("PRAGMA wal_checkpoint(TRUNCATE)"))

    def close(self) -> None:
        """Let go of the file; a later call opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # What was kept is in the write-ahead log already.
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
        """What ``work`` makes of the open journal, which is healed first if it is damaged.

        Raises:
            JournalError, OSError: it cannot be used; the next call tries afresh.
        """
        try:
            return work(self._open())
        except JournalError:
            self.close()
            raise
        except (sqlite3.Error, _BrokenError, *_SENSELESS) as error:
            if not self._is_damaged(error):
                self.close()
                raise self._explained(error) from error
        self._move_aside()
        try:
            return work(self._open())
        except (sqlite3.Error, _BrokenError, *_SENSELESS) as error:
            self.close()
            raise self._explained(error) from error

    def _is_damaged(self, error: Exception) -> bool:
        """Whether the file is to blame, and neither the disk, another process, nor we."""
        if isinstance(error, _BrokenError) or _code(error) in _BROKEN:
            return True
        self.close()
        return _code(error) not in _NOT_THE_FILE and _is_broken_file(self.path)

    def _open(self) -> sqlite3.Connection:
        # A file that was removed or replaced under us would be written to and never read again.
        if self._connection is not None and _inode(self.path) == self._inode:
            return self._connection
        self.close()
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._inode = _inode(self.path)
        self._refuse_newer()
        _make_private(self.path)
        self._connection = connection = _connect(self.path, is_synced=self._is_synced)
        self._inode = _inode(self.path)
        _migrate(connection, self.path)
        _examine(connection)
        return connection

    def _refuse_newer(self) -> None:
        """Raise JournalError, without opening it, for a file that a newer voiceguide wrote."""
        try:
            with self.path.open("rb") as file:
                head = file.read(100)
        except OSError:  # it is not there, or SQLite will say what is wrong
            return
        version = int.from_bytes(head[_USER_VERSION_AT : _USER_VERSION_AT + 4], "big")
        self.is_newer = len(MIGRATIONS) < version < MOST_VERSIONS
        if self.is_newer:
            raise _newer(self.path)

    def _read_only(self) -> tuple[Memory, Preferences | None]:
        """What an earlier session kept in a folder that is read-only now, or nothing."""
        # SQLite reads a journal in WAL mode only if it may write beside it, or may take it for
        # immutable; it may not be that when another process holds it.
        if not self.path.is_file() or os.access(self.path.parent, os.W_OK):
            return Memory(), None
        try:
            address = f"{self.path.absolute().as_uri()}?immutable=1"
            with closing(sqlite3.connect(address, uri=True)) as connection:
                return _read(connection)
        except (sqlite3.Error, _BrokenError, *_SENSELESS):
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
                part.replace(aside.with_name(aside.name + suffix))
        self.warning = (
            "What was remembered could not be read, so a new journal is begun; "
            f"the old one is kept as {aside}."
        )

    def _explained(self, error: Exception) -> JournalError:
        if _code(error) in _HELD:
            return JournalLockedError(f"the journal {self.path} is locked by another program.")
        return JournalError(f"the journal {self.path} cannot be used: {error}.")


def _make_private(path: Path) -> None:
    """Nobody else may read where somebody is in their routine, nor when they did it."""
    with suppress(OSError):  # on a file system without modes, or in a read-only folder
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)


def _is_broken_file(path: Path) -> bool:
    """Whether a copy of the file in memory, away from locks and disks, makes no sense either."""
    try:
        if not path.is_file():
            return False
        if path.stat().st_size > LARGEST_BYTES:
            return True
        data = bytearray(path.read_bytes())
    except OSError:
        return False
    if len(data) < 100:
        return len(data) > 0
    formats = slice(_FORMATS_AT, _FORMATS_AT + 2)
    if any(each not in (1, 2) for each in data[formats]):
        return True
    data[formats] = b"\1\1"  # memory knows no write-ahead log
    try:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.deserialize(bytes(data))
            if _value(connection, "PRAGMA user_version") == len(MIGRATIONS):
                _examine(connection)
            elif _value(connection, "PRAGMA integrity_check") != "ok":
                return True
    except (sqlite3.Error, _BrokenError, *_SENSELESS):
        return True
    return False


def _connect(path: Path, *, is_synced: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _use_wal(connection)
        # Without a log that is appended to there is no telling when it is safe.
        is_log = _value(connection, "PRAGMA journal_mode") == "wal"
        level = "NORMAL" if is_log and not is_synced else "FULL"
        connection.execute(f"PRAGMA synchronous={level}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to write-ahead logging; a file system that cannot do it keeps its own journal."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if _value(connection, "PRAGMA journal_mode") != "wal":
                connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait by itself when two processes switch at the same moment.
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date in one transaction.

    Raises:
        JournalError: a newer voiceguide wrote it.
        _BrokenError: its tables are not what its version says.
    """
    newest = len(MIGRATIONS)
    if _value(connection, "PRAGMA user_version") == newest:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = int(_value(connection, "PRAGMA user_version"))
        if newest < version < MOST_VERSIONS:
            raise _newer(path)
        if not 0 <= version <= newest:
            raise _BrokenError(f"its version is {version}")
        for step in MIGRATIONS[version:]:
            connection.execute(step)
        connection.execute(f"PRAGMA user_version={newest}")
        connection.execute("COMMIT")
    except BaseException as error:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error) and _code(error) == sqlite3.SQLITE_ERROR:
            raise _BrokenError(str(error)) from error
        raise


def _newer(path: Path) -> JournalError:
    return JournalError(
        f"the journal {path} was written by a newer voiceguide; update this one, "
        "or choose another journal.folder in the settings."
    )


def _examine(connection: sqlite3.Connection) -> None:
    """Raise `_BrokenError` unless the file is whole; it is small, so this takes under 1 ms."""
    found = _value(connection, "PRAGMA integrity_check")
    if found != "ok":
        raise _BrokenError(str(found))
    if _columns(connection) != _right_columns():
        raise _BrokenError("its tables are not what its version says")
    _read(connection)


def _columns(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Each table's columns, as SQLite describes them."""
    names = ("place", "preferences", "visit")
    return [row for name in names for row in connection.execute(f"PRAGMA table_info({name})")]


@cache
def _right_columns() -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for step in MIGRATIONS:
            connection.execute(step)
        return _columns(connection)


def _read(connection: sqlite3.Connection) -> tuple[Memory, Preferences | None]:
    try:
        places = tuple(
            Place(str(routine_id), str(section_id), str(step_id), max(0, int(strokes_done)))
            for routine_id, section_id, step_id, strokes_done in connection.execute(_PLACES)
        )
        newest = connection.execute(_NEWEST).fetchone()
        # A clock that was set back since makes it new: it is rather offered once too often.
        age = max(0.0, time.time() - float(newest[0])) if newest else 0.0
        row = connection.execute(_PREFERENCES).fetchone()
        return Memory(places, age_seconds=age), row and Preferences(
            tempo=_within(TEMPO_RANGE, float(row[0])),
            words_per_minute=round(_within(RATE_RANGE, float(row[1]))),
            gain_db=_within(GAIN_RANGE_DB, float(row[2])),
            breath_tempo=_within(BREATH_TEMPO_RANGE, float(row[3])),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise _BrokenError(f"a value in it makes no sense ({error})") from error
    except sqlite3.OperationalError as error:
        # A table or column that is not there; text that is no UTF-8 has no code at all.
        if _code(error) in (sqlite3.SQLITE_ERROR, None):
            raise _BrokenError(str(error)) from error
        raise


def _within(span: tuple[float, float], value: float) -> float:
    return min(max(span[0], value), span[1])


def _value(connection: sqlite3.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()[0]


def _code(error: Exception) -> int | None:
    """SQLite's primary result code."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


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
