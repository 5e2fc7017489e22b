"""Helps a person whose word is missed: after the second time the guide says what can be said."""

from dataclasses import dataclass

from voiceguide.core.live_commands import awaited_commands
from voiceguide.core.session.answers import Answers
from voiceguide.core.session.course import Course
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.reminders import Reminders
from voiceguide.core.session.turn import Turn
from voiceguide.core.table import State

MISSED_TIMES = 2
"""After so many missed words the guide says what can be said."""
MISSED_SECONDS = 20.0
"""Words that are further apart than this are not one attempt."""


@dataclass(eq=False)
class Missed:
    """Counts the words that were missed in a state; there the guide helps once."""

    _turn: Turn
    _course: Course
    _answers: Answers
    _reminders: Reminders
    _mouth: Mouth
    _times: int = 0
    _latest: float = 0.0
    _has_helped: bool = False

    def begin_anew(self) -> None:
        """Count anew, because another state is entered."""
        self._times, self._has_helped = 0, False

    def another(self) -> None:
        """Note a missed word, and help if it is the second, unless the guide is speaking."""
        now = self._turn.now
        self._times = 1 if now - self._latest > MISSED_SECONDS else self._times + 1
        self._latest = now
        if self._times < MISSED_TIMES or self._has_helped or self._mouth.is_busy:
            return
        # A timer ends by itself, and strokes go on: there the guide has asked for nothing.
        if not awaited_commands(self._course.state) or self._reminders.count_down():
            return
        self._has_helped = True
        if self._course.state is State.READY:
            # To say "say go" again would not help: help names other words that begin it.
            self._answers.help_anew()
        else:
            self._reminders.say_words()
