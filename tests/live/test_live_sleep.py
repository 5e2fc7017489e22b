"""``voiceguide speaker`` sleeps, is called and sleeps again: real PortAudio, Vosk, pyttsx3."""

import os
import subprocess
import sys
import threading
from contextlib import contextmanager

from support.spoken import speech

from voiceguide.edge.voice.voice import Voice

LIMIT_SECONDS = 120.0
PLAY = (
    ("session asleep", 3.0, "hey guide"),
    ("obeyed word=wake", 6.0, "quick"),
    ("obeyed word=quick", 3.0, "stop"),
    ("obeyed word=stop", 2.5, "stop"),
)
"""What the log must have said, how long after that somebody speaks, and their words."""
PATIENCE = 2
"""So often in all the person says again what was not understood, as people do: on a busy machine
the virtual devices lose sound."""


@contextmanager
def speaker(sound, folder):
    """The process of a guide without a screen."""
    environment = sound.env | {
        "XDG_CACHE_HOME": str(folder / "cache"),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "VOICEGUIDE_JOURNAL_FOLDER": str(folder / "journal"),
        "VOICEGUIDE_LOG_LEVEL": "info",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "voiceguide", "speaker"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as guide:
        watchdog = threading.Timer(LIMIT_SECONDS, guide.kill)
        watchdog.start()
        try:
            yield guide
        finally:
            watchdog.cancel()
            guide.kill()


def plays(sound):
    """Whether anything has the loudspeaker open."""
    return bool(sound.control("list", "short", "sink-inputs"))


def until_it_rests(sound, guide):
    """Wait until it has let go of the loudspeaker, or has ended."""
    while plays(sound) and guide.poll() is None:
        threading.Event().wait(0.2)


def test_it_ends_while_its_loudspeaker_rests(virtual_sound, tmp_path):
    with speaker(virtual_sound, tmp_path) as guide:
        assert any("session asleep reason=start" in line for line in guide.stderr)
        until_it_rests(virtual_sound, guide)
        guide.terminate()
        rest = guide.stderr.read()
        assert guide.wait() == 0, rest


def test_it_sleeps_is_called_and_sleeps_again_in_one_process(virtual_sound, tmp_path):
    with Voice(voice_name="gmw/en-us+m3", cache_dir=tmp_path / "person") as person:
        clips = {words: speech(person, words, tmp_path) for _, _, words in PLAY}
    lines: list[str] = []
    turns = list(PLAY)
    words, again = "", 0

    has_speaker: list[bool] = []

    def speak(after: float) -> None:
        def say() -> None:
            if not has_speaker:
                until_it_rests(virtual_sound, guide)
            has_speaker.append(plays(virtual_sound))
            virtual_sound.play_into_microphone(clips[words])

        threading.Timer(after, say).start()

    with speaker(virtual_sound, tmp_path) as guide:
        for line in guide.stderr:
            lines.append(line.rstrip())
            if turns and turns[0][0] in line:
                _, after, words = turns.pop(0)
                speak(after)
            elif words and "utterance decided command=none" in line and again < PATIENCE:
                again += 1
                speak(1.5)
            elif not turns and "state=asleep" in line:
                os.kill(guide.pid, 15)
        code = guide.wait()
    shown = "\n".join(lines)
    assert code == 0, shown
    assert not turns, shown
    obeyed = [line.split("obeyed ")[1] for line in lines if "obeyed " in line]
    assert obeyed == [
        "word=wake state=choosing",
        "word=quick state=ready",
        "word=stop state=stopping",
        "word=stop state=asleep",
    ], shown
    assert has_speaker[0] is False, "asleep it has let go of the loudspeaker"
    assert has_speaker[-1] is True
