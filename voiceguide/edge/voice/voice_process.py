"""One worker process of the voice, with a deadline for every job."""

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from typing import IO, BinaryIO, cast

from voiceguide.core.errors import SpeechError
from voiceguide.edge.system.children import environment_for_children
from voiceguide.edge.voice.voice_worker import Frame, read_frame, write_frame

WORKER_COMMAND = (sys.executable, "-m", "voiceguide.edge.voice.voice_worker")
PIPER_COMMAND = (sys.executable, "-m", "voiceguide.edge.voice.piper_worker")


STARTING_SECONDS = 120.0
"""A worker that is not ready after so long hangs, even on a small computer with a slow card."""
_START_SHARES = 30
"""A job may take so many times as long as the worker took to be ready. A sentence of four seconds
takes about 0.1 of that with espeak, a passage of half a minute about 2 with Piper; both scale with
the processor, as the start does."""


class WorkerLostError(Exception):
    """The worker hung or died; it is gone, and the next job starts a fresh one."""


class VoiceProcess:
    """Starts the worker when it is needed and kills it when it is late.

    Not thread-safe except for ``kill``: one thread asks.
    """

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        self.command = tuple(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._replies: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._start_seconds = 0.0  # that of the worker that runs; 0 until it is ready
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The worker's process id; None while none runs."""
        return None if self._process is None else self._process.pid

    def ask(self, job: Frame, deadline_seconds: float) -> Frame:
        """The reply to ``job``. Raises WorkerLostError when there is none in time.

        ``deadline_seconds`` is that of a fast machine; where the worker was slow to start, a job
        may take longer in proportion.
        """
        self._start()
        process = self._process
        if process is None:
            raise WorkerLostError("the speech worker was closed")
        if not self._start_seconds:
            began = time.monotonic()
            self._reply(STARTING_SECONDS)
            self._start_seconds = time.monotonic() - began
        with contextlib.suppress(OSError, ValueError):  # it died: that is what the reply says
            write_frame(cast(BinaryIO, process.stdin), job)
        return self._reply(max(deadline_seconds, _START_SHARES * self._start_seconds))

    def _reply(self, deadline_seconds: float) -> Frame:
        try:
            reply = self._replies.get(timeout=deadline_seconds)
        except queue.Empty:
            self.kill()
            raise WorkerLostError(f"no answer within {deadline_seconds:.3g} s") from None
        if reply is None:
            self.kill()
            raise WorkerLostError("the speech worker died")
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

    def _start(self) -> None:
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
                raise SpeechError(f"the speech worker cannot be started: {error}") from error
            replies: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
            self._process, self._replies, self._start_seconds = process, replies, 0.0
        threading.Thread(
            target=_pump, args=(process.stdout, replies), name="voice-replies", daemon=True
        ).start()


def _pump(stdout: IO[bytes], replies: "queue.SimpleQueue[Frame | None]") -> None:
    with stdout, contextlib.suppress(OSError, ValueError):
        while (frame := read_frame(stdout)) is not None:
            replies.put(frame)
    replies.put(None)
