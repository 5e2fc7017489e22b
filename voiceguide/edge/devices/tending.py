"""Speaker and microphone that come and go: a session keeps its timeline and its thread.

A gap that ends by itself is bridged in silence: the timeline stands still meanwhile, so nothing
that is on it is lost, and the gap is counted. A speaker that stays away is replaced by a silent one
on the same mixer, so that time goes on; a microphone that stays away gives no blocks. Only then is
it told. Both are tried again every few seconds, off the loop's thread. A speaker
that nothing needs can rest: its device is let go of until something is to sound, and only then is
it found out whether it is still there.
"""

import threading
import time
from typing import Protocol, TypeVar

from voiceguide.core.errors import DeviceError
from voiceguide.core.events import Event, Fault, Faulted, Recovered
from voiceguide.edge.devices.microphone import Block, Microphone
from voiceguide.edge.devices.reopening import Attempts, Closing
from voiceguide.edge.devices.speaker import BRISK, CALM, OutputClock, Speaker
from voiceguide.edge.devices.stand_in import NullSpeaker, RestingSpeaker, StandingSpeaker
from voiceguide.sound.mixer import Mixer

RETRY_SECONDS = 2.0
"""Between two attempts to open a device that was lost."""
REST_SECONDS = 5.0
"""So long nothing has sounded when a speaker that may rest is let go of."""
ROUSE_SECONDS = 0.2
"""Between two attempts to open one that is needed again …"""
STAND_SECONDS = 3.0
"""… for which what is to sound waits no longer than this: then the speaker is lost."""
SETTLE_SECONDS = 3.0
"""A device that was opened again has this long to begin; PulseAudio once took 1.9 s."""
GAP_SECONDS = 0.5
"""A silence of a device that lasts longer counts as a gap."""
AGAIN_SECONDS = 30.0
"""A speaker that is lost less than so long after it was opened is asked for less from then on: it
may be there, and the machine have too much to do."""
DRAIN_SECONDS = 2.0
"""The last sound is waited for no longer than this."""


class Output:
    """Where the mixer is played, and the clock of the session."""

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
        """When something first wanted a speaker that rests."""
        self._opened_at = time.monotonic()
        self._demands = BRISK
        self._speaker = speaker
        self._name = name
        self._closing = Closing()
        self._attempts: Attempts[Speaker] | None = None
        if problem and waits:
            self._attempts = Attempts(self._open, RETRY_SECONDS)
        self.gaps = 0
        """Silences of the device that ended by themselves, or by opening it anew at once."""
        self._in_gap = False
        self.problem = problem
        """Why nothing can be heard, in one sentence; None where something can."""

    @property
    def mixer(self) -> Mixer:
        """The one timeline, whatever device plays it."""
        return self._speaker.mixer

    @property
    def clock(self) -> OutputClock:
        """Its time, whatever device plays it; never runs backwards."""
        return self._speaker.clock

    def now_seconds(self) -> float:
        """Seconds of the output timeline."""
        return self._speaker.now_seconds()

    @property
    def underflows(self) -> int:
        """Gaps that the present device played because a block came too late."""
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
        """It may come back at once; only a device that stays away is told."""
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
        found = self._attempts.result()
        if found is not None:
            self._hand_over(found)
        elif is_needed and time.monotonic() - self._needed_since > STAND_SECONDS:
            return self._give_up(self._attempts)
        elif not is_needed and not self._attempts.is_running:
            self._attempts = None  # It was not called after all; who has the device may keep it.
        return []

    def _open(self) -> Speaker:
        """One that does not play before the stand-in has ended: no sample goes to both."""
        speaker = Speaker(
            self._name,
            mixer=self.mixer,
            clock=self.clock,
            plays=False,
            demands=self._demands,
        )
        return _settled(speaker)

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
        """Let go of the device."""
        if self._attempts:
            self._attempts.close()
        self._speaker.close()


class Input:
    """Where blocks come from, as long as there is a microphone."""

    def __init__(
        self,
        microphone: Microphone | None,
        name: str | None,
        problem: str | None,
        waits: bool = False,
        channel: int | None = None,
    ):
        self._microphone = microphone
        self._name = name
        self._channel = channel
        self._closing = Closing()
        self._attempts: Attempts[Microphone] | None = None
        if problem and waits:
            self._attempts = Attempts(self._open, RETRY_SECONDS)
        self._silence = threading.Event()
        self._lost_since: float | None = None
        """When it was lost, as long as nobody was told."""
        self.gaps = 0
        """How often it was lost and back at once."""
        self.problem = problem
        """Why nothing can be heard, in one sentence; None where something can."""

    def read(self, timeout: float) -> Block | None:
        """The following block, or None when none came in time."""
        microphone = self._microphone
        if microphone is None:
            self._silence.wait(timeout)
            return None
        return microphone.read(timeout)

    @property
    def lost_blocks(self) -> int:
        """Blocks that the present device or its queue lost."""
        microphone = self._microphone
        return microphone.drops + microphone.overflows if microphone else 0

    def tend(self) -> list[Event]:
        """What happened to the device since the last call."""
        if self._microphone is not None:
            if self._microphone.alive():
                return []
            lost, self._microphone = self._microphone, None
            self._attempts = Attempts(self._open, ROUSE_SECONDS, at_once=True)
            self._lost_since = time.monotonic()
            self._closing.close(lost)
            return []
        found = self._attempts.result() if self._attempts else None
        if found is None:
            return self._tell_lost()
        self._microphone = found
        untold, self._lost_since = self._lost_since is not None, None
        self.gaps += untold
        return [] if untold else [Recovered(Fault.MICROPHONE)]

    def _tell_lost(self) -> list[Event]:
        since = self._lost_since
        if self._attempts is None or since is None or time.monotonic() - since <= STAND_SECONDS:
            return []
        self._lost_since = None
        self._attempts.every_seconds = RETRY_SECONDS
        return [Faulted(Fault.MICROPHONE)]

    def _open(self) -> Microphone:
        return _settled(Microphone(self._name, self._channel))

    @property
    def hangs(self) -> bool:
        """Whether PortAudio hangs in this device: only a new process has sound again."""
        return self._closing.hangs or (self._attempts is not None and self._attempts.hangs)

    def close(self) -> None:
        """Let go of the device."""
        if self._attempts:
            self._attempts.close()
        if self._microphone:
            self._microphone.close()


class _Settles(Protocol):
    """A speaker or a microphone."""

    name: str

    def settle(self, timeout_seconds: float) -> bool:
        """Whether it takes, or gives, something in that time."""

    def close(self) -> bool:
        """Let go of it."""


_Device = TypeVar("_Device", bound=_Settles)


def _settled(device: _Device) -> _Device:
    """The device once it works: one that is suspended opens as well, and takes or gives nothing.

    Raises:
        DeviceError: it does not.
    """
    if not device.settle(SETTLE_SECONDS):
        device.close()
        raise DeviceError(f"“{device.name}” opens, and nothing comes of it")
    return device


SHOWN_INSTEAD = "what is said is shown instead"
TYPED_INSTEAD = "words can be typed instead"


def open_output(name: str | None, *, waits: bool = False, instead: str = SHOWN_INSTEAD) -> Output:
    """The speaker of this name, or the default one; a silent stand-in where there is none.

    Args:
        waits: look for one that is missing for as long as it takes, one that was named too.
        instead: what then happens, for a person.

    Raises:
        DeviceError: a speaker was named and cannot be opened.
    """
    try:
        return Output(Speaker(name), name, None)
    except DeviceError as error:
        if name is not None and not waits:
            raise
        instead = "it is waited for" if waits else instead
        problem = _sentence(error, instead)
        return Output(NullSpeaker(), name, problem, waits)


def open_input(
    name: str | None,
    *,
    waits: bool = False,
    channel: int | None = None,
    instead: str = TYPED_INSTEAD,
) -> Input:
    """The microphone of this name, or the default one; a deaf stand-in where there is none.

    Args:
        waits: look for one that is missing for as long as it takes, one that was named too.
        channel: the one that is listened to, counted from 1; None for the best.
        instead: what then happens, for a person.

    Raises:
        DeviceError: a microphone was named and cannot be opened.
    """
    try:
        return Input(Microphone(name, channel), name, None, channel=channel)
    except DeviceError as error:
        if name is not None and not waits:
            raise
        instead = "it is waited for" if waits else instead
        problem = _sentence(error, instead)
        return Input(None, name, problem, waits, channel)


def _sentence(error: DeviceError, consequence: str) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}: {consequence}."
