"""A minute and more of a real session: real PortAudio, real Vosk, the guide's own voice, a
synthetic person.

What the person says waits for what the guide shows, never for a time; what the guide did is read
from what it shows and from the recorded sound of its speaker.
"""

import subprocess
import sys
import threading

import numpy as np
import pytest
import soundfile
from support.conversation import Conversation
from support.spoken import speech

from voiceguide.edge.voice.voice import Voice

LIMIT_SECONDS = 240.0
MOST_SECONDS = 15.0
"""A guide that is past what the person waited for is spoken to all the same."""
BUSY_UNDERRUNS = 3
"""So many that ALSA tells of show that other programs took the processor."""
HISS_RATE_HZ = 16_000
PLAY = (
    ("Say go when", 2.6, "go", "start"),
    ("with flat hands", 3.2, "slower", "slower"),
    ("hooked fingers", 0.8, "repeat", "repeat"),
    ("hooked fingers", 3.4, "pause", "pause"),
    ("word=pause", 1.0, "resume", "resume"),
    ("your fingertips", 1.0, "next", "next"),
    ("ring fingers", 3.6, "where am i", "where"),
    ("word=where", 5.0, "stop", "stop"),
    ("That is all", 2.8, "undo", "undo"),
)
"""Said into a session of the quick routine while it explains, strokes run, or it rests: what it
has shown before, how long after that the person speaks, their words, what must be obeyed."""


def test_a_session_through_real_portaudio_is_driven_by_voice_alone(virtual_sound, tmp_path):
    with Voice(voice_name="en-us", cache_dir=tmp_path / "person") as person:
        clips = {words: speech(person, words, tmp_path) for _, _, words, _ in PLAY}
    recording = virtual_sound.record_speaker(tmp_path / "speaker.wav")
    # A real microphone is never wholly silent; one that is counts as muted.
    hiss = np.random.default_rng(0).normal(0.0, 3e-4, round(LIMIT_SECONDS * HISS_RATE_HZ))
    soundfile.write(tmp_path / "hiss.wav", hiss, HISS_RATE_HZ)
    virtual_sound.play_into_microphone(tmp_path / "hiss.wav")
    with subprocess.Popen(
        [sys.executable, "-m", "voiceguide", "run", "quick"],
        env=virtual_sound.home(tmp_path) | {"VOICEGUIDE_LOG_LEVEL": "info"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as guide:
        watchdog = threading.Timer(LIMIT_SECONDS, guide.kill)
        watchdog.start()
        try:
            talk = Conversation(virtual_sound, clips, guide.stdout)
            assert talk.wait_for(PLAY[0][0], LIMIT_SECONDS), talk.shown
            for shown, after_seconds, words, command in PLAY:
                talk.wait_for(shown, MOST_SECONDS)
                threading.Event().wait(after_seconds)
                talk.say(words, command)
            talk.end(LIMIT_SECONDS)
            code = guide.wait()
        finally:
            watchdog.cancel()
            guide.kill()
    recording.stop()
    obeyed = [line.split()[0].removeprefix("word=") for line in talk.obeyed()]
    assert obeyed == [command for *_, command in PLAY], talk.shown
    assert "That was your minute." in talk.shown
    if sum("underrun" in line for line in talk.lines) < BUSY_UNDERRUNS:
        assert "failed" not in talk.shown
    assert any(line.endswith("(end)") for line in talk.lines), talk.shown
    assert code == 0, talk.shown
    samples, rate = soundfile.read(tmp_path / "speaker.wav", dtype="float32")
    assert len(samples) > 60 * rate
    blocks = np.abs(samples[: len(samples) // rate * rate].reshape(-1, rate)).max(axis=1)
    assert np.count_nonzero(blocks > 0.05) > 25, "the guide was hardly heard"
    assert np.abs(samples).max() < 1.0


@pytest.mark.parametrize(
    "option", ["--input-device", pytest.param("--output-device", marks=pytest.mark.long)]
)
def test_a_device_that_is_not_there_is_one_sentence(virtual_sound, option):
    done = subprocess.run(
        [sys.executable, "-m", "voiceguide", "run", "quick", option, "Nowhere"],
        env=virtual_sound.env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 3
    assert done.stderr.startswith("voiceguide: ")
    assert "Nowhere" in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
