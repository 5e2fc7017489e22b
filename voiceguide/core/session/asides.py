"""Says answers and notices in between, while everything else stands still."""

from dataclasses import dataclass

from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.course import Course
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.reminders import Reminders
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State


@dataclass(eq=False)
class Asides:
    """Interrupts what is going on, and takes it up again."""

    _turn: Turn
    _course: Course
    _strokes: Strokes
    _reminders: Reminders
    _alarms: Alarms
    _mouth: Mouth

    def answer(self, *sentences: str) -> None:
        """Say an answer in between; what was going on stands still, and then goes on."""
        self._strokes.stand_still()
        self._turn.hush()
        self._mouth.aside(sentences)

    def say_slowly(self, words_per_minute: int) -> None:
        """Say the last sentence once more at this rate; then everything goes on."""
        self._strokes.stand_still()
        self._turn.hush()
        self._mouth.again_slowly(words_per_minute)

    def notice(self, sentence: str) -> None:
        """Say in between what must be heard to its end; an aside that is being said comes first."""
        if not self._mouth.in_aside:
            self._strokes.stand_still()
            self._turn.hush()
        self._mouth.notice(sentence)

    def return_to_notice(self) -> None:
        """Say a notice again that was cut off, unless something else leads back to it."""
        if self._mouth.owes_notice:
            self.answer()

    def go_on(self) -> None:
        """Take up what an aside interrupted."""
        state = self._course.state
        if self._mouth.narration_left:
            self._mouth.take_up()
        elif state is State.PACING:
            self._strokes.begin_side()
        elif state in (State.STOPPING, State.CLOSING):
            self._reminders.linger()
        elif Alarm.TIMER not in self._alarms and Alarm.TOLD not in self._alarms:
            self._reminders.set_alarm()
