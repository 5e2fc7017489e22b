"""Runs a program of the person's own at each event, without a shell; nobody waits for it."""

import json
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from voiceguide.edge.system.children import dies_with_us, environment_for_children
from voiceguide.edge.system.log import Log

_log = Log("home")

WAITING = 32
"""How many events may wait for a slow program; the oldest are dropped."""
CLOSING_SECONDS = 2.0
"""How long the program is still given waiting events when the guide ends."""


class EventProgram:
    """One program, run once for each event, one at a time.

    The program gets the event as one line of JSON on its standard input, and the name of the event
    in the variable ``GUIDE_EVENT``; what it prints is thrown away.

    Args:
        command: the program and its arguments.
        seconds: how long it may take; then it is killed, with everything that it has started.
    """

    def __init__(self, command: tuple[str, ...], seconds: float) -> None:
        self._command = command
        self._seconds = seconds
        self._waiting: deque[Mapping[str, Any]] = deque(maxlen=WAITING)
        self._lock = threading.Condition()
        self._closing = False
        self._told = ""
        self._running: subprocess.Popen[bytes] | None = None
        self._before = dies_with_us()
        self._thread = threading.Thread(target=self._work, name="on-event", daemon=True)
        self._thread.start()

    def tell(self, event: Mapping[str, Any]) -> None:
        """Run it with this event, soon; any thread may call, and never waits."""
        with self._lock:
            self._waiting.append(event)
            self._lock.notify()

    def close(self) -> None:
        """Give the program waiting events for a moment, then end it."""
        with self._lock:
            self._closing = True
            self._lock.notify()
        self._thread.join(CLOSING_SECONDS)
        with self._lock:
            self._waiting.clear()
        if self._running is not None:
            _kill(self._running)
            self._thread.join(CLOSING_SECONDS)

    def _work(self) -> None:
        while True:
            with self._lock:
                while not self._waiting and not self._closing:
                    self._lock.wait()
                if not self._waiting:
                    return
                event = self._waiting.popleft()
            self._say(self._run(event))

    def _run(self, event: Mapping[str, Any]) -> str:
        """Run the program once; return what went wrong, or an empty text."""
        environment = environment_for_children()
        try:
            running = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment | {"GUIDE_EVENT": str(event.get("event", ""))},
                start_new_session=True,
                preexec_fn=self._before,
            )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return f"cannot be run: {error}"
        self._running = running
        try:
            running.communicate(
                f"{json.dumps(event, ensure_ascii=False)}\n".encode(), self._seconds
            )
        except subprocess.TimeoutExpired:
            _kill(running)
            running.communicate()
            return f"took longer than {self._seconds:g} s and was killed"
        finally:
            self._running = None
        return f"ended with {running.returncode}" if running.returncode else ""

    def _say(self, trouble: str) -> None:
        """Log a problem once, and again only after it was over or another one came."""
        if trouble and trouble != self._told:
            _log.warning("program", "failed", command=self._command[0], reason=trouble)
        self._told = trouble


def _kill(running: "subprocess.Popen[bytes]") -> None:
    """Kill the program and everything that it has started."""
    if not hasattr(os, "killpg"):  # Windows
        running.kill()
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
