"""The journal: what is kept comes back, after a kill, a damage, a full disk, an older version."""

import os
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from voiceguide.core.effects import (
    ForgetPlace,
    KeepPlace,
    KeepPreferences,
    KeepProgramme,
    KeepTimer,
    Place,
)
from voiceguide.core.errors import JournalError, JournalLockedError
from voiceguide.core.routine.programme import Standing
from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.edge.journal import database
from voiceguide.edge.journal import journal as journal_module
from voiceguide.edge.journal.database import MIGRATIONS
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits

NECK = Place("morning", "neck", "glide", 3)
JAW = Place("evening", "jaw", "knead", 0)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "journal.sqlite"


def read(path):
    """What a fresh process would load, and the warning it would tell."""
    with Journal(path) as journal:
        return (*journal.load(), journal.warning)


def keep(path, *effects):
    with Journal(path) as journal:
        for effect in effects:
            journal.keep(effect)


def aside(number=1):
    """The name of the first, second … damaged journal of today."""
    more = f"-{number}" if number > 1 else ""
    return Path(f"journal.broken-{time.strftime('%Y-%m-%d')}{more}.sqlite")


def run_python(code, *args, **more):
    """A child with the interpreter and path of this one."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        **more,
    )


def test_nothing_is_remembered_at_first(path):
    assert read(path) == (Memory(), None, None)


def test_how_long_ago_the_newest_place_was_kept_is_known(path, monkeypatch):
    for at, place in ((1000.0, NECK), (5000.0, JAW)):
        monkeypatch.setattr(journal_module.time, "time", lambda at=at: at)
        keep(path, KeepPlace(place))
    assert read(path)[0].age_seconds == 0.0
    monkeypatch.setattr(journal_module.time, "time", lambda: 5600.0)
    assert read(path)[0].age_seconds == 600.0
    monkeypatch.setattr(journal_module.time, "time", lambda: 100.0)
    assert read(path)[0].age_seconds == 0.0


@pytest.mark.parametrize(
    ("away", "left"),
    [
        (0, 300.0),
        (100, 200.0),
        (300, 0.0),
        (890, 0.0),  # it rang while nobody was there, and that is told
        (910, None),  # but not for ever
        (-86_400, 1200.0),  # no timer is longer than twenty minutes, whatever a clock says
    ],
)
def test_a_timer_of_ones_own_goes_on_by_the_clock(path, monkeypatch, away, left):
    monkeypatch.setattr(journal_module.time, "time", lambda: 1e9)
    keep(path, KeepTimer(300))
    monkeypatch.setattr(journal_module.time, "time", lambda: 1e9 + away)
    assert read(path)[0].timer_left == left


def test_of_timers_the_newest_counts_and_one_that_is_over_is_gone(path, monkeypatch):
    monkeypatch.setattr(journal_module.time, "time", lambda: 1e9)
    keep(path, KeepTimer(300), KeepTimer(60))
    assert read(path)[0].timer_left == 60
    keep(path, KeepTimer(None))
    assert read(path)[0].timer_left is None


def test_places_come_back_newest_last_one_a_routine(path):
    keep(path, KeepPlace(NECK), KeepPlace(JAW), KeepPlace(Place("morning", "chest", "press", 1)))
    memory, preferences, warning = read(path)
    assert memory.places == (JAW, Place("morning", "chest", "press", 1))
    assert (preferences, warning) == (None, None)


def test_a_finished_routine_has_no_place(path):
    keep(path, KeepPlace(NECK), KeepPlace(JAW), ForgetPlace("evening"), ForgetPlace("unknown"))
    assert read(path)[0].places == (NECK,)


def test_preferences_come_back_and_the_newest_win(path):
    keep(path, KeepPreferences(1.15, 165, -3.0), KeepPreferences(0.87, 110, 6.0))
    assert read(path)[1] == Preferences(0.87, 110, 6.0)


def test_a_value_outside_todays_range_is_brought_into_it(path):
    keep(path, KeepPreferences(9.0, 20, -90.0))
    assert read(path)[1] == Preferences(2.0, 110, -21.0)


def test_every_write_is_synced_to_a_write_ahead_log(path):
    with Journal(path) as journal:
        journal.load()
        pragmas = ("journal_mode", "synchronous", "user_version")
        found = [journal._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    assert found == ["wal", 2, len(MIGRATIONS)]


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_an_older_journal_is_brought_up_to_date(path, version):
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for step in MIGRATIONS[:version]:
            old.execute(step)
        if version:
            columns = "kept_order, routine_id, section_id, step_id, strokes_done"
            old.execute(f"INSERT INTO place ({columns}) VALUES (7, 'morning', 'neck', 'glide', 3)")
        old.execute(f"PRAGMA user_version={version}")
    keep(path, KeepPreferences(1.0, 150, 0.0))
    memory, preferences, warning = read(path)
    assert memory.places == ((NECK,) if version else ())
    assert (preferences, warning) == (Preferences(), None)


def test_where_one_stands_in_a_programme_comes_back(path):
    standing = Standing("four-weeks", 3, "2026-03-01")
    keep(path, KeepProgramme(Standing("four-weeks")), KeepProgramme(standing))
    assert read(path)[0].standing == standing
    keep(path, KeepProgramme(Standing("")))
    assert read(path)[0].standing is None


def test_a_day_that_is_counted_leaves_another_programme_as_it_was_chosen_meanwhile(path):
    chosen = Standing("seven-evenings")
    keep(path, KeepProgramme(Standing("four-weeks", 2)), KeepProgramme(chosen))
    keep(path, KeepProgramme(Standing("four-weeks", 3, "2026-03-01")))
    assert read(path)[0].standing == chosen
    done = Standing("seven-evenings", 1, "2026-03-02")
    keep(path, KeepProgramme(done))
    assert read(path)[0].standing == done


def test_a_journal_from_before_there_were_programmes_is_taken_over_whole(path):
    """As a guide left it that knew of visits, preferences and places, and of no programme."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode=WAL")
        for step in MIGRATIONS[:6]:
            old.execute(step)
        old.execute("INSERT INTO place VALUES (7, 'morning', 'neck', 'glide', 3, 1000.0)")
        old.execute("INSERT INTO preferences VALUES (1, 0.9, 140, -3.0, 1.0)")
        old.execute(
            "INSERT INTO visit VALUES ('2026-03-01T07:30:00+01:00', 'quick', 61.5, 'neck jaw',"
            " 1.1, 1, 'sensitive')"
        )
        old.execute("PRAGMA user_version=6")
    memory, preferences, warning = read(path)
    assert memory == Memory((NECK,))
    assert (preferences, warning) == (Preferences(0.9, 140, -3.0), None)
    with Journal(path) as journal:
        (visit,) = read_visits(journal)
    assert (visit.zones, visit.finished, visit.profile) == (("neck", "jaw"), True, "sensitive")


def test_a_journal_of_a_newer_version_is_left_alone(path):
    keep(path, KeepPlace(NECK))
    with closing(sqlite3.connect(path, isolation_level=None)) as newer:
        newer.execute("PRAGMA user_version=99")
    memory, preferences, warning = read(path)
    assert (memory, preferences) == (Memory(), None)
    assert "newer voiceguide" in warning
    with pytest.raises(JournalError, match="newer voiceguide"):
        keep(path, KeepPlace(JAW))
    with closing(sqlite3.connect(path)) as newer:
        assert newer.execute("SELECT routine_id FROM place").fetchall() == [("morning",)]


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


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from voiceguide.core.effects import KeepPlace, Place
from voiceguide.core.errors import JournalError, JournalLockedError
from voiceguide.edge.journal.journal import Journal

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
journal = Journal(Path(sys.argv[1]))
journal.keep(KeepPlace(Place("r", "zone", "step", 1)))
most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, most))
try:
    for strokes in range(2, 1000):
        journal.keep(KeepPlace(Place("r", "zone", "step" * 100, strokes)))
except (OSError, JournalError) as error:
    print(type(error).__name__, strokes)
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
journal.keep(KeepPlace(Place("r", "zone", "again", 0)))
print(journal.load()[0].latest.step_id)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits there")
def test_a_disk_without_room_is_an_error_and_later_recovers(path):
    with run_python(FULL_DISK, path) as child:
        lines = child.communicate()[0].split("\n")
    assert lines[0].startswith("JournalError ")
    assert lines[1] == "again"
    assert read(path)[0].places == (Place("r", "zone", "again", 0),)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="the superuser writes anywhere"
)
def test_a_read_only_folder_still_gives_what_was_kept(path):
    keep(path, KeepPlace(NECK))
    path.chmod(0o400)
    path.parent.chmod(0o500)
    try:
        with Journal(path) as journal:
            assert journal.load() == (Memory((NECK,)), None)
            assert journal.warning
            with pytest.raises(JournalError):
                journal.keep(KeepPlace(JAW))
            path.parent.chmod(0o700)
            path.chmod(0o600)
            journal.keep(KeepPlace(JAW))
            assert journal.load()[0].places == (NECK, JAW)
    finally:
        path.parent.chmod(0o700)


WRITER = """
import sys
from pathlib import Path
from voiceguide.core.effects import KeepPlace, Place
from voiceguide.edge.journal.journal import Journal

journal = Journal(Path(sys.argv[1]))
for strokes in range(int(sys.argv[3])):
    journal.keep(KeepPlace(Place(sys.argv[2], "zone", "step", strokes)))
    print(strokes, flush=True)
"""


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_loses_nothing_that_was_acknowledged(path, seed):
    keep(path, KeepPlace(NECK))
    lines_before_the_kill = random.Random(seed).randint(0, 60)
    with run_python(WRITER, path, "evening", 1_000_000) as child:
        acknowledged = [child.stdout.readline() for _ in range(lines_before_the_kill)]
        child.kill()
        acknowledged += child.stdout.read().splitlines()
    last = int(acknowledged[-1]) if acknowledged else -1
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    memory, _, warning = read(path)
    assert warning is None
    assert memory.place("morning") == NECK
    strokes = memory.place("evening").strokes_done if memory.place("evening") else -1
    assert strokes in (last, last + 1)


def test_two_processes_write_at_once_and_neither_is_lost(path):
    with run_python(WRITER, path, "one", 60) as one, run_python(WRITER, path, "two", 60) as two:
        for child in (one, two):
            child.communicate()
            assert child.returncode == 0
    assert {place.routine_id: place.strokes_done for place in read(path)[0].places} == {
        "one": 59,
        "two": 59,
    }


def test_nothing_but_the_journal_lies_in_its_folder_after_closing(path):
    keep(path, KeepPlace(NECK))
    assert [Path(file).name for file in path.parent.iterdir()] == ["journal.sqlite"]
