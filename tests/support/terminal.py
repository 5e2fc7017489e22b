"""A command in a terminal of its own, so wide, in which somebody types."""

import fcntl
import os
import re
import signal
import struct
import subprocess
import termios
import threading

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_MOVED = re.compile(r"\x1b\[[0-9;]*[A-HJKf]")
"""The cursor goes elsewhere, or something is wiped."""


class Terminal:
    """Starts a command in a terminal."""

    def __init__(self, command, columns, env):
        ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        env = {key: value for key, value in env.items() if key not in ("COLUMNS", "NO_COLOR")}
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        env |= {"TERM": "xterm", "LANG": "C.UTF-8"}
        self._process = subprocess.Popen(command, env=env, start_new_session=True, **streams)
        os.close(theirs)
        self._ours = ours
        self._shown = b""
        self._ended = False
        self._changed = threading.Condition()
        # What nobody reads would stop the command.
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            try:
                more = os.read(self._ours, 65536)
            except OSError:  # how Linux tells that nobody has the other end open
                more = b""
            with self._changed:
                self._shown += more
                self._ended = not more
                self._changed.notify_all()
            if not more:
                return

    def wait_for(self, words, seconds=120.0):
        """Whether these words came in time."""
        with self._changed:
            self._changed.wait_for(lambda: words in self.text or self._ended, seconds)
            return words in self.text

    def type(self, line):
        """Type a line and press Enter."""
        os.write(self._ours, f"{line}\r".encode())

    def close(self):
        """Press Ctrl-C and wait for the command's end; gives its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(30.0)
        finally:
            self._process.kill()
            with self._changed:
                self._changed.wait_for(lambda: self._ended, 30.0)
            os.close(self._ours)

    @property
    def text(self):
        """All that was shown, without colours and the like."""
        return _CONTROL.sub("", self._shown.decode(errors="replace"))

    @property
    def lines(self):
        """Each line that was shown, once."""
        moved = _MOVED.sub("\n", self._shown.decode(errors="replace"))
        lines = re.split(r"[\r\n]+", _CONTROL.sub("", moved))
        return list(dict.fromkeys(line.rstrip() for line in lines))
