"""The history in the journal's file: notes, reads and deletes visits."""

import math
import sqlite3
from datetime import datetime

from voiceguide.core.history import Visit
from voiceguide.core.timeline.ranges import TEMPO_RANGE
from voiceguide.edge.journal.journal import Journal

LONGEST_SECONDS = 86_400.0
"""No session lasts longer; a row that says so is damaged."""
YEARS = range(1970, 3000)
"""The years that a visit may have; a clock that was never set shows the first of them."""
_NOTE = "INSERT OR REPLACE INTO visit VALUES (?, ?, ?, ?, ?, ?, ?)"
_VISITS = """SELECT began_at, routine_id, seconds, zones, tempo, finished, profile FROM visit
    ORDER BY began_at, routine_id"""


def note_visit(journal: Journal, visit: Visit) -> None:
    """Write this visit to the disk before returning, instead of what was noted of it earlier.

    Raises:
        JournalError, OSError: it cannot be written.
    """
    row = (
        visit.began_at.isoformat(timespec="seconds"),
        visit.routine_id,
        visit.seconds,
        " ".join(visit.zones),
        visit.tempo,
        int(visit.finished),
        visit.profile,
    )
    journal.using(lambda connection: connection.execute(_NOTE, row))


def read_visits(journal: Journal, day_ends: int = 0) -> tuple[Visit, ...]:
    """Every visit, oldest first; a row that makes no sense is left out.

    Args:
        day_ends: how many hours after midnight the person's day ends.

    Raises:
        JournalError, OSError: the journal cannot be read.
    """
    rows = journal.using(lambda connection: connection.execute(_VISITS).fetchall())
    visits = (_visit(row, day_ends) for row in rows)
    # Local times with different offsets cannot be sorted as texts.
    return tuple(sorted((visit for visit in visits if visit), key=lambda visit: visit.began_at))


def delete_visits(journal: Journal) -> int:
    """Delete all visits, so that nothing of them stays in the file; gives how many there were.

    Raises:
        JournalError, OSError: the journal cannot be written.
    """

    def delete(connection: sqlite3.Connection) -> int:
        connection.execute("PRAGMA secure_delete=ON")
        count = connection.execute("DELETE FROM visit").rowcount
        # Without this, what was deleted stays readable in free pages and in the write-ahead log.
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return count

    return journal.using(delete)


def _number(value: object, least: float, most: float) -> float:
    number = float(str(value))
    if math.isnan(number):
        raise ValueError("no number")
    return min(max(least, number), most)


def _visit(row: tuple[object, ...], day_ends: int) -> Visit | None:
    began_at, routine_id, seconds, zones, tempo, finished, profile = row
    try:
        began = datetime.fromisoformat(str(began_at))
        if began.year not in YEARS or not f"{routine_id}{zones}{profile}".isprintable():
            return None
        return Visit(
            began if began.tzinfo else began.astimezone(),
            str(routine_id),
            _number(seconds, 0.0, LONGEST_SECONDS),
            tuple(str(zones).split()),
            _number(tempo, *TEMPO_RANGE),
            bool(finished),
            str(profile),
            day_ends,
        )
    except (OSError, OverflowError, ValueError):
        return None
