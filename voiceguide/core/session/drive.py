"""Leads a session on when nobody says anything: when a sentence ends, or an alarm is due."""

from typing import assert_never

from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.session.alarms import Alarm
from voiceguide.core.session.guide import Guide
from voiceguide.core.session.machine import the_machine
from voiceguide.core.session.mouth import Ended
from voiceguide.core.table import State
from voiceguide.core.timeline.pace import LATE_SECONDS


class Drive:
    """Fires triggers for one guide."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        guide.state = State.CHOOSING

    def fire(self, trigger: str) -> None:
        """Do what this trigger means in the present state."""
        the_machine().events[trigger].trigger(self._guide)

    def ended(self, utterance_id: int, at_seconds: float) -> None:
        """Go on after an utterance that sounded to its end then, or will never sound."""
        guide = self._guide
        # What follows is placed after the sentence's last sample, not after the report of it.
        guide.turn.now = max(at_seconds, guide.turn.now - LATE_SECONDS)
        guide.interludes.tell_after(utterance_id)
        spoken = guide.mouth.ended(utterance_id)
        if spoken is Ended.ASIDE:
            guide.asides.go_on()
        elif spoken is Ended.NARRATION:
            self._narrated()

    def alarmed(self) -> None:
        """Do everything that is due by now."""
        alarms = self._guide.alarms
        for alarm, at in alarms.due(self._guide.turn.now):
            if alarms.at(alarm) == at:  # otherwise an earlier alarm has left the state
                alarms.drop(alarm)
                self._do(alarm)

    def catch_up(self) -> None:
        """Do everything that was due before a word that is handled late."""
        guide, now = self._guide, self._guide.turn.now
        times = (guide.alarms.at(alarm) for alarm in (Alarm.STROKE, Alarm.TIMER))
        is_late = any(at is not None and at <= now for at in times)
        if is_late and not guide.mouth.in_aside:
            self.alarmed()
            guide.turn.now = now

    def tap_closed(self) -> None:
        """Go on if the present wait is over because the tap was closed."""
        guide = self._guide
        if guide.rinse.ends_wait():
            guide.turn.do(PlayCue(Cue.DONE, guide.turn.now))
            self.fire("waited")

    def _narrated(self) -> None:
        guide = self._guide
        if guide.state is State.TELLING:
            self.fire("told")
        elif guide.state is State.PACING:
            guide.strokes.begin()
        elif guide.state in (State.STOPPING, State.CLOSING):
            guide.reminders.linger()
        else:
            guide.reminders.set_alarm()

    def _do(self, alarm: Alarm) -> None:
        guide = self._guide
        match alarm:
            case Alarm.STROKE:
                self._stroke()
            case Alarm.KEEP:
                guide.strokes.keep()
            case Alarm.TOLD:
                self.fire("told")
            case Alarm.TIMER:
                guide.turn.do(PlayCue(Cue.DONE, guide.turn.now))
                self.fire("waited")
            case Alarm.MARK:
                guide.countdown.tell()
            case Alarm.REMIND:
                # The guide is saying its question again, which is reminder enough.
                if not guide.mouth.is_busy:
                    self._remind()
            case Alarm.SLEEP:
                if not guide.sleep.stay_awake():
                    self.fire("drowsy")
            case Alarm.LINGER:
                if not guide.mouth.is_busy and not guide.waits_for_own_timer():
                    self.fire("over")
            case Alarm.OWN_TIMER:
                guide.own_timer.ring()
            case _:
                assert_never(alarm)

    def _stroke(self) -> None:
        guide = self._guide
        if guide.strokes.complete_side():
            if not guide.strokes.begin_next_side():
                if guide.course.step.hold:
                    guide.turn.do(PlayCue(Cue.DONE, guide.turn.now))
                self.fire("paced")
        elif not guide.interludes.tell_between_strokes():
            guide.strokes.fix()

    def _remind(self) -> None:
        if self._guide.faults.is_deaf:
            self.fire("waited")
        else:
            self._guide.reminders.remind()
