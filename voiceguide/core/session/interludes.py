"""Says what can wait, as soon as that cuts off no sentence and no stroke."""

from collections.abc import Callable
from dataclasses import dataclass, field

from voiceguide.core.effects import Cue, PlayCue
from voiceguide.core.session.alarms import Alarm, Alarms
from voiceguide.core.session.mouth import Mouth
from voiceguide.core.session.strokes import Strokes
from voiceguide.core.session.turn import Turn


@dataclass(frozen=True, slots=True)
class _Owed:
    text: str
    cue: Cue | None
    may_be_told: Callable[[], bool]
    told: Callable[[], None]


@dataclass(eq=False)
class Interludes:
    """Keeps the sentences that are owed, and tells each once, in their order."""

    _turn: Turn
    _strokes: Strokes
    _alarms: Alarms
    _mouth: Mouth
    _owed: list[_Owed] = field(default_factory=list)

    def owe(
        self,
        text: str,
        told: Callable[[], None],
        *,
        cue: Cue | None = None,
        may_be_told: Callable[[], bool] = lambda: True,
    ) -> None:
        """Tell this as soon as it cuts off nothing.

        Args:
            told: is called when the sentence begins.
            cue: sounds before it.
            may_be_told: asked before it is told, whether anybody is there to hear it.
        """
        self.take_back(text)
        self._owed.append(_Owed(text, cue, may_be_told, told))

    def take_back(self, text: str) -> None:
        """Drop this sentence, because it need not be told any more."""
        self._owed = [one for one in self._owed if one.text != text]

    def answer_instead(self, text: str) -> None:
        """Drop this sentence, because an answer that is given now says the same.

        It is not told again even if the answer cuts it off.
        """
        self.take_back(text)
        self._mouth.drop_notice(text)

    def tell(self) -> None:
        """Tell what is owed, unless that would cut off a sentence or a stroke."""
        one = self._next()
        if one and not self._mouth.is_busy and not self._strokes.are_going_on:
            self._say(one)

    def tell_between_strokes(self) -> bool:
        """Tell what is owed once the present stroke has ended; called at the alarm of a stroke.

        Returns:
            Whether the strokes wait for it.
        """
        one, pace = self._next(), self._strokes.pace
        if not pace or not one or not pace.can_rest:
            return False
        end = pace.end_seconds()
        if end is not None and end > self._turn.now + 1e-9:
            self._alarms.set(Alarm.STROKE, end)
        else:
            self._say(one)
            self._strokes.keep()
        return True

    def tell_after(self, utterance_id: int) -> None:
        """Tell what is owed after the sentence that is just ending."""
        one = self._next()
        if one and self._mouth.notice_after(utterance_id, one.text):
            self._note_told(one)

    def _next(self) -> _Owed | None:
        return next((one for one in self._owed if one.may_be_told()), None)

    def _say(self, one: _Owed) -> None:
        self._note_told(one)
        self._strokes.stand_still()
        self._mouth.notice(one.text)

    def _note_told(self, one: _Owed) -> None:
        self._owed.remove(one)
        one.told()
        if one.cue:
            self._turn.do(PlayCue(one.cue, self._turn.now))
