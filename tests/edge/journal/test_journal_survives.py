"""A journal on a disk that is full or cannot be written to, killed, or written by two at once."""

import os
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.journals import JAW, NECK, keep, read, run_python

from voiceguide.core.effects import KeepPlace, Place
from voiceguide.core.errors import JournalError
from voiceguide.core.session.preferences import Memory
from voiceguide.edge.journal.journal import Journal

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
