"""The strokes of a step, a side after the other: begun, fixed one by one, stood still, ended."""

from voiceguide.core import pacing, wording
from voiceguide.core.effects import Cue, KeepPlace, PlayCue, Prepare
from voiceguide.core.pacing import LATE_SECONDS, LEAD_IN_SECONDS, Onset, Pace, counted_aloud
from voiceguide.core.progress import following, place_of
from voiceguide.core.standing import Alarm, Standing
from voiceguide.core.table import State


class Strokes(Standing):
    """What is done with the pace of a step."""

    def begin_side(self, resuming: bool) -> None:
        """Say which side comes, or how many strokes are left, then begin."""
        pace = self.active
        assert pace
        words = pacing.side_words(pace.step, pace.side_index) if pace.is_fresh else ""
        if resuming and not words:
            words = wording.resumed(pace.step, pace.side, pace.count - pace.done)
        if words:
            self.ask(words)
        else:
            self.begin_strokes(self.now)

    def begin_strokes(self, from_seconds: float) -> None:
        """Set the first onset a lead-in after the last word."""
        if self.active:
            self.active.begin(from_seconds + LEAD_IN_SECONDS)
        self.set_stroke_alarm()

    def set_stroke_alarm(self) -> None:
        """Ask to be called for the following onset."""
        alarm = self.active.next_alarm() if self.active else None
        if alarm is not None:
            self.alarms[Alarm.STROKE] = alarm

    def stand_still(self) -> None:
        """Let no further stroke fall; one that is not complete will be done again."""
        if self.active and self.state is State.PACING:
            done, held = self.active.standing(self.now)
            self.active = Pace(self.active.step, done, held)
            self.alarms.pop(Alarm.STROKE, None)

    def finish_side(self) -> bool:
        """Go to the other side of the step, if there is one left."""
        if self.active and self.active.next_side():
            self.keep_strokes()
            self.do(PlayCue(Cue.SIDE, self.now))
            self.begin_side(resuming=False)
            return True
        return False

    def complete_side(self) -> bool:
        """Whether the last stroke of a side has ended by now; ``now`` is then its end."""
        end = self.active.complete(self.now) if self.active else None
        if end is None:
            return False
        self.now = max(end, self.now - LATE_SECONDS)
        self.position = self.mark().position
        return True

    def fix_stroke(self) -> None:
        """Hand out the onset that is due, if one is, and ask to be called for the following one."""
        pace = self.active
        assert pace
        done = pace.done
        onset = pace.due(self.now, self.preferences.tempo)
        if onset:
            self._sound(onset)
            if pace.done != done:
                self.keep_strokes()
        self.set_stroke_alarm()

    def keep_strokes(self) -> None:
        """Remember how many strokes of the step are done."""
        self.do(KeepPlace(place_of(self.current, self.mark().position)))

    def _sound(self, onset: Onset) -> None:
        self.do(PlayCue(onset.cue, onset.at_seconds))
        stroke = self.step.stroke
        if stroke and counted_aloud(stroke, onset, self.preferences.tempo):
            self.do(*self.mouth.note(wording.number(onset.number), onset.at_seconds))
        if onset.notice_at_seconds is not None:
            self.do(*self.mouth.note(wording.LAST_ONE, onset.notice_at_seconds))

    def prepare_strokes(self) -> None:
        """Have what is said along with the strokes rendered ahead, then what follows them."""
        assert self.active
        step = self.active.step
        words = [pacing.side_words(step, index) for index in range(len(step.sides))]
        if step.stroke and step.stroke.count_aloud:
            words += [wording.number(count) for count in range(1, step.stroke.count)]
        self.do(Prepare((*filter(None, words), wording.LAST_ONE)))
        if at := following(self.current, self.position):
            self.prepare_from(at)
