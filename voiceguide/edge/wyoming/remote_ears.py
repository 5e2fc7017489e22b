"""The ears with a Wyoming server that has the last word; this machine's own while that is away.

Our own ears hear everything, and cut it into utterances. The sound of each goes to the
server, and their decision waits for its answer, no longer than ``DEADLINE_SECONDS``: a whole live
phrase is obeyed, anything else is not. Without an answer in time the local decision stands.

Never sent, and never waited for: what was said over the guide's own voice (a free recogniser
would write the guide's words), *stop* and *pause* (obeyed at once when the local ears are sure),
and talk that is longer than any phrase.
"""

import re
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from wyoming.asr import Transcribe
from wyoming.event import Event

from voiceguide.core.commands import Command, Phrase
from voiceguide.core.decision.guide_sound import SILENCE, SILENT, Sounding
from voiceguide.core.decision.heard import Heard, Reason
from voiceguide.core.rates import EAR_RATE_HZ
from voiceguide.edge.ears.listener import EarState, LiveHearing
from voiceguide.edge.system.log import Log
from voiceguide.edge.wyoming.wyoming_frames import FrameError, text_of
from voiceguide.edge.wyoming.wyoming_link import WyomingLink
from voiceguide.edge.wyoming.wyoming_sound import sound_events

DEADLINE_SECONDS = 0.8
"""How long a decision waits for the server."""
AT_ONCE = frozenset({Command.STOP, Command.PAUSE})
LEAD_SECONDS = 0.35
"""How much sound before an utterance is sent with it."""
LONGEST_SECONDS = 3.0
"""An utterance that lasts longer is no command, and is not sent."""
KEPT_SECONDS = 6.0
LONGEST_TRANSCRIPT = 1_000
"""In characters; a longer transcript is no command."""
NEAR_SECONDS = 0.2
"""An utterance this close to one of the guide's words may contain it."""
_NO_LETTER = re.compile(r"[^\w\s]|_")

_log = Log("ears")


class Asks(Protocol):
    """A ``WyomingLink``, as far as it is needed here."""

    is_there: bool

    def ask(self, events: Sequence[Event], last: str) -> "Future[list[Event]]":
        """See ``WyomingLink.ask``."""

    def close(self) -> None:
        """Ask nothing more."""


@dataclass(slots=True)
class _Waiting:
    """A decision, and the server's answer that it waits for, if any."""

    heard: Heard
    answer: "Future[list[Event]] | None"
    until_seconds: float
    live: dict[str, Phrase]


class RemoteEars:
    """Ears for a live microphone. They never wait: the server's answers come with later blocks."""

    def __init__(
        self,
        ears: LiveHearing,
        link: Asks,
        language: str,
        deadline_seconds: float = DEADLINE_SECONDS,
    ) -> None:
        """``ears`` are this machine's own; the deadline is counted in seconds of sound."""
        self._deadline = deadline_seconds
        self._ears = ears
        self.link = link
        """The link to the server that has the last word."""
        self._language = language
        self._live: dict[str, Phrase] = {}
        self._kept: NDArray[np.int16] = np.zeros(0, np.int16)
        self._end = 0.0
        self._guide = SILENT
        self._sounded: deque[float] = deque(maxlen=120)
        """When the last blocks ended in which the guide could be heard."""
        self._waiting: deque[_Waiting] = deque()

    @property
    def state(self) -> EarState:
        """The state of this machine's own ears, which find the utterances."""
        return self._ears.state

    @property
    def times_lost(self) -> int:
        """See ``LiveHearing``."""
        return self._ears.times_lost

    def begin(self) -> None:
        """See ``LiveHearing``."""
        self._ears.begin()

    def have_come(self) -> bool:
        """See ``LiveHearing``."""
        return self._ears.have_come()

    @property
    def loud(self) -> bool:
        """See ``Ears``."""
        return self._ears.loud

    @property
    def noise_dbfs(self) -> float:
        """See ``Ears``."""
        return self._ears.noise_dbfs

    @property
    def snr_db(self) -> float:
        """See ``Ears``."""
        return self._ears.snr_db

    @property
    def taps_closed(self) -> int:
        """See ``Ears``."""
        return self._ears.taps_closed

    @property
    def is_roused(self) -> bool:
        """See ``Ears``."""
        return self._ears.is_roused

    @property
    def may_be_called(self) -> bool:
        """See ``Ears``; True also while the server is asked about a call."""
        phrases = (waiting.heard.phrase for waiting in self._waiting)
        called = any(phrase and phrase.command is Command.WAKE for phrase in phrases)
        return called or self._ears.may_be_called

    @property
    def spoken_over(self) -> bool:
        """See ``Ears``."""
        return self._ears.spoken_over

    def listen_for(self, phrases: tuple[Phrase, ...]) -> None:
        """Obey only these phrases from now on. Raises ModelError."""
        self._ears.listen_for(phrases)
        self._live = {plain(phrase.text): phrase for phrase in phrases}

    def hear(
        self, block: NDArray[np.int16], end_seconds: float, guide: Sounding = SILENT
    ) -> tuple[Heard, ...]:
        """Take in sound; what has been decided by now, in the order in which it was said."""
        self._kept = np.concatenate((self._kept, block))[-round(KEPT_SECONDS * EAR_RATE_HZ) :]
        self._end = end_seconds
        self._guide = guide
        if guide.level_dbfs > SILENCE:
            self._sounded.append(end_seconds)
        for heard in self._ears.hear(block, end_seconds, guide):
            until = end_seconds + self._deadline
            self._waiting.append(_Waiting(heard, self._sent(heard), until, self._live))
        return tuple(self._decided(end_seconds))

    def close(self) -> None:
        """Ask the server no more, and close this machine's own ears."""
        self.link.close()
        self._ears.close()

    def _sent(self, heard: Heard) -> "Future[list[Event]] | None":
        """The server's answer to come; None where this machine's own decision holds at once."""
        at_once = heard.phrase is not None and heard.phrase.command in AT_ONCE
        over_guide = self._was_over_guide(heard)
        long = heard.end_seconds - heard.start_seconds > LONGEST_SECONDS
        if at_once or over_guide or long or not self._live or not self.link.is_there:
            _log.debug("utterance", "not sent", at_once=at_once, over_guide=over_guide, long=long)
            return None
        kept_from = self._end - len(self._kept) / EAR_RATE_HZ
        first = max(0.0, heard.start_seconds - LEAD_SECONDS - kept_from)
        sound = self._kept[round(first * EAR_RATE_HZ) :]
        asked = Transcribe(
            language=self._language,
            transcript_terms=[phrase.text for phrase in self._live.values()],
        )
        events = [asked.event(), *sound_events(sound, EAR_RATE_HZ)]
        return self.link.ask(events, "transcript")

    def _was_over_guide(self, heard: Heard) -> bool:
        """Whether the utterance may contain one of the guide's words. Their times are rough with
        some voices, so the guide must have sounded as well.
        """
        start, end = heard.start_seconds, heard.end_seconds
        return any(start <= at <= end for at in self._sounded) and any(
            word.start_seconds < end + NEAR_SECONDS and word.end_seconds > start - NEAR_SECONDS
            for word in self._guide.words
        )

    def _decided(self, now: float) -> list[Heard]:
        decided: list[Heard] = []
        while self._waiting:
            first = self._waiting[0]
            if first.answer is not None and not first.answer.done() and now < first.until_seconds:
                break
            self._waiting.popleft()
            decided.append(self._verdict(first, now))
        return decided

    def _verdict(self, waiting: _Waiting, now: float) -> Heard:
        heard, answer = waiting.heard, waiting.answer
        if answer is None:
            return heard
        written = _written(answer)
        if written is None:
            verdict = replace(heard, decided_seconds=now)
        else:
            phrase = waiting.live.get(written)
            why = Reason.REMOTE if phrase else Reason.REMOTE_OTHER
            others = (heard.text, *heard.alternatives)
            verdict = replace(
                heard, text=written or heard.text, phrase=phrase, why=why, decided_seconds=now,
                alternatives=tuple(dict.fromkeys(others)),
            )  # fmt: skip
            _log.info("server", "decided", reason=why)
        if verdict.phrase and plain(verdict.phrase.text) not in self._live:
            # Meanwhile other phrases are live.
            verdict = replace(verdict, phrase=None, why=Reason.NO_COMMAND)
        return verdict


def plain(text: str) -> str:
    """Lower-case words without punctuation, as phrases are written."""
    return " ".join(_NO_LETTER.sub(" ", re.sub("['’]", "", text.lower())).split())


def _written(answer: "Future[list[Event]]") -> str | None:
    """What the server wrote; None where it gave no answer in time."""
    if not answer.done() or answer.cancelled() or answer.exception() is not None:
        return None
    try:
        return plain(text_of(answer.result()[-1], "text", LONGEST_TRANSCRIPT))
    except (FrameError, IndexError):
        return None


def open_remote_ears(
    uri: str, ears: LiveHearing, language: str, back_off_seconds: float | None = None
) -> RemoteEars:
    """These ears, with the server at this address."""
    options = {} if back_off_seconds is None else {"back_off_seconds": back_off_seconds}
    link = WyomingLink(uri, "asr", "the ears of this machine", DEADLINE_SECONDS, **options)
    return RemoteEars(ears, link, language, DEADLINE_SECONDS)
