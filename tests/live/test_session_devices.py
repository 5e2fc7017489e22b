"""One live session through real PortAudio whose microphone and speaker go and come back, again and
again: it goes on, its strokes stay on their beat, its time stays real time."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest
from support.loose_devices import DEVICES, SINK, SOURCE, module
from support.places import DATA, SUPPORT
from support.stalls import judged_unless_it_stood_still

ROUTINE = DATA / "long-strokes.yaml"
TIMES = int(os.environ.get("VOICEGUIDE_TEST_LOSSES", "6"))
"""How often both go; the figures in docs/measurements.md are of 20."""
AWAY_SECONDS = 1.5
BETWEEN_SECONDS = 4.0
BACK_SECONDS = 15.0
"""A busy machine has this long after the last device is back."""
EARLY_SECONDS = 0.002
OFF_SECONDS = 0.1
"""By how much each coming and going may shift the timeline against real time, besides …"""
STANDS_SECONDS = 4.0
"""… what passes until a speaker that is back plays again: time stands for so long."""


class Session:
    """The guide's process and what it tells."""

    def __init__(self, sound):
        with Path(sound.env["ALSA_CONFIG_PATH"]).open("a") as config:
            config.write(DEVICES)
        program = SUPPORT / "session_devices.py"
        self.process = subprocess.Popen(
            [sys.executable, program, "bath_speaker", "bath_mic", ROUTINE],
            env=sound.home(Path(sound.env["HOME"])) | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.lines = []
        self._coming = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._coming.put(line.split())

    def go_on(self, seconds, until=lambda line: False):
        """Take in what it tells for so long, or up to a line; gives whether that came."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                self.lines.append(self._coming.get(timeout=left))
            except queue.Empty:
                return False
            if until(self.lines[-1]):
                return True
        return False

    @property
    def broken(self):
        """The devices whose fault is not over."""
        broken = set()
        for kind, name, *_ in self.lines:
            if kind == "fault" and name != "muted":  # nobody ever speaks into it
                broken.add(name)
            elif kind == "works":
                broken.discard(name)
        return broken

    def ticks(self):
        """Rows of onsets that nothing came between: lists of (placed, told, real) in seconds."""
        rows = [[]]
        for kind, *rest in self.lines:
            if kind == "tick":
                rows[-1].append(tuple(map(float, rest)))
            elif rows[-1]:
                rows.append([])
        return [row for row in rows if row]


@pytest.fixture
def session(virtual_sound):
    session = Session(virtual_sound)
    yield session
    session.process.kill()
    session.process.communicate()


def check_pace(session, comings):
    """The strokes lie on their beat, were placed in time, and time was real time."""
    rows = session.ticks()
    beats = [
        [after[0] - before[0] for before, after in pairwise(row)] for row in rows if len(row) > 1
    ]
    assert sum(map(len, beats)) >= comings, session.lines
    for gaps in beats:
        assert max(gaps) - min(gaps) < EARLY_SECONDS, gaps
    ticks = [tick for row in rows for tick in row]
    late = [told - placed for placed, told, _ in ticks if told > placed]
    offsets = [real - told for _, told, real in ticks]
    off = max(offsets) - min(offsets)
    faults = session.lines.count(["fault", "speaker"])
    shown = (
        f"{len(ticks)} strokes, {len(late)} placed late, {faults} faults of the speaker, "
        f"time off by {off:.2f} s"
    )
    print(shown)
    assert len(late) <= 0.05 * len(ticks), shown
    assert off < (OFF_SECONDS + STANDS_SECONDS / 2) * comings, shown


@judged_unless_it_stood_still()
def test_source_and_sink_go_and_come_back_again_and_again_in_one_session(virtual_sound, session):
    assert session.go_on(90.0, lambda line: line == ["state", "pacing"]), session.lines
    for turn in range(TIMES):
        name, made = (("mic", SOURCE), ("speaker", SINK))[turn % 2]
        virtual_sound.control("unload-module", module(virtual_sound, name))
        session.go_on(AWAY_SECONDS)
        virtual_sound.control("load-module", *made)
        session.go_on(BETWEEN_SECONDS)
    session.go_on(BACK_SECONDS, lambda _: not session.broken)
    assert session.broken == set()
    assert session.process.poll() is None or ["ended"] in session.lines
    check_pace(session, TIMES)
    print(f"{sum(line[0] == 'fault' for line in session.lines)} faults were noticed")


def test_a_microphone_that_overruns_is_gone_on_with(virtual_sound, session):
    """The process is stopped for longer than the sound card and the queue can hold."""
    assert session.go_on(90.0, lambda line: line == ["state", "pacing"]), session.lines
    for _ in range(3):
        session.process.send_signal(signal.SIGSTOP)
        threading.Event().wait(3.0)
        session.process.send_signal(signal.SIGCONT)
        assert session.go_on(BACK_SECONDS, lambda line: line[0] == "tick"), session.lines
        session.go_on(BETWEEN_SECONDS)
    session.go_on(BACK_SECONDS, lambda _: not session.broken)
    assert session.broken == set()
    assert session.process.poll() is None
