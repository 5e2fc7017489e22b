"""The worker process of the voice: ``python -m voiceguide.edge.voice.voice_worker``.

Writes the frame ``{"ready": true}`` once it can take jobs, then reads jobs as frames on stdin and
answers each with one frame on stdout (``edge/system/frames.py``). Jobs::

    {"do": "voices"}                                      -> {"voices": [[id, name, language], …]}
    {"do": "render", "text": …, "voice": … or null, "words_per_minute": …, "word_gap": …, "path": …}
        -> {"words": [[first letter, letters, second], …]}, empty where the engine does not tell

A failure is ``{"error": kind, "message": …}``; the kind is ``engine`` (nothing can be spoken here),
``voice`` (there is no voice of that name; ``near`` lists similar ones) or ``job`` (this job alone).
The worker ends when stdin does.

On Linux every job runs in a fork of this process, made before the engine is initialised: espeak
carries state from one sentence to the next, so that the same text differs by some samples, and only
a new process resets all of it. So a text always gives the same samples. A job must not be sent
before the last one is answered.
"""

import importlib
import os
import select
import signal
import sys
import threading
from typing import Any, BinaryIO

from voiceguide.core.suggest import likely
from voiceguide.edge.libraries.espeak_library import load_espeak
from voiceguide.edge.system.frames import READY, Frame, read_frame, worker_streams, write_frame

DEFAULT_LINUX_VOICE = "gmw/en-us"
"""American English, which pronounces the r of "or" and "are": that helps in a noisy room."""


class _VoiceNameError(Exception):
    def __init__(self, near: list[str]) -> None:
        super().__init__("no voice of that name")
        self.near = near


class _EngineError(Exception):
    pass


def main() -> None:
    """Serve jobs until stdin ends."""
    jobs, replies = worker_streams()
    try:
        if sys.platform == "linux":
            _load_espeak()
        # loaded once, before the forks
        importlib.import_module("pyttsx3")
        if sys.platform == "linux":
            importlib.import_module("voiceguide.edge.voice.espeak_driver")
    except (Exception, SystemExit) as error:
        failure: Frame | None = {"error": "engine", "message": str(error) or repr(error)}
    else:
        failure = None
    write_frame(replies, READY)
    while (job := read_frame(jobs)) is not None:
        if failure is not None:
            write_frame(replies, failure)
        elif sys.platform == "linux":
            _in_fork(job, jobs.fileno(), replies)
        else:
            write_frame(replies, _do(job))


def _in_fork(job: Frame, jobs_fd: int, replies: BinaryIO) -> None:
    alive_fd, child_fd = os.pipe()
    parent_pid = os.getpid()
    pid = os.fork()
    if pid == 0:
        os.close(alive_fd)
        status = 1
        _die_with_parent(parent_pid)
        try:
            write_frame(replies, _do(job))
            status = 0
        finally:
            os._exit(status)
    os.close(child_fd)
    # Wait for either: the child is gone, and its end of the pipe closed, or our parent is gone.
    ready, _, _ = select.select([alive_fd, jobs_fd], [], [])
    if alive_fd not in ready:
        os.kill(pid, signal.SIGKILL)
    os.close(alive_fd)
    _, status = os.waitpid(pid, 0)
    if status != 0 and alive_fd in ready:
        message = f"the speech engine died (status {status})"
        write_frame(replies, {"error": "job", "message": message})


def _die_with_parent(parent_pid: int) -> None:
    import ctypes

    set_parent_death_signal = 1  # PR_SET_PDEATHSIG of prctl(2).
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    if os.getppid() != parent_pid:  # it died before the call
        os._exit(1)


def _do(job: Frame) -> Frame:
    try:
        engine = _engine()
        if job["do"] == "voices":
            return {"voices": [[v.id, v.name, _language(v)] for v in _voices(engine)]}
        return {"words": _render(engine, job)}
    except _VoiceNameError as error:
        return {"error": "voice", "message": str(error), "near": error.near}
    except _EngineError as error:
        return {"error": "engine", "message": str(error)}
    except Exception as error:
        return {"error": "job", "message": str(error) or repr(error)}


def _load_espeak() -> None:
    """Load the library that speaks here, so that pyttsx3's own look-up finds it loaded."""
    espeak = load_espeak()
    if espeak.data is not None:
        os.environ["ESPEAK_DATA_PATH"] = espeak.data


def _engine() -> Any:
    import pyttsx3

    try:
        if sys.platform != "linux":
            return pyttsx3.init()
        from voiceguide.edge.voice import espeak_driver

        return pyttsx3.init(espeak_driver.NAME)
    except Exception as error:
        raise _EngineError(str(error) or repr(error)) from error


def _voices(engine: Any) -> list[Any]:
    return list(engine.getProperty("voices"))


def _language(voice: Any) -> str:
    for language in voice.languages:
        return language.decode(errors="replace") if isinstance(language, bytes) else str(language)
    return ""


def _voice_id(engine: Any, wanted: str | None) -> str | None:
    """The engine's identifier for a voice as people write it, with its ``+variant`` if any."""
    if wanted is None:
        return DEFAULT_LINUX_VOICE if sys.platform == "linux" else None
    base, plus, variant = wanted.strip().partition("+")
    by_name: dict[str, str] = {}
    english: list[str] = []
    voices = _voices(engine)
    for voice in voices:
        identifier = str(voice.id)
        short = identifier.rpartition("/")[2]
        for name in (identifier, str(voice.name), short):
            by_name.setdefault(name.lower(), identifier)
        if _language(voice).startswith("en"):
            english.append(short)
    # espeak calls British English "en"; people ask for "en-gb".
    for voice in voices:
        by_name.setdefault(_language(voice).lower(), str(voice.id))
    if base.lower() not in by_name:
        # A voice of another language is suggested only where its name was nearly written.
        near = likely(base, english, 4) or likely(base, by_name, 4, alike=0.75)
        raise _VoiceNameError([*near])
    if plus:
        if sys.platform != "linux":  # only espeak has variants
            raise _VoiceNameError([base])
        from voiceguide.edge.voice import espeak_driver

        variants = espeak_driver.data_folder() / "voices" / "!v"
        if not (variant and "/" not in variant and (variants / variant).is_file()):
            names = sorted(path.name for path in variants.glob(f"{variant[:1]}*"))
            raise _VoiceNameError([f"{base}+{name}" for name in names[:8]])
    return by_name[base.lower()] + plus + variant


def _render(engine: Any, job: Frame) -> list[list[float]]:
    """Write the file; gives the first letter, the number of letters and the second of each word."""
    spoken: list[list[float]] = []
    voice = _voice_id(engine, job["voice"])
    ended = threading.Event()
    problems: list[str] = []

    def on_finished(completed: bool, **_: object) -> None:
        if not completed:
            problems.append("the sentence was cancelled")
        ended.set()

    def on_error(exception: Exception, **_: object) -> None:
        problems.append(repr(exception))
        ended.set()

    engine.connect("finished-utterance", on_finished)
    engine.connect("error", on_error)
    if voice is not None:
        engine.setProperty("voice", voice)
    engine.setProperty("rate", job["words_per_minute"])
    if sys.platform == "linux":
        from voiceguide.edge.voice import espeak_driver

        def on_word(first_letter: int, letters: int, seconds: float, **_: object) -> None:
            spoken.append([first_letter, letters, seconds])

        engine.setProperty(espeak_driver.WORD_GAP, job.get("word_gap", 0))
        engine.connect(espeak_driver.WORD, on_word)
    engine.save_to_file(job["text"], job["path"])
    engine.runAndWait()
    if sys.platform == "linux" and not ended.is_set():
        problems.append("the engine never said that it was done")
    # Drivers of other systems may still be writing; our parent has a deadline.
    elif not ended.is_set():
        ended.wait()
    if problems:
        raise RuntimeError(problems[0])
    return spoken


if __name__ == "__main__":
    main()
