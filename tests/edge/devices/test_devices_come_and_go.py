"""Real PortAudio on virtual devices that are taken away and brought back; and one that hangs."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from support.loose_devices import DEVICES, SINK, SOURCE, module
from support.places import SUPPORT
from support.stalls import judged_unless_it_stood_still

TIMES, MANY_TIMES = 6, 20
BACK_SECONDS = 10.0
"""Twice what is promised: this machine may be doing much else (docs/measurements.md has what was
measured)."""
MOST_SECONDS = 30
"""A device that stays away is told in a few seconds; on a busy machine, within this time."""


class Tending:
    """The program that tends both devices."""

    def __init__(self, sound):
        program = SUPPORT / "tending_devices.py"
        with Path(sound.env["ALSA_CONFIG_PATH"]).open("a") as config:
            config.write(DEVICES)
        self.process = subprocess.Popen(
            [sys.executable, program, "bath_speaker", "bath_mic"],
            env=sound.env | {"PYTHONPATH": os.pathsep.join(sys.path)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.events = []
        self.took = []
        self.wait_for("ready")

    def wait_for(self, word):
        for line in self.process.stdout:
            if line.startswith(word):
                return line.split()[1:]
            self.events.append(line.strip())
        raise AssertionError(f"it ended before it was {word}: {self.events}")

    def tell(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def go_on(self, seconds):
        """Let it tend for a while; gives how far its timeline is off real time."""
        self.tell(f"pass {seconds}")
        return float(self.wait_for("passed")[0])

    def until_told(self, *events):
        """Let it tend until it has told all of these."""
        for _ in range(MOST_SECONDS):
            if set(events) <= set(self.events):
                return
            self.go_on(1.0)
        raise AssertionError(f"it did not tell {events}, only {self.events}")

    def flow(self):
        """Wait until sound flows both ways again; notes and gives how long that took."""
        self.tell("flow")
        self.took.append(float(self.wait_for("flows")[0]))
        return self.took[-1]


@pytest.fixture
def tending(virtual_sound):
    tending = Tending(virtual_sound)
    yield tending
    tending.process.kill()
    tending.process.communicate()


@pytest.mark.parametrize("times", [TIMES, pytest.param(MANY_TIMES, marks=pytest.mark.long)])
@judged_unless_it_stood_still()
def test_source_and_sink_go_and_come_back_again_and_again(virtual_sound, tending, times):
    tending.flow()
    for turn in range(times):
        name, made = (("mic", SOURCE), ("speaker", SINK))[turn % 2]
        virtual_sound.control("unload-module", module(virtual_sound, name))
        tending.go_on(1.5)
        virtual_sound.control("load-module", *made)
        assert tending.flow() < BACK_SECONDS, tending.events
    # The timeline only ever stands still, and no longer than a gap may last.
    assert -6.0 * times < tending.go_on(0.1) < 0.1 * times, tending.events
    print(f"back after {sorted(tending.took)} s", tending.events)


def test_the_sound_server_is_killed_and_starts_again(virtual_sound, tending):
    tending.flow()
    for _ in range(2):
        virtual_sound.kill_server()
        tending.until_told("Faulted speaker", "Faulted microphone")
        tending.events.clear()
        virtual_sound.start_server()
        assert tending.flow() < BACK_SECONDS, tending.events
        tending.until_told("Recovered speaker", "Recovered microphone")
        tending.events.clear()
    print(f"back after {sorted(tending.took)} s")


@pytest.mark.parametrize("kind", ["source mic", "sink speaker"])
def test_a_device_that_is_suspended_is_missed_and_comes_back(virtual_sound, tending, kind):
    tending.flow()
    what, name = kind.split()
    virtual_sound.control(f"suspend-{what}", name, "1")
    fault = {"source": "microphone", "sink": "speaker"}[what]
    tending.until_told(f"Faulted {fault}")
    virtual_sound.control(f"suspend-{what}", name, "0")
    assert tending.flow() < BACK_SECONDS, tending.events


def test_a_source_of_silence_is_no_fault(virtual_sound, tending):
    tending.flow()
    tending.events.clear()
    tending.go_on(3.0)
    assert "Faulted microphone" not in tending.events


HANGING = '''
"""Stands in for the sound library: its streams fall silent, and closing one never ends."""
import sys, threading

class PortAudioError(Exception):
    pass

class Default:
    device = (0, 0)

default = Default()
DEVICE = dict(name="bath", hostapi=0, max_input_channels=1, max_output_channels=2,
              default_samplerate=16000.0, index=0)

def query_hostapis():
    return [dict(name="fake")]

def query_devices(device=None, kind=None):
    return DEVICE if kind else [DEVICE]

class Stream:
    latency = 0.0
    def __init__(self, **options):
        pass
    def start(self):
        pass
    def close(self, ignore_errors=True):
        threading.Event().wait()

InputStream = OutputStream = Stream
def _terminate(): pass
def _initialize(): pass
'''


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_a_service_whose_portaudio_hangs_in_closing_ends_to_be_started_again(tmp_path):
    (tmp_path / "sounddevice.py").write_text(HANGING)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        done = subprocess.run(
            [sys.executable, "-m", "voiceguide", "speaker"],
            env=os.environ | {
                "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path]),
                "NOTIFY_SOCKET": str(tmp_path / "notify"),
                "XDG_CACHE_HOME": str(tmp_path / "cache"),
                "XDG_CONFIG_HOME": str(tmp_path / "config"),
                "VOICEGUIDE_JOURNAL_FOLDER": str(tmp_path / "journal"),
            },
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=90,
        )  # fmt: skip
        assert manager.recv(100) == b"READY=1"
    assert done.returncode == 3
    assert "sound hangs" in done.stderr
