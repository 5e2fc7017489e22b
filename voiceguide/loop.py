"""Receives events, asks the session, performs its effects; the one thread that touches both.

``Conductor`` is that step, on any clock. ``Loop`` runs it live: it sleeps until something
happens, a sentence ends or a deadline comes.
"""

import queue
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from voiceguide.core.decision.audibility import QUIET, NoiseWatch
from voiceguide.core.effects import Cue, Effect, PlayCue
from voiceguide.core.events import CommandHeard, DeadlineReached, Event, NoiseChanged, TapClosed
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import RESTING, State
from voiceguide.edge.system.log import Log
from voiceguide.performer import Performer

_log = Log("ears")

_ANSWERS = (Cue.HEARD, Cue.UNDONE)


@dataclass(frozen=True, slots=True)
class Moment:
    """An event of a session and its answer, for everything that watches (a display, a log)."""

    at_seconds: float
    event: Event
    effects: tuple[Effect, ...]
    after: Snapshot
    """How the session stands after it: the one picture that everybody shows."""

    @property
    def state(self) -> State:
        """The state after the event."""
        return self.after.state

    @property
    def was_obeyed(self) -> bool:
        """Whether the event is a command that was obeyed. One that means nothing in its state, as
        somebody may type it, is not; a cue answers each that is.
        """
        return isinstance(self.event, CommandHeard) and any(
            isinstance(each, PlayCue) and each.cue in _ANSWERS for each in self.effects
        )


Watcher = Callable[[Moment], None]


class Conductor:
    """Hands events to the session in order and performs what it answers.

    Args:
        make_performer: is given the function by which the performer posts events of its own.
        watch: is told of every step.
        may_go_on: whether more may be said by itself. Until then the session is told of no end of a
            sentence and no deadline: what began is said to its end, and nothing comes after it.
    """

    def __init__(
        self,
        session: Session,
        make_performer: Callable[[Callable[[Event], None]], Performer],
        watch: Watcher | None = None,
        may_go_on: Callable[[], bool] = lambda: True,
    ) -> None:
        self.session = session
        self._watch = watch
        self.may_go_on = may_go_on
        self._following: deque[Event] = deque()
        self._taps_closed = 0
        self.performer = make_performer(self._following.append)

    def handle(self, event: Event, now: float) -> None:
        """Handle an event, and those that follow from performing it."""
        self._following.append(event)
        self._drain(now)

    def advance(self, now: float) -> None:
        """Handle every end of a sentence and every deadline up to ``now``, in order."""
        self._drain(now)
        if not self.may_go_on():
            return
        for ended in self.performer.ended():
            self.handle(ended, max(ended.at_seconds, now))
        for _ in range(1000):
            deadline = self.session.next_deadline()
            if deadline is None or deadline > now:
                return
            self.handle(DeadlineReached(), now)
        raise RuntimeError(f"a deadline in state {self.session.state} never leaves the past")

    def listen_to_noise(self, noise: NoiseWatch, now: float) -> None:
        """Tell the session when it becomes too loud to hear, when it is quiet enough again, and
        when a tap was closed; from a softer noise on, have the guide speak clearly.
        """
        session, is_loud = self.session, noise.loud
        self.performer.follow_noise(noise.snr_db)
        if not session.has_ended and is_loud != session.is_loud:
            _log.info("noise", "changed", too_loud=is_loud)
            self.handle(NoiseChanged(is_loud), now)
        closed, self._taps_closed = noise.taps_closed - self._taps_closed, noise.taps_closed
        if closed > 0 and not session.has_ended:  # new ears begin to count from 0 again
            _log.info("tap", "closed", state=session.state.value)
            self.handle(TapClosed(), now)

    def next_seconds(self) -> float | None:
        """When ``advance`` has something to do; None while only an event can change anything."""
        if not self.may_go_on():
            return None
        times = (self.session.next_deadline(), self.performer.next_end_seconds())
        return min((time for time in times if time is not None), default=None)

    def _drain(self, now: float) -> None:
        while self._following:
            event = self._following.popleft()
            effects = self.session.handle(event, now)
            for effect in effects:
                self.performer.perform(effect)
            # The background of a session must not go on all night.
            self.performer.accompany(self.session.state not in (*RESTING, State.ENDED))
            if self._watch:
                self._watch(Moment(now, event, effects, self.session.snapshot()))


IDLE_SECONDS = 0.25
"""The loop looks at its devices at least this often …"""
HELD_SECONDS = 0.05
"""… and, while nothing more may be said, whether it may by now."""
EARLY_SECONDS = 0.002


class Loop:
    """Runs a conductor on a live clock until the session has ended.

    Args:
        now: seconds of the output timeline.
        tend: looks after the devices; called about four times a second.
        noise: tells how far a voice would stand out of the noise; asked as often.

    """

    def __init__(
        self,
        conductor: Conductor,
        now: Callable[[], float],
        tend: Callable[[], None] = lambda: None,
        noise: NoiseWatch = QUIET,
    ) -> None:
        self._conductor = conductor
        self._now = now
        self._tend = tend
        self._noise = noise
        self._inbox: queue.SimpleQueue[Event | Callable[[], None]] = queue.SimpleQueue()

    def post(self, event: Event) -> None:
        """Hand over an event from any thread."""
        self._inbox.put(event)

    def call(self, function: Callable[[], None]) -> None:
        """Have a function run on the loop's thread (a finished rendering, say)."""
        self._inbox.put(function)

    def run(self) -> None:
        """Return when the session has ended."""
        while not self._conductor.session.has_ended:
            self._wait()
            self._conductor.advance(self._now())
            self._tend()
            self._conductor.listen_to_noise(self._noise, self._now())

    def _wait(self) -> None:
        """Sleep until something is due, then take everything that has come in."""
        due = self._conductor.next_seconds()
        timeout = IDLE_SECONDS if self._conductor.may_go_on() else HELD_SECONDS
        if due is not None:
            timeout = min(timeout, max(EARLY_SECONDS, due - self._now()))
        try:
            item = self._inbox.get(timeout=timeout)
        except queue.Empty:
            return
        while True:
            if callable(item):
                item()
            else:
                self._conductor.handle(item, self._now())
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                return
