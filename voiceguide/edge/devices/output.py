"""A speaker that comes and goes: a session keeps its timeline and its thread.

A gap that ends by itself is only counted: the timeline stands still meanwhile, so that nothing on
it is lost. A speaker that stays away is replaced by a silent one on the same mixer, so that time
goes on; only then is the person told. It is tried again every few seconds, off the loop's thread. A
speaker that nothing needs can rest: its device is closed until something is to sound, and only then
does it show whether the device is still there.
"""

import threading
import time

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Event, Fault, Faulted, Recovered
from voiceguide.edge.devices.reopening import (
    RETRY_SECONDS,
    ROUSE_SECONDS,
    STAND_SECONDS,
    Attempts,
    Closing,
    problem_of,
    settled,
)
from voiceguide.edge.devices.speaker import BRISK, CALM, OutputClock, Speaker
from voiceguide.edge.devices.stand_in import NullSpeaker, RestingSpeaker, StandingSpeaker
from voiceguide.sound.mixer import Mixer

REST_SECONDS = 5.0
"""A speaker that may rest is closed after nothing has sounded for this long."""
GAP_SECONDS = 0.5
"""A silence of a device that lasts longer counts as a gap."""
AGAIN_SECONDS = 30.0
"""Where a speaker is lost this soon after it was opened, less is asked of it from then on: it may
be there, and the machine may have too much to do."""
DRAIN_SECONDS = 2.0
"""The longest wait for the last sound."""
SHOWN_INSTEAD = "what is said is shown instead"


class Output:
    """Plays the mixer, and is the clock of the session."""

    def __init__(
        self,
        speaker: Speaker | NullSpeaker,
        name: str | None,
        problem: str | None,
        waits: bool = False,
    ):
        self.may_rest = False
        """Let go of the device once nothing has sounded for some seconds, until something is to."""
        self._silent_since: float | None = None
        self._needed_since = 0.0
        """When something first needed a speaker that rests."""
        self._opened_at = time.monotonic()
        self._demands = BRISK
        self._speaker = speaker
        self._name = name
        self._closing = Closing()
        self._attempts: Attempts[Speaker] | None = None
        if problem and waits:
            self._attempts = Attempts(self._open, RETRY_SECONDS)
        self.gaps = 0
        """How many gaps of the device ended by themselves, or by opening it anew at once."""
        self._in_gap = False
        self.problem = problem
        """Why nothing sounds, in one sentence; None where the speaker works."""

    @property
    def mixer(self) -> Mixer:
        """The mixer of the one timeline, whatever device plays it."""
        return self._speaker.mixer

    @property
    def clock(self) -> OutputClock:
        """The timeline's clock, whatever device plays it; it never runs backwards."""
        return self._speaker.clock

    def now_seconds(self) -> float:
        """Seconds of the output timeline."""
        return self._speaker.now_seconds()

    @property
    def underflows(self) -> int:
        """How many gaps the present device played because a block came too late."""
        return self._speaker.underflows

    def tend(self) -> list[Event]:
        """What happened to the device since the last call."""
        if isinstance(self._speaker, Speaker):
            return self._tend_playing(self._speaker)
        if isinstance(self._speaker, StandingSpeaker):
            return self._tend_standing()
        if isinstance(self._speaker, RestingSpeaker):
            return self._tend_resting(self._speaker)
        found = self._attempts.result() if self._attempts else None
        if found is None:
            return []
        self._hand_over(found)
        return [Recovered(Fault.SPEAKER)]

    def _tend_playing(self, speaker: Speaker) -> list[Event]:
        gone = not speaker.alive()
        in_gap = speaker.silent_seconds > GAP_SECONDS
        if self._in_gap and not in_gap:
            self.gaps += 1
        self._in_gap = in_gap and not gone
        if not gone and not self._is_idle():
            return []
        speaker.plays = False
        self._closing.close(speaker)
        stand_in = StandingSpeaker if gone else RestingSpeaker
        self._speaker = stand_in(mixer=self.mixer, clock=self.clock)
        if not gone:
            return []
        soon = time.monotonic() - self._opened_at < AGAIN_SECONDS
        self._demands = CALM if soon else BRISK
        self._attempts = Attempts(self._open, ROUSE_SECONDS, at_once=True)
        self._needed_since = time.monotonic()
        return []

    def _tend_standing(self) -> list[Event]:
        """Wait for a device that may come back at once; only one that stays away is told."""
        assert self._attempts
        found = self._attempts.result()
        if found is not None:
            self.gaps += 1
            self._hand_over(found)
        elif time.monotonic() - self._needed_since > STAND_SECONDS:
            return self._give_up(self._attempts)
        return []

    def _give_up(self, attempts: Attempts[Speaker]) -> list[Event]:
        attempts.every_seconds = RETRY_SECONDS
        self._speaker.close()
        self._speaker = NullSpeaker(mixer=self.mixer, clock=self.clock)
        return [Faulted(Fault.SPEAKER)]

    def _tend_resting(self, resting: RestingSpeaker) -> list[Event]:
        is_needed = not (self.may_rest and resting.alive())
        if self._attempts is None:
            if not is_needed:
                return []
            self._demands = BRISK
            self._attempts = Attempts(self._open, ROUSE_SECONDS, at_once=True)
            self._needed_since = time.monotonic()
        found = self._attempts.result(again=is_needed)
        if found is not None:
            self._hand_over(found)
        elif is_needed and time.monotonic() - self._needed_since > STAND_SECONDS:
            return self._give_up(self._attempts)
        elif not is_needed and not self._attempts.is_running:
            # The guide was not called after all, so whoever has the device may keep it.
            self._attempts = None
        return []

    def _open(self) -> Speaker:
        """A speaker that does not play before the stand-in has ended, so that no sample goes to
        both.
        """
        speaker = Speaker(
            self._name,
            mixer=self.mixer,
            clock=self.clock,
            plays=False,
            demands=self._demands,
        )
        return settled(speaker)

    def _hand_over(self, found: Speaker) -> None:
        self._speaker.close()
        self._speaker, self._attempts = found, None
        self._silent_since = None
        self._opened_at = time.monotonic()
        found.plays = True

    def _is_idle(self) -> bool:
        """Whether it may rest and nothing has sounded for long enough."""
        now = time.monotonic()
        if not self.may_rest or not self.mixer.is_silent:
            self._silent_since = None
            return False
        if self._silent_since is None:
            self._silent_since = now
        return now - self._silent_since >= REST_SECONDS

    @property
    def hangs(self) -> bool:
        """Whether PortAudio hangs in this device: only a new process has sound again."""
        return self._closing.hangs or (self._attempts is not None and self._attempts.hangs)

    def drain(self) -> None:
        """Wait until everything that was placed has sounded."""
        waited = threading.Event()
        until = time.monotonic() + DRAIN_SECONDS
        while self.mixer.busy and time.monotonic() < until:
            waited.wait(0.02)
        waited.wait(self._speaker.latency_seconds + 0.05)

    def close(self) -> None:
        """Close the device."""
        if self._attempts:
            self._attempts.close()
        self._speaker.close()


def open_output(name: str | None, *, waits: bool = False, instead: str = SHOWN_INSTEAD) -> Output:
    """The speaker of this name, or the default one; a silent stand-in where there is none.

    Args:
        waits: whether to look for a missing one for as long as it takes, even where it is named.
        instead: what happens without a speaker, in words for a person.

    Raises:
        DeviceError: a speaker was named and cannot be opened.
    """
    try:
        return Output(Speaker(name), name, None)
    except DeviceError as error:
        if name is not None and not waits:
            raise
        return Output(NullSpeaker(), name, problem_of(error, waits, instead), waits)
