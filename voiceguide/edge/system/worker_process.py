"""One worker process, with a deadline for every job."""

import contextlib
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from typing import IO, BinaryIO, cast

from voiceguide.edge.system.children import environment_for_children
from voiceguide.edge.system.frames import Frame, read_frame, write_frame

STARTING_SECONDS = 120.0
"""A worker that is not ready after this long hangs, even on a small computer with a slow card."""
_PIPE_BYTES = 1 << 18
"""Room for the longest sound of one job, so that sending it waits for nobody."""


class WorkerLostError(Exception):
    """The worker hung or died; it is gone, and the next job starts a fresh one."""


class WorkerProcess:
    """Starts the worker when it is needed and kills it when it is late.

    Not thread-safe except for ``kill`` and ``is_running``: one thread asks.

    Args:
        command: starts it; it reads jobs and writes replies as ``edge/system/frames.py`` says.
        what: it is, for a person: "the speech worker".
        start_shares: a job may take so many times as long as the worker took to be ready, where
            that is more than its deadline: both scale with the processor.
    """

    def __init__(self, command: Sequence[str], what: str, start_shares: float = 0.0) -> None:
        self.command = tuple(command)
        self._what = what
        self._start_shares = start_shares
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._pump: threading.Thread | None = None
        self._start_seconds = 0.0  # that of the worker that runs; 0 until it is ready
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while none runs."""
        return None if self._process is None else self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether it was started and has not died since; any thread may ask."""
        pump = self._pump
        return self._process is not None and pump is not None and pump.is_alive()

    def start(self) -> None:
        """Have it begin to make itself ready, if it does not run; waits for nothing.

        Raises:
            WorkerLostError: it cannot be started.
        """
        with self._lock:
            if self._closed or self._process is not None:
                return
            try:
                process = subprocess.Popen(
                    self.command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    env=environment_for_children(),
                )
            except OSError as error:
                raise WorkerLostError(f"{self._what} cannot be started: {error}") from error
            replies: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
            pump = threading.Thread(
                target=_hand_over, args=(process.stdout, replies), name="replies", daemon=True
            )
            _widen(cast(IO[bytes], process.stdin))
            self._process, self._replies, self._start_seconds = process, replies, 0.0
            self._pump = pump
        pump.start()

    def ask(self, job: Frame, deadline_seconds: float, sound: bytes = b"") -> Frame:
        """The reply to ``job``. Raises WorkerLostError when there is none in time.

        ``deadline_seconds`` is that of a fast machine; where the worker was slow to start, a job
        may take longer in proportion (``start_shares``).
        """
        self.start()
        process = self._process
        if process is None:
            raise WorkerLostError(f"{self._what} was closed")
        if not self._start_seconds:
            began = time.monotonic()
            self._reply(STARTING_SECONDS)
            self._start_seconds = time.monotonic() - began
        with contextlib.suppress(OSError, ValueError):  # it died: that is what the reply says
            write_frame(cast(BinaryIO, process.stdin), job, sound)
        return self._reply(max(deadline_seconds, self._start_shares * self._start_seconds))

    def _reply(self, deadline_seconds: float) -> Frame:
        try:
            reply = self._replies.get(timeout=deadline_seconds)
        except queue.Empty:
            self.kill()
            raise WorkerLostError(f"no answer within {deadline_seconds:.3g} s") from None
        if reply is None:
            self.kill()
            raise WorkerLostError(f"{self._what} died")
        return reply

    def kill(self, *, for_good: bool = False) -> None:
        """End the worker and whatever it started, at once; ``for_good``: start no other."""
        with self._lock:
            self._closed = self._closed or for_good
            process, self._process = self._process, None
        if process is None:
            return
        if os.name == "posix":
            # The worker leads a group of its own: a job it forked ends with it.
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            cast(IO[bytes], process.stdin).close()


def _widen(pipe: IO[bytes]) -> None:
    """Linux alone can; elsewhere a long sound is taken in as fast as the worker reads it."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _hand_over(stdout: IO[bytes], replies: "queue.SimpleQueue[Frame | None]") -> None:
    with stdout, contextlib.suppress(OSError, ValueError):
        while (frame := read_frame(stdout)) is not None:
            replies.put(frame)
    replies.put(None)
