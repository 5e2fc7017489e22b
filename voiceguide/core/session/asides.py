"""What is said in between: answers, notices of what broke, and that it is too loud to hear."""

from dataclasses import replace

from voiceguide.core import wording
from voiceguide.core.effects import SetVolume
from voiceguide.core.session.deadlines import Deadlines
from voiceguide.core.session.state import Alarm
from voiceguide.core.session.volume import Volume
from voiceguide.core.table import RESTING, State
from voiceguide.core.timeline.pacing import GAP_SECONDS


class Asides(Deadlines):
    """Everything else stands still for an aside and then goes on."""

    def aside(self, *sentences: str) -> None:
        """Say something in between; what was going on stands still and then goes on."""
        self.stand_still()
        self.hush()
        self.do(*self.mouth.aside(sentences, self.speech_start()))

    def notice(self, sentence: str) -> None:
        """Say what must be heard to its end, like an aside; it waits for the end of another."""
        if not self.mouth.in_aside:
            self.stand_still()
            self.hush()
        self.do(*self.mouth.notice(sentence, self.speech_start()))

    def return_to_notice(self) -> None:
        """Say a notice again that was cut off, where nothing else leads back to it."""
        if self.mouth.owes_notice:
            self.aside()

    def go_on_after_aside(self) -> None:
        """Take up what an aside interrupted."""
        if self.mouth.narration_left:
            self.do(*self.mouth.take_up(self.now + GAP_SECONDS))
        elif self.state is State.PACING:
            self.begin_side(resuming=False)
        elif self.state in (State.STOPPING, State.CLOSING):
            self.set_linger()
        elif self.alarms.keys().isdisjoint({Alarm.TIMER, Alarm.TOLD}):
            self.set_reminder()

    # How loud the guide is.

    def sound_as_wanted(self) -> None:
        """Have everything from now on as loud as it should be."""
        self.do(SetVolume(self.volume.sounding(self.preferences.gain_db)))

    def change_volume(self, volume: Volume) -> None:
        """Have this between what is wanted and what sounds."""
        gain, before = self.preferences.gain_db, self.volume
        self.volume = volume
        if volume.sounding(gain) != before.sounding(gain):
            self.sound_as_wanted()

    # Too loud to hear.

    def noise_became(self, is_loud: bool) -> None:
        """Turn up over noise, once, and back where it is gone; tell the person, once."""
        if not self.loudness.became(is_loud, self.now):
            return
        if is_loud:
            self.change_volume(self.volume.boosted(self.preferences.gain_db))
            return
        self.change_volume(replace(self.volume, boost_db=0.0))
        self.mouth.withdraw(wording.LOUD, self.now)
        if Alarm.STROKE in self.alarms:
            self.set_stroke_alarm()

    @property
    def may_tell_loud(self) -> bool:
        """Whether the person should now be told that it is too loud to hear them."""
        over = self.state in (State.STOPPING, State.CLOSING, *RESTING)
        return self.loudness.owed and not self.deaf and not over

    def tell_loud(self) -> None:
        """Say that it is too loud, where that cuts off no sentence and no stroke."""
        going_on = self.active and self.active.end_seconds() is not None
        if self.may_tell_loud and not self.mouth.is_busy and not going_on:
            self._say_loud()

    def tell_loud_between_strokes(self) -> bool:
        """The same at the alarm of a stroke, once the present one has ended; whether strokes
        wait for that.
        """
        pace = self.active
        if not pace or not self.may_tell_loud or not pace.can_rest:
            return False
        end = pace.end_seconds()
        if end is not None and end > self.now + 1e-9:
            self.alarms[Alarm.STROKE] = end
        else:
            self._say_loud()
            self.keep_strokes()
        return True

    def tell_loud_after(self, utterance_id: int) -> None:
        """The same behind the sentence that is just ending."""
        if self.may_tell_loud and self.mouth.notice_after(utterance_id, wording.LOUD):
            self.loudness.tell()

    def _say_loud(self) -> None:
        self.loudness.tell()
        self.stand_still()
        self.do(*self.mouth.notice(wording.LOUD, self.speech_start()))
