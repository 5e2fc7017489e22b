"""The strokes of a step, a side after the other: begun, fixed one by one, stood still, ended."""

from voiceguide.core import wording
from voiceguide.core.effects import Cue, KeepPlace, PlayCue, Prepare
from voiceguide.core.routine.breath import Breath, Way
from voiceguide.core.routine.routine import Stroke
from voiceguide.core.session.length import Lasting
from voiceguide.core.session.state import Alarm
from voiceguide.core.table import State
from voiceguide.core.timeline import pacing
from voiceguide.core.timeline.pacing import (
    LATE_SECONDS,
    LEAD_IN_SECONDS,
    Onset,
    Pace,
    counted_aloud,
)
from voiceguide.core.timeline.progress import following, place_of

SWELLS = {Way.IN: Cue.BREATHE_IN, Way.OUT: Cue.BREATHE_OUT}
WORDS_SLACK = 1.2
"""A word said along with a breath is given this many times its estimated length."""


class Strokes(Lasting):
    """What is done with the pace of a step."""

    def make_pace(self, strokes_done: int, held_seconds: float) -> Pace:
        """The pace of the present step, gone on with from there."""
        rest = self.takes_the_rest()
        return Pace(self.step, strokes_done, held_seconds, self.beat, open_ended=rest)

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
            self.keep_to_time()
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
            self.active = self.make_pace(done, held)
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
        self.keep_to_time()
        onset = pace.due(self.now, self.beat)
        if onset:
            self._sound(onset)
            if pace.done != done:
                self.keep_strokes()
        self.set_stroke_alarm()

    def keep_strokes(self) -> None:
        """Remember how many strokes of the step are done."""
        self.do(KeepPlace(place_of(self.current, self.mark().position)))

    def _sound(self, onset: Onset) -> None:
        if onset.breath:
            self._sound_breath(onset, onset.breath)
            return
        self.do(PlayCue(onset.cue, onset.at_seconds))
        stroke = self.step.stroke
        if stroke and self._is_counted(stroke, onset):
            self.do(*self.mouth.note(wording.counted(onset.number), onset.at_seconds))
        if onset.notice_at_seconds is not None:
            self.do(*self.mouth.note(wording.LAST_ONE, onset.notice_at_seconds))

    def _sound_breath(self, onset: Onset, breath: Breath) -> None:
        """Swells for its phases; the stroke is drawn on the way out."""
        at, step = onset.at_seconds, self.step
        for start, phase in breath.starts():
            if phase.way in SWELLS:
                self.do(PlayCue(SWELLS[phase.way], at + start, phase.seconds))
        if step.stroke:
            self.do(PlayCue(onset.cue, at + breath.out_after_seconds))
            if self._is_counted(step.stroke, onset):
                self._note_in(breath, at, wording.counted(onset.number))
        if onset.notice_at_seconds is not None:
            self._note_in(breath, at, wording.LAST_ONE, at_end=True)

    def _is_counted(self, stroke: Stroke, onset: Onset) -> bool:
        return counted_aloud(stroke, onset, self.beat.tempo, self.preferences.words_per_minute)

    def _note_in(self, breath: Breath, at: float, words: str, *, at_end: bool = False) -> None:
        """Say it along with the breath, unless it would cover the start of a phase."""
        after = breath.room_for(WORDS_SLACK * self._speech(words), at_end=at_end)
        if after is not None:
            self.do(*self.mouth.note(words, at + after))

    def prepare_strokes(self) -> None:
        """Have what is said along with the strokes rendered ahead, then what follows them."""
        assert self.active
        step = self.active.step
        words = [pacing.side_words(step, index) for index in range(len(step.sides))]
        if step.stroke and step.stroke.count_aloud:
            words += [wording.counted(count) for count in range(1, step.stroke.count)]
        self.do(Prepare((*filter(None, words), wording.LAST_ONE)))
        if at := following(self.current, self.position):
            self.prepare_from(at)
