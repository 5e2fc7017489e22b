"""The rules of a home: persons, programmes, reminders, timers of one's own, and the tap.

Like ``Rules`` they watch one life of a guide from outside, event by event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from simulation.outside import Outside
from simulation.strokes import Broken
from simulation.world import World

from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.effects import Effect, Hush, KeepProgramme, KeepTimer, Kept, Say
from voiceguide.core.events import (
    CommandHeard,
    Event,
    ProgrammeChosen,
    SpeechEnded,
    SpeechFailed,
    TapClosed,
)
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.session.rinse import LEAST_SECONDS
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import State

PATIENCE_SECONDS = 300.0
"""A timer that is over is told within this time: what goes on then, a hold say, is not cut off."""
SAID_AGAIN = (Command.WHAT, Command.REPEAT, Command.UNDO)
"""They have the guide say something once more."""


@dataclass(slots=True)
class Reminded:
    """What was spoken unasked; outlives the process."""

    days: list[str] = field(default_factory=list)
    put_off: int = 0
    """How often "later" was said since the last of them."""

    def clock_was_set(self) -> None:
        """Whoever sets the clock back has days come once more."""
        self.days.clear()


class HomeRules:
    """Holds one life of a guide against the rules.

    Args:
        wall: the wall clock.
        is_quiet: whether nobody speaks.
    """

    def __init__(
        self,
        world: World,
        session: Session,
        outside: Outside,
        reminded: Reminded,
        wall: Callable[[], datetime],
        is_quiet: Callable[[], bool],
    ) -> None:
        self._world = world
        self._session = session
        self._outside = outside
        self._reminded = reminded
        self._wall = wall
        self._is_quiet = is_quiet
        self._timer_ends = session._guide.persons.timer_left()
        self._tellings: set[int] = set()
        """Sentences that tell that the timer is over, and may still be heard."""
        self._is_told = False
        self._waits_since: float | None = None
        self._tap_ended = False

    def take(
        self,
        event: Event,
        effects: tuple[Effect, ...],
        before: Snapshot,
        after: Snapshot,
        now: float,
    ) -> None:
        """Take in an event and what answered it."""
        self._check_persons(effects, before, after)
        self._check_programme(event, effects, before)
        self._check_reminder(event, before, after)
        self._check_timer(event, effects, now)
        self._check_tap(event, effects, before, after, now)

    def settled(self, now: float) -> None:
        """Everything that was due by now is done."""
        ends = self._timer_ends
        is_here = not self._session.has_ended
        if is_here and ends is not None and not self._is_told and now > ends + PATIENCE_SECONDS:
            raise Broken("a timer rings once", f"it was over at {ends:.1f} s and was not told")

    def _check_persons(
        self, effects: tuple[Effect, ...], before: Snapshot, after: Snapshot
    ) -> None:
        there = (before.person, after.person)
        for effect in effects:
            if not isinstance(effect, Kept):
                continue
            if isinstance(effect, KeepTimer):
                if there == (GUEST, GUEST):
                    raise Broken("a guest leaves nothing", f"{effect}")
            elif effect.person not in there:
                raise Broken("each has a place of their own", f"{effect}, and there is {there}")
        person = after.person
        if person == GUEST or self._outside.is_unsure or before.person == person:
            return
        # Whoever comes finds what was kept of them, and nothing of anybody else.
        held = self._session._guide.course.memory.places
        kept = tuple(self._outside.known(person).places.values())
        if held != kept and not any(isinstance(effect, Kept) for effect in effects):
            raise Broken("each has a place of their own", f"{person} has {held} and not {kept}")

    def _check_programme(self, event: Event, effects: tuple[Effect, ...], before: Snapshot) -> None:
        for effect in effects:
            if not isinstance(effect, KeepProgramme) or isinstance(event, ProgrammeChosen):
                continue
            was, now = self._outside.known(effect.person).standing, effect.standing
            if self._outside.is_unsure:
                continue
            if was is None or was.programme_id != now.programme_id or now.done != was.done + 1:
                raise Broken("a day counts once", f"{now} comes after {was}")
            if was.done_on == now.done_on:
                raise Broken("a day counts once", f"{now.done_on} counted already: {was}")
            if before.person == GUEST:
                raise Broken("a guest leaves nothing", f"{now}")

    def _check_reminder(self, event: Event, before: Snapshot, after: Snapshot) -> None:
        if isinstance(event, CommandHeard) and event.command is Command.LATER:
            self._reminded.put_off += before.state is State.REMINDING
        came = after.state is State.REMINDING and before.state is not State.REMINDING
        if not came or isinstance(event, CommandHeard):
            return
        wall, remind = self._wall(), self._reminded
        day = wall.date().isoformat()
        if self._world.settings.is_night(wall.time()):
            raise Broken("a reminder is polite", f"it is spoken at {wall:%H:%M}")
        if not self._is_quiet():
            raise Broken("a reminder is polite", "it is spoken while somebody speaks")
        if before.state is not State.ASLEEP:
            raise Broken("a reminder is polite", f"it breaks into {before.state}")
        if day in remind.days and remind.put_off < 1:
            raise Broken("a reminder is polite", f"it is spoken again on {day}")
        remind.days.append(day)
        remind.put_off = 0

    def _check_timer(self, event: Event, effects: tuple[Effect, ...], now: float) -> None:
        if isinstance(event, SpeechEnded | SpeechFailed) and event.utterance_id in self._tellings:
            self._tellings.discard(event.utterance_id)
            self._is_told = True
        ends = self._session._guide.own_timer.end_seconds
        if ends is not None and ends != self._timer_ends:
            self._timer_ends, self._is_told = ends, False
            self._tellings.clear()
        elif (
            isinstance(event, CommandHeard) and event.command is Command.TIMER_OFF and ends is None
        ):
            self._timer_ends = None
            self._tellings.clear()
        asked = isinstance(event, CommandHeard) and event.command in SAID_AGAIN
        for effect in effects:
            if isinstance(effect, Hush):
                self._tellings.clear()
            if not isinstance(effect, Say) or effect.text != wording.TIMER_OVER or asked:
                continue
            if self._timer_ends is None or now < self._timer_ends - 1e-6:
                raise Broken("a timer rings once", f"it rings at {now:.1f}, not {self._timer_ends}")
            if self._is_told:
                raise Broken("a timer rings once", f"it rings again at {now:.1f} s")
            self._tellings.add(effect.utterance_id)

    def _check_tap(
        self,
        event: Event,
        effects: tuple[Effect, ...],
        before: Snapshot,
        after: Snapshot,
        now: float,
    ) -> None:
        waits = before.state is State.WAITING
        wait = before.step.wait if waits and before.step else None
        if isinstance(event, TapClosed) and wait and wait.by_tap:
            since = self._waits_since
            self._tap_ended |= since is not None and now - since >= LEAST_SECONDS - 1e-6
        moved = (before.state, before.position) != (after.state, after.position)
        # Cut off later on, it is said again where the person then is.
        told = moved and any(isinstance(e, Say) and e.text == wording.TAP_CLOSED for e in effects)
        if told and waits and not self._tap_ended:
            raise Broken("a tap ends a rinse", "the wait ends, and no tap was closed")
        if self._tap_ended and not moved and not self._session._guide.mouth.is_busy:
            raise Broken("a tap ends a rinse", "it was closed, and the wait goes on")
        if after.state is not State.WAITING:
            self._waits_since, self._tap_ended = None, False
        elif moved or not waits:
            self._waits_since, self._tap_ended = now, False
