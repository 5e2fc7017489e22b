"""A stand-in for the voice's worker: misbehaves as told, or beeps.

``fake_voice_worker.py MODE FOLDER``: the first job is met with MODE; later jobs, also those of the
workers started after it, are served by the real worker (modes that begin with ``real-``) or with
a beep whose length follows the text. Every text is written to FOLDER/log.
"""

import os
import signal
import sys
import threading
import wave
from pathlib import Path

from voiceguide.edge.system.frames import READY, read_frame, write_frame
from voiceguide.edge.voice import voice_worker

mode, folder = sys.argv[1], Path(sys.argv[2])
marker = folder / "met"


def first_time() -> bool:
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def beep(job: dict) -> None:
    count = 22050 * len(job["text"]) // 15
    with wave.open(job["path"], "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(22050)
        wav.writeframes(b"".join(((i % 50) * 200).to_bytes(2, "little") for i in range(count)))


def misbehave(job: dict) -> dict | None:
    if mode == "hang":
        threading.Event().wait()
    if mode == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if mode == "garbage":
        sys.stdout.buffer.write(b"\x00\x00\x00\x05hello")
        sys.stdout.buffer.flush()
    if mode == "gate":
        (folder / "gate").read_bytes()  # A FIFO: waits until the test opens it too.
        beep(job)
    if mode == "cut-off":
        beep({**job, "text": "a"})
    if mode == "broken-file":
        Path(job["path"]).write_bytes(b"RIFFnonsense")
    return {}  # Also "no-file": well done, but nothing is there.


def serve() -> None:
    write_frame(sys.stdout.buffer, READY)
    while (job := read_frame(sys.stdin.buffer)) is not None:
        with (folder / "log").open("a") as log:
            log.write(job.get("text", "") + "\n")
        if first_time() or mode.startswith("always-"):
            write_frame(sys.stdout.buffer, misbehave(job))
        else:
            beep(job)
            write_frame(sys.stdout.buffer, {})


def kill_the_worker_then_render(engine, job) -> None:
    if first_time():
        os.kill(os.getppid(), signal.SIGKILL)
        threading.Event().wait()
    render(engine, job)


if mode == "real-killed":
    render = voice_worker._render
    voice_worker._render = kill_the_worker_then_render
    voice_worker.main()
elif mode == "real-no-engine":
    sys.modules["pyttsx3"] = None
    voice_worker.main()
else:
    serve()
