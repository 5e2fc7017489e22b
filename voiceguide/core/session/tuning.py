"""Changes preferences by voice or from elsewhere (page, broker), and takes a change back."""

from dataclasses import dataclass, replace

from voiceguide.core import wording, wording_breath
from voiceguide.core.commands import Command
from voiceguide.core.routine.breath import CALM, Breath
from voiceguide.core.session.asides import Asides
from voiceguide.core.session.course import Course
from voiceguide.core.session.dials import Dials
from voiceguide.core.session.marks import Marks
from voiceguide.core.session.preferences import Preferences, changed
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.turn import Turn
from voiceguide.core.timeline.ranges import TEMPO_RANGE


@dataclass(eq=False)
class Tuning:
    """Turns the dials, and has strokes and words follow."""

    _turn: Turn
    _course: Course
    _dials: Dials
    _strokes: Strokes
    _marks: Marks
    _asides: Asides

    def change(self) -> None:
        """Turn a dial by one step, as the command asks."""
        command, dials = self._turn.command, self._dials
        assert command
        before = dials.preferences
        breath = self._breath_meant()
        after, limit = changed(before, command, breath, dials.volume)
        if command is Command.SLOWER and not breath and dials.beat.tempo > before.tempo:
            after, limit = before, wording.SLOWEST_STROKES
        self._turn_to(after)
        if limit:
            self._asides.answer(limit)

    def adjust(self, tempo: float | None, gain_db: float | None) -> None:
        """Set tempo and volume within their ranges; None leaves a value as it is."""
        after = self._dials.preferences
        if tempo is not None:
            after = replace(after, tempo=min(max(TEMPO_RANGE[0], tempo), TEMPO_RANGE[1]))
        if gain_db is not None:
            after = replace(after, gain_db=self._dials.volume.wanted(gain_db))
        self._turn_to(after)

    def change_breathing(self) -> None:
        """Let strokes ride on the breath, or give them seconds of their own again."""
        is_on = self._turn.command is Command.BREATHING_ON
        after = (self._dials.usual_breath or CALM) if is_on else None
        if after == self._dials.preferences.breath:
            self._tell_breath()
        else:
            self._turn_to(replace(self._dials.preferences, breath=after))

    def undo(self) -> None:
        """Take back the newest change."""
        self._obey(self._marks.pop_setting())

    def _turn_to(self, after: Preferences) -> None:
        """Use these preferences, if they differ; the change can be taken back."""
        before = self._dials.preferences
        if after != before:
            self._marks.push(before)
            self._obey(after)

    def _obey(self, after: Preferences) -> None:
        before = self._dials.preferences
        self._dials.turn_to(after)
        if after.tempo != before.tempo:
            self._strokes.retune()
        if after.breath != before.breath:
            self._tell_breath()

    def _tell_breath(self) -> None:
        breath = self._dials.preferences.breathed
        self._asides.answer(
            *(wording_breath.on_breath(breath) if breath else (wording_breath.BREATH_OFF,))
        )

    def _breath_meant(self) -> Breath | None:
        """The breath that "slower" changes; None where it changes strokes."""
        course, beat = self._course, self._dials.beat
        if course.routine is None:
            return None
        breath = beat.pattern(course.step) or self._dials.preferences.breath
        steps = [step for _, step in course.current.steps()]
        if breath or any(step.stroke for step in steps):
            return breath
        return next((beat.pattern(step) for step in steps if step.breathe), None)
