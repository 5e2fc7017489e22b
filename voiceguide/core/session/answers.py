"""Commands that move nothing: questions, settings, what is said once more."""

from dataclasses import replace

from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.effects import KeepPreferences, SetSpeechRate
from voiceguide.core.routine.breath import CALM, Breath
from voiceguide.core.session.asides import Asides
from voiceguide.core.session.preferences import Preferences, changed
from voiceguide.core.session.state import Alarm
from voiceguide.core.session.undo import Mark
from voiceguide.core.table import State, live_commands
from voiceguide.core.timeline.pacing import TEMPO_RANGE


class Answers(Asides):
    """Callbacks of the table that change at most a preference."""

    def say_again(self) -> None:
        self.hush()
        self.do(*self.mouth.again(self.speech_start()))

    def say_nothing_to_undo(self) -> None:
        self.aside(wording.NOTHING_TO_UNDO)

    def change_preference(self) -> None:
        assert self.command
        before = self.preferences
        breath = self.breath_meant()
        after, limit = changed(before, self.command, breath, self.volume)
        if self.command is Command.SLOWER and not breath and self.beat.tempo > before.tempo:
            after, limit = before, wording.SLOWEST_STROKES
        if after != before:
            self.undone.push(self.now, before)
            self.prefer(after)
        if limit:
            self.aside(limit)

    def adjust(self, tempo: float | None, gain_db: float | None) -> None:
        """Have a tempo or a volume as it was set; beyond what there is, as far as it goes."""
        after = before = self.preferences
        if tempo is not None:
            after = replace(after, tempo=min(max(TEMPO_RANGE[0], tempo), TEMPO_RANGE[1]))
        if gain_db is not None:
            after = replace(after, gain_db=self.volume.wanted(gain_db))
        if after != before:
            self.undone.push(self.now, before)
            self.prefer(after)

    def change_breathing(self) -> None:
        before, after = self.preferences, None
        if self.command is Command.BREATHING_ON:
            after = self.manner.breath or self.current.breath or CALM
        if after == before.breath:
            self.tell_breath()
            return
        self.undone.push(self.now, before)
        self.prefer(replace(before, breath=after))

    def tell_breath(self) -> None:
        self.aside(wording.BREATH_ON if self.preferences.breath else wording.BREATH_OFF)

    def breath_meant(self) -> Breath | None:
        """The breath that "slower" is about; None where it is about strokes."""
        if self.routine is None:
            return None
        breath = self.beat.pattern(self.step) or self.preferences.breath
        steps = [step for _, step in self.current.steps()]
        if breath or any(step.stroke for step in steps):
            return breath
        return next((self.beat.pattern(step) for step in steps if step.breathe), None)

    def answer_help(self) -> None:
        names = tuple(routine.name for routine in self.library.values())
        live = live_commands(self.state)
        page, self.help_page = self.help_page, self.help_page + 1
        self.aside(*wording.help_words(self.state, live, self.book, names, page))

    def answer_why(self) -> None:
        section = self.position.section(self.current)
        reasons = [self.step.why, section.why, self.current.why]
        if self.state is State.READY:
            reasons.reverse()
        self.aside(*next(filter(None, reasons), (wording.NO_REASON,)))

    def answer_where(self) -> None:
        section = self.position.section(self.current)
        if self.state is State.READY:
            self.aside(wording.at_beginning(self.current))
            return
        at = self._caught()
        done = at.position.strokes_done if at.state is State.PACING else None
        self.aside(*wording.where(self.current, section, self.step, done))

    def answer_how_long(self) -> None:
        self.aside(wording.how_long(self.time_left()))

    def time_left(self) -> float:
        """Planned seconds from here to the end of the last step; only asked of a routine."""
        mark = self._caught()
        at = mark.position
        if self.state is State.OFFERING:
            at = self.kept_position(self.current.id) or at
        is_told = mark.state in (State.PACING, State.WAITING)
        left = self.seconds_left(at, is_told)
        until_end = self.clock_left()
        if until_end is not None:
            return until_end
        if mark.timer_left and self.step.wait and self.step.wait.timer_seconds:
            left -= self.step.wait.timer_seconds - mark.timer_left
        return left

    def _caught(self) -> Mark:
        """Where the person is; in a pause, where that caught them."""
        mark = self.rest_mark if self.state is State.PAUSED else self.mark()
        assert mark
        return mark

    def prefer(self, after: Preferences) -> None:
        """Have it this way from now on, and remember it."""
        before, self.preferences = self.preferences, after
        if after.words_per_minute != before.words_per_minute:
            self.do(SetSpeechRate(after.words_per_minute))
            if self.routine:
                self.prepare_from(self.position)
        if after.gain_db != before.gain_db:
            self.sound_as_wanted()
        if after.tempo != before.tempo and self.active and Alarm.STROKE in self.alarms:
            self.active.retune(self.now, self.beat.tempo)
            self.set_stroke_alarm()
        if after.breath != before.breath:
            self.tell_breath()
        rate, gain = after.words_per_minute, after.gain_db
        self.do(KeepPreferences(after.tempo, rate, gain, after.breath_tempo))
