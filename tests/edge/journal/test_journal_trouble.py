"""A journal that is damaged, locked, full or killed: what was kept stays, and the guide goes on."""

import os
import sqlite3
from contextlib import closing

import pytest
from support.journals import JAW, NECK, aside, keep, read

from voiceguide.core.effects import KeepPlace, KeepPreferences
from voiceguide.core.errors import JournalError, JournalLockedError
from voiceguide.core.session.preferences import Memory
from voiceguide.edge.journal import database
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits


def garbage(path):
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 20)


def torn_page(path):
    data = bytearray(path.read_bytes())
    data[4096:8192] = bytes(range(256)) * 16
    path.write_bytes(data)


def cut_short(path):
    path.write_bytes(path.read_bytes()[:5000])


def other_tables(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("DROP TABLE place")
        file.execute("CREATE TABLE place (name TEXT)")


def senseless_value(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE place SET strokes_done = 'many'")


def infinite_count(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE place SET strokes_done = 9e999")


def other_columns(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("ALTER TABLE visit RENAME COLUMN zones TO zonfs")


def other_format(path):
    data = bytearray(path.read_bytes())
    data[18] = 77
    path.write_bytes(data)


def text_that_is_none(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE place SET step_id = CAST(x'ff00ff' AS TEXT)")


@pytest.mark.parametrize(
    "damage",
    [
        garbage,
        torn_page,
        cut_short,
        other_tables,
        senseless_value,
        text_that_is_none,
        infinite_count,
        other_columns,
    ],
    ids=lambda damage: damage.__name__,
)
def test_a_damaged_journal_is_moved_aside_told_of_and_begun_anew(path, damage):
    keep(path, KeepPlace(NECK))
    damage(path)
    damaged = path.read_bytes()
    with Journal(path) as journal:
        assert journal.load() == (Memory(), None)
        assert aside().name in journal.warning
        journal.keep(KeepPlace(JAW))
    assert read(path) == (Memory((JAW,)), None, None)
    assert path.with_name(aside().name).read_bytes() == damaged


@pytest.mark.parametrize(
    "make",
    [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")],
    ids=["pipe", "folder", "device"],
)
def test_what_is_no_ordinary_file_is_moved_aside_and_holds_nobody(path, make):
    path.parent.mkdir(parents=True)
    make(path)
    with Journal(path) as journal:
        assert journal.load() == (Memory(), None)
        assert aside().name in journal.warning
        journal.keep(KeepPlace(JAW))
    assert read(path)[0].places == (JAW,)


def test_a_file_that_calls_itself_read_only_is_replaced_by_the_first_write(path):
    keep(path, KeepPlace(NECK))
    other_format(path)
    with Journal(path) as journal:
        journal.keep(KeepPlace(JAW))
        assert aside().name in journal.warning
    assert read(path)[0].places == (JAW,)


def test_no_byte_of_the_first_page_can_end_the_guide(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.0)
    keep(path, KeepPlace(NECK), KeepPreferences(1.0, 150, 0.0))
    whole = path.read_bytes()
    # The head, and a prime step through the tables' texts and their rows.
    for at in (*range(0, 100, 3), *range(2900, 4096, 37)):
        for file in path.parent.iterdir():
            file.unlink()
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with Journal(path) as journal:
            memory, _ = journal.load()
            assert memory.places in ((NECK,), ()) or memory.places[0] != NECK
            if not journal.is_newer:
                journal.keep(KeepPlace(JAW))
                assert journal.load()[0].places[-1] == JAW
                read_visits(journal)


def test_a_journal_of_a_newer_version_is_not_touched(path):
    keep(path, KeepPlace(NECK))
    with closing(sqlite3.connect(path, isolation_level=None)) as newer:
        newer.execute("PRAGMA user_version=99")
    before = path.read_bytes(), path.stat().st_mtime_ns
    with Journal(path) as journal:
        journal.load()
        assert journal.is_newer
        with pytest.raises(JournalError, match="newer"):
            journal.keep(KeepPlace(JAW))
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_lock_is_called_a_lock(path, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.0)
    keep(path, KeepPlace(NECK))
    with closing(sqlite3.connect(path, isolation_level=None)) as other, Journal(path) as journal:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalLockedError, match="locked by another program"):
            journal.keep(KeepPlace(JAW))
        other.execute("ROLLBACK")
        journal.keep(KeepPlace(JAW))


def test_nobody_else_can_read_it(path):
    path.parent.mkdir()
    path.touch(mode=0o644)
    keep(path, KeepPlace(NECK))
    assert path.stat().st_mode & 0o777 == 0o600


def test_after_a_checkpoint_little_stands_in_the_log_alone(path):
    with Journal(path, is_synced=False) as journal:
        journal.keep(KeepPlace(NECK))
        journal.sync()
        journal.checkpoint()
        assert path.with_name(path.name + "-wal").stat().st_size == 0
        journal.close()


def test_each_damaged_journal_gets_a_name_of_its_own(path):
    path.parent.mkdir()
    for _ in range(3):
        garbage(path)
        read(path)
    kept = sorted(file.name for file in path.parent.glob("*.broken-*"))
    assert kept == sorted(aside(n).name for n in (1, 2, 3))


def test_damage_during_a_session_is_healed_by_the_next_write(path):
    with Journal(path) as journal:
        journal.keep(KeepPlace(NECK))
        journal.close()
        garbage(path)
        journal.keep(KeepPlace(JAW))
        assert aside().name in journal.warning
    assert read(path)[0].places == (JAW,)


def test_a_file_that_cannot_be_opened_is_an_error_and_later_recovers(path):
    log = path.with_name(f"{path.name}-wal")
    log.mkdir(parents=True)
    with Journal(path) as journal:
        assert journal.load() == (Memory(), None)
        assert str(path) in journal.warning
        with pytest.raises(JournalError, match="cannot be used: "):
            journal.keep(KeepPlace(NECK))
        log.rmdir()
        journal.keep(KeepPlace(JAW))
    assert read(path)[0].places == (JAW,)


def test_a_folder_that_cannot_be_made_is_an_error_and_later_recovers(path):
    path.parent.write_text("a file where the folder should be")
    with Journal(path) as journal:
        assert journal.load() == (Memory(), None)
        assert journal.warning
        with pytest.raises(OSError, match="deep"):
            journal.keep(KeepPlace(NECK))
        path.parent.unlink()
        journal.keep(KeepPlace(JAW))
    assert read(path)[0].places == (JAW,)


def test_a_journal_deleted_under_a_session_is_made_again(path):
    with Journal(path) as journal:
        journal.keep(KeepPlace(NECK))
        for file in path.parent.iterdir():
            file.unlink()
        journal.keep(KeepPlace(JAW))
    assert read(path)[0].places == (JAW,)


def test_a_write_that_waits_too_long_for_another_process_is_an_error(path, monkeypatch):
    monkeypatch.setattr("voiceguide.edge.journal.database.BUSY_SECONDS", 0.0)
    keep(path, KeepPlace(NECK))
    with closing(sqlite3.connect(path, isolation_level=None)) as other, Journal(path) as journal:
        journal.load()
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked"):
            journal.keep(KeepPlace(JAW))
        other.execute("COMMIT")
        journal.keep(KeepPlace(JAW))
    assert read(path)[0].places == (NECK, JAW)
