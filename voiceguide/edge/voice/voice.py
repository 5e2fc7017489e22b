"""The guide's voice by a speech engine; rendered sentences are kept on disk."""

import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from voiceguide.core.errors import SpeechError
from voiceguide.core.rates import EAR_RATE_HZ, HOP_SAMPLES
from voiceguide.core.spoken import as_spoken
from voiceguide.edge.system.log import Log
from voiceguide.edge.voice.clip_cache import ClipCache, default_folder
from voiceguide.edge.voice.speech_engine import SpeechEngine, VoiceName
from voiceguide.sound.clip import Clip

_log = Log("voice")

SLOWEST_WORDS_PER_MINUTE = 110
FASTEST_WORDS_PER_MINUTE = 220
DEADLINE_SECONDS = 10.0
LONGEST_TEXT = 2000


@dataclass(slots=True, eq=False)
class _Job:
    key: str
    text: str
    words_per_minute: int
    clip: "Future[Clip]" = field(default_factory=Future)


class Voice:
    """Renders sentences; a ``VoicePort`` that any thread may use.

    The engine is started at the first sentence that is not in the cache. One thread renders: first
    what ``render`` waits for, then what ``prepare`` wants ahead. A worker that dies, hangs or gives
    nothing usable is replaced, and its sentence is tried once more.
    """

    def __init__(
        self,
        voice_name: str | None = None,
        cache_dir: Path | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        command: Sequence[str] | None = None,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """Open a voice.

        Args:
            voice_name: an id or name out of ``voices()``, for espeak also ``id+variant``; or a
                Piper voice, by the name of a fetched one or the path of its file.
            cache_dir: where clips are kept; None for the user's cache folder.
            deadline_seconds: for each of the two attempts; more where the worker started slowly.
            command: starts the worker; None for the engine's own.
            spellings: how a person wants words said, by the lower-case word.

        Raises:
            SpeechError: the voice is a Piper voice that is not here.
        """
        self.spellings = dict(spellings or {})
        self._engine = SpeechEngine(voice_name, deadline_seconds, command, self.spellings)
        self._cache = ClipCache(default_folder() if cache_dir is None else cache_dir)
        self._deadline = deadline_seconds
        self._changed = threading.Condition()
        self._urgent: deque[_Job] = deque()
        self._ahead: deque[_Job] = deque()
        self._current: _Job | None = None
        self._thread: threading.Thread | None = None
        self._now = ThreadPoolExecutor(1, "voice-now")
        """Runs ``render`` for ``submit``, which then waits neither for the engine nor for the
        disk."""
        self._closed = False

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """``render`` in the background; sentences come in the order of asking."""
        with self._changed:
            if self._closed:
                raise SpeechError("the voice is closed")
            return self._now.submit(self.render, text, words_per_minute)

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The sentence as sound, trimmed and at the common loudness; waits until it is there.

        Raises:
            SpeechError: there is no engine or no such voice, or two attempts failed.
            ValueError: the rate is outside 110–220 words a minute.
        """
        text = _checked(text, words_per_minute)
        if not text:
            # A hop of silence, so that whoever waits for its end goes on.
            return Clip(np.zeros(HOP_SAMPLES, np.float32), EAR_RATE_HZ)
        key = self._engine.key(text, words_per_minute)
        clip = self._cache.get(key)
        if clip is not None:
            return clip
        with self._changed:
            job = self._find(key)
            if job is None:
                job = _Job(key, text, words_per_minute)
                self._urgent.append(job)
            elif job in self._ahead:
                self._ahead.remove(job)
                self._urgent.append(job)
            self._wake()
        return job.clip.result()

    def is_ready(self, text: str, words_per_minute: int) -> bool:
        """Whether the sentence is rendered already. Raises as ``render`` does for a bad text or
        rate.
        """
        text = _checked(text, words_per_minute)
        return not text or self._cache.has(self._engine.key(text, words_per_minute))

    @property
    def is_piper(self) -> bool:
        """Whether it is a Piper voice, which a small machine may be too slow for."""
        return self._engine.is_piper

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """Render these ahead in the background, in their order, instead of what was asked
        before.
        """
        wanted = [_checked(text, words_per_minute) for text in texts]
        with self._changed:
            self._ahead.clear()
            for text in dict.fromkeys(filter(None, wanted)):
                key = self._engine.key(text, words_per_minute)
                if self._find(key) is None:
                    self._ahead.append(_Job(key, text, words_per_minute))
            if self._ahead:
                self._wake()

    def voices(self) -> list[VoiceName]:
        """Every voice of the engine, by id. Raises SpeechError when there is no engine."""
        return self._engine.voices()

    @property
    def worker_pid(self) -> int | None:
        """The process that renders; None while none runs."""
        return self._engine.worker_pid

    def close(self) -> None:
        """End the worker; whoever waits for a sentence gets a SpeechError."""
        with self._changed:
            self._closed = True
            thread = self._thread
            self._changed.notify_all()
        self._engine.close()
        self._now.shutdown(wait=False, cancel_futures=True)
        if thread is not None:
            thread.join(self._deadline)

    def __enter__(self) -> "Voice":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _find(self, key: str) -> _Job | None:
        jobs = (self._current, *self._urgent, *self._ahead)
        return next((job for job in jobs if job is not None and job.key == key), None)

    def _wake(self) -> None:
        if self._closed:
            raise SpeechError("the voice is closed")
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="voice", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._current = None
                while not (self._urgent or self._ahead or self._closed):
                    self._changed.wait()
                if self._closed:
                    break
                job = self._current = (self._urgent or self._ahead).popleft()
            try:
                clip = self._cache.get(job.key)
                if clip is None:
                    clip = self._engine.render(job.text, job.words_per_minute)
                    self._cache.put(job.key, clip)
            except SpeechError as error:
                # Where nobody waits for it, it is tried again when it is needed.
                _log.debug("sentence", "not rendered", reason=error)
                job.clip.set_exception(error)
            except Exception as error:  # the thread must outlive every surprise
                _log.exception("rendering", "failed")
                job.clip.set_exception(SpeechError(f"the sentence cannot be spoken: {error!r}"))
            else:
                job.clip.set_result(clip)
        with self._changed:
            for job in (*self._urgent, *self._ahead):
                job.clip.set_exception(SpeechError("the voice is closed"))
            self._urgent.clear()
            self._ahead.clear()


def _checked(text: str, words_per_minute: int) -> str:
    if not SLOWEST_WORDS_PER_MINUTE <= words_per_minute <= FASTEST_WORDS_PER_MINUTE:
        raise ValueError(
            f"words_per_minute must be within {SLOWEST_WORDS_PER_MINUTE} to "
            f"{FASTEST_WORDS_PER_MINUTE}, not {words_per_minute}"
        )
    text = as_spoken(text)
    if len(text) > LONGEST_TEXT:
        raise SpeechError(
            f"a text of {len(text)} letters is too long to say at once; "
            f"keep it under {LONGEST_TEXT}"
        )
    return text
