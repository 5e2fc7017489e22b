"""Strangers flood the page with silent connections while strokes sound: they stay to be heard."""

import json
import socket
import subprocess
import sys

import numpy as np
import pytest
import soundfile
from support.places import DATA, SUPPORT
from support.watched_session import WatchedSession

pytest.importorskip("uvicorn")

ROUTINE = DATA / "long-strokes.yaml"
CONNECTIONS = 1_030
"""More than a process may have files open."""
SECONDS = 20
QUIET_SECONDS = 2.5
"""Strokes come every second; so much longer than that nothing may be missing."""
ROOM = 0.002
"""A microphone that gives digital silence would be told."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def longest_quiet(path):
    """Seconds of a recording in which nothing sounds."""
    sound, rate = soundfile.read(path)
    loud = np.flatnonzero(np.abs(sound) > 0.003) / rate
    edges = np.concatenate([[0.0], loud, [len(sound) / rate]])
    return float(np.diff(edges).max())


@pytest.mark.long
def test_silent_connections_take_no_stroke_away(virtual_sound, tmp_path):
    room = tmp_path / "room.wav"
    soundfile.write(room, np.random.default_rng(1).normal(0, ROOM, 300 * 16_000), 16_000)
    virtual_sound.play_into_microphone(room)
    port = free_port()
    devices = ("default", "default")
    page = f"127.0.0.1:{port}"
    with WatchedSession(virtual_sound, *devices, ROUTINE, PAGE=page) as session:
        assert session.go_on(90.0, lambda line: line == ["state", "pacing"]), session.lines
        recording = virtual_sound.record_speaker(tmp_path / "flood.wav")
        program = [sys.executable, SUPPORT / "flood.py", str(port), str(CONNECTIONS), str(SECONDS)]
        flood = subprocess.run(program, capture_output=True, text=True, check=True)
        recording.stop()
        assert int(flood.stdout) > CONNECTIONS, "those who were let go of came back"
        asked = [sys.executable, "-m", "voiceguide", "status", "--json"]
        told = subprocess.run(asked, env=session.env, capture_output=True, check=True).stdout
        assert json.loads(told)["figures"]["page_turned_away_total"] > 0
        session.go_on(1.0)
        assert session.broken == set()
    assert longest_quiet(tmp_path / "flood.wav") < 1.0 + QUIET_SECONDS
