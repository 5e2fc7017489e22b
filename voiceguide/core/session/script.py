"""Entering a state: what is said there, what is rendered ahead, and what is waited for."""

from voiceguide.core import wording
from voiceguide.core.commands import Command
from voiceguide.core.effects import Finish, ForgetPlace, KeepPlace
from voiceguide.core.events import Fault
from voiceguide.core.session.deadlines import PAUSED_REMIND_SECONDS
from voiceguide.core.session.sleep import Resting
from voiceguide.core.session.state import REMIND_SECONDS, Alarm
from voiceguide.core.session.undo import Mark
from voiceguide.core.table import RUNNING
from voiceguide.core.timeline.pacing import SOFT_CLOSE_SECONDS
from voiceguide.core.timeline.progress import Position, place_of, told

UNDO_SECONDS = 12.0
"""How long the guide lingers after "stop" or a skipped end, so that it can be taken back."""


class Script(Resting):
    """The callbacks that the table runs on entering a state."""

    def _enter(self) -> Mark | None:
        """Everything that a state begins with; returns the mark it goes back to, if it does."""
        self.hush()
        self.entries += 1
        self.alarms.clear()
        self.mouth.silence()
        self.set_sleep()
        if self.state in RUNNING:
            self.run_clock()
        self.was_breathing = bool(self.active and self.active.rides_on_breath)
        self.active = None
        self.help_page = 0
        self.remind_after = REMIND_SECONDS
        mark, self.reopened = self.reopened, None
        return mark

    def ask_which(self) -> None:
        self._enter()
        self.routine = None
        if self.command is Command.WAKE:
            self.ask(wording.WOKEN)
            self.tell_broken()
        else:
            self.ask(wording.WHICH)

    def offer_place(self) -> None:
        self._enter()
        kept = self.kept_position(self.current.id) or Position()
        self.ask(*wording.offer(self.current, kept.section(self.current)))
        self.prepare_from(kept)

    def introduce(self) -> None:
        self._enter()
        length = self.manner.length_seconds or self.seconds_left(Position())
        on_breath = self.preferences.breath is not None
        self.ask(*wording.introduction(self.current, length, on_breath))
        self.prepare_from(Position())

    def tell(self) -> None:
        mark = self._enter()
        self.do(KeepPlace(place_of(self.current, self.position)))
        sentences = told(self.current, self.position)
        if sentences:
            index = min(mark.sentence_index, len(sentences) - 1) if mark else 0
            self.do(*self.mouth.narrate(sentences, self.speech_start(), index))
        else:
            self.alarms[Alarm.TOLD] = self.now
        self.prepare_from(self.position)

    def pace(self) -> None:
        mark = self._enter()
        if mark:
            self.do(KeepPlace(place_of(self.current, self.position)))
        held = mark.held_seconds if mark else 0.0
        self.active = self.make_pace(self.position.strokes_done, held)
        self.prepare_strokes()
        self.begin_side(resuming=mark is not None)

    def wait(self) -> None:
        mark = self._enter()
        if mark:
            self.do(KeepPlace(place_of(self.current, self.position)))
        wait = self.step.wait
        if wait and wait.timer_seconds:
            left = mark.timer_left if mark and mark.timer_left else wait.timer_seconds
            self.alarms[Alarm.TIMER] = self.now + left
            self.set_timer_mark()
            words = wording.seconds_left(round(left))
        else:
            self.set_reminder()
            words = self.reminder()
        if mark:
            self.do(*self.mouth.note(words, self.speech_start()))

    def rest(self) -> None:
        self._enter()
        self.remind_after = PAUSED_REMIND_SECONDS
        self.set_reminder()

    def say_stopped(self) -> None:
        self._enter()
        kept = wording.STOPPED_UNKEPT if {Fault.DISK, Fault.LOCK} & self.broken else wording.STOPPED
        self.ask(kept if self.rest_mark else wording.STOPPED_EARLY)
        self.alarms[Alarm.LINGER] = self.now + UNDO_SECONDS

    def close(self) -> None:
        self._enter()
        self.do(ForgetPlace(self.current.id))
        softly = self.was_breathing and not self.command
        start = self.now + SOFT_CLOSE_SECONDS if softly else self.speech_start()
        # Whoever skips the last zone may have done none today.
        skipped = self.command is Command.SKIP_ZONE
        streak = () if skipped else wording.streak(self.memory.streak)
        last = (*(self.current.closing or (wording.CLOSING,)), *streak)
        self.do(*self.mouth.narrate(last, start))
        if self.command:
            self.alarms[Alarm.LINGER] = self.now + UNDO_SECONDS

    def rest_awake(self) -> None:
        self._enter()
        self.forget_session()

    def fall_asleep(self) -> None:
        self._enter()
        self.forget_session()
        self.mouth.forget_notices()

    def finish(self) -> None:
        self._enter()
        self.do(Finish())
