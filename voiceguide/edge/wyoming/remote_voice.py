"""The guide's voice from a Wyoming server, and this machine's own while that is away."""

import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path

from wyoming.event import Event
from wyoming.tts import Synthesize

from voiceguide.core.errors import SpeechError
from voiceguide.edge.system.log import Log
from voiceguide.edge.voice.clip_cache import ClipCache, cache_key, default_folder
from voiceguide.edge.voice.respelling import respelled
from voiceguide.edge.voice.voice import Voice
from voiceguide.edge.wyoming.wyoming_link import AwayError, WyomingLink
from voiceguide.edge.wyoming.wyoming_sound import SoundError, collected
from voiceguide.sound.clip import Clip
from voiceguide.sound.speech import FORMAT_VERSION, about_when, lasts_plausibly, tidy_speech

DEADLINE_SECONDS = 2.0
"""How long a sentence that is needed now waits for the server; then the server counts as away."""
LOST_SECONDS = 30.0
"""An answer that has not come by then never comes: the link was closed."""

_log = Log("wyoming")


class RemoteVoice:
    """Renders sentences, from the cache where it can; a ``VoicePort`` that any thread may use.

    What the server once said is kept like any clip, so it can be said while the server is away. The
    protocol has no speech rate: it is sent as ``context.words_per_minute``, which voiceguide's own
    server obeys and others ignore.
    """

    def __init__(
        self,
        link: WyomingLink,
        uri: str,
        local: Voice,
        cache_dir: Path | None = None,
    ) -> None:
        """``local`` speaks while the server is away; it is closed with this voice."""
        self.link = link
        """The link to the server that speaks."""
        self._uri = uri
        self._local = local
        self._cache = ClipCache(default_folder() if cache_dir is None else cache_dir)
        self._changed = threading.Condition()
        self._ahead: deque[tuple[str, int]] = deque()
        self._closed = False
        self._now = ThreadPoolExecutor(1, "remote-voice-now")
        self._thread = threading.Thread(target=self._work, name="remote-voice", daemon=True)
        self._thread.start()

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """The sentence as sound; see ``Voice.submit``."""
        return self._now.submit(self.render, text, words_per_minute)

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The sentence of ``submit``; waits until it is there."""
        text = " ".join(text.split())
        clip = self._cache.get(self._key(text, words_per_minute))
        if clip is None and self.link.is_there:
            clip = self._asked(text, words_per_minute)
        return self._local.render(text, words_per_minute) if clip is None else clip

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """Render these ahead in the background, instead of what was asked before."""
        wanted = [" ".join(text.split()) for text in texts]
        if not self.link.is_there:
            self._local.prepare(wanted, words_per_minute)
            return
        with self._changed:
            self._ahead = deque((text, words_per_minute) for text in dict.fromkeys(wanted))
            self._changed.notify_all()

    def close(self) -> None:
        """End the threads, and the local voice."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.link.close()
        self._local.close()
        self._now.shutdown(wait=False, cancel_futures=True)

    def _key(self, text: str, words_per_minute: int) -> str:
        rate = str(words_per_minute)
        spelled = respelled(text, own=self._local.spellings)
        return cache_key("wyoming", self._uri, rate, spelled, str(FORMAT_VERSION))

    def _asked(self, text: str, words_per_minute: int) -> Clip | None:
        spelled = respelled(text, own=self._local.spellings)
        asked = Synthesize(spelled, context={"words_per_minute": words_per_minute})
        answer: Future[list[Event]] = self.link.ask([asked.event()], "audio-stop")
        try:
            sound = collected(answer.result(LOST_SECONDS))
        except (AwayError, SoundError, CancelledError, TimeoutError) as error:
            _log.debug("server", "not speaking", reason=error)
            return None
        clip = tidy_speech(sound)
        if not lasts_plausibly(clip.seconds, text):
            _log.warning("server", "spoke too long", address=self._uri, seconds=clip.seconds)
            return None
        clip = Clip(clip.samples, clip.sample_rate_hz, about_when(text, clip.seconds))
        self._cache.put(self._key(text, words_per_minute), clip)
        return clip

    def _work(self) -> None:
        while True:
            with self._changed:
                while not (self._ahead or self._closed):
                    self._changed.wait()
                if self._closed:
                    return
                text, words_per_minute = self._ahead.popleft()
            try:
                if self._cache.get(self._key(text, words_per_minute)) is None:
                    self._prepared(text, words_per_minute)
            except SpeechError as error:
                # The person hears of it when the sentence is needed.
                _log.debug("sentence", "not rendered", reason=error)
            except Exception:  # the thread must outlive every surprise
                _log.exception("rendering", "failed")

    def _prepared(self, text: str, words_per_minute: int) -> None:
        if self.link.is_there and self._asked(text, words_per_minute) is not None:
            return
        with self._changed:
            rest = [text, *(other for other, _ in self._ahead)]
            self._ahead.clear()
        self._local.prepare(rest, words_per_minute)


def open_remote_voice(uri: str, local: Voice, back_off_seconds: float | None = None) -> RemoteVoice:
    """The voice of the server at this address, with ``local`` to stand in."""
    options = {} if back_off_seconds is None else {"back_off_seconds": back_off_seconds}
    link = WyomingLink(uri, "tts", "the voice of this machine", DEADLINE_SECONDS, **options)
    return RemoteVoice(link, uri, local)
