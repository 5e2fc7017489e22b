"""A command in a terminal of its own, so wide, in which somebody types."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


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

    def wait_for(self, words, seconds=90.0):
        """Whether these words came in time."""
        end = time.monotonic() + seconds
        while words not in self.text:
            ready, _, _ = select.select([self._ours], [], [], max(0.0, end - time.monotonic()))
            try:
                more = os.read(self._ours, 65536) if ready else b""
            except OSError:  # how Linux tells that nobody has the other end open
                more = b""
            if not more:
                return False
            self._shown += more
        return True

    def type(self, line):
        """Type a line and press Enter."""
        os.write(self._ours, f"{line}\r".encode())

    def close(self):
        """Press Ctrl-C and wait for the command's end; gives its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        self.wait_for("never said \0", 30.0)
        try:
            return self._process.wait(30.0)
        finally:
            self._process.kill()
            os.close(self._ours)

    @property
    def text(self):
        """All that was shown, without colours and the like."""
        return _CONTROL.sub("", self._shown.decode(errors="replace"))

    @property
    def lines(self):
        """Each line that was shown, once."""
        return list(dict.fromkeys(line.rstrip() for line in re.split(r"[\r\n]+", self.text)))
