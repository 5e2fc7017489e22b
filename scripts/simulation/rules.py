"""The rules that hold at every step of every session, whatever happens.

One ``Rules`` watches one life of a guide from outside: what the session answers, what is placed on
the output timeline, and what the journal keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite

from simulation.home_rules import HomeRules
from simulation.strokes import Broken, StrokeLedger
from simulation.world import World

from voiceguide.core.commands import Command
from voiceguide.core.effects import FADE_SECONDS, Effect, Hush, KeepPlace, Place, PlayCue, Say
from voiceguide.core.events import CommandHeard, Event, SpeechEnded, SpeechFailed
from voiceguide.core.session.preferences import GUEST, Preferences
from voiceguide.core.session.session import Session
from voiceguide.core.session.snapshot import Snapshot
from voiceguide.core.session.undo import Mark
from voiceguide.core.table import RESTING, UNDERWAY, State
from voiceguide.core.timeline.pace import LATE_SECONDS
from voiceguide.core.timeline.progress import position_of
from voiceguide.loop import Moment
from voiceguide.sound.clip import Samples
from voiceguide.sound.mixer import Mixer


@dataclass(slots=True)
class _Sentence:
    tag: int
    start: int
    end: int
    is_cut: bool = False


class WatchedMixer(Mixer):
    """A mixer that notes where sentences lie, and checks that none overlaps another."""

    def __init__(self, sample_rate_hz: int) -> None:
        super().__init__(sample_rate_hz)
        self.sentences: list[_Sentence] = []
        """The sentences that have not ended, and the last one that has."""

    def play(
        self, samples: Samples, at_sample: int | None, *, tag: int | None, **options: object
    ) -> tuple[int, int]:
        """See ``Mixer``."""
        start, end = super().play(samples, at_sample, tag=tag, **options)
        if tag is not None:
            # A sentence that is cut off fades out, and the next one may begin meanwhile.
            fading = round(FADE_SECONDS * self.sample_rate_hz)
            for one in self.sentences:
                if start < one.end - (fading if one.is_cut else 0):
                    raise Broken("one sentence at a time", f"{tag} begins before {one.tag} ends")
            self.sentences = [one for one in self.sentences if one.end > self.position]
            self.sentences.append(_Sentence(tag, start, end))
        return start, end

    def fade_out(self, fade_samples: int) -> None:
        """See ``Mixer``."""
        super().fade_out(fade_samples)
        now = self.position
        self.sentences = [one for one in self.sentences if one.start < now]
        for one in self.sentences:
            if one.end > now:
                one.end, one.is_cut = min(one.end, now + fade_samples), True


class Rules:
    """Holds one life of a guide against the rules.

    Args:
        mixer: the output timeline of this life.
        kept: gives the places in the journal of the person who is guided.
        home: the rules of the home, which are checked along with these.
        can_keep: whether the disk works.
    """

    def __init__(
        self,
        world: World,
        session: Session,
        mixer: WatchedMixer,
        kept: Callable[[], dict[str, Place]],
        home: HomeRules,
        can_keep: Callable[[], bool],
    ) -> None:
        self.session = session
        self.before = self.after = session.snapshot()
        """How the session stood before and after the latest event."""
        self._earlier = self.before
        self._world = world
        self._mixer = mixer
        self._kept = kept
        self._home = home
        self._can_keep = can_keep
        self._now = 0.0
        self._newest_id = 0
        self._awaited: set[int] = set()
        """Ids of the sentences whose end must still be reported."""
        self._reported: set[int] = set()
        self._strokes = StrokeLedger()
        self._undoable: dict[int, tuple[object, Snapshot | None]] = {}
        """By the identity of each mark on the undo stack: the mark, and how the session stood
        before the command that it takes back."""
        self._handle = session.handle
        # Set on the instance, so that a session of any class can be watched.
        session.handle = self._watch  # type: ignore[method-assign]

    def _watch(self, event: Event, now: float) -> tuple[Effect, ...]:
        session = self.session
        if not isfinite(now) or now < self._now:
            raise Broken("time goes on", f"{now:.3f} s was told after {self._now:.3f} s")
        self._now = now
        self._check_report(event)
        deadline = session.next_deadline()
        overdue = deadline is not None and deadline <= now
        top = session._guide.marks.top()
        self._earlier = session.snapshot()
        self.before = self._snapshot(now)
        effects = self._handle(event, now)
        self.after = session.snapshot()
        self._check_form(effects, now)
        moment = Moment(now, event, effects, self.after)
        self._strokes.take(moment, self.before.state, session)
        self._check_undo(event, top, overdue)
        self._home.take(moment, self.before)
        return effects

    def settled(self, now: float) -> None:
        """Check the session once everything that was due by now is done."""
        session = self.session
        self._home.settled(now)
        late = [
            one.tag
            for one in self._mixer.sentences
            if not one.is_cut and one.end <= self._mixer.position and one.tag not in self._reported
        ]
        if late:
            raise Broken("each end is reported once", f"the end of {late[0]} was not reported")
        deadline = session.next_deadline()
        if deadline is not None and not (isfinite(deadline) and deadline > now):
            raise Broken("time goes on", f"at {now:.3f} s a deadline is left at {deadline:.3f} s")
        if session.has_ended:
            return
        if self._is_stuck(deadline):
            raise Broken("there is a way on", f"nothing leads on from {session.state}")
        # Less than a sample before a deadline a stroke may be over that is not kept yet.
        if deadline is None or deadline > now + 1e-6:
            self._check_kept(self._snapshot(now))

    def _snapshot(self, now: float) -> Snapshot:
        """How the session stands now; its own `snapshot` tells how it stood at the last event."""
        self.session._guide.turn.now = now
        return self.session.snapshot()

    def check_after_kill(self) -> None:
        """Check what was kept, after the process was killed at any instant."""
        try:
            self._check_kept(self.after)
        except Broken:
            # A stroke that ended at this very moment is not kept yet.
            self._check_kept(self._earlier)

    def _is_stuck(self, deadline: float | None) -> bool:
        """Whether neither time nor a word leads on from here."""
        session = self.session
        commands = session.commands()
        if session.state in RESTING:
            return Command.WAKE not in commands
        asks_only = session._guide.sleep.stays() and session.state is State.CHOOSING
        moves = bool(self._awaited) or deadline is not None or asks_only
        return Command.STOP not in commands or not moves

    def _check_form(self, effects: tuple[Effect, ...], now: float) -> None:
        session = self.session
        for effect in effects:
            match effect:
                case Hush():
                    if effect is not effects[0]:
                        raise Broken("silence comes first", "a hush cuts off a new sentence")
                    self._awaited.clear()
                case Say(number, text, at):
                    if number <= self._newest_id or not text:
                        raise Broken("each end is reported once", f"the id {number} is used again")
                    self._newest_id = number
                    self._awaited.add(number)
                    self._check_time(at, now, text)
                case PlayCue(cue, at):
                    self._check_time(at, now, cue)
                case KeepPlace(place):
                    own = session.routine
                    routine = own if own and own.id == place.routine_id else None
                    routine = routine or self._world.library.get(place.routine_id)
                    if routine is None or position_of(routine, place) is None:
                        raise Broken("places exist", f"{place} is in no routine")

    def _check_time(self, at: float, now: float, what: str) -> None:
        if not isfinite(at) or at < now - LATE_SECONDS - 1e-6:
            raise Broken("nothing is due in the past", f"{what!r} at {at:.3f} s, it is {now:.3f} s")

    def _check_report(self, event: Event) -> None:
        if not isinstance(event, SpeechEnded | SpeechFailed):
            return
        number = event.utterance_id
        if number in self._reported or number > self._newest_id:
            raise Broken("each end is reported once", f"the end of {number} is reported again")
        self._reported.add(number)
        self._awaited.discard(number)

    def _check_kept(self, status: Snapshot) -> None:
        """Check that the place in the journal is the person's, or at most one stroke behind."""
        if status.state not in UNDERWAY or not self._can_keep() or status.person == GUEST:
            return
        place = self._kept().get(status.routine_id or "")
        here = (status.section_id, status.step_id)
        if place is None or (place.section_id, place.step_id) != here:
            raise Broken("at most a stroke is lost", f"the person is at {here}, not at {place}")
        lost = status.strokes_done - place.strokes_done
        if not 0 <= lost <= 1:
            raise Broken(
                "at most a stroke is lost", f"{status.strokes_done} were done, not {place}"
            )

    def _check_undo(self, event: Event, top: object, overdue: bool) -> None:
        session = self.session
        undone = session._guide.marks.top()
        if not (isinstance(event, CommandHeard) and event.command is Command.UNDO):
            if undone is not None and id(undone) not in self._undoable:
                # Something that was due was done first; how the session then stood is not known.
                self._undoable[id(undone)] = (undone, None if overdue else self.before)
            return
        _, stood = self._undoable.get(id(top), (None, None))
        if top is None or stood is None or overdue or undone is top:
            return
        then, now = (_where(stood), _where(self.after))
        if isinstance(top, Preferences):
            then, now = _settings(stood), _settings(self.after)
        if stood.state is State.DAY and self.after.state is State.CHOOSING:
            return  # that day is done by now, or the person left the programme
        if isinstance(top, Mark | Preferences) and then != now:
            raise Broken("undo leads back", f"it led to {now}, not to {then}")


def _where(status: Snapshot) -> tuple[object, ...]:
    return status.state, status.routine_id, status.section_id, status.step_id, status.strokes_done


def _settings(status: Snapshot) -> tuple[object, ...]:
    return status.tempo, status.words_per_minute, status.gain_db
