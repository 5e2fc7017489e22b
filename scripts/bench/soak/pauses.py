"""Waits for a pause of a live guide by listening to its virtual speaker, as a person would."""

import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping
from types import TracebackType

import numpy as np

RATE_HZ = 8000
CHUNK_SECONDS = 0.02
LOUD = 0.001
"""The peak (0–1) above which the speaker is not silent."""
MOST_TICKS_SECONDS = 0.25
"""The share of a pause that may be sound: ticks may sound in it."""


class Pauses:
    """Listens to a virtual speaker until the end of the context."""

    def __init__(self, environment: Mapping[str, str], pause_seconds: float) -> None:
        self._environment = dict(environment)
        self._loud: deque[bool] = deque(maxlen=round(pause_seconds / CHUNK_SECONDS))
        self._heard = threading.Condition()
        self._gone = False

    def __enter__(self) -> "Pauses":
        command = ["parec", "--raw", "--device=speaker.monitor", f"--rate={RATE_HZ}"]
        command += ["--channels=1", "--format=s16le", "--latency-msec=20"]
        self._process = subprocess.Popen(
            command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until the guide has paused for long enough; return whether it has, in time."""
        with self._heard:
            until = time.monotonic() + timeout_seconds
            while not self.is_pause():
                left = until - time.monotonic()
                if left <= 0 or self._gone:
                    return False
                self._heard.wait(left)
        return True

    def is_pause(self) -> bool:
        """Whether nothing but ticks has sounded for long enough."""
        whole = len(self._loud) == self._loud.maxlen
        return whole and sum(self._loud) * CHUNK_SECONDS <= MOST_TICKS_SECONDS

    def take(self, sound: bytes) -> None:
        """Take in a chunk of sound, 16 bit."""
        peak = float(np.abs(np.frombuffer(sound, "<i2").astype(np.float32)).max(initial=0.0))
        with self._heard:
            self._loud.append(peak > LOUD * 32768)
            self._heard.notify_all()

    def _listen(self) -> None:
        size = 2 * round(RATE_HZ * CHUNK_SECONDS)
        assert self._process.stdout
        while len(sound := self._process.stdout.read(size)) == size:
            self.take(sound)
        with self._heard:
            self._gone = True
            self._heard.notify_all()
