"""The one mouth: which sentence is being spoken, which follow, and which were only asides.

Nothing here knows what the sentences mean. A *narration* is a run of sentences that the
session waits for; an *aside* (an answer, a fault) interrupts it and the narration takes up the
sentence that was cut; a *note* ("last one", a count) is spoken along with strokes and nobody
waits for it.
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
        self._in_aside = False

    @property
    def is_busy(self) -> bool:
        """Whether a narration or an aside is being spoken."""
        return self._awaited is not None

    @property
    def in_aside(self) -> bool:
        """Whether an aside is being spoken."""
        return self._in_aside

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
        """Interrupt with these; behind an aside that is being spoken they queue up."""
        self._asides.extend(sentences)
        if self._in_aside:
            return []
        self._in_aside = True
        return self._speak(at_seconds)

    def note(self, text: str, at_seconds: float) -> list[Say]:
        """Say something that nobody waits for."""
        return [Say(self._new_id(), text, at_seconds)]

    def again(self, at_seconds: float) -> list[Say]:
        """Say the narration once more from its first sentence."""
        return self.narrate(self._narration, at_seconds)

    def drop_asides(self) -> None:
        """Forget asides that were cut off or queued."""
        self._asides.clear()
        self._in_aside = False

    def silence(self) -> None:
        """Forget everything that was being said."""
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
            if self._asides:
                return Spoken.SENTENCE, self._speak(at_seconds + GAP_SECONDS)
            self._in_aside = False
            return Spoken.ASIDE, []
        self._index += 1
        if self.narration_left:
            return Spoken.SENTENCE, self._speak(at_seconds + GAP_SECONDS)
        return Spoken.NARRATION, []

    def _speak(self, at_seconds: float) -> list[Say]:
        if self._in_aside and self._asides:
            text = self._asides.popleft()
        elif self.narration_left:
            text = self._narration[self._index]
        else:
            return []
        self._awaited = self._new_id()
        return [Say(self._awaited, text, at_seconds)]

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id
