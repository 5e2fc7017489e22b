"""Leads the strokes of a step, one side after the other: begins, fixes, stops and ends them."""

from dataclasses import dataclass

from voiceguide.core import wording
from voiceguide.core.effects import Cue, PlayCue, Prepare
from voiceguide.core.routine.breath import Breath, Way
from voiceguide.core.routine.routine import Stroke
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.countdown import LEAST_HALVED_SECONDS, Countdown, last_ticks
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.length import Length
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State
from voiceguide.core.timeline.gaps import LEAD_IN_SECONDS
from voiceguide.core.timeline.pace import LATE_SECONDS, Onset, Pace, counted_aloud
from voiceguide.core.timeline.progress import Position, following

SWELL_OF = {Way.IN: Cue.BREATHE_IN, Way.OUT: Cue.BREATHE_OUT}
BEFORE_BELL_SECONDS = 0.05
"""How long before the bell of the last stroke the words "last one" must have ended."""
WORDS_SLACK = 1.2
"""The room that a word needs along with a breath, as a multiple of its estimated length."""


@dataclass(eq=False)
class Strokes:
    """Begins, fixes, stops and ends the strokes of a step, by its pace."""

    _turn: Turn
    _course: Course
    _dials: Dials
    _length: Length
    _alarms: Alarms
    _mouth: Mouth
    _countdown: Countdown
    pace: Pace | None = None
    """The pace of the present step; None where it is not paced."""
    rode_on_breath: bool = False
    """Whether the strokes before these rode on the breath."""

    def stopped_at(self) -> tuple[Position, float]:
        """The position with every stroke that is done by now, and how many seconds a hold has
        lasted; changes nothing.
        """
        position = self._course.position
        if self.pace is None or self._course.state is not State.PACING:
            return position, 0.0
        done, held = self.pace.stopped_at(self._turn.now)
        return Position(position.section_index, position.step_index, done), held

    @property
    def are_going_on(self) -> bool:
        """Whether there is a stroke that is fixed or has begun, and has not ended."""
        return self.pace is not None and self.pace.end_seconds() is not None

    def leave(self) -> None:
        """Forget the pace, because the state is left."""
        self.rode_on_breath = self.pace is not None and self.pace.rides_on_breath
        self.pace = None

    def take_up(self, held_seconds: float, resuming: bool) -> None:
        """Begin the present step, or go on with what is left of it.

        Args:
            held_seconds: how long its hold had lasted before.
        """
        self.pace = self._make_pace(self._course.position.strokes_done, held_seconds)
        self._prepare(self.pace)
        self.begin_side(resuming)

    def begin_side(self, resuming: bool = False) -> None:
        """Say which side is next, or how many strokes are left, then begin."""
        pace = self.pace
        assert pace
        words = wording.side_words(pace.step, pace.side_index) if pace.is_fresh else ""
        if resuming and not words:
            words = wording.resumed(pace.step, pace.side, pace.count - pace.done)
        if words:
            self._mouth.narrate([words])
        else:
            self.begin()

    def begin(self) -> None:
        """Set the first onset, one lead-in after the last word."""
        if self.pace:
            self.pace.begin(self._turn.now + LEAD_IN_SECONDS)
            self._length.keep_to_time(self.pace)
        self.set_alarm()

    def set_alarm(self) -> None:
        """Set the alarm for the next onset."""
        at = self.pace.next_alarm() if self.pace else None
        if at is not None:
            self._alarms.set(Alarm.STROKE, at)

    def stand_still(self) -> None:
        """Let no further stroke begin; one that is not complete will be done again."""
        if self.pace and self._course.state is State.PACING:
            done, held = self.pace.stopped_at(self._turn.now)
            self.pace = self._make_pace(done, held)
            self._alarms.drop(Alarm.STROKE)
            self._countdown.stop()

    def retune(self) -> None:
        """Use the present tempo from the next onset on."""
        if self.pace and Alarm.STROKE in self._alarms:
            self.pace.retune(self._turn.now, self._dials.beat.tempo)
            self.set_alarm()

    def complete_side(self) -> bool:
        """Whether the last stroke of a side has ended by now; ``now`` is then its end."""
        turn = self._turn
        end = self.pace.complete(turn.now) if self.pace else None
        if end is None:
            return False
        turn.now = max(end, turn.now - LATE_SECONDS)
        self._course.position, _ = self.stopped_at()
        return True

    def begin_next_side(self) -> bool:
        """Go to the other side of the step; False if there is none left."""
        if self.pace and self.pace.next_side():
            self.keep()
            self._turn.do(PlayCue(Cue.SIDE, self._turn.now))
            self.begin_side()
            return True
        return False

    def fix(self) -> None:
        """Hand out the onset that is due, if any, and set the alarm for the next one."""
        pace = self.pace
        assert pace
        done = pace.done
        self._length.keep_to_time(pace)
        onset = pace.due(self._turn.now, self._dials.beat)
        if onset:
            self._sound(onset)
            hold, end = pace.step.hold, pace.end_seconds()
            if hold and end and not onset.breath:
                self._countdown.begin(hold.seconds, end)
            if pace.done != done:
                # When this stroke begins, the one before it is over and is kept as done.
                self._alarms.set(Alarm.KEEP, onset.at_seconds)
        self.set_alarm()

    def keep(self) -> None:
        """Remember how many strokes of the step are done."""
        position, _ = self.stopped_at()
        self._course.keep(position)

    def _make_pace(self, strokes_done: int, held_seconds: float) -> Pace:
        return Pace(
            self._course.step,
            strokes_done,
            held_seconds,
            self._dials.beat,
            open_ended=self._length.takes_the_rest(),
        )

    def _sound(self, onset: Onset) -> None:
        if onset.breath:
            self._sound_breath(onset, onset.breath)
            return
        self._turn.do(PlayCue(onset.cue, onset.at_seconds))
        stroke = self._course.step.stroke
        if stroke and self._is_counted(stroke, onset):
            self._mouth.note(wording.counted(onset.number), onset.at_seconds)
        if onset.notice_at_seconds is not None:
            self._note_before_last(onset, onset.notice_at_seconds)

    def _sound_breath(self, onset: Onset, breath: Breath) -> None:
        """Hand out the swells of a breath; its stroke begins with the way out."""
        at, stroke = onset.at_seconds, self._course.step.stroke
        for start, phase in breath.starts():
            if phase.way in SWELL_OF:
                self._turn.do(PlayCue(SWELL_OF[phase.way], at + start, phase.seconds))
            elif phase.seconds >= LEAST_HALVED_SECONDS:
                self._turn.do(*last_ticks(at + start + phase.seconds, at))
        if stroke:
            self._turn.do(PlayCue(onset.cue, at + breath.out_after_seconds))
            if self._is_counted(stroke, onset):
                self._note_in(breath, at, wording.counted(onset.number))
        if onset.notice_at_seconds is not None:
            self._note_in(breath, at, wording.LAST_ONE, at_end=True)

    def _note_before_last(self, onset: Onset, at: float) -> None:
        """Say "last one", unless that would cover a number or the bell of the last stroke."""
        pace, stroke, speech = self.pace, self._course.step.stroke, self._dials.speech_seconds
        end = pace.end_seconds() if pace else None
        if end is None:
            return
        free = onset.at_seconds
        if stroke and self._is_counted(stroke, onset):
            free += speech(wording.counted(onset.number))
        at = min(at, end - speech(wording.LAST_ONE) - BEFORE_BELL_SECONDS)
        if at >= free:
            self._mouth.note(wording.LAST_ONE, at)

    def _is_counted(self, stroke: Stroke, onset: Onset) -> bool:
        dials = self._dials
        return counted_aloud(stroke, onset, dials.beat.tempo, dials.preferences.spoken_rate)

    def _note_in(self, breath: Breath, at: float, words: str, *, at_end: bool = False) -> None:
        """Say words along with the breath, unless they would cover the start of a phase."""
        length = WORDS_SLACK * self._dials.speech_seconds(words)
        after = breath.room_for(length, at_end=at_end)
        if after is not None:
            self._mouth.note(words, at + after)

    def _prepare(self, pace: Pace) -> None:
        """Have the words of these strokes rendered ahead, then those of the next steps."""
        step, course = pace.step, self._course
        words = [wording.side_words(step, index) for index in range(len(step.sides))]
        if step.stroke and step.stroke.count_aloud:
            words += [wording.counted(count) for count in range(1, step.stroke.count)]
        self._turn.do(Prepare((*filter(None, words), wording.LAST_ONE)))
        if at := following(course.current, course.position):
            self._dials.prepare_from(at)
