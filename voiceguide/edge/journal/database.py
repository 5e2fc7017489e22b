"""The journal's file in SQLite: opens it, checks it, brings its tables up to date, and reads it."""

import sqlite3
import time
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

from voiceguide.core.commands import TIMER_MINUTES
from voiceguide.core.effects import Place
from voiceguide.core.errors import JournalError
from voiceguide.core.routine.programme import Standing
from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.core.timeline.ranges import (
    BREATH_TEMPO_RANGE,
    GAIN_RANGE_DB,
    RATE_RANGE,
    TEMPO_RANGE,
)

RUNG_SECONDS = 600.0
"""A timer that ended this long before the guide was back is not mentioned any more."""
BUSY_SECONDS = 1.0
"""How long to wait for another process; its writes take milliseconds."""
MOST_VERSIONS = 1000
"""No voiceguide ever wrote such a high schema version: the file is damaged."""

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
    "ALTER TABLE visit ADD COLUMN profile TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE timer (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), ends_at REAL NOT NULL)",
    """CREATE TABLE programme (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        programme_id TEXT NOT NULL,
        done INTEGER NOT NULL,
        done_on TEXT NOT NULL
    )""",
)
"""Step ``n`` leads from schema version ``n`` to ``n + 1``; a step is never changed, only added."""

_PLACES = "SELECT routine_id, section_id, step_id, strokes_done FROM place ORDER BY kept_order"
_NEWEST = "SELECT kept_at FROM place ORDER BY kept_order DESC LIMIT 1"
_PREFERENCES = "SELECT tempo, words_per_minute, gain_db, breath_tempo FROM preferences"
_STANDING = "SELECT programme_id, done, done_on FROM programme"
BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
NOT_THE_FILE = {*HELD, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT}
"""Errors for which the file itself is not to blame."""
SENSELESS = (UnicodeDecodeError, ValueError, TypeError, IndexError, OverflowError)
"""What a damaged file makes Python's SQLite, and whoever reads its values, raise besides its
errors."""
LARGEST_BYTES = 1 << 28
"""A file that is larger was never a journal."""
_USER_VERSION_AT = 60
_FORMATS_AT = 18
"""The places of these in the head of an SQLite file (sqlite.org/fileformat.html)."""


class BrokenJournalError(Exception):
    """The file is no journal, or a damaged one."""


def version_of(path: Path) -> int:
    """The schema version in a file's head, read without opening it; 0 where there is none."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:  # it is not there, or SQLite will say what is wrong
        return 0
    return int.from_bytes(head[_USER_VERSION_AT : _USER_VERSION_AT + 4], "big")


def is_broken_file(path: Path) -> bool:
    """Whether a copy of the file in memory, free from locks and disks, makes no sense either."""
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
                examine(connection)
            elif _value(connection, "PRAGMA integrity_check") != "ok":
                return True
    except (sqlite3.Error, BrokenJournalError, *SENSELESS):
        return True
    return False


def connect(path: Path, *, is_synced: bool) -> sqlite3.Connection:
    """Open the file, with a write-ahead log where the file system can do that.

    Args:
        is_synced: whether each write waits for the disk.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _use_wal(connection)
        # Without a write-ahead log, each write must wait for the disk.
        is_log = _value(connection, "PRAGMA journal_mode") == "wal"
        level = "NORMAL" if is_log and not is_synced else "FULL"
        connection.execute(f"PRAGMA synchronous={level}")
    except BaseException:  # also what a damaged file makes the answers raise
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
            if code_of(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the schema up to date in one transaction.

    Raises:
        JournalError: a newer voiceguide wrote it.
        BrokenJournalError: its tables are not what its version says.
    """
    newest = len(MIGRATIONS)
    if _value(connection, "PRAGMA user_version") == newest:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = int(_value(connection, "PRAGMA user_version"))
        if newest < version < MOST_VERSIONS:
            raise newer(path)
        if not 0 <= version <= newest:
            raise BrokenJournalError(f"its version is {version}")
        for step in MIGRATIONS[version:]:
            connection.execute(step)
        connection.execute(f"PRAGMA user_version={newest}")
        connection.execute("COMMIT")
    except BaseException as error:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        if isinstance(error, sqlite3.Error) and code_of(error) == sqlite3.SQLITE_ERROR:
            raise BrokenJournalError(str(error)) from error
        raise


def newer(path: Path) -> JournalError:
    """The error for a file that a newer voiceguide wrote."""
    return JournalError(
        f"the journal {path} was written by a newer voiceguide; update this one, "
        "or choose another journal.folder in the settings."
    )


def examine(connection: sqlite3.Connection) -> None:
    """Raise `BrokenJournalError` unless the file is whole; it is so small that this takes under
    1 ms.
    """
    found = _value(connection, "PRAGMA integrity_check")
    if found != "ok":
        raise BrokenJournalError(str(found))
    if _columns(connection) != _right_columns():
        raise BrokenJournalError("its tables are not what its version says")
    read(connection)


def _columns(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Each table's columns, as SQLite describes them."""
    names = ("place", "preferences", "visit", "timer", "programme")
    return [row for name in names for row in connection.execute(f"PRAGMA table_info({name})")]


@cache
def _right_columns() -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for step in MIGRATIONS:
            connection.execute(step)
        return _columns(connection)


def read(connection: sqlite3.Connection) -> tuple[Memory, Preferences | None]:
    """Places, the programme and preferences.

    Raises:
        BrokenJournalError: a table is not there, or a value makes no sense.
    """
    try:
        places = tuple(
            Place(str(routine_id), str(section_id), str(step_id), max(0, int(strokes_done)))
            for routine_id, section_id, step_id, strokes_done in connection.execute(_PLACES)
        )
        newest = connection.execute(_NEWEST).fetchone()
        # Where the clock was set back since, it counts as new: better offer it once too often.
        age = max(0.0, time.time() - float(newest[0])) if newest else 0.0
        timer = connection.execute("SELECT ends_at FROM timer").fetchone()
        left = _timer_left(float(timer[0]) - time.time()) if timer else None
        stands = connection.execute(_STANDING).fetchone()
        standing = (
            Standing(str(stands[0]), max(0, int(stands[1])), str(stands[2])) if stands else None
        )
        row = connection.execute(_PREFERENCES).fetchone()
        memory = Memory(places, age_seconds=age, timer_left=left, standing=standing)
        return memory, row and Preferences(
            tempo=_within(TEMPO_RANGE, float(row[0])),
            words_per_minute=round(_within(RATE_RANGE, float(row[1]))),
            gain_db=_within(GAIN_RANGE_DB, float(row[2])),
            breath_tempo=_within(BREATH_TEMPO_RANGE, float(row[3])),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise BrokenJournalError(f"a value in it makes no sense ({error})") from error
    except sqlite3.OperationalError as error:
        # A table or column that is not there; text that is no UTF-8 has no code at all.
        if code_of(error) in (sqlite3.SQLITE_ERROR, None):
            raise BrokenJournalError(str(error)) from error
        raise


def _timer_left(seconds: float) -> float | None:
    """What is left of a person's own timer; None for one that ended long ago."""
    longest = 60.0 * TIMER_MINUTES[-1]
    # A clock that was set back since would make it longer than any timer is.
    return min(max(0.0, seconds), longest) if seconds > -RUNG_SECONDS else None


def _within(span: tuple[float, float], value: float) -> float:
    return min(max(span[0], value), span[1])


def _value(connection: sqlite3.Connection, statement: str) -> Any:
    return connection.execute(statement).fetchone()[0]


def code_of(error: Exception) -> int | None:
    """SQLite's primary result code."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
