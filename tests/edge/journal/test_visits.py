"""The history in the journal's file: noted, read, damaged, deleted so that nothing stays."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from voiceguide.core.effects import KeepPlace, Place
from voiceguide.core.history import Visit
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import delete_visits, note_visit, read_visits

CET = timezone(timedelta(hours=1))
VISIT = Visit(datetime(2026, 3, 1, 7, 30, tzinfo=CET), "quick", 61.5, ("neck", "jaw"), 1.15, True)


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "journal.sqlite") as journal:
        yield journal


def test_a_visit_comes_back_and_its_newer_state_replaces_it(journal):
    note_visit(journal, replace(VISIT, zones=(), finished=False))
    note_visit(journal, VISIT)
    assert read_visits(journal) == (VISIT,)


def test_visits_come_oldest_first_whatever_their_offset(journal):
    east = timezone(timedelta(hours=9))
    later = replace(VISIT, began_at=datetime(2026, 3, 1, 15, 31, tzinfo=east))
    note_visit(journal, later)
    note_visit(journal, VISIT)
    assert read_visits(journal) == (VISIT, later)


def test_the_day_is_that_of_the_place_where_it_was_done(journal):
    late = replace(VISIT, began_at=datetime(2026, 3, 1, 0, 30, tzinfo=CET))
    note_visit(journal, late)
    assert read_visits(journal)[0].day.isoformat() == "2026-03-01"


def test_a_row_that_makes_no_sense_is_left_out_and_a_naive_time_is_local(journal):
    note_visit(journal, VISIT)
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as file:
        file.execute("INSERT INTO visit VALUES ('once upon a time', 'quick', 1, '', 1, 0, '')")
        file.execute("INSERT INTO visit VALUES ('2026-03-02T08:00:00', 'q', 'long', '', 1, 0, '')")
        for day in ("9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00-23:59"):
            file.execute("INSERT INTO visit VALUES (?, 'quick', 1, '', 1, 0, '')", (day,))
        file.execute("INSERT INTO visit VALUES ('2026-03-02', ?, 1, '', 1, 0, '')", ("\x1b[31m",))
        file.execute("INSERT INTO visit VALUES ('2026-03-03T08:00:00', 'quick', -5, '', 1, 0, '')")
    first, naive = read_visits(journal)
    assert first == VISIT
    assert naive.seconds == 0
    assert naive.began_at.tzinfo is not None


def test_what_is_deleted_is_in_no_file_and_the_place_stays(journal):
    journal.keep(KeepPlace(Place("evening", "jaw", "knead", 2)))
    for day in range(1, 29):
        began = datetime(2026, 2, day, 7, 30, tzinfo=CET)
        note_visit(journal, replace(VISIT, began_at=began, zones=("secret-zone",)))
    assert delete_visits(journal) == 28
    assert read_visits(journal) == ()
    for file in journal.path.parent.iterdir():
        assert b"secret-zone" not in file.read_bytes(), file.name
    assert journal.load()[0].place("evening")
