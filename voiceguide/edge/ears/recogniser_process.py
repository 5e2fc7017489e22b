"""The recogniser in a process of its own: where it crashes, nothing here ends.

Kaldi ends its process on much that it does not expect, such as a damaged model.
"""

import sys
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from voiceguide.core.errors import ModelError
from voiceguide.edge.ears.recogniser_port import RecogniserLostError, Result
from voiceguide.edge.models.model_probe import PROBE_SECONDS, probe_model
from voiceguide.edge.system.frames import Frame
from voiceguide.edge.system.worker_process import WorkerLostError, WorkerProcess

WORKER_COMMAND = (sys.executable, "-m", "voiceguide.edge.ears.recogniser_worker")
DEADLINE_SECONDS = 8.0
"""What takes longer hangs: a block of 50 ms takes 1 to 30 ms, an utterance heard again less than a
second. It is less than what the listener allows the ears."""


class RecogniserProcess:
    """A model in a worker process; ``load`` is what a `Recogniser` wants.

    One thread asks; only ``is_running`` and ``close`` may be called from others.
    """

    def __init__(self, command: Sequence[str] = WORKER_COMMAND) -> None:
        """Start the process, without waiting for it.

        Raises:
            RecogniserLostError: it cannot be started.
        """
        self._worker = WorkerProcess(command, "the recogniser's process")
        self._numbers = count()
        self._over: list[int] = []
        try:
            self._worker.start()
        except WorkerLostError as error:
            raise RecogniserLostError(str(error)) from error

    @property
    def pid(self) -> int | None:
        """The worker's process id; None where none runs."""
        return self._worker.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self._worker.is_running

    def load(self, folder: Path) -> "RecogniserProcess":
        """Use the model in this folder for every stream made from now on.

        Raises:
            ModelError: Vosk is missing, or the model is broken, half there or of another kind.
        """
        probe_model(folder)
        self.ask({"do": "load", "folder": str(folder)}, deadline_seconds=PROBE_SECONDS)
        return self

    def known(self, words: Iterable[str]) -> frozenset[str]:
        """Those of these words that the vocabulary has."""
        return frozenset(self.ask({"do": "known", "words": list(words)})["known"])

    def stream(self, grammar: Iterable[str]) -> "ProcessStream":
        """A recogniser that can write only these phrases (and what is in between)."""
        return ProcessStream(self, next(self._numbers), tuple(grammar))

    def ask(
        self, job: Frame, sound: bytes = b"", deadline_seconds: float = DEADLINE_SECONDS
    ) -> Frame:
        """The worker's reply to a job; ``recogniser_worker.py`` lists the jobs.

        Raises:
            ModelError: the model cannot be used.
            RecogniserLostError: there is no usable reply; the process has been ended.
        """
        over, self._over = self._over, []
        if over:
            job |= {"over": over}
        if sound:
            job |= {"bytes": len(sound)}
        try:
            reply = self._worker.ask(job, deadline_seconds, sound)
        except WorkerLostError as error:
            self.close()
            raise RecogniserLostError(str(error)) from error
        if reply.get("error") == "model":
            raise ModelError(str(reply["message"]))
        if "error" in reply:
            self.close()
            raise RecogniserLostError(f"the recogniser failed: {reply['message']}")
        return reply

    def forget(self, stream: int) -> None:
        """Drop this stream; the worker is told with the next job."""
        self._over.append(stream)

    def close(self) -> None:
        """End the process for good."""
        self._worker.kill(for_good=True)


class ProcessStream:
    """One recogniser with its grammar, in the worker."""

    def __init__(self, process: RecogniserProcess, number: int, grammar: Sequence[str]) -> None:
        self._process = process
        self._number = number
        process.ask({"do": "stream", "stream": number, "grammar": list(grammar)})

    def hear(self, sound: bytes) -> tuple[str, bool]:
        """See `Stream`."""
        reply = self._process.ask({"do": "hear", "stream": self._number}, sound)
        return reply["text"], reply["closed"]

    def reset(self) -> None:
        """See `Stream`."""
        self._process.ask({"do": "reset", "stream": self._number})

    def whole(self, sound: bytes) -> Result:
        """See `Stream`."""
        return Result(**self._process.ask({"do": "whole", "stream": self._number}, sound))

    def __del__(self) -> None:
        self._process.forget(self._number)
