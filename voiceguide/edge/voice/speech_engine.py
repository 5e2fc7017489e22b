"""A speech engine in a worker process: renders one text at a time, and tries twice."""

import contextlib
import sys
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from voiceguide.core.decision.guide_sound import SpokenWord
from voiceguide.core.errors import SpeechError
from voiceguide.core.spoken import words
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
from voiceguide.edge.voice.clip_cache import cache_key
from voiceguide.edge.voice.pack_store import open_packs
from voiceguide.edge.voice.respelling import as_written, respelled
from voiceguide.edge.voice.voice_store import find_voice
from voiceguide.sound.clip import Clip
from voiceguide.sound.speech import FORMAT_VERSION, about_when, lasts_plausibly, tidy_speech

_log = Log("voice")

WORKER_COMMAND = (sys.executable, "-m", "voiceguide.edge.voice.voice_worker")
PIPER_COMMAND = (sys.executable, "-m", "voiceguide.edge.voice.piper_worker")
START_SHARES = 30.0
"""A sentence of four seconds takes about 0.1 of the time that the worker took to be ready with
espeak, a passage of half a minute about 2 with Piper."""
ENGLISH = ("en-us", "en-gb", "en-gb-scotland")
"""Voices of espeak-ng that are named as examples."""

_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class VoiceName:
    """A voice that can be asked for."""

    id: str
    name: str
    language: str


class _Rejected(Exception):  # noqa: N818  (never leaves this file)
    """This attempt gave nothing usable; a new worker may do better."""


class SpeechEngine:
    """One engine with one voice. Nothing is started before the first text.

    A worker that dies, hangs or gives nothing usable is replaced, and the text is tried once more.
    """

    def __init__(
        self,
        voice_name: str | None,
        deadline_seconds: float,
        command: Sequence[str] | None,
        spellings: Mapping[str, str],
    ) -> None:
        """For the arguments see ``Voice``.

        Raises:
            SpeechError: the voice is a Piper voice that is not here.
        """
        piper = find_voice(voice_name)
        self.is_piper = piper is not None
        """Whether it is a Piper voice, which a small machine may be too slow for."""
        self._voice_name = str(piper) if piper else voice_name
        self._spellings = spellings
        self._deadline = deadline_seconds
        self._process = _worker(command or (PIPER_COMMAND if piper else WORKER_COMMAND))
        self._version: str | None = None
        self._closed = False

    @property
    def worker_pid(self) -> int | None:
        """The process that renders; None while none runs."""
        return self._process.pid

    def key(self, text: str, words_per_minute: int) -> str:
        """The key of a text's sound in a cache."""
        if self._version is None:
            self._version = _engine_version(self.is_piper)
        voice = (self._voice_name or "").strip().lower()
        rate = f"{words_per_minute}+{word_gap(words_per_minute)}"
        spelled = respelled(text, own=self._spellings)
        return cache_key(self._version, voice, rate, spelled, str(FORMAT_VERSION))

    def render(self, text: str, words_per_minute: int) -> Clip:
        """The text as sound, trimmed and at the common loudness; waits until it is there.

        Raises:
            SpeechError: there is no engine or no such voice, or both attempts failed.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._attempt(text, words_per_minute)
            except (WorkerLostError, _Rejected) as error:
                self._process.kill()
                if self._closed:
                    raise SpeechError("the voice is closed") from error
                if attempt == _ATTEMPTS:
                    short = text if len(text) <= 40 else text[:37] + "…"
                    raise SpeechError(
                        f"the sentence “{short}” cannot be spoken, tried twice: {error}"
                    ) from error
                _log.debug("rendering", "failed", attempt=attempt, reason=error)
        raise AssertionError("unreachable")

    def voices(self) -> list[VoiceName]:
        """Every voice of the engine, by id. Raises SpeechError when there is no engine."""
        # In a process of its own, so that it does not wait behind a sentence.
        process = _worker(self._process.command)
        try:
            reply = _answer(process.ask({"do": "voices"}, self._deadline), self._voice_name)
        except (WorkerLostError, _Rejected) as error:
            raise SpeechError(f"the speech engine does not answer: {error}") from error
        finally:
            process.kill(for_good=True)
        return sorted((VoiceName(*entry) for entry in reply["voices"]), key=lambda v: v.id)

    def close(self) -> None:
        """End the worker, even one that is rendering."""
        self._closed = True
        self._process.kill(for_good=True)

    def _attempt(self, text: str, words_per_minute: int) -> Clip:
        try:
            handle = scratch_folder()
        except OSError as error:
            raise SpeechError(f"no room to render speech: {error}; free some disk") from error
        spelled = respelled(text, own=self._spellings)
        with handle as folder:
            path = Path(folder) / "speech.wav"
            request: Frame = {
                "do": "render",
                "text": spelled,
                "voice": self._voice_name,
                "words_per_minute": words_per_minute,
                "word_gap": word_gap(words_per_minute),
                "path": str(path),
            }
            reply = _answer(self._process.ask(request, self._deadline), self._voice_name)
            sound = _read(path)
        said = _spoken_words(spelled, reply.get("words") or [], sound.seconds, self._spellings)
        clip = tidy_speech(Clip(sound.samples, sound.sample_rate_hz, said))
        if not said:
            told = about_when(text, clip.seconds)
            clip = Clip(clip.samples, clip.sample_rate_hz, told)
        if not lasts_plausibly(clip.seconds, text):
            raise _Rejected(f"{clip.seconds:.2f} s of speech for {len(text)} letters")
        return clip


def _worker(command: Sequence[str]) -> WorkerProcess:
    return WorkerProcess(command, "the speech worker", START_SHARES)


def _answer(reply: Frame, voice_name: str | None) -> Frame:
    """The reply; raises the exception that a failure stands for."""
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
    """Each word with its times: it lasts until the next one begins."""
    ends = [*(start for _, _, start in told[1:]), seconds]
    return tuple(
        SpokenWord(word, start, max(start, end))
        for (first, letters, start), end in zip(told, ends, strict=False)
        for word in words(as_written(text[first : first + letters], own=spellings))
    )


def _engine_version(piper: bool = False) -> str:
    """What the sound of a text depends on besides the text and the voice; starts no engine."""
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
