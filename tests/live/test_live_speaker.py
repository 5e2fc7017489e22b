"""``voiceguide speaker`` as systemd runs it: told of on a real socket, killed, started again."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest


class Manager:
    """Stands where systemd does: starts the service and takes its messages."""

    def __init__(self, sound, folder):
        self._environment = sound.home(folder) | {
            "NOTIFY_SOCKET": str(folder / "notify"),
            "JOURNAL_STREAM": "8:1",
            "VOICEGUIDE_LOG_LEVEL": "info",
            "RUNTIME_DIRECTORY": str(folder / "run"),
        }
        self._log = folder / "log"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "notify"))
        self._socket.settimeout(60.0)

    @contextmanager
    def service(self, watchdog_seconds):
        """The running service."""
        more = {"WATCHDOG_USEC": str(round(watchdog_seconds * 1e6))}
        command = [sys.executable, "-m", "voiceguide", "speaker"]
        with (
            self._log.open("w") as log,
            subprocess.Popen(
                command, env=self._environment | more, stdin=subprocess.DEVNULL, stderr=log
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    def take(self, message):
        """Wait for a message; gives those that came before it."""
        before = []
        while (got := self._socket.recv(4096).decode()) != message:
            before.append(got)
        return before

    def ask(self, *options):
        """What ``voiceguide status`` prints."""
        command = [sys.executable, "-m", "voiceguide", "status", *options]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True)
        return done.stdout, done.stderr, done.returncode

    def log(self):
        """Every line that the service has logged."""
        return self._log.read_text().splitlines()

    def close(self):
        """End."""
        self._socket.close()


@pytest.fixture
def manager(virtual_sound, tmp_path):
    manager = Manager(virtual_sound, tmp_path)
    yield manager
    manager.close()


def test_it_is_ready_lives_and_ends_when_asked(manager):
    with manager.service(watchdog_seconds=1.5) as service:
        assert manager.take("READY=1") == []
        for _ in range(3):
            assert manager.take("WATCHDOG=1") == []
        shown, _, code = manager.ask()
        assert code == 0
        assert "state     asleep" in shown
        assert "memory bytes" in shown
        assert json.loads(manager.ask("--json")[0])["session"]["state"] == "asleep"
        service.send_signal(signal.SIGTERM)
        assert set(manager.take("STOPPING=1")) <= {"WATCHDOG=1"}
        assert service.wait(30) == 0
    _, complaint, code = manager.ask()
    assert code == 2
    assert complaint.startswith("voiceguide: no guide is running")
    ours = [line for line in manager.log() if not line.startswith("ALSA lib")]
    assert all(line.startswith("<") for line in ours), ours


def test_one_that_hangs_shows_no_life_and_its_successor_is_ready(manager):
    with manager.service(watchdog_seconds=0.9) as service:
        manager.take("READY=1")
        manager.take("WATCHDOG=1")
        os.kill(service.pid, signal.SIGSTOP)
        manager._socket.settimeout(2.0)
        with pytest.raises(TimeoutError):
            for _ in range(10):
                manager.take("WATCHDOG=1")
        manager._socket.settimeout(60.0)
        os.kill(service.pid, signal.SIGKILL)
    with manager.service(watchdog_seconds=0.9):
        manager.take("READY=1")
