"""A program of one's own at each event: real programs, good ones and bad ones."""

import json
import logging
import os
import sys
import threading
import time
from pathlib import Path

import pytest

from voiceguide.home import event_program
from voiceguide.home.event_program import WAITING, EventProgram

NOTE = "import os,sys; open(sys.argv[1],'a').write(os.environ['GUIDE_EVENT']+sys.stdin.read())"
PATIENCE_SECONDS = 20.0


@pytest.fixture
def program():
    made = []

    def make(*command, seconds=10.0):
        made.append(EventProgram(command, seconds))
        return made[-1]

    yield make
    for each in made:
        each.close()
        assert not each._thread.is_alive()


def until(condition):
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE_SECONDS
    waiting = threading.Event()
    while not condition():
        assert time.monotonic() < end
        waiting.wait(0.01)


def test_it_gets_each_event_and_no_shell_sees_it(program, tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", "secret")
    notes = tmp_path / "notes; touch $(id)"
    run = program(sys.executable, "-c", NOTE, str(notes))
    run.tell({"event": "state", "routine": "“a” & $HOME"})
    run.tell({"event": "fault"})
    until(lambda: notes.exists() and notes.read_text().count("\n") == 2)
    first, second = notes.read_text().splitlines()
    assert json.loads(first.removeprefix("state")) == {
        "event": "state",
        "routine": "“a” & $HOME",
    }
    assert second.startswith("fault{")
    assert [path.name for path in tmp_path.iterdir()] == [notes.name]


def test_it_is_not_told_the_password(program, tmp_path, monkeypatch):
    monkeypatch.setenv("VOICEGUIDE_MQTT_PASSWORD", "secret")
    notes = tmp_path / "notes"
    code = f"import os; open({str(notes)!r}, 'w').write(repr(dict(os.environ)) + '.')"
    program(sys.executable, "-c", code).tell({})
    until(lambda: notes.exists() and notes.read_text().endswith("."))
    assert "secret" not in notes.read_text()


def test_one_that_hangs_is_killed_with_its_children_and_nobody_waits(program, tmp_path, caplog):
    notes = tmp_path / "child"
    code = (
        "import subprocess, sys, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])\n"
        "pathlib.Path(sys.argv[1]).write_text(f'{child.pid}.')\n"
        "child.wait()"
    )
    run = program(sys.executable, "-c", code, str(notes), seconds=2.0)
    began = time.monotonic()
    for number in range(1000):
        run.tell({"event": "state", "number": number})
    assert time.monotonic() - began < 0.5
    assert len(run._waiting) <= WAITING
    until(lambda: "took longer than 2 s and was killed" in caplog.text)
    child = int(notes.read_text().rstrip("."))
    until(lambda: not _lives(child))
    with run._lock:
        run._waiting.clear()


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_the_same_failure_is_logged_once(program, tmp_path, caplog):
    caplog.set_level(logging.WARNING, "voiceguide.home")
    marks = tmp_path / "marks"
    run = program(sys.executable, "-c", f"open({str(marks)!r}, 'a').write('x'); exit(3)")
    for _ in range(3):
        run.tell({"event": "state"})
    until(lambda: marks.exists() and len(marks.read_text()) == 3)
    run.close()
    assert [record.message for record in caplog.records] == [
        f'program failed command={sys.executable} reason="ended with 3"'
    ]


def test_a_program_that_is_not_there(program, caplog):
    program("/no/such/program").tell({"event": "state"})
    until(lambda: "cannot be run" in caplog.text)


def test_the_last_event_is_told_and_a_slow_end_is_cut_short(program, tmp_path, monkeypatch):
    notes = tmp_path / "notes"
    run = program(sys.executable, "-c", NOTE, str(notes))
    run.tell({"event": "state", "state": "ended"})
    run.close()
    assert "ended" in notes.read_text()
    monkeypatch.setattr(event_program, "CLOSING_SECONDS", 0.3)
    slow = program(sys.executable, "-c", "import signal; signal.pause()")
    slow.tell({"event": "state"})
    until(lambda: slow._running is not None)
    process = slow._running
    slow.tell({"event": "state"})
    slow.close()
    assert process.returncode == -9 or not _lives(process.pid)
    assert os.getpgid(0) != process.pid
