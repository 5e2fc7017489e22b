"""The packs of one voice as the guide's voice."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from voiceguide.core.errors import SpeechError
from voiceguide.core.spoken import as_spoken
from voiceguide.edge.system.log import Log
from voiceguide.edge.voice.pack import VoicePack
from voiceguide.sound.clip import Clip
from voiceguide.sound.stretch import at_pace
from voiceguide.sound.voice_port import VoicePort, speak

_KEPT = 60
"""How many sentences stay in memory: some minutes of speech, 20 MB."""

_log = Log("voice")


class PackVoice:
    """Says the sentences that packs hold; a ``VoicePort``.

    Args:
        packs: those of one voice; the first that holds a sentence says it.
        other: opens the voice for a sentence that none of them holds whole. It is opened at the
            first of them, and each is logged once.
    """

    def __init__(self, packs: Sequence[VoicePack], other: Callable[[], VoicePort]) -> None:
        self._packs = tuple(packs)
        self._open_other = other
        self._other: VoicePort | None = None
        self._clips: OrderedDict[tuple[str, int], Clip] = OrderedDict()
        self._missed: set[str] = set()
        self._ahead: list[Future[Clip | None]] = []
        # One thread each: sentences come in their order, and what is said now waits for nothing
        # that is prepared.
        self._now = ThreadPoolExecutor(1, "voice-pack")
        self._later = ThreadPoolExecutor(1, "voice-pack-ahead")

    @property
    def name(self) -> str:
        """Name of the voice."""
        return self._packs[0].head.voice

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """See ``VoicePort``."""
        try:
            return self._now.submit(self._render, as_spoken(text), words_per_minute)
        except RuntimeError as error:
            raise SpeechError("the voice is closed") from error

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """See ``VoicePort``."""
        for future in self._ahead:
            future.cancel()
        try:
            self._ahead = [
                self._later.submit(self._known, as_spoken(text), words_per_minute) for text in texts
            ]
        except RuntimeError as error:
            raise SpeechError("the voice is closed") from error

    def close(self) -> None:
        """See ``VoicePort``."""
        for pool in (self._now, self._later):
            pool.shutdown(wait=False, cancel_futures=True)
        for pack in self._packs:
            pack.close()
        if self._other:
            self._other.close()

    def _render(self, text: str, words_per_minute: int) -> Clip:
        clip = self._known(text, words_per_minute)
        if clip is not None:
            return clip
        if text not in self._missed:
            self._missed.add(text)
            _log.warning("voice", "lacks", name=self.name, sentence=text)
        if self._other is None:
            self._other = self._open_other()
        return speak(self._other, text, words_per_minute)

    def _known(self, text: str, words_per_minute: int) -> Clip | None:
        key = (text, words_per_minute)
        clip = self._clips.get(key)
        if clip is not None:
            return clip
        for pack in self._packs:
            found = pack.get(text)
            if found is not None:
                clip = at_pace(found, words_per_minute / pack.head.words_per_minute)
                self._clips[key] = clip
                while len(self._clips) > _KEPT:
                    self._clips.popitem(last=False)
                return clip
        return None
