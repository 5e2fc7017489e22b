"""One live session through real PortAudio whose microphone and speaker go and come back, again and
again: it goes on, its strokes stay on their beat, its time stays real time."""

import os
import signal
import threading
from itertools import pairwise
from pathlib import Path

import pytest
from support.loose_devices import DEVICES, SINK, SOURCE, module
from support.places import DATA
from support.stalls import judged_unless_it_stood_still
from support.watched_session import WatchedSession

ROUTINE = DATA / "long-strokes.yaml"
TIMES = int(os.environ.get("VOICEGUIDE_TEST_LOSSES", "4"))
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


@pytest.fixture
def session(virtual_sound):
    with Path(virtual_sound.env["ALSA_CONFIG_PATH"]).open("a") as config:
        config.write(DEVICES)
    with WatchedSession(virtual_sound, "bath_speaker", "bath_mic", ROUTINE) as session:
        yield session


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


@pytest.mark.long
def test_a_microphone_that_overruns_is_gone_on_with(virtual_sound, session):
    """The process is stopped for longer than the sound card and the queue can hold."""
    assert session.go_on(90.0, lambda line: line == ["state", "pacing"]), session.lines
    for _ in range(2):
        session.process.send_signal(signal.SIGSTOP)
        threading.Event().wait(3.0)
        session.process.send_signal(signal.SIGCONT)
        assert session.go_on(BACK_SECONDS, lambda line: line[0] == "tick"), session.lines
        session.go_on(BETWEEN_SECONDS)
    session.go_on(BACK_SECONDS, lambda _: not session.broken)
    assert session.broken == set()
    assert session.process.poll() is None
