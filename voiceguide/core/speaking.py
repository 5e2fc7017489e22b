"""The one mouth: which sentence is being spoken, which follow, and which were only asides.

Nothing here knows what the sentences mean. A *narration* is a run of sentences that the
session waits for; an *aside* (an answer) interrupts it and the narration takes up the sentence
that was cut; a *notice* (a fault) is an aside that is said again until it was heard to its end;
a *note* ("last one", a count) is spoken along with strokes and nobody waits for it.
"""

from collections import deque
from collections.abc import Iterable
from enum import Enum

from voiceguide.core.effects import Say
from voiceguide.core.pacing import GAP_SECONDS


class Spoken(Enum):
    """What came to its end when ``Mouth.ended`` was told."""

    NOTHING = "nothing"
    """A note, or a sentence that had been cut off."""
    SENTENCE = "sentence"
    """More of the same follows."""
    NARRATION = "narration"
    ASIDE = "aside"


class Mouth:
    """Hands out utterances one at a time."""

    def __init__(self) -> None:
        self._last_id = 0
        self._awaited: int | None = None
        self._narration: tuple[str, ...] = ()
        self._index = 0
        self._asides: deque[str] = deque()
        self._notices: deque[str] = deque()
        self._in_aside = False

    @property
    def is_busy(self) -> bool:
        """Whether a narration or an aside is being spoken."""
        return self._awaited is not None

    @property
    def in_aside(self) -> bool:
        """Whether an aside or a notice is being spoken."""
        return self._in_aside

    @property
    def owes_notice(self) -> bool:
        """Whether a notice was cut off and nothing is left that leads back to it."""
        return bool(self._notices) and not self._in_aside

    @property
    def narration_left(self) -> bool:
        """Whether a narration was begun and not yet spoken to its end."""
        return self._index < len(self._narration)

    @property
    def sentence_index(self) -> int:
        """Which sentence of the narration is being spoken, 0-based."""
        return self._index

    def narrate(self, sentences: Iterable[str], at_seconds: float, index: int = 0) -> list[Say]:
        """Begin a narration, at its first sentence or a later one."""
        self.silence()
        self._narration = tuple(sentences)
        self._index = index
        return self._speak(at_seconds)

    def take_up(self, at_seconds: float) -> list[Say]:
        """Say the cut sentence of the narration once more, and go on from there."""
        self._in_aside = False
        self._awaited = None
        return self._speak(at_seconds)

    def aside(self, sentences: Iterable[str], at_seconds: float) -> list[Say]:
        """Interrupt with these, an aside before them included."""
        self._asides = deque(sentences)
        return self._speak(at_seconds)

    def notice(self, sentence: str, at_seconds: float) -> list[Say]:
        """Interrupt with what must be heard to its end; behind an aside it queues up."""
        self._notices.append(sentence)
        return [] if self._in_aside else self._speak(at_seconds)

    def note(self, text: str, at_seconds: float) -> list[Say]:
        """Say something that nobody waits for."""
        return [Say(self._new_id(), text, at_seconds)]

    def again(self, at_seconds: float) -> list[Say]:
        """Say the narration once more from its first sentence."""
        return self.narrate(self._narration, at_seconds)

    def silence(self) -> None:
        """Forget everything that was being said, but for notices."""
        self._awaited = None
        self._narration = ()
        self._index = 0
        self._asides.clear()
        self._in_aside = False

    def ended(self, utterance_id: int, at_seconds: float) -> tuple[Spoken, list[Say]]:
        """What an ended utterance means, and what is said after it."""
        if utterance_id != self._awaited:
            return Spoken.NOTHING, []
        self._awaited = None
        if self._in_aside:
            (self._asides or self._notices).popleft()
            self._in_aside = False
            if self._asides or self._notices:
                return Spoken.SENTENCE, self._speak(at_seconds + GAP_SECONDS)
            return Spoken.ASIDE, []
        self._index += 1
        if self.narration_left:
            return Spoken.SENTENCE, self._speak(at_seconds + GAP_SECONDS)
        return Spoken.NARRATION, []

    def _speak(self, at_seconds: float) -> list[Say]:
        if waiting := self._asides or self._notices:
            text = waiting[0]
            self._in_aside = True
        elif self.narration_left:
            text = self._narration[self._index]
        else:
            return []
        self._awaited = self._new_id()
        return [Say(self._awaited, text, at_seconds)]

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id
