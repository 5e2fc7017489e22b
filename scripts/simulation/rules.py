"""The rules that hold at every step of every session, whatever happens.

One ``Rules`` watches one life of a guide from outside: what the session answers, what is placed on
the output timeline, and what is kept.
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
from voiceguide.sound.clip import Samples
from voiceguide.sound.mixer import Mixer


@dataclass(slots=True)
class _Sentence:
    tag: int
    start: int
    end: int
    is_cut: bool = False


class WatchedMixer(Mixer):
    """Notes where sentences lie, and that none lies over another."""

    def __init__(self, sample_rate_hz: int) -> None:
        super().__init__(sample_rate_hz)
        self.sentences: list[_Sentence] = []
        """Those that have not ended, and the last that has."""

    def play(
        self, samples: Samples, at_sample: int | None, *, tag: int | None, **options: object
    ) -> tuple[int, int]:
        """See ``Mixer``."""
        start, end = super().play(samples, at_sample, tag=tag, **options)
        if tag is not None:
            # What is cut off fades out while the next may begin.
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
        kept: what is in the journal of whoever is guided, kept up to date by whoever keeps.
        home: further rules.
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
        """How the session stood around the event that is being handled, or was last."""
        self._earlier = self.before
        self._world = world
        self._mixer = mixer
        self._kept = kept
        self._home = home
        self._can_keep = can_keep
        self._now = 0.0
        self._newest_id = 0
        self._awaited: set[int] = set()
        """Sentences whose end must still be reported."""
        self._reported: set[int] = set()
        self._strokes = StrokeLedger()
        self._undoable: dict[int, tuple[object, Snapshot | None]] = {}
        """What can be taken back, by identity, and how everything stood before it."""
        self._handle = session.handle
        # An instance's own attribute: what is watched may be a session of any class.
        session.handle = self._watch  # type: ignore[method-assign]

    def _watch(self, event: Event, now: float) -> tuple[Effect, ...]:
        session = self.session
        if not isfinite(now) or now < self._now:
            raise Broken("time goes on", f"{now:.3f} s comes after {self._now:.3f} s")
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
        self._strokes.take(event, effects, self.before.state, session, now)
        self._check_undo(event, top, overdue)
        self._home.take(event, effects, self.before, self.after, now)
        return effects

    def settled(self, now: float) -> None:
        """Everything that was due by now is done."""
        session = self.session
        self._home.settled(now)
        late = [
            one.tag
            for one in self._mixer.sentences
            if not one.is_cut and one.end <= self._mixer.position and one.tag not in self._reported
        ]
        if late:
            raise Broken("each end is reported once", f"the end of {late[0]} is not")
        deadline = session.next_deadline()
        if deadline is not None and not (isfinite(deadline) and deadline > now):
            raise Broken("time goes on", f"at {now:.3f} s the deadline {deadline:.3f} s is left")
        if session.has_ended:
            return
        if self._waits_for_nobody(deadline):
            raise Broken("there is a way on", f"nothing leads on from {session.state}")
        # Within a sample of what is due a stroke may be over that is only now to be kept.
        if deadline is None or deadline > now + 1e-6:
            self._check_kept(self._snapshot(now))

    def _snapshot(self, now: float) -> Snapshot:
        """How it stands at this moment; by itself a session tells how it was at the last event."""
        self.session._guide.turn.now = now
        return self.session.snapshot()

    def check_after_kill(self) -> None:
        """What was kept when the process ended in the midst of anything."""
        try:
            self._check_kept(self.after)
        except Broken:
            # A stroke that ended at this very moment is not kept yet.
            self._check_kept(self._earlier)

    def _waits_for_nobody(self, deadline: float | None) -> bool:
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
                        raise Broken("silence comes first", "a hush cuts off what is new")
                    self._awaited.clear()
                case Say(number, text, at):
                    if number <= self._newest_id or not text:
                        raise Broken("each end is reported once", f"{number} is used again")
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
        """The place in the journal is where the person is, but for one stroke."""
        if status.state not in UNDERWAY or not self._can_keep() or status.person == GUEST:
            return
        place = self._kept().get(status.routine_id or "")
        here = (status.section_id, status.step_id)
        if place is None or (place.section_id, place.step_id) != here:
            raise Broken("at most a stroke is lost", f"the person is at {here}, kept is {place}")
        lost = status.strokes_done - place.strokes_done
        if not 0 <= lost <= 1:
            raise Broken("at most a stroke is lost", f"{status.strokes_done} were done: {place}")

    def _check_undo(self, event: Event, top: object, overdue: bool) -> None:
        session = self.session
        undone = session._guide.marks.top()
        if not (isinstance(event, CommandHeard) and event.command is Command.UNDO):
            if undone is not None and id(undone) not in self._undoable:
                # What was due came first; how it stood then is not known.
                self._undoable[id(undone)] = (undone, None if overdue else self.before)
            return
        _, stood = self._undoable.get(id(top), (None, None))
        if top is None or stood is None or overdue or undone is top:
            return
        then, now = (_where(stood), _where(self.after))
        if isinstance(top, Preferences):
            then, now = _settings(stood), _settings(self.after)
        if stood.state is State.DAY and self.after.state is State.CHOOSING:
            return  # that day is done by now, or the programme was left
        if isinstance(top, Mark | Preferences) and then != now:
            raise Broken("undo leads back", f"to {now} and not to {then}")


def _where(status: Snapshot) -> tuple[object, ...]:
    return status.state, status.routine_id, status.section_id, status.step_id, status.strokes_done


def _settings(status: Snapshot) -> tuple[object, ...]:
    return status.tempo, status.words_per_minute, status.gain_db
