"""What is kept in the background: nobody waits for it, and nothing of it is lost."""

import sqlite3
import threading
from contextlib import closing
from datetime import datetime, timedelta

import pytest

from voiceguide.core.effects import ForgetPlace, KeepPlace, KeepPreferences, KeepTimer, Place
from voiceguide.core.events import Fault, Faulted, Recovered
from voiceguide.core.history import Visit
from voiceguide.edge.journal import database
from voiceguide.edge.journal import journal as journal_module
from voiceguide.edge.journal import writer as writer_module
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits
from voiceguide.edge.journal.writer import JournalWriter

PATIENCE = 20.0


def place(stroke):
    return Place("morning", "neck", "glide", stroke)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


class Told(list):
    """Events, and a way to wait for one."""

    def __init__(self):
        super().__init__()
        self._changed = threading.Condition()

    def __call__(self, event):
        with self._changed:
            self.append(event)
            self._changed.notify_all()

    def wait(self, event):
        with self._changed:
            assert self._changed.wait_for(lambda: event in self, PATIENCE)


def loaded(path):
    with Journal(path) as journal:
        return journal.load()


def test_a_timer_that_is_written_late_ends_when_it_should(path, monkeypatch):
    clock = [1e9]
    monkeypatch.setattr(journal_module.time, "time", lambda: clock[0])
    monkeypatch.setattr(writer_module, "RETRY_SECONDS", 0.0)
    told = Told()
    with closing(Journal(path, is_synced=False)) as journal:
        journal.load()
        writer = JournalWriter({"": journal}, told)
        keep_timer = journal.keep_timer

        def late(ends_at):
            if clock[0] < 1e9 + 50:
                clock[0] += 10
                raise OSError("the disk is full")
            keep_timer(ends_at)

        monkeypatch.setattr(journal, "keep_timer", late)
        writer.keep(KeepTimer(300))
        assert writer.flush(PATIENCE)
        writer.close()
    assert loaded(path)[0].timer_left == 250


def test_a_disk_that_takes_for_ever_keeps_nobody_waiting_and_loses_no_stroke(path, monkeypatch):
    stuck, release = threading.Event(), threading.Event()

    def slow(descriptor):
        stuck.set()
        assert release.wait(PATIENCE)

    monkeypatch.setattr(journal_module.os, "fsync", slow)
    writer = JournalWriter({"": Journal(path, is_synced=False)}, Told())
    writer.keep(KeepPlace(place(1)))
    assert stuck.wait(PATIENCE)
    for stroke in range(2, 6):
        writer.keep(KeepPlace(place(stroke)))
    assert writer.flush(PATIENCE)
    # As a process would find it that starts after a kill at this moment.
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT strokes_done FROM place").fetchone() == (5,)
    release.set()
    writer.close()
    assert loaded(path)[0].places == (place(5),)


def test_what_is_newer_takes_the_place_of_what_still_waits(path):
    told = Told()
    with closing(sqlite3.connect(path)):
        writer = JournalWriter({"": Journal(path, is_synced=False)}, told)
    began = datetime.now().astimezone().replace(microsecond=0)
    for stroke in range(50):
        writer.keep(KeepPlace(place(stroke)))
        writer.keep(KeepPreferences(1.0, 150 + stroke % 3, 0.0))
        writer.note(Visit(began, "morning", float(stroke)))
    writer.keep(KeepPlace(Place("evening", "jaw", "knead", 0)))
    writer.keep(KeepPlace(place(50)))
    writer.note(Visit(began + timedelta(hours=1), "morning", 5.0))
    writer.checkpoint()
    writer.close()
    assert [each.routine_id for each in loaded(path)[0].places] == ["evening", "morning"]
    assert loaded(path)[0].places[-1].strokes_done == 50
    with Journal(path) as journal:
        assert [visit.seconds for visit in read_visits(journal)] == [49.0, 5.0]
    assert told == []


def test_a_place_that_is_forgotten_stays_so(path):
    writer = JournalWriter({"": Journal(path, is_synced=False)}, Told())
    writer.keep(KeepPlace(place(1)))
    writer.keep(ForgetPlace("morning"))
    writer.close()
    assert loaded(path)[0].places == ()


def test_a_lock_is_told_as_such_and_what_came_meanwhile_is_kept(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(writer_module, "RETRY_SECONDS", 0.01)
    monkeypatch.setattr(writer_module, "HELD_SECONDS", 0.05)
    loaded(path)
    told = Told()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = JournalWriter({"": Journal(path, is_synced=False)}, told)
        writer.keep(KeepPlace(place(7)))
        told.wait(Faulted(Fault.LOCK))
        other.execute("ROLLBACK")
        told.wait(Recovered(Fault.LOCK))
    writer.close()
    assert told == [Faulted(Fault.LOCK), Recovered(Fault.LOCK)]
    assert loaded(path)[0].places == (place(7),)


def test_a_short_lock_is_told_to_nobody(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(writer_module, "RETRY_SECONDS", 0.01)
    loaded(path)
    told = Told()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        writer = JournalWriter({"": Journal(path, is_synced=False)}, told)
        writer.keep(KeepPlace(place(7)))
        assert not writer.flush(0.1)
        other.execute("ROLLBACK")
    assert writer.flush(PATIENCE)
    writer.close()
    assert told == []


def test_a_file_that_cannot_be_written_is_a_fault_until_it_can(path, monkeypatch):
    monkeypatch.setattr(writer_module, "RETRY_SECONDS", 0.01)
    log = path.with_name(f"{path.name}-wal")
    log.mkdir()
    told = Told()
    writer = JournalWriter({"": Journal(path, is_synced=False)}, told)
    writer.keep(KeepPlace(place(1)))
    told.wait(Faulted(Fault.DISK))
    log.rmdir()
    told.wait(Recovered(Fault.DISK))
    writer.close()
    assert loaded(path)[0].places == (place(1),)


def test_what_is_asked_to_be_read_is_read_on_its_thread(path):
    found = []
    writer = JournalWriter({"": Journal(path, is_synced=False)}, Told())
    writer.keep(KeepPlace(place(3)))
    writer.read(lambda journal: found.append(journal.load()[0].places), "")
    writer.close()
    assert found == [(place(3),)]
