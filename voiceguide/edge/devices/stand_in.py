"""Takes the place of a speaker: the timeline goes on, and nothing sounds."""

import contextlib
import threading
import time

from voiceguide.core.rates import SPEAKER_RATE_HZ
from voiceguide.edge.devices.speaker import OutputClock
from voiceguide.sound.mixer import Mixer


class NullSpeaker:
    """Stands in where there is no speaker: nothing sounds, and the timeline runs in real time."""

    name = "no speaker"
    latency_seconds = 0.0
    underflows = 0

    turn_seconds = 0.02

    def __init__(self, *, mixer: Mixer | None = None, clock: OutputClock | None = None) -> None:
        self.mixer = mixer or Mixer(SPEAKER_RATE_HZ)
        self.clock = clock or OutputClock(self.mixer)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="null-speaker", daemon=True)
        self._thread.start()

    def now_seconds(self) -> float:
        """The output timeline's time."""
        return self.clock.now_seconds()

    def settle(self, timeout_seconds: float = 1.0) -> bool:  # noqa: ARG002  (as Speaker's)
        """True at once: nothing has to wake up."""
        return True

    def alive(self) -> bool:
        """Whether the timeline runs."""
        return self._thread.is_alive()

    def close(self) -> bool:
        """Stop the timeline."""
        self._stop.set()
        with contextlib.suppress(RuntimeError):  # Closed from its own thread.
            self._thread.join()
        return True

    def __enter__(self) -> "NullSpeaker":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _work(self) -> None:
        rate = self.mixer.sample_rate_hz
        size = round(self.turn_seconds * rate)
        began, done, ended = time.monotonic(), 0, False
        while not ended:
            # A block is passed when its time is over, the last one as far as it goes: what follows
            # takes the timeline where it would be anyway.
            ended = self._stop.wait(began + (done + size) / rate - time.monotonic())
            count = size
            if ended:
                count = min(size, max(0, round((time.monotonic() - began) * rate) - done))
            if not self._pass(count):
                self.clock.stand(self.mixer.position)
                return
            done += count
            self.clock.mark(self.mixer.position)

    def _pass(self, count: int) -> bool:
        """Let the timeline move on by so many samples; tells whether to go on."""
        self.mixer.render(count)
        return True


class StandingSpeaker(NullSpeaker):
    """Stands in for a moment: the timeline stands still, so that nothing on it is lost."""

    name = "a speaker that stands"
    turn_seconds = 0.0

    def _pass(self, count: int) -> bool:  # noqa: ARG002 # as its parent's
        return False


class RestingSpeaker(NullSpeaker):
    """Stands in while nothing is to be heard, so that the device can be closed.

    The timeline stands still as soon as something is placed on it, and it is no longer ``alive``:
    a speaker must take its place, and nothing of what was placed is lost.
    """

    name = "a resting speaker"
    turn_seconds = 0.1
    """Long, for each turn costs something; shorter than the clock runs on by itself."""

    def _pass(self, count: int) -> bool:
        return self.mixer.pass_silently(count)
