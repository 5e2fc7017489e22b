"""A session: told what happened and what time it is, answers with what to do.

The transitions machine decides what a trigger means in a state; this class turns events into
triggers, and keeps earcon, words and memory in order.
"""

from collections.abc import Mapping
from dataclasses import replace
from math import inf
from typing import assert_never

from voiceguide.core import wording
from voiceguide.core.commands import Command, Phrasebook
from voiceguide.core.effects import (
    Cue,
    Effect,
    PlayCue,
    SetSpeechRate,
)
from voiceguide.core.errors import RoutineError
from voiceguide.core.events import (
    Adjusted,
    CommandHeard,
    DeadlineReached,
    Event,
    Fault,
    Faulted,
    Interrupted,
    NoiseChanged,
    Recovered,
    SpeechEnded,
    SpeechFailed,
    Started,
    VolumeLimited,
)
from voiceguide.core.routine.routine import Routine
from voiceguide.core.session.guide import Guide
from voiceguide.core.session.machine import build_machine
from voiceguide.core.session.mouth import Spoken
from voiceguide.core.session.outlook import Outlook, outlook
from voiceguide.core.session.preferences import Manner, Memory, Preferences
from voiceguide.core.session.state import Alarm
from voiceguide.core.session.status import Status
from voiceguide.core.session.undo import leads_back
from voiceguide.core.table import State, live_commands
from voiceguide.core.timeline.pacing import LATE_SECONDS
from voiceguide.core.timeline.progress import place_of


class Session:
    """One person's way through a routine.

    Args:
        library: the routines that can be chosen, already selected for the person. One that has
            nothing left for them is no choice.
        book: the phrases of the language, routine names included.
        memory: places kept from earlier sessions.
        preferences: tempo, speech rate and volume remembered from earlier sessions.
        routine_id: the routine asked for; None asks aloud.
        manner: what the person wants of this session.

    Raises:
        RoutineError: there is nothing to do in the routine asked for, or in any.
    """

    def __init__(
        self,
        library: Mapping[str, Routine],
        book: Phrasebook,
        memory: Memory | None = None,
        preferences: Preferences | None = None,
        routine_id: str | None = None,
        manner: Manner | None = None,
    ) -> None:
        choices = {key: routine for key, routine in library.items() if any(routine.steps())}
        if not choices or (routine_id and routine_id not in choices):
            raise RoutineError(
                f"nothing is left to do in {routine_id or 'any routine'};"
                " avoid fewer zones, or choose another time of day or routine."
            )
        self._guide = Guide(
            choices,
            book,
            memory or Memory(),
            preferences or Preferences(),
            routine_id,
            manner or Manner(),
        )
        self._machine = build_machine(self._guide)

    @property
    def state(self) -> State:
        """The present state."""
        return self._guide.state

    @property
    def routine(self) -> Routine | None:
        """The routine that is under way, or was last chosen."""
        return self._guide.routine

    @property
    def has_ended(self) -> bool:
        """Whether there is nothing left to do."""
        return self.state is State.ENDED

    def commands(self) -> frozenset[Command]:
        """What is listened for now: of "on" and "off", which sound alike, the one that changes
        anything.
        """
        on = self._guide.preferences.breath is not None
        idle = Command.BREATHING_ON if on else Command.BREATHING_OFF
        return live_commands(self.state) - {idle}

    def next_deadline(self) -> float | None:
        """When ``DeadlineReached`` must be handled; None while only an event can change anything.

        While an aside is spoken everything else stands still.
        """
        guide = self._guide
        if guide.mouth.in_aside or not guide.alarms:
            return None
        return min(guide.alarms.values())

    def count_days(self, streak: int) -> None:
        """Another day has come: so many in a row there will have been (`Memory.streak`)."""
        self._guide.memory = replace(self._guide.memory, streak=streak)

    def status(self) -> Status:
        """What can be shown now."""
        guide = self._guide
        place = place_of(guide.routine, guide.mark().position) if guide.routine else None
        step = guide.step if guide.routine else None
        breath = guide.beat.breath_of(step) if step else None
        preferences = guide.preferences
        return Status(
            state=self.state,
            routine_id=guide.routine.id if guide.routine else None,
            section_id=place.section_id if place else None,
            step_id=place.step_id if place else None,
            strokes_done=place.strokes_done if place else 0,
            stroke_count=step.count * len(step.sides) if step else 0,
            tempo=preferences.tempo,
            words_per_minute=preferences.words_per_minute,
            gain_db=preferences.gain_db,
            breaths_per_minute=60 / breath.seconds if breath else None,
            is_loud=guide.loudness.is_loud,
            volume_db=guide.volume.sounding(preferences.gain_db),
        )

    def outlook(self) -> Outlook:
        """What a picture needs besides; more work than ``status``, so asked only when shown."""
        return outlook(self._guide)

    def handle(self, event: Event, now: float) -> tuple[Effect, ...]:
        """What to do because of an event at ``now`` seconds, in the order to do it."""
        guide = self._guide
        guide.now = now
        guide.effects = []
        guide.command = None
        guide.opening = isinstance(event, Started)
        if self.has_ended:
            return ()
        match event:
            case Started():
                self._start()
            case CommandHeard(command, routine_id):
                self._obey(command, routine_id)
            case SpeechEnded(utterance_id, at_seconds):
                self._ended(utterance_id, at_seconds)
            case SpeechFailed(utterance_id):
                self._ended(utterance_id, now)
            case DeadlineReached():
                self._alarmed()
            case Faulted(fault):
                self._fault(fault)
            case Recovered(fault):
                self._recover(fault)
            case NoiseChanged(is_loud):
                guide.noise_became(is_loud)
            case Adjusted(tempo, gain_db):
                guide.adjust(tempo, gain_db)
            case VolumeLimited(limit_db):
                guide.change_volume(replace(guide.volume, limit_db=limit_db))
            case Interrupted():
                self._fire("interrupt")
            case _:
                assert_never(event)
        if not self.has_ended:
            guide.return_to_notice()
            guide.tell_loud()
        return guide.take_effects()

    def _catch_up(self) -> None:
        """Do first what fell due before a word that was handled late."""
        guide, now = self._guide, self._guide.now
        due = min(guide.alarms.get(alarm, inf) for alarm in (Alarm.STROKE, Alarm.TIMER))
        if due <= now and not guide.mouth.in_aside:
            self._alarmed()
            guide.now = now

    def _fire(self, trigger: str) -> None:
        self._machine.events[trigger].trigger(self._guide)

    def _start(self) -> None:
        guide = self._guide
        guide.do(SetSpeechRate(guide.preferences.words_per_minute))
        guide.sound_as_wanted()
        latest = guide.memory.latest
        if guide.named:
            self._fire(Command.CHOOSE)
        elif latest and guide.kept_position(latest.routine_id) and guide.was_interrupted():
            self._fire("rejoin")
        elif guide.stays():
            self._fire("drowsy")
        else:
            guide.ask_which()

    def _obey(self, command: Command, routine_id: str | None) -> None:
        guide = self._guide
        self._catch_up()
        if command not in live_commands(self.state):
            return
        if command is Command.CHOOSE:
            if routine_id not in guide.library:
                return
            guide.wanted = routine_id
        guide.command = command
        guide.heard_at = guide.now
        before = guide.mark() if leads_back(command, self.state) else None
        undoing = command is Command.UNDO and not guide.nothing_to_undo()
        if self.state is State.STOPPING and command is Command.RESUME:
            guide.undone.drop_move()
        entries = guide.entries
        self._fire(command)
        if guide.entries > entries:
            guide.led_on_at = None
            if before:
                guide.undone.push(guide.now, before)
        cue = Cue.UNDONE if undoing else Cue.HEARD
        guide.do(PlayCue(cue, guide.now))

    def _ended(self, utterance_id: int, at_seconds: float) -> None:
        guide = self._guide
        # What follows is placed after the sentence's last sample, not after its being reported.
        guide.now = at_seconds = max(at_seconds, guide.now - LATE_SECONDS)
        guide.tell_loud_after(utterance_id)
        spoken, more = guide.mouth.ended(utterance_id, at_seconds)
        guide.do(*more)
        if spoken is Spoken.ASIDE:
            guide.go_on_after_aside()
        elif spoken is Spoken.NARRATION:
            if self.state is State.TELLING:
                self._fire("told")
            elif self.state is State.PACING:
                guide.begin_strokes(at_seconds)
            elif self.state in (State.STOPPING, State.CLOSING):
                guide.set_linger()
            else:
                guide.set_reminder()

    def _alarmed(self) -> None:
        guide = self._guide
        now = guide.now
        due = [(alarm, at) for alarm, at in guide.alarms.items() if at <= now + 1e-9]
        for alarm, at in sorted(due, key=lambda pair: pair[1]):
            if guide.alarms.get(alarm) != at:
                continue  # an alarm before it has left the state
            del guide.alarms[alarm]
            match alarm:
                case Alarm.STROKE:
                    self._stroke()
                case Alarm.TOLD:
                    self._fire("told")
                case Alarm.TIMER:
                    guide.do(PlayCue(Cue.DONE, now))
                    self._fire("waited")
                case Alarm.MARK:
                    guide.tell_timer_mark()
                case Alarm.REMIND:
                    # A question that is being said again brings its own reminder.
                    if not guide.mouth.is_busy:
                        self._remind()
                case Alarm.SLEEP:
                    if not guide.stay_awake():
                        self._fire("drowsy")
                case Alarm.LINGER:
                    if not guide.mouth.is_busy:
                        self._fire("over")
                case _:
                    assert_never(alarm)

    def _stroke(self) -> None:
        guide = self._guide
        if guide.complete_side():
            if not guide.finish_side():
                if guide.step.hold:
                    guide.do(PlayCue(Cue.DONE, guide.now))
                self._fire("paced")
        elif not guide.tell_loud_between_strokes():
            guide.fix_stroke()

    def _remind(self) -> None:
        if self._guide.deaf:
            self._fire("waited")
        else:
            self._guide.remind()

    def _fault(self, fault: Fault) -> None:
        guide = self._guide
        if fault in guide.broken:
            return
        guide.broken.add(fault)
        if self.state is State.ASLEEP:
            return  # told when somebody calls
        sentence, recovery = wording.FAULTS[fault], wording.RECOVERIES[fault]
        unheard = any(not guide.mouth.was_heard(text, guide.now) for text in (sentence, recovery))
        self._withdraw(recovery)
        if not unheard:
            guide.notice(sentence)
            guide.do(PlayCue(Cue.FAULT, guide.now))

    def _recover(self, fault: Fault) -> None:
        guide = self._guide
        if fault not in guide.broken:
            return
        guide.broken.discard(fault)
        if self.state is State.ASLEEP:
            return
        sentence = wording.FAULTS[fault]
        was_heard = guide.mouth.was_heard(sentence, guide.now)
        if was_heard or fault not in wording.PASSING:
            self._withdraw(sentence)
        if was_heard:
            guide.notice(wording.RECOVERIES[fault])

    def _withdraw(self, sentence: str) -> None:
        """Do not say a notice that is no longer true."""
        guide = self._guide
        unspoken = guide.mouth.withdraw(sentence, guide.now)
        if unspoken is not None:
            guide.hush()
            self._ended(unspoken, guide.now)
