"""The worker process of a Piper voice: ``python -m voiceguide.edge.voice.piper_worker``.

It takes the jobs of ``voice_worker`` and answers them likewise; ``voice`` is the path of the
voice's ``.onnx`` file. The message of a failure of the kind ``piper`` is one plain sentence.
"""

import contextlib
import importlib
import wave
from typing import Any

from voiceguide.edge.libraries.adding import how_to_add
from voiceguide.edge.system.frames import READY, Frame, read_frame, worker_streams, write_frame

OWN_WORDS_PER_MINUTE = 150
"""The rate that a voice was trained at; any other rate is set in proportion to it."""
MISSING = f"Piper is not installed here; install it with “{how_to_add('piper')}”"


def main() -> None:
    """Serve jobs until stdin ends."""
    jobs, replies = worker_streams()
    voices: dict[str, Any] = {}
    # Deadlines are scaled by the time until READY, so what loads slowly is loaded before it.
    with contextlib.suppress(ImportError):  # told when a sentence is asked for
        importlib.import_module("piper")
    write_frame(replies, READY)
    while (job := read_frame(jobs)) is not None:
        write_frame(replies, _do(job, voices))


def _do(job: Frame, voices: dict[str, Any]) -> Frame:
    if job["do"] == "voices":
        return {"voices": []}
    try:
        from piper import PiperVoice, SynthesisConfig
    except ImportError as error:
        return {"error": "piper", "message": f"{MISSING} ({error})"}
    try:
        path = job["voice"]
        if path not in voices:
            voices[path] = PiperVoice.load(path)
    except Exception as error:
        message = f"the voice {job['voice']} cannot be used: {error or repr(error)}; fetch it again"
        return {"error": "piper", "message": message}
    try:
        config = SynthesisConfig(length_scale=OWN_WORDS_PER_MINUTE / job["words_per_minute"])
        with wave.open(job["path"], "wb") as file:
            voices[path].synthesize_wav(job["text"], file, syn_config=config)
    except Exception as error:
        return {"error": "job", "message": str(error) or repr(error)}
    return {}


if __name__ == "__main__":
    main()
