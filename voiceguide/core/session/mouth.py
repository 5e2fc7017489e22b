"""The one mouth: which sentence is being said, which follow, and what they interrupted.

Nothing here knows what the sentences mean. A *narration* is a run of sentences that the session
waits for. An *aside* (an answer) interrupts it; afterwards the sentence that was cut off is said
again. A *notice* (a fault) is an aside that is said again until it was heard to its end, or was
withdrawn because it is no longer true. A *note* ("last one", a number) is said along with strokes,
and nobody waits for it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from voiceguide.core.effects import Say
from voiceguide.core.session.turn import Turn
from voiceguide.core.timeline.gaps import GAP_SECONDS, ROOM_SECONDS


class Ended(Enum):
    """What ended with an utterance (``Mouth.ended``)."""

    NOTHING = "nothing"
    """A note, or a sentence that had been cut off."""
    SENTENCE = "sentence"
    """A sentence; more of the same run follows."""
    NARRATION = "narration"
    ASIDE = "aside"


@dataclass(slots=True)
class _Notice:
    text: str
    first_at: float | None = None
    """When it first began to be said; None while it waits its turn."""


class Mouth:
    """Hands out utterances one at a time."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._last_id = 0
        self._awaited: int | None = None
        self._narration: tuple[str, ...] = ()
        self._index = 0
        self._room_after: int | None = None
        """After how many of its sentences there is room for an answer; None for nowhere."""
        self._greetings = 0
        """How many of the narration's first sentences are not said again."""
        self._asides: deque[str] = deque()
        self._notices: deque[_Notice] = deque()
        self._in_aside = False
        self._begins_at = 0.0
        """The earliest start of what is being said."""
        self._latest: tuple[tuple[str, float], ...] = ()
        """The last two sentences that were handed out, with their beginnings."""
        self._slow: tuple[str, int] | None = None
        """The aside that is said at a rate of its own, and that rate."""
        self._owes_end = False
        """Whether a narration has ended, but its end is reported only after the notices that
        follow it."""

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
        """Whether a notice was cut off, and nothing that is being said leads back to it."""
        return bool(self._notices) and not self._in_aside

    @property
    def narration_left(self) -> bool:
        """Whether a narration was begun and not yet spoken to its end."""
        return self._index < len(self._narration)

    @property
    def sentence_index(self) -> int:
        """Which sentence of the narration is being spoken, 0-based."""
        return self._index

    def narrate(
        self,
        sentences: Iterable[str],
        *,
        greeting: tuple[str, ...] = (),
        index: int = 0,
        at_seconds: float | None = None,
        room_after: int | None = None,
    ) -> None:
        """Begin a narration, at its first sentence or a later one.

        Args:
            greeting: said before it, and left out when the narration is said again.
            at_seconds: the earliest start; if left out, as soon as a sentence may begin.
            room_after: the number of sentences, greeting included, after which the guide is silent
                for `ROOM_SECONDS`; None for nowhere.
        """
        self.silence()
        self._narration = (*greeting, *sentences)
        self._greetings = len(greeting)
        self._room_after = room_after
        self._index = index
        self._speak(self._turn.speech_start if at_seconds is None else at_seconds)

    def take_up(self) -> None:
        """Say the cut sentence of the narration once more, and go on from there."""
        self._in_aside = False
        self._awaited = None
        self._speak(self._turn.now + GAP_SECONDS)

    def aside(self, sentences: Iterable[str]) -> None:
        """Interrupt with these sentences, even another aside."""
        self._asides = deque(sentences)
        self._speak(self._turn.speech_start)

    def notice(self, sentence: str) -> None:
        """Interrupt with a sentence that must be heard to its end; it waits for the end of an aside
        that is being said.
        """
        self._notices.append(_Notice(sentence))
        if not self._in_aside:
            self._speak(self._turn.speech_start)

    def notice_after(self, utterance_id: int, sentence: str) -> bool:
        """Have a notice follow this utterance, if it is the one being spoken; cuts nothing off."""
        if utterance_id != self._awaited:
            return False
        self._notices.append(_Notice(sentence))
        return True

    def was_heard(self, sentence: str) -> bool:
        """False only while a notice with this text is queued and has not begun to sound."""
        first_at = next((one.first_at for one in self._notices if one.text == sentence), -1.0)
        return first_at is not None and first_at <= self._turn.now

    def withdraw(self, sentence: str) -> int | None:
        """Take back a notice that is no longer true, unless it is sounding now.

        Returns:
            The id of its utterance where that was handed out but has not begun, which the caller
            must then report as ended; else None.
        """
        if self._in_aside and not self._asides and self._notices[0].text == sentence:
            return self._awaited if self._begins_at > self._turn.now else None
        self._notices = deque(one for one in self._notices if one.text != sentence)
        return None

    def drop_notice(self, sentence: str) -> None:
        """Do not say this notice again; call it only where something else is said in its place."""
        self._notices = deque(one for one in self._notices if one.text != sentence)

    def forget_notices(self) -> None:
        """Forget the notices, because nobody is there to hear them."""
        self._notices.clear()

    def note(self, text: str, at_seconds: float) -> None:
        """Say something that nobody waits for."""
        self._hand_out(self._new_id(), text, at_seconds)

    def again(self) -> None:
        """Say the narration once more from its first sentence."""
        self.narrate(self._narration[self._greetings :])

    def again_slowly(self, words_per_minute: int) -> None:
        """Say the last sentence once more, more slowly; what it belongs to goes on after it."""
        now = self._turn.now
        begun = [text for text, at in self._latest if at <= now]
        # Where neither of the last two sentences has begun, the newest one is meant.
        sounds = self._awaited is not None and (self._begins_at <= now or not begun)
        meant = begun[-1] if begun else self._latest[-1][0]
        following = list(self._asides)[sounds:] if self._in_aside else []
        if sounds and not self._in_aside and self.narration_left:
            self._index += 1
            self._owes_end = not self.narration_left
        self._slow = (meant, words_per_minute)
        self.aside([meant, *following])

    def silence(self) -> None:
        """Forget everything that was being said, except notices."""
        self._awaited = None
        self._narration = ()
        self._index = 0
        self._asides.clear()
        self._in_aside = False
        self._owes_end = False

    def ended(self, utterance_id: int) -> Ended:
        """Say what follows an utterance that has just ended; return what ended with it."""
        if utterance_id != self._awaited:
            return Ended.NOTHING
        self._awaited = None
        if self._in_aside:
            (self._asides or self._notices).popleft()
            self._in_aside = False
            if self._asides or self._notices:
                self._speak(self._turn.now + GAP_SECONDS)
                return Ended.SENTENCE
            owed, self._owes_end = self._owes_end, False
            return Ended.NARRATION if owed else Ended.ASIDE
        self._index += 1
        if self.narration_left or self._notices:
            self._owes_end = not self.narration_left
            has_room = self._index == self._room_after and not self._notices
            self._speak(self._turn.now + (ROOM_SECONDS if has_room else GAP_SECONDS))
            return Ended.SENTENCE
        return Ended.NARRATION

    def _speak(self, at_seconds: float) -> None:
        if self._asides:
            text = self._asides[0]
            self._in_aside = True
        elif self._notices:
            text = self._notices[0].text
            self._in_aside = True
            if self._notices[0].first_at is None:
                self._notices[0].first_at = at_seconds
        elif self.narration_left:
            text = self._narration[self._index]
        else:
            return
        self._awaited = self._new_id()
        self._begins_at = at_seconds
        slow, self._slow = self._slow, None
        rate = slow[1] if slow and slow[0] == text else None
        self._hand_out(self._awaited, text, at_seconds, rate)

    def _hand_out(self, new_id: int, text: str, at: float, rate: int | None = None) -> None:
        self._latest = (*self._latest[-1:], (text, at))
        self._turn.do(Say(new_id, text, at, rate))

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id
