"""A real `voiceguide serve --wyoming`, in a process of its own, for tests."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SOON_SECONDS = 120.0


def until(condition: Callable[[], bool]) -> None:
    """Wait for what happens in the background."""
    end = time.monotonic() + SOON_SECONDS
    while not condition():
        assert time.monotonic() < end
        threading.Event().wait(0.02)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The server; can be killed and started again at the same port."""

    def __init__(self, home: Path, *options: str) -> None:
        self.port = free_port()
        self.uri = f"tcp://127.0.0.1:{self.port}"
        self._options = options
        self._environment = os.environ | {
            "XDG_CONFIG_HOME": str(home / "config"),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self._process: subprocess.Popen[str] | None = None
        self.said: list[str] = []

    def start(self) -> None:
        """Return when it serves."""
        command = [sys.executable, "-m", "voiceguide", "serve"]
        command += ["--wyoming", f"127.0.0.1:{self.port}", *self._options]
        self._process = subprocess.Popen(
            command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            text=True, start_new_session=True,
        )  # fmt: skip
        assert self._process.stdout
        self.said.append(self._process.stdout.readline().rstrip())

    def end(self, *, gently: bool = False) -> int:
        """Kill it, or ask it to end; its exit code."""
        assert self._process and self._process.stdout
        self._process.terminate() if gently else self._process.kill()
        code = self._process.wait(20)
        self._process.stdout.close()
        self._process = None
        return code

    @property
    def runs(self) -> bool:
        """Whether it has been started and not ended."""
        return self._process is not None


@contextmanager
def serving(home: Path, *options: str) -> Iterator[Server]:
    """A server that has begun to serve."""
    server = Server(home, *options)
    server.start()
    try:
        yield server
    finally:
        if server.runs:
            server.end()
