"""The guide's voice: text to sound, by pyttsx3 in a worker process, kept on disk."""

import contextlib
import sys
import threading
import wave
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SpeechError
from voiceguide.core.rates import EAR_RATE_HZ, HOP_SAMPLES
from voiceguide.core.spoken import as_spoken, words
from voiceguide.core.suggest import did_you_mean, likely
from voiceguide.core.timeline.speech import word_gap
from voiceguide.edge.libraries.adding import how_to_add_package
from voiceguide.edge.libraries.espeak_library import SONAME as ESPEAK
from voiceguide.edge.libraries.espeak_library import load_espeak
from voiceguide.edge.libraries.packages import package_of
from voiceguide.edge.system.children import scratch_folder
from voiceguide.edge.system.frames import Frame
from voiceguide.edge.system.log import Log
from voiceguide.edge.system.worker_process import WorkerLostError, WorkerProcess
from voiceguide.edge.voice.clip_cache import ClipCache, cache_key, default_folder
from voiceguide.edge.voice.pack_store import open_packs
from voiceguide.edge.voice.respelling import as_written, respelled
from voiceguide.edge.voice.voice_store import find_voice
from voiceguide.sound.clip import Clip
from voiceguide.sound.speech import FORMAT_VERSION, about_when, lasts_plausibly, tidy_speech

_log = Log("voice")

SLOWEST_WORDS_PER_MINUTE = 110
FASTEST_WORDS_PER_MINUTE = 220
DEADLINE_SECONDS = 10.0
LONGEST_TEXT = 2000
WORKER_COMMAND = (sys.executable, "-m", "voiceguide.edge.voice.voice_worker")
PIPER_COMMAND = (sys.executable, "-m", "voiceguide.edge.voice.piper_worker")
START_SHARES = 30.0
"""A sentence of four seconds takes about 0.1 of the time that the worker took to be ready with
espeak, a passage of half a minute about 2 with Piper."""
ENGLISH = ("en-us", "en-gb", "en-gb-scotland")
"""Some voices of espeak-ng."""

_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class VoiceName:
    """One voice that can be asked for."""

    id: str
    name: str
    language: str


@dataclass(slots=True, eq=False)
class _Job:
    key: str
    text: str
    words_per_minute: int
    clip: "Future[Clip]" = field(default_factory=Future)


class _Rejected(Exception):  # noqa: N818  (never leaves this file)
    """This attempt gave nothing usable; a fresh worker may do better."""


class Voice:
    """Renders sentences; safe to use from several threads.

    Nothing is started before the first sentence that is not in the cache. One thread renders,
    what ``render`` waits for before what ``prepare`` wants ahead. A worker that dies, hangs or
    gives nothing usable is replaced and its sentence is tried once more.
    """

    def __init__(
        self,
        voice_name: str | None = None,
        cache_dir: Path | None = None,
        deadline_seconds: float = DEADLINE_SECONDS,
        command: Sequence[str] | None = None,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """``voice_name``: an id or name out of ``voices()``, for espeak also ``id+variant``; or
        a Piper voice, by the name of a fetched one or the path of its file.

        ``cache_dir``: where clips are kept; None is the user's cache folder. ``deadline_seconds``
        holds for each of the two attempts, longer where the worker was slow to start. ``command``
        starts the worker. ``spellings``: of words, lower-case, as a person wants them said. Raises
        SpeechError for a Piper voice that is not here.
        """
        piper = find_voice(voice_name)
        self.spellings = dict(spellings or {})
        self._voice_name = str(piper) if piper else voice_name
        self._piper = piper is not None
        self._cache = ClipCache(default_folder() if cache_dir is None else cache_dir)
        self._deadline = deadline_seconds
        self._process = _worker(command or (PIPER_COMMAND if piper else WORKER_COMMAND))
        self._engine_version: str | None = None
        self._changed = threading.Condition()
        self._urgent: deque[_Job] = deque()
        self._ahead: deque[_Job] = deque()
        self._current: _Job | None = None
        self._thread: threading.Thread | None = None
        self._now = ThreadPoolExecutor(1, "voice-now")
        """What is asked for with ``submit`` waits here, for the disk too."""
        self._closed = False

    def submit(self, text: str, words_per_minute: int) -> "Future[Clip]":
        """The sentence of ``render``, in the background, in the order of asking."""
        with self._changed:
            if self._closed:
                raise SpeechError("the voice is closed")
            return self._now.submit(self.render, text, words_per_minute)

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The sentence as sound, trimmed and at the common loudness; waits until it is there.

        Raises SpeechError when it cannot be spoken (no engine, no such voice, or two attempts
        failed) and ValueError for a rate outside 110–220.
        """
        text = _checked(text, words_per_minute)
        if not text:
            # A hop of silence, so that whoever waits for its end goes on.
            return Clip(np.zeros(HOP_SAMPLES, np.float32), EAR_RATE_HZ)
        key = self._key(text, words_per_minute)
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
        """Whether it is rendered already. Raises as ``render`` does for what cannot be asked."""
        text = _checked(text, words_per_minute)
        return not text or self._cache.has(self._key(text, words_per_minute))

    @property
    def is_piper(self) -> bool:
        """Whether it is one of Piper's, which a small machine may be too slow for."""
        return self._piper

    def prepare(self, texts: Iterable[str], words_per_minute: int) -> None:
        """Render these ahead in the background, the first one first; replaces earlier wishes."""
        wanted = [_checked(text, words_per_minute) for text in texts]
        with self._changed:
            self._ahead.clear()
            for text in dict.fromkeys(filter(None, wanted)):
                key = self._key(text, words_per_minute)
                if self._find(key) is None:
                    self._ahead.append(_Job(key, text, words_per_minute))
            if self._ahead:
                self._wake()

    def voices(self) -> list[VoiceName]:
        """Every voice of the engine, by id. Raises SpeechError when there is no engine."""
        # A process of its own: this is asked for once, and must not wait behind a sentence.
        process = _worker(self._process.command)
        try:
            reply = _answer(process.ask({"do": "voices"}, self._deadline), self._voice_name)
        except (WorkerLostError, _Rejected) as error:
            raise SpeechError(f"the speech engine does not answer: {error}") from error
        finally:
            process.kill(for_good=True)
        return sorted((VoiceName(*entry) for entry in reply["voices"]), key=lambda v: v.id)

    @property
    def worker_pid(self) -> int | None:
        """The process that renders; None while none runs."""
        return self._process.pid

    def close(self) -> None:
        """End the worker; whoever waits for a sentence gets a SpeechError."""
        with self._changed:
            self._closed = True
            thread = self._thread
            self._changed.notify_all()
        self._process.kill(for_good=True)
        self._now.shutdown(wait=False, cancel_futures=True)
        if thread is not None:
            thread.join(self._deadline)

    def __enter__(self) -> "Voice":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _key(self, text: str, words_per_minute: int) -> str:
        if self._engine_version is None:
            self._engine_version = _engine_version(self._piper)
        voice = (self._voice_name or "").strip().lower()
        rate = f"{words_per_minute}+{word_gap(words_per_minute)}"
        spelled = respelled(text, own=self.spellings)
        return cache_key(self._engine_version, voice, rate, spelled, str(FORMAT_VERSION))

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
                clip = self._cache.get(job.key) or self._rendered(job)
            except SpeechError as error:
                # Nobody may be waiting for it: then it is tried again when it is needed.
                _log.debug("sentence", "not rendered", reason=error)
                job.clip.set_exception(error)
            except Exception as error:  # A thread must outlive every surprise.
                _log.exception("rendering", "failed")
                job.clip.set_exception(SpeechError(f"the sentence cannot be spoken: {error!r}"))
            else:
                job.clip.set_result(clip)
        with self._changed:
            for job in (*self._urgent, *self._ahead):
                job.clip.set_exception(SpeechError("the voice is closed"))
            self._urgent.clear()
            self._ahead.clear()

    def _rendered(self, job: _Job) -> Clip:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                clip = self._attempt(job)
            except (WorkerLostError, _Rejected) as error:
                self._process.kill()
                if self._closed:
                    raise SpeechError("the voice is closed") from error
                if attempt == _ATTEMPTS:
                    short = job.text if len(job.text) <= 40 else job.text[:37] + "…"
                    raise SpeechError(
                        f"the sentence “{short}” cannot be spoken, tried twice: {error}"
                    ) from error
                _log.debug("rendering", "failed", attempt=attempt, reason=error)
            else:
                self._cache.put(job.key, clip)
                return clip
        raise AssertionError("unreachable")

    def _attempt(self, job: _Job) -> Clip:
        try:
            handle = scratch_folder()
        except OSError as error:
            raise SpeechError(f"no room to render speech: {error}; free some disk") from error
        text = respelled(job.text, own=self.spellings)
        with handle as folder:
            path = Path(folder) / "speech.wav"
            request: Frame = {
                "do": "render",
                "text": text,
                "voice": self._voice_name,
                "words_per_minute": job.words_per_minute,
                "word_gap": word_gap(job.words_per_minute),
                "path": str(path),
            }
            reply = _answer(self._process.ask(request, self._deadline), self._voice_name)
            sound = _read(path)
        said = _spoken_words(text, reply.get("words") or [], sound.seconds, self.spellings)
        clip = tidy_speech(Clip(sound.samples, sound.sample_rate_hz, said))
        if not said:
            told = about_when(job.text, clip.seconds)
            clip = Clip(clip.samples, clip.sample_rate_hz, told)
        if not lasts_plausibly(clip.seconds, job.text):
            raise _Rejected(f"{clip.seconds:.2f} s of speech for {len(job.text)} letters")
        return clip


def _worker(command: Sequence[str]) -> WorkerProcess:
    return WorkerProcess(command, "the speech worker", START_SHARES)


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


def _answer(reply: Frame, voice_name: str | None) -> Frame:
    """The reply, or the exception that it stands for."""
    kind, message = reply.get("error"), reply.get("message", "no reason given")
    if kind is None:
        return reply
    if kind == "voice":
        packs = [*open_packs()]
        near = [*likely(voice_name or "", packs), *reply.get("near", ())]
        known = ", ".join((*packs, *ENGLISH))
        hint = did_you_mean(near) or f"there are {known} and others; see: voiceguide voices list"
        raise SpeechError(f"there is no voice “{voice_name}”; {hint}")
    if kind == "piper":
        raise SpeechError(str(message))
    if kind == "engine":
        raise SpeechError(
            f"there is no speech engine here; install {package_of(ESPEAK)} of your system, or "
            f"type: {how_to_add_package('espeakng-loader')} ({message})"
        )
    raise _Rejected(str(message))


def _read(path: Path) -> Clip:
    """The WAV file the engine wrote (AIFF where the engine of macOS writes that)."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"RIFF":
                return _read_other(path)
        with wave.open(str(path), "rb") as wav:
            if wav.getsampwidth() != 2 or wav.getnframes() == 0:
                raise _Rejected("the engine wrote no 16-bit sound")
            data = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
            rate, channels = wav.getframerate(), wav.getnchannels()
    except (OSError, EOFError, wave.Error) as error:
        raise _Rejected(f"the engine wrote no sound: {error}") from error
    mono = data.reshape(-1, channels).mean(axis=1)
    return Clip((mono / 32768.0).astype(np.float32), rate)


def _read_other(path: Path) -> Clip:
    with contextlib.suppress(Exception):
        import soundfile

        data, rate = soundfile.read(path, dtype="float32", always_2d=True)
        return Clip(data.mean(axis=1, dtype=np.float32), rate)
    raise _Rejected("the engine wrote a file that is no sound")


def _spoken_words(
    text: str, told: list[tuple[int, int, float]], seconds: float, spellings: Mapping[str, str]
) -> tuple[SpokenWord, ...]:
    """What is said when: each word lasts until the next one begins."""
    ends = [*(start for _, _, start in told[1:]), seconds]
    return tuple(
        SpokenWord(word, start, max(start, end))
        for (first, letters, start), end in zip(told, ends, strict=False)
        for word in words(as_written(text[first : first + letters], own=spellings))
    )


def _engine_version(piper: bool = False) -> str:
    """What the sound of a text depends on besides the text; without starting the engine."""
    from importlib import metadata

    versions = [sys.platform]
    if sys.platform == "linux" and not piper:
        with contextlib.suppress(OSError):
            espeak = load_espeak()
            versions.append(f"synchronous {espeak.origin} {espeak.version}")
    for package in ("piper-tts",) if piper else ("pyttsx3", "espeakng-loader"):
        try:
            versions.append(metadata.version(package))
        except metadata.PackageNotFoundError:
            versions.append("none")
    return " ".join(versions)
