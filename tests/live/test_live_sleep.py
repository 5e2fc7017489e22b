"""``voiceguide speaker`` sleeps, is called and sleeps again: real PortAudio, Vosk, pyttsx3."""

import subprocess
import sys
import threading
from contextlib import contextmanager

from support.conversation import Conversation
from support.spoken import speech

from voiceguide.edge.voice.voice import Voice

LIMIT_SECONDS = 180.0
PLAY = (
    ("session asleep", 3.0, "hey guide", "wake"),
    ("word=wake", 6.0, "quick", "quick"),
    ("word=quick", 3.0, "stop", "stop"),
    ("word=stop", 2.5, "stop", "stop"),
)
"""What the log must have said, how long after that somebody speaks, their words, what is obeyed."""


@contextmanager
def speaker(sound, folder):
    """The process of a guide without a screen."""
    with subprocess.Popen(
        [sys.executable, "-m", "voiceguide", "speaker"],
        env=sound.home(folder) | {"VOICEGUIDE_LOG_LEVEL": "info"},
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
        clips = {words: speech(person, words, tmp_path) for _, _, words, _ in PLAY}
    has_speaker = []
    with speaker(virtual_sound, tmp_path) as guide:
        talk = Conversation(virtual_sound, clips, guide.stderr)
        for logged, after_seconds, words, command in PLAY:
            assert talk.wait_for(logged, LIMIT_SECONDS), talk.shown
            threading.Event().wait(after_seconds)
            if not has_speaker:
                until_it_rests(virtual_sound, guide)
            has_speaker.append(plays(virtual_sound))
            talk.say(words, command)
        guide.terminate()
        talk.end(LIMIT_SECONDS)
        code = guide.wait()
    assert code == 0, talk.shown
    assert talk.obeyed() == [
        "word=wake state=choosing",
        "word=quick state=ready",
        "word=stop state=stopping",
        "word=stop state=asleep",
    ], talk.shown
    assert has_speaker[0] is False, "asleep it has let go of the loudspeaker"
    assert has_speaker[-1] is True
