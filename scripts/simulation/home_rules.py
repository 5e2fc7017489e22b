"""The rules of a home: persons, programmes, reminders, the person's own timer, and the tap.

Like ``Rules``, they watch one life of a guide from outside, event by event.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from simulation.outside import Outside
from simulation.strokes import Broken
from simulation.world import World

from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.effects import Hush, KeepProgramme, KeepTimer, Kept, Say
from voiceguide.core.events import (
    CommandHeard,
    ProgrammeChosen,
    SpeechEnded,
    SpeechFailed,
    TapClosed,
)
from voiceguide.core.session.preferences import GUEST
from voiceguide.core.session.rinse import LEAST_SECONDS
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.table import PUT_OFF, State
from voiceguide.loop import Moment

PATIENCE_SECONDS = 300.0
"""The guide tells within this time that a timer is over; it does not cut off a hold for it."""
SAID_AGAIN = (Command.WHAT, Command.REPEAT, Command.UNDO)
"""Commands that make the guide say something once more."""


@dataclass(slots=True)
class Reminded:
    """The reminders that were spoken; outlives the process."""

    days: list[str] = field(default_factory=list)
    put_off: int = 0
    """How often "later" was said since the last reminder."""

    def clock_was_set(self) -> None:
        """Forget the days: a clock that was set back reaches them a second time."""
        self.days.clear()


class HomeRules:
    """Holds one life of a guide against the rules.

    Args:
        wall: reads the wall clock.
        is_quiet: whether nobody speaks in the room.
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
        """Ids of the sentences that say that the timer is over, as long as they may be heard."""
        self._is_told = False
        self._waits_since: float | None = None
        self._tap_ended = False

    def take(self, moment: Moment, before: Snapshot) -> None:
        """Check one moment of the session.

        Args:
            before: how the session stood before it.

        Raises:
            Broken: a rule does not hold.
        """
        self._check_persons(moment, before)
        self._check_programme(moment, before)
        self._check_reminder(moment, before)
        self._check_timer(moment)
        self._check_tap(moment, before)

    def settled(self, now: float) -> None:
        """Check the session once everything that was due by now is done."""
        ends = self._timer_ends
        is_here = not self._session.has_ended
        if is_here and ends is not None and not self._is_told and now > ends + PATIENCE_SECONDS:
            raise Broken("a timer rings once", f"it was over at {ends:.1f} s and was not told")

    def _check_persons(self, moment: Moment, before: Snapshot) -> None:
        there = (before.person, moment.after.person)
        for effect in moment.effects:
            if not isinstance(effect, Kept):
                continue
            if isinstance(effect, KeepTimer):
                if there == (GUEST, GUEST):
                    raise Broken("a guest leaves nothing", f"{effect}")
            elif effect.person not in there:
                raise Broken("each has a place of their own", f"{effect}, but {there} are guided")
        person = moment.after.person
        if person == GUEST or self._outside.is_unsure or before.person == person:
            return
        # A person who takes over finds what was kept of them, and nothing of anybody else.
        held = self._session._guide.course.memory.places
        kept = tuple(self._outside.known(person).places.values())
        if held != kept and not any(isinstance(effect, Kept) for effect in moment.effects):
            raise Broken("each has a place of their own", f"{person} has {held}, not {kept}")

    def _check_programme(self, moment: Moment, before: Snapshot) -> None:
        for effect in moment.effects:
            if not isinstance(effect, KeepProgramme) or isinstance(moment.event, ProgrammeChosen):
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

    def _check_reminder(self, moment: Moment, before: Snapshot) -> None:
        event = moment.event
        if isinstance(event, CommandHeard) and event.command in PUT_OFF:
            self._reminded.put_off += before.state is State.REMINDING
        came = moment.state is State.REMINDING and before.state is not State.REMINDING
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

    def _check_timer(self, moment: Moment) -> None:
        event, now = moment.event, moment.at_seconds
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
        for effect in moment.effects:
            if isinstance(effect, Hush):
                self._tellings.clear()
            if not isinstance(effect, Say) or effect.text != wording.TIMER_OVER or asked:
                continue
            if self._timer_ends is None or now < self._timer_ends - 1e-6:
                raise Broken("a timer rings once", f"it rings at {now:.1f}, not {self._timer_ends}")
            if self._is_told:
                raise Broken("a timer rings once", f"it rings again at {now:.1f} s")
            self._tellings.add(effect.utterance_id)

    def _check_tap(self, moment: Moment, before: Snapshot) -> None:
        now, after = moment.at_seconds, moment.after
        waits = before.state is State.WAITING
        wait = before.step.wait if waits and before.step else None
        if isinstance(moment.event, TapClosed) and wait and wait.by_tap:
            since = self._waits_since
            self._tap_ended |= since is not None and now - since >= LEAST_SECONDS - 1e-6
        moved = (before.state, before.position) != (after.state, after.position)
        said = {effect.text for effect in moment.effects if isinstance(effect, Say)}
        # Without a move it is a sentence that was cut off, said again where the person now is.
        told = moved and wording.TAP_CLOSED in said
        if told and waits and not self._tap_ended:
            raise Broken("a tap ends a rinse", "the wait ends, but no tap was closed")
        if self._tap_ended and not moved and not self._session._guide.mouth.is_busy:
            raise Broken("a tap ends a rinse", "the tap was closed, but the wait goes on")
        if after.state is not State.WAITING:
            self._waits_since, self._tap_ended = None, False
        elif moved or not waits:
            self._waits_since, self._tap_ended = now, False
