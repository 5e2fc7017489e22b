"""The journal: what is kept comes back, also from an older version."""

import sqlite3
from contextlib import closing

import pytest
from support.journals import JAW, NECK, keep, read

from voiceguide.core.effects import (
    ForgetPlace,
    KeepPlace,
    KeepPreferences,
    KeepProgramme,
    KeepTimer,
    Place,
)
from voiceguide.core.errors import JournalError
from voiceguide.core.routine.programme import Standing
from voiceguide.core.session.preferences import Memory, Preferences
from voiceguide.edge.journal import journal as journal_module
from voiceguide.edge.journal.database import MIGRATIONS
from voiceguide.edge.journal.journal import Journal
from voiceguide.edge.journal.visits import read_visits


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
