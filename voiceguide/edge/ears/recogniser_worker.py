"""The worker process of the ears: ``python -m voiceguide.edge.ears.recogniser_worker``.

Writes the frame ``{"ready": true}``, then reads jobs as frames on stdin and answers each with one
frame on stdout (``edge/system/frames.py``); it ends when stdin does. Jobs::

    {"do": "load", "folder": …}                       -> {}: the model of every stream from now on
    {"do": "known", "words": […]}                     -> {"known": […]}: those it knows
    {"do": "stream", "stream": number, "grammar": […]} -> {}
    {"do": "hear", "stream": number, "bytes": count}, and the sound  -> {"text": …, "closed": …}
    {"do": "whole", "stream": number, "bytes": count}, and the sound
        -> {"text": …, "confidence": …, "start_seconds": …, "end_seconds": …}
    {"do": "reset", "stream": number}                 -> {}

Any job may carry ``"over": [number, …]``, the streams that are no longer wanted. A failure is
``{"error": kind, "message": …}``; the kind is ``model`` (it cannot be used) or ``job``.
"""

from dataclasses import asdict
from pathlib import Path

from voiceguide.core.errors import ModelError
from voiceguide.edge.ears.vosk_model import VoskModel, VoskStream
from voiceguide.edge.system.frames import (
    READY,
    Frame,
    read_exactly,
    read_frame,
    worker_streams,
    write_frame,
)


class Worker:
    """Does the jobs of one such process."""

    def __init__(self) -> None:
        self._model: VoskModel | None = None
        self._streams: dict[int, VoskStream] = {}

    def do(self, job: Frame, sound: bytes) -> Frame:
        """The reply to a job."""
        try:
            for number in job.get("over", ()):
                self._streams.pop(number, None)
            return self._done(job, sound)
        except ModelError as error:
            return {"error": "model", "message": str(error)}
        except Exception as error:
            return {"error": "job", "message": str(error) or repr(error)}

    def _done(self, job: Frame, sound: bytes) -> Frame:
        if job["do"] == "load":
            self._model = VoskModel(Path(job["folder"]))
            return {}
        assert self._model is not None
        if job["do"] == "known":
            return {"known": sorted(self._model.known(job["words"]))}
        number = job["stream"]
        if job["do"] == "stream":
            self._streams[number] = self._model.stream(job["grammar"])
            return {}
        stream = self._streams[number]
        if job["do"] == "hear":
            text, closed = stream.hear(sound)
            return {"text": text, "closed": closed}
        if job["do"] == "whole":
            return asdict(stream.whole(sound))
        stream.reset()
        return {}


def main() -> None:
    """Serve jobs until stdin ends."""
    jobs, replies = worker_streams()
    worker = Worker()
    write_frame(replies, READY)
    while (job := read_frame(jobs)) is not None:
        sound = read_exactly(jobs, job.get("bytes", 0))
        if sound is None:
            return
        write_frame(replies, worker.do(job, sound))


if __name__ == "__main__":
    main()
