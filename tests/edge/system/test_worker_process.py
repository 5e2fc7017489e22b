"""The deadline of a job on machines of different speed, on a clock of the test's own."""

import io
import queue
from types import SimpleNamespace

import pytest

from voiceguide.edge.system import worker_process
from voiceguide.edge.system.worker_process import (
    STARTING_SECONDS,
    WorkerLostError,
    WorkerProcess,
)


class Worker:
    """Takes so long to be ready, then so long for each job; on a clock that only it moves."""

    pid = 1 << 30  # nobody's

    def __init__(self, ready_seconds, job_seconds=0.0):
        self.now = 0.0
        self.waits = [ready_seconds]
        self.job_seconds = job_seconds
        self.deadlines = []
        self.stdin = io.BytesIO()

    @property
    def stdout(self):
        return io.BytesIO()

    def get(self, timeout):
        self.deadlines.append(timeout)
        took = self.waits.pop() if self.waits else self.job_seconds
        self.now += min(took, timeout)
        if took > timeout:
            raise queue.Empty
        return {"words": []}

    def put(self, frame):
        """The end of what it writes: not of interest here."""

    def kill(self):
        self.killed = True

    def wait(self):
        """It is gone."""


@pytest.fixture
def started(monkeypatch):
    """A process that is this worker."""

    def start(worker):
        process = SimpleNamespace(Popen=lambda *_, **__: worker, PIPE=None, DEVNULL=None)
        queues = SimpleNamespace(SimpleQueue=lambda: worker, Empty=queue.Empty)
        monkeypatch.setattr(worker_process, "subprocess", process)
        monkeypatch.setattr(worker_process, "queue", queues)
        monkeypatch.setattr(worker_process, "time", SimpleNamespace(monotonic=lambda: worker.now))
        return WorkerProcess(["a worker"], "the worker", start_shares=30.0)

    return start


def test_a_fast_machine_keeps_the_deadline(started):
    worker = Worker(ready_seconds=0.2)
    process = started(worker)
    for _ in range(2):
        process.ask({"do": "render"}, 10.0)
    assert worker.deadlines == [STARTING_SECONDS, 10.0, 10.0]


def test_a_slow_machine_gets_longer_from_its_first_answer_on(started):
    worker = Worker(ready_seconds=4.0, job_seconds=90.0)
    assert started(worker).ask({"do": "render"}, 10.0) == {"words": []}
    assert worker.deadlines == [STARTING_SECONDS, 120.0]


def test_a_worker_that_is_never_ready_is_lost(started):
    process = started(Worker(ready_seconds=STARTING_SECONDS + 1))
    with pytest.raises(WorkerLostError, match="no answer within 120 s"):
        process.ask({"do": "render"}, 10.0)
    assert process.pid is None


def test_a_job_that_takes_too_long_for_this_machine_is_lost(started):
    process = started(Worker(ready_seconds=1.0, job_seconds=31.0))
    with pytest.raises(WorkerLostError, match="no answer within 30 s"):
        process.ask({"do": "render"}, 10.0)


def test_a_new_worker_is_measured_anew(started):
    worker = Worker(ready_seconds=4.0)
    process = started(worker)
    process.ask({"do": "render"}, 10.0)
    process.kill()
    worker.waits = [0.1]
    process.ask({"do": "render"}, 10.0)
    assert worker.deadlines[-1] == 10.0
