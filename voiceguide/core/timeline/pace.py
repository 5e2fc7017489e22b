"""The strokes of one step: when each falls, in absolute times of the output timeline.

Every onset is the one before plus a period, so nothing drifts; an onset is handed out
``LOOKAHEAD_SECONDS`` before it sounds, so that the mixer can place it on its exact sample.
"""

from dataclasses import dataclass

from voiceguide.core.effects import Cue
from voiceguide.core.routine.breath import Breath, Glide
from voiceguide.core.routine.routine import Side, Step, Stroke
from voiceguide.core.timeline.beat import Beat, breaths_in

LOOKAHEAD_SECONDS = 0.25
"""How long before its onset a stroke is fixed; longer than the worst delay of the loop."""
LAST_NOTICE_SECONDS = 0.9
"""How long before the last onset "last one" is said."""
NOTICED_ROW = 5
"""The fewest strokes at which "last one" is said; with fewer the bell alone marks the last."""
COUNTING_SECONDS = 0.9
"""No number up to twenty takes longer to say at 150 words a minute."""
LATE_SECONDS = 0.1
"""Where the next stroke is later than this, as after a suspend, strokes begin anew from now, rather
than catch up."""


@dataclass(frozen=True, slots=True)
class Onset:
    """One stroke, breath or hold that begins."""

    at_seconds: float
    cue: Cue
    number: int
    """1-based, on this side."""
    is_last: bool
    notice_at_seconds: float | None
    """When to say that the next stroke is the last; None when it need not be said."""
    breath: Breath | None = None
    """The breath it rides on, at the present tempo; begins at ``at_seconds``."""


def counted_aloud(stroke: Stroke, onset: Onset, tempo: float, words_per_minute: int) -> bool:
    """Whether the number of this stroke is spoken.

    Where a number takes longer to say than a stroke lasts, only every fifth one is.
    """
    if not stroke.count_aloud or onset.is_last:
        return False
    length = onset.breath.seconds if onset.breath else stroke.seconds / tempo
    return length >= COUNTING_SECONDS * max(1.0, 150 / words_per_minute) or onset.number % 5 == 0


class Pace:
    """The strokes of one step: which side, how many are done, when the next one falls.

    A hold counts as one stroke. In a step of breaths, and in one that rides on the breath, each
    breath counts as one: a hold is then as many as it has breaths.

    Args:
        strokes_done: strokes of the step that are done, both sides together.
        held_seconds: how long the present hold had lasted before it was interrupted.
        beat: how long each stroke takes; its tempo may change from stroke to stroke.
        open_ended: whether ``keep_to`` may also ask for more strokes than the step has.
    """

    def __init__(
        self,
        step: Step,
        strokes_done: int = 0,
        held_seconds: float = 0.0,
        beat: Beat | None = None,
        *,
        open_ended: bool = False,
    ) -> None:
        self.step = step
        self.open_ended = open_ended
        self.held_seconds = held_seconds
        """How long the present hold has lasted before it was interrupted."""
        self._beat = beat or Beat()
        self._pattern = self._beat.pattern(step)
        self._glide = Glide()
        own = self._own = step.count or 1
        self.side_index = 0 if open_ended else min(strokes_done // own, len(step.sides) - 1)
        self.done = strokes_done - self.side_index * own
        if not open_ended:
            self.done = min(self.done, own - 1)
        self._own_count = self._planned()
        self.count = max(self.done + 1, self._own_count)
        """How many strokes this side has."""
        self._onset: float | None = None
        """Onset of the stroke under way, or of the first one."""
        self._period = 0.0
        self._under_way = False
        self._last_told = False
        self._ends: list[float] = []
        """When each stroke ends that is counted in ``done``; the last may still be going on."""

    @property
    def side(self) -> Side:
        """The side being worked on."""
        return self.step.sides[self.side_index]

    @property
    def strokes_done(self) -> int:
        """Completed strokes, all sides together; a hold counts as one."""
        return self._in_all(self.done)

    @property
    def is_fresh(self) -> bool:
        """Whether no stroke of this side is done yet."""
        return self.done == 0 and self.held_seconds == 0

    @property
    def is_cut(self) -> bool:
        """Whether ``keep_to`` left fewer strokes than the step has."""
        return not self.open_ended and self.count < self._own_count

    @property
    def rides_on_breath(self) -> bool:
        """Whether the breath paces it."""
        return self._pattern is not None

    @property
    def can_rest(self) -> bool:
        """Whether strokes may stand still after the present one; not once "last one" is said."""
        return not self._under_way or self.done + 2 < self.count

    def span(self) -> tuple[float, float] | None:
        """Onset and length of the stroke under way; None while there is none."""
        return (self._onset, self._period) if self._onset is not None and self._under_way else None

    @property
    def onset_seconds(self) -> float | None:
        """The onset of the stroke under way, or of the first one; None before ``begin``."""
        return self._onset

    def end_seconds(self) -> float | None:
        """End of the stroke under way; None while there is none."""
        return self._onset + self._period if self._onset is not None and self._under_way else None

    def begin(self, onset_seconds: float) -> None:
        """Set the first onset of a side, or of what is left of it."""
        self._onset = onset_seconds
        self._under_way = False
        self._last_told = False
        self._ends = []

    def keep_to(self, more: int) -> None:
        """Let exactly this many strokes begin after the present one.

        The step's own number limits it unless the pace is open-ended; at least one stroke is done
        in any case, and where "last one" was said the next stays the last.
        """
        if self._last_told:
            return
        begun = self.done + self._under_way
        wanted = begun + max(0, more)
        self.count = max(self.done + 1, wanted if self.open_ended else min(wanted, self._own_count))

    def next_alarm(self) -> float | None:
        """When ``due`` or ``complete`` must be asked again; None before ``begin``."""
        if self._onset is None:
            return None
        if not self._under_way:
            return self._onset - LOOKAHEAD_SECONDS
        end = self._onset + self._period
        return end if self.done + 1 >= self.count else end - LOOKAHEAD_SECONDS

    def due(self, now: float, beat: Beat) -> Onset | None:
        """The onset that must be fixed now, if any; the stroke before it then counts as done."""
        if self._onset is None or (alarm := self.next_alarm()) is None or now < alarm - 1e-9:
            return None
        if self._under_way:
            if self.done + 1 >= self.count:
                return None
            self.done += 1
            self._onset += self._period
            self._ends = [end for end in self._ends if end > now] + [self._onset]
        if now > self._onset + LATE_SECONDS:
            self._onset = now + LOOKAHEAD_SECONDS
        self._under_way = True
        breath = self._next_breath(beat)
        self._period = breath.seconds if breath else self._seconds_of_one(beat.tempo)
        last = self.done + 1 == self.count
        counted = self.step.count > 0
        notice = None
        if counted and self._is_last_but_one:
            self._last_told = True
            lead = min(LAST_NOTICE_SECONDS, 0.75 * self._period)
            notice = self._onset + self._period - lead
        marked = last and counted and self.count > 1
        cue = Cue.LAST if marked else Cue.TICK
        return Onset(self._onset, cue, self.done + 1, last, notice, breath)

    def retune(self, now: float, tempo: float) -> None:
        """Change the length of a stroke that is fixed but has not begun to that of a new tempo.

        A breath keeps its length, for it changes gradually; so does a stroke before which "last
        one" was timed.
        """
        ahead = self._under_way and self._onset is not None and now < self._onset
        if ahead and self.step.stroke and not self._pattern and not self._is_last_but_one:
            self._period = self._seconds_of_one(tempo)

    @property
    def _is_last_but_one(self) -> bool:
        """Whether "last one" is said before the stroke that follows this one."""
        return self.count >= NOTICED_ROW and self.done + 2 == self.count

    def complete(self, now: float) -> float | None:
        """When this side was completed; None if it is not yet. Then call ``next_side``, or the step
        is over.
        """
        if self._onset is None or not self._under_way or self.done + 1 < self.count:
            return None
        end = self._onset + self._period
        if now < end - 1e-9:
            return None
        self.done = self.count
        self._onset = None
        self._under_way = False
        return end

    def next_side(self) -> bool:
        """Go to the other side; False if there is none left."""
        if self.side_index + 1 >= len(self.step.sides):
            return False
        self.side_index += 1
        self.done = 0
        self.held_seconds = 0.0
        self.count = self._own_count = self._planned()
        return True

    def stopped_at(self, now: float) -> tuple[int, float]:
        """From where to go on if everything stopped now: (strokes done, seconds held).

        A stroke that is not complete counts as not done, and will be done again from its start; a
        hold goes on for the rest of its time. Changes nothing.
        """
        held = self.held_seconds
        if self._onset is None or not self._under_way:
            return self.strokes_done, held
        is_over = now >= self._onset + self._period - 1e-9
        # Onsets are fixed ahead, so strokes that count as done may still be going on.
        going_on = sum(end > now + 1e-9 for end in self._ends)
        whole = self.done + 1 if is_over else self.done - going_on
        if not self.step.hold:
            return self.side_index * self._own + whole, held
        if whole >= self.count:
            return self.side_index + 1, 0.0
        if self._pattern:
            return self.side_index, held + (self.step.hold.seconds - held) * whole / self.count
        return self.side_index, held + max(0.0, now - self._onset)

    def _in_all(self, done: int) -> int:
        if self.step.hold:
            return self.side_index + (done >= self.count)
        return self.side_index * self._own + done

    def _planned(self) -> int:
        """How many strokes (or breaths, or breaths of a hold) the step has on each side."""
        breath = self._beat.breath_of(self.step)
        if self.step.hold and breath:
            return breaths_in(self.step.hold.seconds - self.held_seconds, breath)
        return self._own

    def _next_breath(self, beat: Beat) -> Breath | None:
        if self._pattern is None:
            return None
        return self._pattern.at_tempo(self._glide.next(beat.breath_tempo))

    def _seconds_of_one(self, tempo: float) -> float:
        if self.step.hold:
            return max(1.0, self.step.hold.seconds - self.held_seconds)
        return self.step.stroke.seconds / tempo if self.step.stroke else 0.0
