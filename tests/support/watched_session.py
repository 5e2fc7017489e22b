"""A live session in a process of its own, and what it tells; see session_devices.py."""

import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path

from support.places import SUPPORT


class WatchedSession:
    """The guide's process and what it tells."""

    def __init__(self, sound, *arguments, **env):
        home = sound.home(Path(sound.env["HOME"]))
        self.env = home | {"PYTHONPATH": os.pathsep.join(sys.path)} | env
        self.process = subprocess.Popen(
            [sys.executable, SUPPORT / "session_devices.py", *arguments],
            env=self.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.lines = []
        self._coming = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

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
